package dev.kintonesync.source.json;

import static dev.kintonesync.source.SourceOptions.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFileTest {

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private AbstractThrowableAssert<?, ?> refusal(Path file, SourceOptions options) {
    return assertThatThrownBy(() -> SourceFile.open(file, options))
        .isInstanceOf(UserErrorException.class);
  }

  private Path rejectAll(Path file) {
    Path rejects = folder.resolve("rejects.jsonl");
    while (Files.exists(rejects)) {
      rejects = rejects.resolveSibling("again-" + rejects.getFileName());
    }
    try (SourceFileReader reader = SourceFile.open(file, DEFAULT);
        RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
      reader.forEachRemaining(
          record ->
              out.add(
                  record,
                  record.problem() == null ? "bad" : record.problem().toString(),
                  "run:" + record.position().row()));
    }
    return rejects;
  }

  @Test
  void valuesAreWhatTheyAre() throws IOException {
    Path file =
        file(
            "rows.json",
            """
            [ {"s": "東京", "i": 7, "d": 1.50, "big": 123456789012345678901234567890,
               "yes": true, "nothing": null, "list": ["a", 2], "object": {"x": [null]}},
              {"s": ""} ]
            """);
    List<SourceRecord> records = Samples.read(file);
    Map<String, Object> values = records.get(0).values();
    assertThat(values)
        .containsEntry("s", "東京")
        .containsEntry("i", 7)
        .containsEntry("d", new BigDecimal("1.50"))
        .containsEntry("yes", true)
        .containsEntry("nothing", null)
        .containsEntry("list", List.of("a", 2));
    assertThat(values.get("big")).hasToString("123456789012345678901234567890");
    assertThat(values.get("object")).hasToString("{x=[null]}");
    assertThat(records.get(1).values()).as("what is absent is absent").isEqualTo(Map.of("s", ""));
    assertThat(records).extracting(r -> r.position().line()).containsExactly(1L, 3L);
  }

  @Test
  void theColumnsAreTheNamesOfAllRecordsEvenOfTheLast() throws IOException {
    Path file = file("rows.jsonl", "{\"a\": 1}\n\n{\"b\": 2}\r\n{\"a\": 3, \"c\": 4}");
    try (SourceFileReader reader = SourceFile.open(file, DEFAULT)) {
      assertThat(reader.columns()).containsExactly("a", "b", "c");
      reader.forEachRemaining(record -> assertThat(record.problem()).isNull());
      assertThat(reader.position()).isEqualTo(new Position(3, 4));
      assertThat(reader.bytesRead()).isEqualTo(reader.totalBytes());
    }
  }

  @Test
  void aPointerLeadsToTheList() throws IOException {
    Path file =
        file(
            "api.json",
            """
            {"total": 2, "a/b": {"skip": [[1, {"x": "]"}]], "pages": [{"rows": []},
              {"rows": [{"k": "A"}, {"k": "B"}], "more": false}]}, "after": ["}"]}
            """);
    assertThat(Samples.read(file, DEFAULT.withPointer("/a~1b/pages/1/rows")))
        .extracting(SourceRecord::values)
        .containsExactly(Map.of("k", "A"), Map.of("k", "B"));
    refusal(file, DEFAULT).hasMessageContaining("is one JSON object");
    refusal(file, DEFAULT.withPointer("/data"))
        .hasMessageContaining("no list at /data")
        .hasMessageContaining("/a~1b/pages");
  }

  @Test
  void aDocumentOnSeveralLinesSaysWhereItsListsAre() throws IOException {
    refusal(file("api.json", "{\n \"data\": {\"records\": [{\"k\": 1}]}}"), DEFAULT)
        .hasMessageContaining("lists at: /data/records");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"a\": 1}, {\"a\": 2",
        "[{\"a\": 1}, {\"a\": 2}",
        "[{\"a\": 1}, ",
        "[{\"a\": 1} {\"a\": 2}]",
        "[{\"a\": \"1}]",
        "[{\"a\": 1}] [{\"a\": 2}]",
        "[{\"a\": 1},]"
      })
  void aListThatIsNotWholeIsRefusedBeforeAnyOfItIsUsed(String text) throws IOException {
    refusal(file("rows.json", text), DEFAULT).hasMessageContaining("is not complete JSON (line 1");
  }

  @Test
  void aDocumentCutOffBehindTheListIsRefusedToo() throws IOException {
    refusal(file("a.json", "{\"r\": [{\"a\": 1}], \"x\": {"), DEFAULT.withPointer("/r"))
        .hasMessageContaining("is not complete JSON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "{\"code\":\"I2\",\"name\":\"x\" ~ it ends too early (column 24)",
        "{\"code\":\"I2\",\"name\":\"x ~ it ends too early (column 23)",
        "{\"code\":\"Z5\",\"amt\":NaN} ~ \"NaN\" (column 20) is neither a number nor a word of"
            + " JSON",
        "{\"amt\":-INF} ~ \"-INF\" (column 8) is neither a number nor a word of JSON",
        "{\"yes\":True} ~ \"True\" (column 8) is neither a number nor a word of JSON",
        "{\"name\":東京} ~ \"東京\" (column 9) is neither a number nor a word of JSON",
        "{\"a\":1,} ~ found \"}\" (column 8), which does not belong there",
        "{a:1} ~ found \"a\" (column 2), which does not belong there",
        "{\"a\":'x'} ~ found \"'\" (column 6), which does not belong there",
        "{\"a\":1] ~ found \"]\" (column 7), which does not belong there",
        "{\"a\":[1}} ~ found \"}\" (column 8), which does not belong there",
        "{\"a\":007} ~ a number is not written as in JSON (column 7)",
        "{\"a\":1.} ~ a number is not written as in JSON (column 7)",
        "{\"a\":\"x\ty\"} ~ the control character U+0009 must be written as an escape (column 8)",
        "{\"a\":\"C:\\Q\"} ~ the escape \"\\Q\" does not exist in JSON (column 10)",
        "{\"a\":1e99999999999} ~ the number 1e99999999999 is too large or too small",
        "`    {\"a\":NaN}` ~ \"NaN\" (column 10) is neither",
      })
  void aBrokenLineSaysInOurWordsWhatIsWrongAndWhere(String line, String said) throws IOException {
    Path file = file("rows.jsonl", "{\"a\": 0}\n" + line + "\n");

    var problem = Samples.read(file).get(1).problem();

    assertThat(problem.code()).isEqualTo("row-json-broken");
    assertThat(problem.toString())
        .startsWith("Line 2 is not a complete JSON object: " + said)
        .doesNotContain("Feature", "Source", "token");
    assertThat(MessageBundle.of(Locale.JAPANESE).say(problem))
        .startsWith("2 行目は完全な JSON オブジェクトではありません：")
        .doesNotContain("Feature", "column", "found");
  }

  @Test
  void aBrokenElementOfAListSaysTheLineAndColumnOfTheFile() throws IOException {
    Path file =
        file(
            "rows.json",
            "[{}, {\"a\": NaN},\n  {\"a\": 1,\n   \"b\": nope}, {\"a\": x}, {\"c\": 1}]");

    assertThat(Samples.read(file))
        .extracting(record -> String.valueOf(record.problem()))
        .satisfiesExactly(
            none -> assertThat(none).isEqualTo("null"),
            first -> assertThat(first).startsWith("Line 1").contains("\"NaN\" (column 12)"),
            second ->
                assertThat(second).startsWith("Line 2").contains("\"nope\" (line 3, column 9)"),
            third -> assertThat(third).startsWith("Line 3").contains("\"x\" (column 22)"),
            last -> assertThat(last).isEqualTo("null"));
  }

  @Test
  void whatIsEndlesslyNestedOrLongIsSaidInOurWords() throws IOException {
    String deep = "{\"a\":" + "[".repeat(1100) + "]".repeat(1100) + "}";
    String many = "{\"a\":" + "1".repeat(1100) + "}";

    assertThat(Samples.read(file("rows.jsonl", "{\"a\": 0}\n" + deep + "\n" + many + "\n")))
        .extracting(record -> String.valueOf(record.problem()))
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("null"),
            second -> assertThat(second).contains("lists and objects are nested 1000 times"),
            third -> assertThat(third).contains("a number or a name has more than 1000"));
  }

  @Test
  void whatIsExpectedIsSaidInTheLanguageOfTheReader() throws IOException {
    Path file = file("rows.json", "[{\"a\": 1},]");
    UserErrorException refused =
        catchThrowableOfType(UserErrorException.class, () -> SourceFile.open(file, DEFAULT));

    assertThat(refused).hasMessageContaining("found \"]\" where a value is expected");
    assertThat(MessageBundle.of(Locale.JAPANESE).say(refused.reason())).doesNotContain("a value");
  }

  @Test
  void aLineThatIsCutOffIsRejectedAloneAndItsTextKept() throws IOException {
    Path file = file("rows.jsonl", "{\"a\": 1}\n{\"a\": 2, \"b\": \"x\n{\"a\": 3}\n{\"a\": 4");
    List<SourceRecord> records = Samples.read(file);
    assertThat(records)
        .extracting(record -> record.problem() == null)
        .containsExactly(true, false, true, false);
    assertThat(records.get(1).problem().code()).isEqualTo("row-json-broken");
    assertThat(records.get(1).rows()).containsExactly(List.of("{\"a\": 2, \"b\": \"x"));
  }

  @Test
  void whatIsWrongInsideOneElementStaysThere() throws IOException {
    Path file =
        file(
            "rows.json",
            "[{\"a\": 1}, {\"a\": 01}, 7, \"x\", null, [1], {\"a\": 1, \"a\": 2},"
                + " {\"a\": \"\\ud800\"}, {\"a\": 2}]");
    List<SourceRecord> records = Samples.read(file);
    assertThat(records)
        .extracting(record -> record.problem() == null ? "" : record.problem().code())
        .containsExactly(
            "",
            "row-json-broken",
            "row-json-not-object",
            "row-json-not-object",
            "row-json-not-object",
            "row-json-not-object",
            "row-json-name-twice",
            "row-json-no-character",
            "");
  }

  @Test
  void bytesThatAreNotInTheEncodingRejectTheirRecord() throws IOException {
    Path file = folder.resolve("rows.jsonl");
    Files.write(file, Samples.bytes("{\"a\": \"x", 0x81, "\"}\n{\"a\": \"東京大阪京都\"}\n"));
    List<SourceRecord> records = Samples.read(file);
    assertThat(records.get(0).problem().code()).isEqualTo("row-bytes-not-in-encoding");
    assertThat(records.get(1).values()).isEqualTo(Map.of("a", "東京大阪京都"));
    assertThat(Samples.read(rejectAll(file)).get(0).problem()).isNotNull();
  }

  @Test
  void jsonInOtherEncodingsIsReadToo() throws IOException {
    for (String name : new String[] {"UTF-16LE", "windows-31j", "UTF-8"}) {
      Path file = folder.resolve(name + ".json");
      String mark = name.startsWith("UTF") ? "\uFEFF" : "";
      Files.writeString(file, mark + "[{\"名前\": \"表示①\"}]\r\n", Charset.forName(name));
      assertThat(Samples.read(file).get(0).values()).isEqualTo(Map.of("名前", "表示①"));
    }
  }

  @Test
  void rejectsAreLinesThatComeBack() throws IOException {
    Path file =
        file("rows.json", "[{\"a\": 1.10,\n \"b\": [\"x\"]},\n {}, {\"c\": \"\\n\\u0001\"}]");
    Path rejects = rejectAll(file);

    assertThat(Files.readAllLines(rejects))
        .containsExactly(
            "{\"a\": 1.10,  \"b\": [\"x\"],\"_error\":\"bad\",\"_ref\":\"run:1\"}",
            "{\"_error\":\"bad\",\"_ref\":\"run:2\"}",
            "{\"c\": \"\\n\\u0001\",\"_error\":\"bad\",\"_ref\":\"run:3\"}");
    List<SourceRecord> back = Samples.read(rejects, DEFAULT.withPointer("/data"));
    assertThat(back)
        .extracting(SourceRecord::values)
        .isEqualTo(Samples.read(file).stream().map(SourceRecord::values).toList());
    assertThat(back).extracting(SourceRecord::ref).containsExactly("run:1", "run:2", "run:3");
    assertThat(rejectAll(rejects)).hasSameTextualContentAs(again(rejects));
  }

  /** The same rejects, as members are written when they were read from a rejects file. */
  private Path again(Path rejects) throws IOException {
    String text = Files.readString(rejects).replace("1.10,  ", "1.10,").replace(": ", ":");
    return Files.writeString(folder.resolve("expected"), text);
  }

  @Test
  void whatCouldNotBeReadStaysRejectedUntilSomebodyMendsIt() throws IOException {
    Path rejects = rejectAll(file("rows.jsonl", "{\"a\": 1}\n{\"a\": 2, \"b\": \"x\n"));
    assertThat(Samples.read(rejects).get(1).problem().code()).isEqualTo("row-still-rejected");
    Path again = rejectAll(rejects);
    assertThat(Files.readAllLines(again).get(1)).isEqualTo(Files.readAllLines(rejects).get(1));

    String mended =
        Files.readString(again)
            .replaceAll("\"_error\":\"\\[row[^\"]*(\\\\\"[^\"]*)*\"", "\"_error\":\"\"")
            .replace("\\\"x\"", "\\\"x\\\"}\"");
    SourceRecord read = Samples.read(file("mended.jsonl", mended)).get(1);
    assertThat(read.values()).isEqualTo(Map.of("a", 2, "b", "x"));
    assertThat(read.ref()).isEqualTo("run:2");
  }

  @Test
  void nothingInItIsSaid() throws IOException {
    refusal(file("a.json", "[]"), DEFAULT).hasMessageContaining("has no records");
    refusal(file("b.jsonl", "\n \n"), DEFAULT).hasMessageContaining("has no records");
    refusal(file("c.json", "7"), DEFAULT).hasMessageContaining("no list at /");
  }

  @Test
  void aNumberWithoutMeasureIsNotWrittenOut() throws IOException {
    Path file = file("a.jsonl", "{\"a\": 1e999999999}\n{\"a\": 1e99999999999}\n");
    assertThat(Samples.read(file)).hasSize(2);
  }

  @Test
  void aCsvThatBeginsWithABraceStaysCsv() throws IOException {
    Path file = folder.resolve("rows.csv");
    Files.write(file, "{a,[b]\n1,2\n".getBytes(StandardCharsets.UTF_8));
    assertThat(Samples.read(file).get(0).values()).isEqualTo(Map.of("{a", "1", "[b]", "2"));
  }
}
