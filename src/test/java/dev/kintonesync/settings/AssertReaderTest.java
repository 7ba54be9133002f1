package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Assertion;
import dev.kintonesync.sync.Assertion.Subject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssertReaderTest {
  @Test
  void everyShapeIsRead() {
    var read =
        AssertReader.read(
            "rows >= 1000, column AMT is never empty, column 受注 日 is unique,"
                + "column 'A, ''B'' is C' is one of A | B | 'C, D', sum(AMT) between -1.5 and 9,"
                + " min( 単価 ) > 0, count(TEL) = 3, inserted <= 50, newest(UPDATED) within 2d");

    assertThat(read)
        .extracting(Assertion::subject)
        .containsExactly(
            Subject.ROWS,
            Subject.COLUMN,
            Subject.COLUMN,
            Subject.COLUMN,
            Subject.SUM,
            Subject.MIN,
            Subject.COUNT,
            Subject.INSERTED,
            Subject.NEWEST);
    assertThat(read)
        .extracting(Assertion::column)
        .containsExactly(null, "AMT", "受注 日", "A, 'B' is C", "AMT", "単価", "TEL", null, "UPDATED");
    assertThat(read.get(0).written()).isEqualTo("rows >= 1000");
    assertThat(read.get(3).expected()).isEqualTo(new Assertion.OneOf(Set.of("A", "B", "C, D")));
    assertThat(read.get(4).expected())
        .isEqualTo(new Assertion.Range(new BigDecimal("-1.5"), new BigDecimal("9"), true));
    assertThat(read.get(5).expected()).isEqualTo(new Assertion.Range(BigDecimal.ZERO, null, false));
    assertThat(read.get(8).expected()).isEqualTo(new Assertion.Within(Duration.ofDays(2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      value = {
        "rows 1000                       # 6  # >=, <=, >, <, =, between",
        "row >= 1000                     # 1  # rows, column, sum()",
        "rows >= many                    # 9  # 1000",
        "rows >= 1000 inserted <= 5      # 14 # expected here: ,",
        "rows >= 1000,                   # ends too early # rows, column",
        "sum AMT >= 1                    # 5  # expected here: (",
        "sum(AMT >= 1                    # ends too early # expected here: )",
        "column AMT never empty          # 8  # COLUMN is",
        "column AMT is empty             # 15 # never empty, unique, one of",
        "column AMT is one of A |        # ends too early # VALUE",
        "newest(UPDATED) within 2 weeks  # 24 # 2d, 12h, 30m",
        "sum(AMT) between 9 and 1        # 24 # >= 9",
      })
  void whatCannotBeReadIsNamedWithItsPlace(String text, String place, String expected) {
    assertThatThrownBy(() -> AssertReader.read(text))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(place.length() > 2 ? place : "at character " + place + " ")
        .hasMessageContaining(expected);
  }
}
