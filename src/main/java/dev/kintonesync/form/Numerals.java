package dev.kintonesync.form;

import java.math.BigDecimal;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers as people and accounting packages write them: {@code 1,234,567}, full-width digits,
 * {@code △1,234} for less than nothing, {@code ¥1,234} and {@code 1,234円}.
 */
final class Numerals {
  private static final String MINUS = "-−△▲";

  private Numerals() {}

  /** A number with Japanese separators, or as Kintone itself writes it; null for anything else. */
  static @Nullable BigDecimal read(String text) {
    BigDecimal plain = Decimals.parse(text);
    return plain != null || text.length() > Decimals.LONGEST ? plain : read(text, ',', '.');
  }

  /**
   * A number with these separators; null for anything else. Groups have three digits, or the
   * separator meant something else.
   */
  static @Nullable BigDecimal read(String text, char grouping, char decimal) {
    // folding would make 102 of 10²
    if (text.length() > Decimals.LONGEST || text.chars().anyMatch(Numerals::isNoDigit)) {
      return null;
    }
    String folded = Normalizer.normalize(text, Normalizer.Form.NFKC);
    int from = 0;
    int to = folded.length();
    boolean negative = false;
    while (from < to && (isMinus(folded, from) || isMoney(folded.charAt(from)))) {
      if (isMinus(folded, from) && negative) {
        return null;
      }
      negative |= isMinus(folded, from);
      from++;
    }
    if (to > from && folded.charAt(to - 1) == '円') {
      to--;
    }
    String bare = folded.substring(from, to).strip();
    int point = bare.indexOf(decimal);
    String whole = ungrouped(point < 0 ? bare : bare.substring(0, point), grouping);
    if (whole == null) {
      return null;
    }
    String number = point < 0 ? whole : whole + "." + bare.substring(point + 1);
    boolean signed = number.startsWith("-") || (negative && number.startsWith("+"));
    BigDecimal read = signed ? null : Decimals.parse(number);
    return read != null && negative ? read.negate() : read;
  }

  private static boolean isMinus(String text, int at) {
    return MINUS.indexOf(text.charAt(at)) >= 0;
  }

  /** Whether it is a number of its own kind, such as ², ₂, ① and ½. */
  private static boolean isNoDigit(int letter) {
    return Character.getType(letter) == Character.OTHER_NUMBER;
  }

  private static boolean isMoney(char letter) {
    return letter == '¥' || letter == '\\';
  }

  /**
   * Without the separators between groups of three; null when they stand elsewhere, or behind a 0:
   * 0,125 is an eighth to whoever wrote it.
   */
  private static @Nullable String ungrouped(String whole, char grouping) {
    // French groups are parted by one of three kinds of blanks
    char mark = Character.isSpaceChar(grouping) ? ' ' : grouping;
    String even = mark == ' ' ? whole.replace('\u00a0', ' ').replace('\u202f', ' ') : whole;
    if (even.indexOf(mark) < 0) {
      return whole;
    }
    if (even.startsWith("0")) {
      return null;
    }
    int length = even.length();
    for (int at = 0; at < length; at++) {
      boolean atMark = (length - at) % 4 == 0 && at > 0;
      char letter = even.charAt(at);
      if (atMark != (letter == mark) || (!atMark && (letter < '0' || letter > '9'))) {
        return null;
      }
    }
    return length % 4 == 0 ? null : even.replace(String.valueOf(mark), "");
  }
}
