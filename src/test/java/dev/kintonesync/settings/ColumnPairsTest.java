package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnPairsTest {

  @Test
  void readsPairsInTheirOrder() {
    assertThat(ColumnPairs.read("CUST_CD=顧客コード,  CUST_NM = 顧客名 ,TEL=電話番号"))
        .containsExactly(entry("CUST_CD", "顧客コード"), entry("CUST_NM", "顧客名"), entry("TEL", "電話番号"));
  }

  @Test
  void quotationMarksKeepCommasEqualsSignsAndBlanks() {
    assertThat(ColumnPairs.read(" \"a,b\" = x, \"c=d\"=\"y\",\"say \"\"hi\"\"\"=z, \" e \"=e"))
        .containsExactly(
            entry("a,b", "x"), entry("c=d", "y"), entry("say \"hi\"", "z"), entry(" e ", "e"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'a=b, TEL', TEL",
        "'a=b,', ''",
        "',a=b', ''",
        "'a=', a=",
        "'=b', =b",
        "'a=b=c, d=e', a=b=c",
        "'\"a=b', '\"a=b'",
        "'\"a\"x=b', '\"a\"x=b'",
        "'a\"b=c', 'a\"b=c'",
        "'a＝b', a＝b",
      })
  void namesThePairThatIsNone(String text, String pair) {
    assertThat(refusal(text)).isEqualTo(Text.NOT_A_PAIR.with(pair));
  }

  @Test
  void refusesAColumnOrAFieldThatStandsThereTwice() {
    assertThat(refusal("a=b, a=c")).isEqualTo(Text.COLUMN_MAPPED_TWICE.with("a"));
    assertThat(refusal("a=b, c=b")).isEqualTo(Text.FIELD_NAMED_TWICE.with("b"));
  }

  @Property
  void anyNamesComeBackFromQuotationMarks(
      @ForAll @Size(min = 1, max = 5) @UniqueElements List<@NotBlank String> names) {
    Map<String, String> pairs = new LinkedHashMap<>();
    names.forEach(name -> pairs.put(name, name + "."));
    String text =
        pairs.entrySet().stream()
            .map(pair -> quoted(pair.getKey()) + "=" + quoted(pair.getValue()))
            .collect(Collectors.joining(", "));
    assertThat(ColumnPairs.read(text)).containsExactlyEntriesOf(pairs);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static Message refusal(String text) {
    return catchThrowableOfType(RefusedException.class, () -> ColumnPairs.read(text)).reason();
  }
}
