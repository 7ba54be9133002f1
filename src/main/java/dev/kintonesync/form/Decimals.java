package dev.kintonesync.form;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers as Kintone does: half-width digits, sign, point, exponent. What people write
 * besides is known to {@link Numerals}.
 */
final class Decimals {

  /** Longer than any number that Kintone holds, short enough to be parsed in no time. */
  static final int LONGEST = 1000;

  private Decimals() {}

  /** The number that stands there, or null; the text has no blanks around it. */
  static @Nullable BigDecimal parse(String text) {
    if (!isNumber(text)) {
      return null;
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException exponentOutOfRange) {
      return null;
    }
  }

  /** Whether the text is an integer of at most so many digits, just as Kintone would store it. */
  static boolean isCanonicalInteger(String text, int mostDigits) {
    int length = text.length();
    int first = length > 1 && text.charAt(0) == '-' ? 1 : 0;
    if (length == first || length - first > mostDigits) {
      return false;
    }
    if (text.charAt(first) == '0') {
      return length == 1;
    }
    return digits(text, first) == length;
  }

  /** The one way to write a number: plain, without zeros at the end. */
  static String canonical(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** BigDecimal itself would take digits of any script. */
  private static boolean isNumber(String text) {
    int length = text.length();
    if (length == 0 || length > LONGEST) {
      return false;
    }
    int at = sign(text, 0);
    int whole = digits(text, at);
    boolean pointed = whole < length && text.charAt(whole) == '.';
    int end = pointed ? digits(text, whole + 1) : whole;
    if (end - at == (pointed ? 1 : 0)) {
      return false;
    }
    if (end < length && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      int exponent = sign(text, end + 1);
      end = digits(text, exponent);
      return end == length && end > exponent;
    }
    return end == length;
  }

  private static int sign(String text, int at) {
    boolean signed = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
    return signed ? at + 1 : at;
  }

  private static int digits(String text, int at) {
    int end = at;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
