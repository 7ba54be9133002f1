package dev.kintonesync.simulator.formula;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What values count as: an empty one is 0 where a number, and an empty text where text is due. */
final class Values {
  private Values() {}

  static BigDecimal number(@Nullable Object value) {
    if (value == null) {
      return BigDecimal.ZERO;
    }
    if (value instanceof BigDecimal number) {
      return number;
    }
    throw new FormulaException("no number: " + value);
  }

  static String text(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros().toPlainString();
    }
    if (value instanceof String text) {
      return text;
    }
    throw new FormulaException("no text: " + value);
  }

  static boolean condition(@Nullable Object value) {
    if (value instanceof Boolean condition) {
      return condition;
    }
    throw new FormulaException("no condition: " + value);
  }

  static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof String || b instanceof String) {
      return text(a).equals(text(b));
    }
    return number(a).compareTo(number(b)) == 0;
  }

  /** A value that is the result of a whole formula. */
  static Object single(@Nullable Object value) {
    if (value == null) {
      return BigDecimal.ZERO;
    }
    if (value instanceof List<?>) {
      throw new FormulaException("many values where one is due");
    }
    return value;
  }
}
