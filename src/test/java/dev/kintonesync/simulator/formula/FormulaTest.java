package dev.kintonesync.simulator.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaTest {

  private static final class Fields implements Formula.Surroundings {
    private final Map<String, Object> values = new HashMap<>();

    @Override
    public Object value(String code) {
      return values.get(code);
    }

    @Override
    public int decimalPlaces() {
      return 4;
    }

    @Override
    public RoundingMode rounding() {
      return RoundingMode.HALF_EVEN;
    }

    @Override
    public ZoneId zone() {
      return ZoneId.of("Asia/Tokyo");
    }
  }

  private static Fields fields() {
    Fields fields = new Fields();
    fields.values.put("数量", new BigDecimal("3"));
    fields.values.put("price", new BigDecimal("19.99"));
    fields.values.put("name", "Sato");
    fields.values.put("choices", List.of("A", "B"));
    fields.values.put("column", List.of(new BigDecimal("1.5"), new BigDecimal("2")));
    fields.values.put("day", BigDecimal.valueOf(1_776_902_400L));
    return fields;
  }

  private static String result(String formula) {
    Object result = Formula.parse(formula).evaluate(fields());
    return result instanceof BigDecimal number
        ? number.stripTrailingZeros().toPlainString()
        : result.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "1 + 2 * 3 | 7",
        "(1 + 2) * 3 | 9",
        "-2 ^ 2 | 4",
        "2 ^ -2 | 0.25",
        "10 - 4 - 3 | 3",
        "1 / 3 | 0.3333",
        "数量 * price | 59.97",
        "missing + 1 | 1",
        "SUM(column) | 3.5",
        "SUM(column, 数量, 1) | 7.5",
        "IF(数量 > 2, \"many\", \"few\") | many",
        "IF(AND(数量 = 3, NOT(price < 1)), 1, 0) | 1",
        "IF(OR(数量 <> 3, name = \"Sato\"), 1, 0) | 1",
        "name & \"-\" & 数量 | Sato-3",
        "ROUND(2.345, 2) | 2.35",
        "ROUNDUP(2.341, 2) | 2.35",
        "ROUNDDOWN(-2.349, 2) | -2.34",
        "ROUND(1234, -2) | 1200",
        "CONTAINS(choices, \"B\") | true",
        "CONTAINS(choices, \"C\") | false",
        "YEN(1234567.5, 0) | ¥1,234,568",
        "DATE_FORMAT(day, \"YYYY/MM/dd\", \"Etc/GMT\") | 2026/04/23",
        "day + 60*60*24 | 1776988800",
        "\"a \\\"quote\\\"\" & \"\" | a \"quote\""
      })
  void aFormulaHasItsResult(String formula, String expected) {
    assertThat(result(formula)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "1 +", "(1", "1)", "SUM(", "SUM()", "IF(1)", "\"open", "1..2", "a b", "1 2", "*1", ","
      })
  void whatIsNoFormulaIsRefused(String text) {
    assertThatThrownBy(() -> Formula.parse(text)).isInstanceOf(FormulaException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1 / 0", "name + 1", "column + 1", "2 ^ 101", "IF(1, 2, 3)", "choices", "NOT(1)"})
  void whatHasNoResultSaysSo(String text) {
    Formula formula = Formula.parse(text);
    assertThatThrownBy(() -> formula.evaluate(fields())).isInstanceOf(FormulaException.class);
  }

  @Test
  void theFieldsItRefersToAreKnown() {
    assertThat(Formula.parse("SUM(a, b) + IF(c > 1, \"d\", e)").references())
        .containsExactly("a", "b", "c", "e");
  }

  @Test
  void aFormulaThatIsTooLongIsRefusedAndNoStackOverflows() {
    assertThatThrownBy(() -> Formula.parse("(".repeat(100_000)))
        .isInstanceOf(FormulaException.class);
    assertThatThrownBy(() -> Formula.parse("-".repeat(100_000)))
        .isInstanceOf(FormulaException.class);
    assertThatThrownBy(() -> Formula.parse("1" + "+1".repeat(100_000)))
        .isInstanceOf(FormulaException.class);
    assertThat(result("1" + "+1".repeat(500))).isEqualTo("501");
  }

  @Property(tries = 300)
  void anyTextIsAFormulaOrRefused(@ForAll String text) {
    try {
      Formula.parse(text).evaluate(fields());
    } catch (FormulaException expected) {
      assertThat(expected).hasMessageNotContaining("null");
    }
  }
}
