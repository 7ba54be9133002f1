package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How exactly an app keeps numbers: a setting of the app, not of a field. Kintone refuses a number
 * with more than {@code digits - decimalPlaces} digits before the point, and rounds surplus
 * decimals without a word.
 *
 * @param digits significant digits, 1 to 30
 * @param decimalPlaces digits behind the point, 0 to 10
 * @param roundingMode what happens to further decimals
 */
public record NumberPrecision(int digits, int decimalPlaces, RoundingMode roundingMode) {

  /** What a new app has: 16 digits, 4 of them decimals, rounded half to even. */
  public static final NumberPrecision KINTONE_DEFAULT =
      new NumberPrecision(16, 4, RoundingMode.HALF_EVEN);

  /**
   * The precision in an answer of {@code GET app/settings.json}; what the answer lacks is Kintone's
   * default.
   */
  public static NumberPrecision of(JsonNode settings) {
    JsonNode precision = settings.path("numberPrecision");
    return new NumberPrecision(
        precision.path("digits").asInt(KINTONE_DEFAULT.digits),
        precision.path("decimalPlaces").asInt(KINTONE_DEFAULT.decimalPlaces),
        switch (precision.path("roundingMode").asText()) {
          case "UP" -> RoundingMode.UP;
          case "DOWN" -> RoundingMode.DOWN;
          default -> RoundingMode.HALF_EVEN;
        });
  }

  /** How many digits may stand before the point: 12 by default. */
  public int integerDigits() {
    return digits - decimalPlaces;
  }

  /** Whether the number, once rounded, has no more digits before the point than the app keeps. */
  public boolean holds(BigDecimal number) {
    return magnitude(number) <= integerDigits() && magnitude(round(number)) <= integerDigits();
  }

  /** The number with no more decimals than the app keeps. */
  public BigDecimal round(BigDecimal number) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    if (number.scale() <= decimalPlaces) {
      return number;
    }
    if (magnitude(number) < -decimalPlaces - 1) {
      // 1e-999999999 is a few letters, but rounding it digit by digit takes gigabytes
      return BigDecimal.valueOf(number.signum(), decimalPlaces + 2)
          .setScale(decimalPlaces, roundingMode);
    }
    return number.setScale(decimalPlaces, roundingMode);
  }

  /** Digits before the point; negative for the zeros right behind it; 0 for zero. */
  private static long magnitude(BigDecimal number) {
    return number.signum() == 0 ? 0 : (long) number.precision() - number.scale();
  }
}
