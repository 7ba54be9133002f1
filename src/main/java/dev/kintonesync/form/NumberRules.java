package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, exact, as canonical decimal text: never through a double. A number in a table is held to
 * the same rules: there Kintone would store one that it cannot read as blank, without a word.
 */
final class NumberRules implements ValueRules {
  private static final Converted.Value EMPTY = new Converted.Value(TextNode.valueOf(""));

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    if (RawValues.isBlank(raw)) {
      return EMPTY;
    }
    String text = raw instanceof Boolean flag ? (flag ? "1" : "0") : RawValues.digits(raw);
    if (text == null) {
      return new Converted.Refused(
          MessageCode.VALUE_NOT_A_NUMBER.with(field.name(), RawValues.excerpt(raw)));
    }
    text = Blank.strip(text);
    NumberPrecision precision = field.precision();
    if (field.minValue() == null
        && field.maxValue() == null
        && Decimals.isCanonicalInteger(text, precision.integerDigits())) {
      return new Converted.Value(TextNode.valueOf(text));
    }
    BigDecimal number = Numerals.read(text);
    if (number == null) {
      return new Converted.Refused(
          MessageCode.VALUE_NOT_A_NUMBER.with(field.name(), RawValues.excerpt(raw)));
    }
    if (!precision.holds(number)) {
      return new Converted.Refused(
          MessageCode.VALUE_TOO_MANY_DIGITS.with(
              field.name(), RawValues.excerpt(raw), precision.integerDigits()));
    }
    BigDecimal stored = precision.round(number);
    UserMessage outside = outsideRange(field, stored);
    if (outside != null) {
      return new Converted.Refused(outside);
    }
    String canonical = Decimals.canonical(stored);
    return stored.compareTo(number) == 0
        ? new Converted.Value(TextNode.valueOf(canonical))
        : new Converted.Value(
            TextNode.valueOf(canonical),
            List.of(
                MessageCode.VALUE_ROUNDED.with(
                    field.name(), RawValues.excerpt(raw), canonical, precision.decimalPlaces())));
  }

  private static @Nullable UserMessage outsideRange(Field field, BigDecimal number) {
    BigDecimal min = field.minValue();
    if (min != null && number.compareTo(min) < 0) {
      return MessageCode.VALUE_TOO_SMALL.with(
          field.name(), Decimals.canonical(number), Decimals.canonical(min));
    }
    BigDecimal max = field.maxValue();
    if (max != null && number.compareTo(max) > 0) {
      return MessageCode.VALUE_TOO_LARGE.with(
          field.name(), Decimals.canonical(number), Decimals.canonical(max));
    }
    return null;
  }

  @Override
  public boolean same(Field field, JsonNode one, JsonNode other) {
    String a = one.asText().strip();
    String b = other.asText().strip();
    if (a.equals(b)) {
      return true;
    }
    BigDecimal x = Decimals.parse(a);
    BigDecimal y = Decimals.parse(b);
    // what was stored before the app's precision was lowered is still as long as it was
    return x != null
        && y != null
        && field.precision().round(x).compareTo(field.precision().round(y)) == 0;
  }

  /** The number as a key: 5 and 5.0 are one; text that is no number the app holds, as it is. */
  static String key(Field field, String text) {
    BigDecimal number = Numerals.read(text);
    return number == null || !field.precision().holds(number)
        ? text
        : Decimals.canonical(field.precision().round(number));
  }
}
