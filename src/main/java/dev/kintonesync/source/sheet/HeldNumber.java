package dev.kintonesync.source.sheet;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A number as the file of a workbook writes it. Workbooks compute with doubles, of which Excel
 * shows 15 digits: those are exact, as are integers up to 2^53.
 *
 * @param value the number with the digits that mean something
 * @param exact whether it is the number that was meant; otherwise others cannot be told from it
 */
record HeldNumber(BigDecimal value, boolean exact) {

  private static final MathContext SHOWN = new MathContext(15, RoundingMode.HALF_UP);
  private static final BigDecimal LAST_INTEGER = BigDecimal.valueOf(1L << 53);
  private static final int LONGEST = 400;
  private static final int MOST_PLACES = 400;

  /** What computing leaves behind the 15th digit is a few of the least steps that a double has. */
  private static final int NOISE = 4;

  /** The number that is written there, or null if it is none. */
  static @Nullable HeldNumber of(String written) {
    if (written.length() > LONGEST) {
      return null;
    }
    try {
      return of(new BigDecimal(written.strip()));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static HeldNumber of(BigDecimal written) {
    if (!isOfModestSize(written)) {
      return new HeldNumber(written.round(SHOWN), true);
    }
    boolean integer = written.scale() <= 0 || written.stripTrailingZeros().scale() <= 0;
    if (integer) {
      return new HeldNumber(written, written.abs().compareTo(LAST_INTEGER) <= 0);
    }
    BigDecimal shown = written.round(SHOWN);
    if (shown.compareTo(written) == 0) {
      return new HeldNumber(written, true);
    }
    double nearest = written.doubleValue();
    if (new BigDecimal(nearest).compareTo(written) == 0) {
      return new HeldNumber(written, true);
    }
    BigDecimal noise = new BigDecimal(Math.ulp(nearest)).multiply(BigDecimal.valueOf(NOISE));
    return new HeldNumber(shown, shown.subtract(written).abs().compareTo(noise) <= 0);
  }

  /** Whether it can be written out without an exponent. */
  private static boolean isOfModestSize(BigDecimal number) {
    return Math.abs((long) number.scale()) <= MOST_PLACES;
  }

  /** A number in plain digits, without zeros at its end; with an exponent if it is too long. */
  static String plain(BigDecimal number) {
    BigDecimal bare = number.stripTrailingZeros();
    if (bare.signum() == 0) {
      return "0";
    }
    return isOfModestSize(bare) ? bare.toPlainString() : bare.toString();
  }
}
