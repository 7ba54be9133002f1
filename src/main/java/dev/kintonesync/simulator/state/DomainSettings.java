package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What can be set of a simulator: how slow it is, how much it bears, and what nobody knows for sure
 * of the real one. The defaults are the likelier ones.
 *
 * @param model how long calls take: {@code fixed}, by the two latencies; {@code measured}, as was
 *     measured on a real Kintone, the latencies besides
 * @param latencyMs added to every call, in milliseconds
 * @param latencyPerRecordMs added for every record written, in milliseconds
 * @param serialWrites whether the writes to one app wait for each other, latency included
 * @param concurrencyLimit calls in flight, beyond which 429 is answered
 * @param locale of messages when the caller names none, and of the field codes of new apps: ja, en
 * @param timeZone of the users, for TODAY() and its kin
 * @param basicAuth the login of the wall in front, {@code user:password}; empty for no wall
 * @param maintenance whether every call is answered 503 in HTML, as while Kintone is maintained
 * @param deployMs how long a deployment takes, in milliseconds
 * @param foldKeys whether unique fields and update keys ignore case and width
 * @param lockErrors whether writers that meet at one record get a lock error, instead of waiting
 * @param lockErrorStatus the HTTP status of GAIA_DA02 and GAIA_RE18
 * @param readOnlyStatus the HTTP status of GAIA_UN10
 * @param adminOnlyStatus the HTTP status of GAIA_BF02
 * @param alwaysReturnId whether {@code $id} is answered when {@code fields} leaves it out
 * @param revisionOnInsert whether an upsert that inserts refuses a revision, instead of ignoring it
 * @param duplicateIds whether one PUT may name an id twice
 * @param emptyDateTimeAsNull whether an empty DATETIME reads null, instead of an empty text
 * @param choicesInOptionOrder whether CHECK_BOX and MULTI_SELECT read in the order of the options
 * @param rewriteRichText whether RICH_TEXT is stored as other HTML than was sent: without scripts,
 *     in an element of its own
 * @param likeLagMs how long a text search does not see a change, in milliseconds of the clock
 * @param likeLagSpreadMs up to how much longer, by chance, for each record
 * @param searchLimit hits of a text search beyond which the result is cut short
 * @param maxBodyBytes of a request; larger ones are refused by the front
 * @param recordedRequests how many requests are remembered
 */
public record DomainSettings(
    String model,
    int latencyMs,
    double latencyPerRecordMs,
    boolean serialWrites,
    int concurrencyLimit,
    String locale,
    String timeZone,
    String basicAuth,
    boolean maintenance,
    int deployMs,
    boolean foldKeys,
    boolean lockErrors,
    int lockErrorStatus,
    int readOnlyStatus,
    int adminOnlyStatus,
    boolean alwaysReturnId,
    boolean revisionOnInsert,
    boolean duplicateIds,
    boolean emptyDateTimeAsNull,
    boolean choicesInOptionOrder,
    boolean rewriteRichText,
    int likeLagMs,
    int likeLagSpreadMs,
    int searchLimit,
    int maxBodyBytes,
    int recordedRequests) {

  private static final int MOST_MILLIS = 3_600_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  public static final DomainSettings DEFAULTS =
      new DomainSettings(
          "fixed",
          0,
          0,
          false,
          100,
          "ja",
          "Asia/Tokyo",
          "",
          false,
          50,
          false,
          true,
          400,
          400,
          403,
          false,
          false,
          true,
          false,
          true,
          false,
          0,
          0,
          100_000,
          64 << 20,
          1_000);

  public DomainSettings {
    require(isMeasured(model) || "fixed".equals(model), "model is fixed or measured");
    require(latencyMs >= 0 && latencyMs <= MOST_MILLIS, "latencyMs is 0 to " + MOST_MILLIS);
    require(
        latencyPerRecordMs >= 0 && latencyPerRecordMs <= MOST_MILLIS,
        "latencyPerRecordMs is 0 to " + MOST_MILLIS);
    require(concurrencyLimit >= 1, "concurrencyLimit is at least 1");
    require("ja".equals(locale) || "en".equals(locale), "locale is ja or en");
    require(isTimeZone(timeZone), "timeZone is a name such as Asia/Tokyo");
    require(basicAuth != null, "basicAuth is a text");
    require(deployMs >= 0, "deployMs is at least 0");
    require(isError(lockErrorStatus), "lockErrorStatus is 400 to 599");
    require(isError(readOnlyStatus), "readOnlyStatus is 400 to 599");
    require(isError(adminOnlyStatus), "adminOnlyStatus is 400 to 599");
    require(likeLagMs >= 0, "likeLagMs is at least 0");
    require(
        likeLagSpreadMs >= 0 && likeLagSpreadMs < Integer.MAX_VALUE,
        "likeLagSpreadMs is at least 0");
    require(searchLimit >= 1, "searchLimit is at least 1");
    require(maxBodyBytes >= 1, "maxBodyBytes is at least 1");
    require(recordedRequests >= 0, "recordedRequests is at least 0");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }

  /** Whether calls take the time that was measured on a real Kintone. */
  public boolean measured() {
    return isMeasured(model);
  }

  private static boolean isMeasured(@Nullable String model) {
    return "measured".equals(model);
  }

  private static boolean isError(int status) {
    return status >= 400 && status <= 599;
  }

  private static boolean isTimeZone(@Nullable String name) {
    try {
      return name != null && ZoneId.of(name).getId().equals(name);
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** The settings as the control answers them. */
  public ObjectNode toJson() {
    return MAPPER.valueToTree(this);
  }

  /**
   * These settings with some of them changed.
   *
   * @throws IllegalArgumentException when a name is unknown or a value is of the wrong kind
   */
  public DomainSettings with(JsonNode changes) {
    try {
      return MAPPER.treeToValue(toJson().setAll((ObjectNode) changes), DomainSettings.class);
    } catch (JsonProcessingException e) {
      Throwable reason = e.getCause() instanceof IllegalArgumentException cause ? cause : e;
      throw new IllegalArgumentException(reason.getMessage(), e);
    } catch (ClassCastException e) {
      throw new IllegalArgumentException("settings are an object", e);
    }
  }

  /** These settings with one of them changed: {@code with("latencyMs", 20)}. */
  public DomainSettings with(String name, Object value) {
    return with(MAPPER.createObjectNode().set(name, MAPPER.valueToTree(value)));
  }
}
