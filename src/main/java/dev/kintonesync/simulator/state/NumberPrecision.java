package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The decimals an app keeps.
 *
 * @param digits in all, 1 to 30
 * @param decimalPlaces of them after the point, 0 to 10
 */
public record NumberPrecision(int digits, int decimalPlaces, RoundingMode rounding) {

  /** What the settings say, or Kintone's default of 16 digits, 4 of them decimals, HALF_EVEN. */
  public static NumberPrecision of(JsonNode settings) {
    JsonNode precision = settings.path("numberPrecision");
    return new NumberPrecision(
        precision.path("digits").asInt(16),
        precision.path("decimalPlaces").asInt(4),
        RoundingMode.valueOf(precision.path("roundingMode").asText("HALF_EVEN")));
  }

  /** Whether the part before the point has room. */
  public boolean holds(BigDecimal number) {
    return number.signum() == 0
        || (long) number.precision() - number.scale() <= digits - decimalPlaces;
  }

  /** The number as it is stored: rounded, without trailing zeros. */
  public BigDecimal store(BigDecimal number) {
    BigDecimal rounded =
        number.scale() > decimalPlaces ? number.setScale(decimalPlaces, rounding) : number;
    return rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
  }
}
