package dev.kintonesync.form;

import dev.kintonesync.message.MessageCode;
import java.math.BigDecimal;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a number as the people of a country write it: 1.234,5 in Germany.
 *
 * @param locale whose separators it has
 */
public record NumberStep(Locale locale) implements Step {

  @Override
  public @Nullable Object apply(
      @Nullable Object value, Map<String, ? extends @Nullable Object> row, MappingOptions options)
      throws ConversionException {
    if (RawValues.isBlank(value)
        || !(value instanceof CharSequence text)
        || value instanceof Number) {
      return value;
    }
    var symbols = DecimalFormatSymbols.getInstance(locale);
    BigDecimal number =
        Numerals.read(
            text.toString().strip(), symbols.getGroupingSeparator(), symbols.getDecimalSeparator());
    if (number == null) {
      throw new ConversionException(
          MessageCode.STEP_NOT_A_NUMBER.with(
              RawValues.excerpt(value), String.format(locale, "%,.1f", 1234567.5)));
    }
    return number;
  }
}
