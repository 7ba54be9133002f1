package dev.kintonesync.kintone;

import java.util.Set;

/**
 * Kintone's error codes that ask for something else than a rejected record. Kintone's HTTP status
 * drifted over the years (520 became 400, 404, 409), so decisions hang on the code alone.
 */
public final class ErrorCode {
  /** A value was refused; {@code errors} names record, field and reason. */
  public static final String INVALID = "CB_VA01";

  /** The revision sent is not the latest: somebody saved the record in between. */
  public static final String CONFLICT = "GAIA_CO02";

  /** A record with this id does not exist; the message names the id. */
  public static final String RECORD_GONE = "GAIA_RE01";

  /** The key of a lookup field is not in the app that it looks into; the message quotes it. */
  public static final String NO_LOOKUP_SOURCE = "GAIA_LO04";

  /** The API token lacks a permission that every request of the kind needs. */
  public static final String NOT_PERMITTED = "GAIA_NO01";

  /** The user lacks a permission: for the app, or for a record. */
  public static final String NO_PRIVILEGE = "CB_NO02";

  /** There is no file of this key: it was never uploaded, or too long ago, or is gone. */
  public static final String FILE_GONE = "GAIA_BL01";

  private static final Set<String> BUSY =
      Set.of("GAIA_TO04", "GAIA_TM12", "GAIA_DA02", "GAIA_RE18", "GAIA_LT01");

  private static final Set<String> LOCKED = Set.of("GAIA_DA02", "GAIA_RE18", "GAIA_LT01");

  private static final Set<String> TOO_LARGE = Set.of("HTTP_413", "HTTP_414", "HTTP_431");

  private static final Set<String> FORM =
      Set.of(INVALID, "GAIA_UN10", "GAIA_IQ03", "GAIA_IQ07", "GAIA_IQ10", "GAIA_IQ11", "GAIA_IQ27");

  private static final Set<String> CALLER =
      Set.of(
          "CB_AU01",
          "CB_WA01",
          "CB_TW02",
          "GAIA_IA02",
          "GAIA_DA03",
          NOT_PERMITTED,
          "GAIA_AP01",
          "GAIA_IL23");

  private ErrorCode() {}

  /** A code of Kintone's own, and not one that we made of the HTTP status of a proxy's page. */
  public static boolean isKintones(String code) {
    return !code.startsWith("HTTP_");
  }

  /** A proxy found request or answer too large: HTTP 413, 414, 431. */
  static boolean isTooLarge(String code) {
    return TOO_LARGE.contains(code);
  }

  /** Too many requests or a database lock: nothing was done, the same request may succeed later. */
  public static boolean isBusy(String code) {
    return BUSY.contains(code);
  }

  /** A database lock: somebody else writes to the same app. */
  public static boolean isLocked(String code) {
    return LOCKED.contains(code);
  }

  /** What Kintone also answers when a form is not any more as it was when it was read. */
  public static boolean mayTellOfTheForm(String code) {
    return FORM.contains(code);
  }

  /** About the caller or the app, not about a record: no record of the run could succeed. */
  public static boolean stopsTheRun(String code) {
    return CALLER.contains(code);
  }
}
