package dev.kintonesync.form;

import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys that are not what they say: those that a spreadsheet has made of others, numbers that
 * cannot be exact, and record numbers of another app. Taken as they stand, they would overwrite
 * records that nobody meant, or add them a second time.
 *
 * @param takesSpoilt whether texts that look like a spreadsheet's work are keys all the same
 * @param appCode what stands before the record numbers of the app, empty for nothing; null: not
 *     known
 */
public record KeyCheck(boolean takesSpoilt, @Nullable String appCode) {

  /** Spoilt keys are found; the code of the app is not known. */
  public static final KeyCheck DEFAULT = new KeyCheck(false, null);

  /** As programs write long numbers: one digit before the point, sign and two digits behind E. */
  private static final Pattern EXPONENT = Pattern.compile("[+-]?\\d(\\.\\d+)?[Ee][+-]\\d{2,3}");

  /** Any way to write a number with an exponent. */
  private static final Pattern ANY_EXPONENT = Pattern.compile("[+-]?[\\d.,]+[Ee][+-]?\\d+");

  private static final String MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";

  /** What spreadsheets make of 1-2 and 1/2, in Japanese and in English. */
  private static final Pattern DAY =
      Pattern.compile("\\d{1,2}月\\d{1,2}日|\\d{1,2}-" + MONTH + "|" + MONTH + "-\\d{2}");

  /** The mark by which spreadsheets keep digits as text, which is no part of them. */
  private static final Pattern MARKED = Pattern.compile("['’]\\d[\\d-]*");

  private static final Pattern ERROR =
      Pattern.compile("#+|#(n/a|ref!|value!|name\\?|div/0!|num!|null!|spill!|calc!)");

  /** Each of the four forms has one of these. */
  private static final String MARKS = "Ee'’月-#";

  /** Whole numbers above are not all known to a double. */
  private static final double MOST_EXACT_DOUBLE = 9_007_199_254_740_992d;

  private static final float MOST_EXACT_FLOAT = 16_777_216f;

  /** Why a value cannot be the key of a record that it seems to name; null when it can. */
  @Nullable UserMessage problem(Field key, String column, @Nullable Object raw) {
    Object value = RawValues.unwrap(raw);
    if (value instanceof Double || value instanceof Float) {
      return isExact((Number) value)
          ? null
          : MessageCode.KEY_INEXACT.with(column, RawValues.excerpt(value));
    }
    if (!(value instanceof CharSequence)) {
      return null;
    }
    String text = Blank.visible(value.toString());
    if (key.type() == FieldType.SINGLE_LINE_TEXT) {
      return !takesSpoilt && isSpoilt(text)
          ? MessageCode.KEY_SPOILT.with(column, RawValues.excerpt(text))
          : null;
    }
    if (ANY_EXPONENT.matcher(text).matches()) {
      return MessageCode.KEY_WITH_EXPONENT.with(column, RawValues.excerpt(text));
    }
    return key.type() == FieldType.RECORD_NUMBER ? foreign(column, text) : null;
  }

  private static boolean isSpoilt(String text) {
    if (!hasMark(text)) {
      return false;
    }
    String small = text.toLowerCase(Locale.ROOT);
    return EXPONENT.matcher(text).matches()
        || MARKED.matcher(text).matches()
        || DAY.matcher(small).matches()
        || ERROR.matcher(small).matches();
  }

  /** Whether a key has a character without which none is spoilt. Most have none. */
  private static boolean hasMark(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (MARKS.indexOf(text.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isExact(Number number) {
    return number instanceof Float
        ? Math.abs(number.floatValue()) <= MOST_EXACT_FLOAT
        : Math.abs(number.doubleValue()) <= MOST_EXACT_DOUBLE;
  }

  private @Nullable UserMessage foreign(String column, String text) {
    String code = appCode(text);
    if (appCode == null || code.isEmpty() || code.equals(appCode)) {
      return null;
    }
    return appCode.isEmpty()
        ? MessageCode.KEY_WITH_APP_CODE.with(column, RawValues.excerpt(text))
        : MessageCode.KEY_OF_ANOTHER_APP.with(column, RawValues.excerpt(text), appCode);
  }

  /** The code in a record number, {@code SALES} of {@code SALES-12}; empty where there is none. */
  public static String appCode(String recordNumber) {
    int hyphen = recordNumber.lastIndexOf('-');
    return hyphen < 0 ? "" : recordNumber.substring(0, hyphen);
  }
}
