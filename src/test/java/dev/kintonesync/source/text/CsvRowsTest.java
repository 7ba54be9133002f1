package dev.kintonesync.source.text;

import static dev.kintonesync.source.Samples.bytes;
import static dev.kintonesync.source.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.SourceFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTest {

  @TempDir Path folder;

  private List<SourceRecord> rows(Object... parts) {
    return read(Samples.file(folder, bytes(parts)), SourceOptions.DEFAULT);
  }

  private static List<Object> values(SourceRecord record) {
    return List.copyOf(record.values().values());
  }

  private static String problem(SourceRecord record) {
    return String.valueOf(record.problem());
  }

  @Test
  void aHeaderAloneHasNoRows() {
    assertThat(rows("a,b")).isEmpty();
    assertThat(rows("a,b\r\n")).isEmpty();
  }

  @Test
  void textBehindTheQuotesOfAHeaderIsNotTakenForAnOpenQuote() {
    assertThatThrownBy(() -> rows("\"code\" ,name\nA,B\n"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("(line 1)")
        .hasMessageContaining("directly after a closing quote")
        .hasMessageNotContaining("not closed");
    assertThatThrownBy(() -> rows("\"code,name\nA,B\n"))
        .hasMessageContaining("The quotes in the header of")
        .hasMessageContaining("are not closed");
  }

  @Test
  void valuesStandUnderTheirColumnsInOrder() {
    SourceRecord record = rows("b,a,空\n1,2,\n").get(0);

    assertThat(record.values())
        .containsExactly(entry("b", "1"), entry("a", "2"), entry("空", ""))
        .isEqualTo(Map.of("a", "2", "b", "1", "空", ""));
    assertThat(record.values().get("c")).isNull();
    assertThat(record.values().containsKey("c")).isFalse();
    assertThat(record.rows()).containsExactly(List.of("1", "2", ""));
    assertThat(record.problem()).isNull();
    assertThat(record.size()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void everyLineEndEndsARowAndCountsOnce(String end) {
    List<SourceRecord> records =
        rows(String.join(end, "a,b", "1,2", "", "\"3" + end + "3\",4", "5,6"));

    assertThat(records)
        .extracting(CsvRowsTest::values)
        .containsExactly(List.of("1", "2"), List.of("3" + end + "3", "4"), List.of("5", "6"));
    assertThat(records)
        .extracting(SourceRecord::position)
        .containsExactly(new Position(1, 2), new Position(2, 4), new Position(3, 6));
  }

  @Test
  void aPositionIsPrintedInTheLanguageOfTheReader() {
    var position = new Position(11, 12);
    assertThat(position).hasToString("line 12");
    assertThat(MessageBundle.JAPANESE.say(position.asMessage())).isEqualTo("12 行目");
  }

  @Test
  void quotesHoldCommasLineEndsAndQuotes() {
    List<SourceRecord> records =
        rows("a,b\n\"1,\"\"one\"\"\",\"\"\n\"\"\"\",\"\"\"x\"\"\"\n3\" pipe, \"4\"\n");

    assertThat(records)
        .extracting(CsvRowsTest::values)
        .containsExactly(
            List.of("1,\"one\"", ""), List.of("\"", "\"x\""), List.of("3\" pipe", " \"4\""));
    assertThat(records).extracting(SourceRecord::problem).containsOnlyNulls();
  }

  @Test
  void blankLinesArePassedOverButAnEmptyQuotedValueIsARow() {
    List<SourceRecord> records = rows("\n\r\na\n\n1\n\"\"\n\n\n");

    assertThat(records).extracting(CsvRowsTest::values).containsExactly(List.of("1"), List.of(""));
    assertThat(records).extracting(r -> r.position().line()).containsExactly(5L, 6L);
  }

  @Test
  void theEndOfFileSignOfDosIsNoRow() {
    assertThat(rows("a,b\r\n1,2\r\n\u001a")).hasSize(1);
    assertThat(rows("a\n1\n\u001ax\n")).hasSize(2);
  }

  @Test
  void aRaggedRowIsHandedOutWithItsLineAndItsOwnFields() {
    List<SourceRecord> records = rows("a,b\n1\n1,2\n1,2,3\n1,2,\n");

    assertThat(records)
        .extracting(r -> r.problem() == null)
        .containsExactly(false, true, false, true);
    assertThat(problem(records.get(0)))
        .startsWith("Line 2 does not match the header: 1 field, but the header has 2.");
    assertThat(problem(records.get(2))).startsWith("Line 4 does not match the header: 3 fields");
    assertThat(records.get(0).rows()).containsExactly(List.of("1"));
    assertThat(records.get(2).rows()).containsExactly(List.of("1", "2", "3"));
    assertThat(records.get(3).rows()).containsExactly(List.of("1", "2"));
    assertThat(records.get(0).values()).isEmpty();
  }

  @Test
  void bytesOutsideTheEncodingSpoilTheirOwnRowOnly() {
    List<SourceRecord> records =
        read(
            Samples.file(
                folder, bytes("a,b\n1,良い\n2,\"x\ny", 0xE3, 0x81, "\"\n3,", 0xFF, "\n4,終\n")),
            "utf8");

    assertThat(records).hasSize(4);
    assertThat(problem(records.get(1)))
        .startsWith("Line 4 contains bytes (E3 81) that are not UTF-8");
    assertThat(problem(records.get(2))).startsWith("Line 5 contains bytes (FF) that are not UTF-8");
    assertThat(records.get(1).values()).isEmpty();
    assertThat(MalformedBytes.shown(records.get(1).rows().get(0).get(1)))
        .isEqualTo("x\ny\uFFFD\uFFFD");
    assertThat(values(records.get(0))).containsExactly("1", "良い");
    assertThat(values(records.get(3))).containsExactly("4", "終");
  }

  @Test
  void aCharacterCutOffAtTheEndOfTheFileIsAProblem() {
    List<SourceRecord> records =
        read(Samples.file(folder, bytes("a,b\n1,あ\n2,", 0xE3, 0x81)), "utf8");

    assertThat(problem(records.get(1))).startsWith("Line 3 contains bytes (E3 81)");
  }

  @Test
  void aReplacementCharacterThatReallyStandsInTheFileIsText() {
    List<SourceRecord> records = rows("a\n\uFFFD\n😀\n");

    assertThat(records)
        .extracting(CsvRowsTest::values)
        .containsExactly(List.of("\uFFFD"), List.of("😀"));
    assertThat(records).extracting(SourceRecord::problem).containsOnlyNulls();
  }

  @Test
  void aQuoteThatIsNeverClosedNamesItsLineAndWhatItSwallowed() {
    assertThat(rows("a,b\n1,2\n3,\"inch\n5,6\n7,8\n"))
        .extracting(CsvRowsTest::problem)
        .satisfiesExactly(
            good -> assertThat(good).isEqualTo("null"),
            open ->
                assertThat(open)
                    .startsWith(
                        "The quote that opens in line 3 is never closed. Lines inside it"
                            + " that are rejected too: 2."),
            inside ->
                assertThat(inside).startsWith("Line 4 belongs to the row that begins in line 3"),
            inside ->
                assertThat(inside).startsWith("Line 5 belongs to the row that begins in line 3"));
  }

  @Test
  void theLinesOfABrokenRowComeOutOneByOneWithTheirFields() {
    assertThat(rows("a,b\n1,2\n3,\"inch, 4\n\n5,\"\"\n\"7\"\"\",8"))
        .extracting(r -> r.rows().get(0))
        .containsExactly(
            List.of("1", "2"), List.of("3", "\"inch", " 4"), List.of("5", ""), List.of("7\"", "8"));
  }

  @Test
  void aMissingClosingQuoteSpoilsNoMoreThanTheLineItRunsInto() {
    List<SourceRecord> records =
        rows("\"a\",\"b\"\n\"1\",\"2\n\"3\",\"4\"\n\"5\",\"6\"\n\"7\",\"8\"\n");

    assertThat(records)
        .extracting(r -> r.problem() == null)
        .containsExactly(false, false, true, true);
    assertThat(records).extracting(r -> r.position().line()).containsExactly(2L, 3L, 4L, 5L);
    assertThat(problem(records.get(0)))
        .startsWith(
            "In line 3, text follows directly after the closing quote of the value that"
                + " begins in line 2.");
    assertThat(records.get(0).rows()).containsExactly(List.of("1", "\"2"));
    assertThat(records.get(1).rows()).containsExactly(List.of("3", "4"));
  }

  @Test
  void textAfterAClosingQuoteIsAProblemOfItsRow() {
    List<SourceRecord> records = rows("a,b\n\"1\"x,2\n3,4\n");

    assertThat(records.get(0).rows()).containsExactly(List.of("\"1\"x", "2"));
    assertThat(problem(records.get(0))).startsWith("In line 2, text follows directly after");
    assertThat(records.get(1).problem()).isNull();
  }

  @Test
  void aRowOfManyMegabytesIsHandedOutInPiecesAndHarmsNoOther() {
    String huge = "x".repeat(CharWindow.LONGEST * 2 + 10);
    List<SourceRecord> records = rows("a,b\n1,2\n3," + huge + "\n5,6\n");

    assertThat(records.get(0).problem()).isNull();
    assertThat(problem(records.get(1))).startsWith("The row that begins in line 3 is longer than");
    assertThat(values(records.get(records.size() - 1))).containsExactly("5", "6");
    assertThat(records.get(records.size() - 1).position().line()).isEqualTo(4);
    String kept = "";
    for (SourceRecord piece : records.subList(1, records.size() - 1)) {
      assertThat(piece.problem()).isNotNull();
      kept += String.join(",", piece.rows().get(0));
    }
    assertThat(kept).isEqualTo("3," + huge);
  }

  @Test
  void aQuoteLeftOpenOverManyMegabytesEndsWhereItIsClosed() {
    String line = "x".repeat(99) + "\n";
    int lines = CharWindow.LONGEST / line.length() + 1000;
    List<SourceRecord> records = rows("a,b\n1,\"" + line.repeat(lines) + "\",2\n5,6\n");

    assertThat(records).hasSize(lines + 2);
    assertThat(problem(records.get(0))).startsWith("The row that begins in line 2 is longer than");
    assertThat(problem(records.get(lines))).startsWith("The row that begins in line 2");
    assertThat(values(records.get(lines + 1))).containsExactly("5", "6");
  }

  @Test
  void progressAndPositionFollowTheReading() {
    Path file = Samples.file(folder, "a\n" + "1\n".repeat(100_000));
    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      assertThat(reader.totalBytes()).isEqualTo(200_002);
      assertThat(reader.position()).isEqualTo(new Position(0, 1));
      assertThat(reader.bytesRead()).isLessThan(200_002);
      reader.next();
      assertThat(reader.hasNext()).isTrue();
      assertThat(reader.position()).isEqualTo(new Position(1, 2));
      reader.forEachRemaining(record -> {});
      assertThat(reader.position()).isEqualTo(new Position(100_000, 100_001));
      assertThat(reader.bytesRead()).isEqualTo(200_002);
    }
  }
}
