package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.form.Assignment.Term.Column;
import dev.kintonesync.form.Assignment.Term.Constant;
import dev.kintonesync.form.Step;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MapReaderTest {

  @TempDir Path folder;

  @Test
  void readsPairsInTheirOrder() {
    assertThat(MapReader.read("CUST_CD=顧客コード,  CUST_NM = 顧客名 ,TEL=電話番号"))
        .containsExactly(
            Assignment.of("CUST_CD", "顧客コード"),
            Assignment.of("CUST_NM", "顧客名"),
            Assignment.of("TEL", "電話番号"));
  }

  @Test
  void quotationMarksKeepCommasEqualsSignsAndBlanks() {
    assertThat(MapReader.read(" \"a,b\" = x, \"c=d\"=\"y\",\"say \"\"hi\"\"\"=z, \" e \"=e"))
        .containsExactly(
            Assignment.of("a,b", "x"),
            Assignment.of("c=d", "y"),
            Assignment.of("say \"hi\"", "z"),
            Assignment.of(" e ", "e"));
  }

  @Test
  void joinsColumnsAndConstants() {
    assertThat(MapReader.read("SEI + ' ' + MEI=name, 'it''s'=note, A+B=ab"))
        .containsExactly(
            new Assignment(
                List.of(new Column("SEI"), new Constant(" "), new Column("MEI")),
                "name",
                List.of()),
            new Assignment(List.of(new Constant("it's")), "note", List.of()),
            Assignment.of("A+B", "ab"));
  }

  @Test
  void aColumnMayGoToSeveralFields() {
    assertThat(MapReader.read("a=b, a=c")).hasSize(2);
  }

  @Test
  void readsSteps() {
    assertThat(
            MapReader.read(
                "A=a | trim|nfkc | values(1=x, '2,3'='y, z', *=) | default(未 設定), B=b | split(;)"))
        .containsExactly(
            new Assignment(
                List.of(new Column("A")),
                "a",
                List.of(
                    Step.OfText.TRIM,
                    Step.OfText.NFKC,
                    new Step.Values(Map.of("1", "x", "2,3", "y, z"), ""),
                    new Step.Default("未 設定"))),
            new Assignment(List.of(new Column("B")), "b", List.of(new Step.Split(";"))));
    assertThat(MapReader.read("A=a | simple(${body.substring(0,(1))}), B=b"))
        .first()
        .extracting(Assignment::steps)
        .isEqualTo(List.of(new Step.Simple("${body.substring(0,(1))}")));
  }

  @Test
  void hoursOfAHalfDayHaveToSayOfWhich() {
    for (String pattern : List.of("yyyy-MM-dd hh:mm", "KK:mm")) {
      assertThat(refusal("a=b | date(" + pattern + ")").toString())
          .contains(pattern)
          .contains("HH");
    }
    assertThat(MapReader.read("a=b | date(HH'h'mm)")).hasSize(1);
    assertThat(MapReader.read("a=b | date(h:mm a)")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shout",
        "trim()",
        "pad",
        "pad(x)",
        "values(a)",
        "values(a=1,a=2)",
        "part(2)",
        "part(0,-)",
        "split()",
        "number(1.234)",
        "date()",
        "date(bogus)",
        "date(zone=Mars)",
        "default",
        "simple"
      })
  void refusesStepsThatAreNone(String step) {
    assertThat(refusal("a=b | " + step).text())
        .isIn(MessageCode.NOT_A_STEP, MessageCode.STEP_MISUSED, MessageCode.STEP_VALUE_TWICE);
  }

  @Test
  void aFileHasOnePairInEachLine() throws Exception {
    Path file = Files.writeString(folder.resolve("map.txt"), "\uFEFF# 顧客\nA=a,\n\n B = b | trim\n");
    assertThat(MapReader.readFile(file)).extracting(Assignment::field).containsExactly("a", "b");

    Files.writeString(file, "A=a\nB\n");
    assertThat(fileRefusal(file)).contains("map.txt, line 2").contains("\"B\"");
    Files.writeString(file, "A=a\nB=a\n");
    assertThat(fileRefusal(file)).contains("line 2").contains("field a");
    Files.writeString(file, "# nothing\n");
    assertThat(fileRefusal(file)).contains("is empty");
    Files.write(file, new byte[] {'A', '=', (byte) 0x83, (byte) 0x41});
    assertThat(fileRefusal(file)).contains("UTF-8");
  }

  private static String fileRefusal(Path file) {
    return catchThrowableOfType(UserErrorException.class, () -> MapReader.readFile(file))
        .reason()
        .toString();
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
    assertThat(refusal(text)).isEqualTo(MessageCode.NOT_A_PAIR.with(pair));
  }

  @Test
  void refusesAFieldThatStandsThereTwice() {
    assertThat(refusal("a=b, c=b")).isEqualTo(MessageCode.FIELD_NAMED_TWICE.with("b"));
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
    assertThat(MapReader.read(text))
        .containsExactlyElementsOf(
            pairs.entrySet().stream()
                .map(pair -> Assignment.of(pair.getKey(), pair.getValue()))
                .toList());
  }

  @Property
  void anyNamesComeBackFromWhatIsWritten(
      @ForAll @Size(min = 1, max = 5) @UniqueElements
          List<@NotBlank @Chars({'a', ' ', '+', ',', '=', '|', '"', '\'', '#', '\\', '顧'}) String>
              names) {
    Map<String, String> pairs = new LinkedHashMap<>();
    names.forEach(name -> pairs.put(name, name + "."));
    assertThat(MapReader.read(MapReader.written(pairs)))
        .containsExactlyElementsOf(
            pairs.entrySet().stream()
                .map(pair -> Assignment.of(pair.getKey(), pair.getValue()))
                .toList());
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static UserMessage refusal(String text) {
    return catchThrowableOfType(UserErrorException.class, () -> MapReader.read(text)).reason();
  }
}
