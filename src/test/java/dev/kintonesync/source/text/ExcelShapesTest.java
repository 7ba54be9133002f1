package dev.kintonesync.source.text;

import static dev.kintonesync.source.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs write around the values and what means nothing. */
class ExcelShapesTest {

  @TempDir Path folder;

  private List<SourceRecord> rows(String text) {
    return read(Samples.file(folder, text));
  }

  private static List<List<String>> fields(List<SourceRecord> records) {
    assertThat(records).extracting(SourceRecord::problem).containsOnlyNulls();
    return records.stream().map(record -> record.rows().get(0)).toList();
  }

  @Test
  void rowsOfCommasAloneAreNoRows() {
    assertThat(
            fields(
                rows(
                    ",,\r\na,b,c\r\n1,2,3\r\n,,\r\n\"\",\"\",\"\"\r\n4,,\r\n"
                        + ",,\r\n".repeat(300))))
        .containsExactly(List.of("1", "2", "3"), List.of("4", "", ""));
    assertThatThrownBy(() -> rows(",,\r\n,\r\n")).hasMessageContaining("has no header");
  }

  @Test
  void columnsWithNeitherANameNorAValueAreNone() {
    Path file = Samples.file(folder, "a,b,,\r\n1,2,,\r\n3,4,,\r\n5,6\r\n");
    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      assertThat(reader.columns()).containsExactly("a", "b");
    }
    assertThat(fields(read(file)))
        .containsExactly(List.of("1", "2"), List.of("3", "4"), List.of("5", "6"));
  }

  @Test
  void aValueInAColumnWithoutANameIsRejectedAndNotLost() {
    List<SourceRecord> records = rows("a,b,,\r\n1,2,,\r\n3,4,,x\r\n5,6,y,\r\n7,8,,,z\r\n");
    assertThat(records)
        .extracting(r -> r.problem() == null)
        .containsExactly(true, false, false, false);
    assertThat(String.valueOf(records.get(1).problem())).contains("Row 3 has a value (\"x\")");
    assertThat(String.valueOf(records.get(2).problem())).contains("Row 4 has a value (\"y\")");
    assertThat(records.get(1).rows()).containsExactly(List.of("3", "4", "", "x"));
    assertThatThrownBy(() -> rows("a,,c\r\n1,,3\r\n"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("column 2 (line 1) has no name");
  }

  @Test
  void emptyFieldsBeyondTheHeaderAreNone() {
    assertThat(fields(rows("a,b\r\n1,2,\r\n3,4,,,\r\n")))
        .containsExactly(List.of("1", "2"), List.of("3", "4"));
    assertThat(rows("a,b\r\n1,2,,3\r\n").get(0).problem().code()).isEqualTo("row-ragged");
  }

  /** From row 17 on, in blocks of 16 rows whose last columns are all empty. */
  @Test
  void emptyFieldsThatExcelLeavesOutInBlocksOf16RowsAreEmpty() {
    StringBuilder text = new StringBuilder("a,b,c,d\r\n");
    for (int row = 2; row <= 55; row++) {
      String full = "k" + row + ",\"n\r\nx\",,";
      String cells = row <= 16 ? full : row <= 32 ? "k" + row + ",n" : row <= 48 ? full : "k" + row;
      text.append(cells).append("\r\n");
    }
    List<List<String>> read = fields(rows(text.toString()));
    assertThat(read).hasSize(54).allMatch(row -> row.size() == 4);
    assertThat(read.get(15)).containsExactly("k17", "n", "", "");
    assertThat(read.get(53)).containsExactly("k55", "", "", "");
  }

  @Test
  void otherShortRowsStayRejected() {
    // a line end without quotes, and a file cut off, must not become records
    assertThat(rows("a,b,c\r\n1,first\r\nsecond,3\r\n"))
        .extracting(r -> r.problem().code())
        .containsExactly("row-ragged", "row-ragged");
    String block = "a,b,c\r\n" + "1,2,3\r\n".repeat(15);
    List<SourceRecord> broken = rows(block + "1,first\r\nsecond,3\r\n" + "1,2,3\r\n".repeat(14));
    assertThat(broken.stream().filter(r -> r.problem() != null).map(r -> r.position().line()))
        .containsExactly(17L, 18L);
    assertThat(rows(block + "1,2,3\r\n1,2\r\n").get(16).problem()).isNotNull();
  }

  @Test
  void theFormulaThatKeepsZerosIsReadAsItsText() {
    Path file =
        Samples.file(
            folder,
            "=\"code\",name\r\n"
                + "=\"0012\",\"=\"\"Apple\"\"\"\r\n"
                + "\"=\"\"0\"\"\"\"1\"\"\",=A1\r\n"
                + "=\"\",\"=\"\"\"\r\n");
    assertThat(fields(read(file)))
        .containsExactly(List.of("0012", "Apple"), List.of("0\"1", "=A1"), List.of("", "=\""));
    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      assertThat(reader.columns()).containsExactly("code", "name");
    }
  }

  @Test
  void suchAFormulaIsItsTextInARowThatIsBrokenToo() {
    var broken = rows("code,name\r\n=\"0012\",\"x\"y\r\n").get(0);
    assertThat(broken.problem()).isNotNull();
    assertThat(broken.rows().get(0)).startsWith("0012");
  }

  @Test
  void theTextOfSuchAFormulaComesBackFromTheRejects() {
    Path file = Samples.file(folder, "code,name\r\n=\"0012\",\"'=\"\"x\"\"\"\r\n");
    Path rejects = folder.resolve("rejects.csv");
    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT);
        RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
      reader.forEachRemaining(record -> out.add(record, "bad", "ref"));
    }
    assertThat(fields(read(rejects))).isEqualTo(fields(read(file)));
  }

  @Test
  void aHeaderInTheMiddleIsPassedOverWithAWord() {
    Path file =
        Samples.file(
            folder,
            "\uFEFFcode,name\r\n"
                + "A1,x\r\n"
                + "\uFEFFcode,name\r\n"
                + "A2,y\r\n"
                + "\uFEFF\"code\",\"name\"\r\n"
                + "\uFEFFA3,z\r\n");
    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      List<Object> codes = new ArrayList<>();
      reader.forEachRemaining(record -> codes.add(record.values().get("code")));
      assertThat(codes).containsExactly("A1", "A2", "A3");
      assertThat(reader.remarks())
          .extracting(UserMessage::toString)
          .containsExactly("Repeated headers were skipped: 2 (the first is line 3).");
    }
  }

  @Test
  void rowsBelowAnotherOrderOfColumnsAreRejected() {
    List<SourceRecord> records =
        rows("code,name\r\nA1,x\r\nname,code\r\ny,A2\r\ncode,name\r\nA3,z\r\n");
    assertThat(records)
        .extracting(r -> r.problem() == null)
        .containsExactly(true, false, false, true);
    assertThat(String.valueOf(records.get(2).problem()))
        .startsWith("The second header in line 3 has its columns in another order, and line 4 is");
  }

  @Test
  void theNameOfTheOnlyColumnMayBeAValue() {
    assertThat(fields(rows("1\r\n1\r\n10\r\n100\r\n")))
        .containsExactly(List.of("1"), List.of("10"), List.of("100"));
  }
}
