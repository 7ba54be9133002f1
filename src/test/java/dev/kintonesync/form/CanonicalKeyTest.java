package dev.kintonesync.form;

import static dev.kintonesync.form.CustomersForm.field;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalKeyTest {

  @ParameterizedTest(name = "{0}: [{1}] is the key {2}")
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "code|A-1|A-1",
        "code| A-1　|A-1",
        "code|001|001",
        "code|か\u3099|が",
        "no|5|5",
        "no|5.0|5",
        "no| 5.00 |5",
        "no|1e2|100",
        "no|007|7",
        "no|x|x",
        "no|1e999999999|1e999999999",
        "レコード番号|12|12",
        "レコード番号|SALES-12|12",
        "レコード番号|営業-2-0012|12",
        "レコード番号|03-1234-5678|03-1234-5678",
        "レコード番号|-12|-12",
        "レコード番号|12.0|12.0",
        "レコード番号|A-|A-",
      })
  void aKeyHasOneWayToBeWritten(String code, String text, String expected) {
    assertThat(field(code).canonicalKey(text)).isEqualTo(expected);
    assertThat(field(code).canonicalKey(TextNode.valueOf(text))).isEqualTo(expected);
    assertThat(field(code).canonicalKey(expected)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "　", "\t\n"})
  void aBlankKeyIsNone(String text) {
    assertThat(field("code").canonicalKey(text)).isNull();
    assertThat(field("no").canonicalKey(text)).isNull();
    assertThat(field("レコード番号").canonicalKey(text)).isNull();
    assertThat(field("code").canonicalKey(null)).isNull();
  }

  @Test
  void numbersOfADatabaseAreKeysToo() {
    assertThat(field("no").canonicalKey(new BigDecimal("5.00"))).isEqualTo("5");
    assertThat(field("code").canonicalKey(1001)).isEqualTo("1001");
  }
}
