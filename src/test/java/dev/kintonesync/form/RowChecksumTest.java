package dev.kintonesync.form;

import static dev.kintonesync.form.CustomersForm.FORM;
import static dev.kintonesync.form.CustomersForm.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowChecksumTest {
  /** A number that is shown with text around it, as cells of a workbook are. */
  private static final class Percent extends Number implements CharSequence {
    private static final long serialVersionUID = 1;

    @Override
    public int intValue() {
      return 1;
    }

    @Override
    public long longValue() {
      return 1;
    }

    @Override
    public float floatValue() {
      return 1;
    }

    @Override
    public double doubleValue() {
      return 1;
    }

    @Override
    public int length() {
      return toString().length();
    }

    @Override
    public char charAt(int index) {
      return toString().charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return toString().subSequence(start, end);
    }

    @Override
    public String toString() {
      return "1%";
    }
  }

  private static final List<String> COLUMNS = List.of("code", "tel", "amount", "memo");

  private static RowChecksum of(Map<String, String> map, MappingOptions options) {
    var mapping = Mapping.of(FORM, COLUMNS, FieldMap.of(map), field("code"), options);
    return Objects.requireNonNull(mapping.checksum());
  }

  private static RowChecksum of(Map<String, String> map) {
    return of(map, MappingOptions.DEFAULT);
  }

  private static final Map<String, String> MAP =
      Map.of("code", "code", "tel", "tel", "amount", "amount");

  @Test
  void aRowIsKnownByTheColumnsThatAreMapped() {
    var checksum = of(MAP);
    var row = Map.of("code", "A", "tel", "03", "amount", "5", "memo", "x");
    long known = checksum.of(row);
    assertThat(known).isNotEqualTo(RowChecksum.NONE);
    assertThat(of(MAP).of(Map.of("amount", "5", "code", "A", "tel", "03"))).isEqualTo(known);
    assertThat(checksum.keyOf(row)).isEqualTo("A");
  }

  /** Rows whose texts, one after the other, are the same, or whose values have the same text. */
  @Test
  void rowsThatMayBecomeOtherValuesHaveOtherChecksums() {
    var checksums = new ArrayList<Long>();
    for (Object[] values :
        new @Nullable Object[][] {
          {"A", "03", "5"},
          {"A", "03", " 5"},
          {"A", "035", ""},
          {"A", "0", "35"},
          {"A0", "3", "5"},
          {"A", "03", null},
          {"A", null, "03"},
          {"A", "03", ""},
          {"A", "03", new BigDecimal("5")},
          {"A", "03", new BigDecimal("5.0")},
          {"A", "03", 5},
          {"A", "03", 5.0},
          {"A", "03", true},
          {"A", "03", "true"},
          {"A", LocalDate.of(2026, 1, 2), "5"},
          {"A", "2026-01-02", "5"},
        }) {
      var row = new HashMap<String, @Nullable Object>();
      row.put("code", values[0]);
      row.put("tel", values[1]);
      row.put("amount", values[2]);
      checksums.add(of(MAP).of(row));
    }
    checksums.add(of(MAP).of(Map.of("code", "A", "tel", "03")));
    assertThat(checksums).doesNotHaveDuplicates().doesNotContain(RowChecksum.NONE);
  }

  /** What is more than its text, or has parts. */
  @Test
  void rowsOfOtherValuesHaveNone() {
    for (Object value : List.of(List.of("5"), Map.of("value", "5"), new Percent())) {
      assertThat(of(MAP).of(Map.of("code", "A", "tel", "03", "amount", value)))
          .isEqualTo(RowChecksum.NONE);
    }
  }

  @Test
  void anotherMappingHasOtherChecksums() {
    var row = Map.of("code", "A", "tel", "03", "amount", "5", "memo", "x");
    var keeping =
        new MappingOptions(
            Conversion.DEFAULT,
            new KeyNormalization(
                List.of(new KeyNormalization.Step(KeyNormalization.Kind.UPPER, 0))),
            KeyCheck.DEFAULT,
            false,
            Set.of(),
            Expressions.NONE,
            TableOptions.DEFAULT,
            false,
            null);
    assertThat(
            List.of(
                of(MAP).of(row),
                of(Map.of("code", "code", "tel", "tel")).of(row),
                of(Map.of("code", "code", "tel", "tel", "memo", "amount")).of(row),
                of(MAP, keeping).of(row)))
        .doesNotHaveDuplicates();
  }

  @Test
  void rowsAroundARowHaveASayInIt() {
    var grouped = MappingOptions.DEFAULT.grouped(true);
    assertThat(Mapping.of(FORM, COLUMNS, FieldMap.of(MAP), field("code"), grouped).checksum())
        .isNull();
  }

  @Test
  void checksumsOfNeighboursDifferAndAreSpreadEvenly() {
    var random = new Random(5);
    var seen = new HashMap<Long, String>();
    int[] first = new int[256];
    for (int number = 0; number < 200_000; number++) {
      String text = "C" + String.format("%07d", number) + (random.nextBoolean() ? "東京" : "");
      var checksum = new Checksum(0);
      checksum.add(text);
      assertThat(seen.put(checksum.value(), text)).isNull();
      first[(int) (checksum.value() >>> 56)]++;
    }
    assertThat(Arrays.stream(first).boxed()).allMatch(count -> count > 500 && count < 1100);
  }
}
