package dev.kintonesync.source.sheet;

import static dev.kintonesync.source.SourceOptions.DEFAULT;
import static dev.kintonesync.source.SourceOptions.NO_HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Books;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.poi.ss.usermodel.Row;
import org.junit.jupiter.api.Test;

/** A workbook is read as a person sees it. */
class WorkbookTest extends MadeWorkbook {
  @Test
  void aSheetIsReadAsAPersonSeesIt() throws IOException {
    Path file =
        Books.poi(
            folder,
            book -> {
              row(book, 0, "コード", "日付", "時刻", "率", "金額", "承認", "式");
              Row row = row(book, 1, 7, null, 0.5625, 0.155, 1234567.891, true);
              formatted(book, row.getCell(0), "00000");
              row.createCell(1).setCellValue(LocalDateTime.of(2026, 4, 23, 15, 31));
              formatted(book, row.getCell(1), "[$-411]ggge\"年\"m\"月\"d\"日\"");
              formatted(book, row.getCell(2), "h:mm");
              formatted(book, row.getCell(3), "0.0%");
              formatted(book, row.getCell(4), "\"¥\"#,##0");
              row.createCell(6).setCellFormula("0.1+0.2");
              book.getCreationHelper().createFormulaEvaluator().evaluateFormulaCell(row.getCell(6));
            });
    assertThat(values(file))
        .containsExactly(
            Map.of(
                "コード", "00007",
                "日付", "2026-04-23",
                "時刻", "13:30",
                "率", "15.5",
                "金額", "1234568",
                "承認", "TRUE",
                "式", "0.3"));
  }

  @Test
  void blankRowsAreNoRowsAndMissingCellsAreEmpty() throws IOException {
    Path file =
        Books.poi(
            folder,
            book -> {
              row(book, 1, "a", "b", "c");
              row(book, 3, null, "x");
              row(book, 4, "", null, "");
              row(book, 9, "1", "2", "3");
            });
    List<SourceRecord> records = Samples.read(file);
    assertThat(records)
        .extracting(SourceRecord::values)
        .containsExactly(Map.of("a", "", "b", "x", "c", ""), Map.of("a", "1", "b", "2", "c", "3"));
    assertThat(records)
        .extracting(SourceRecord::position)
        .containsExactly(Position.inSheet(1, 4), Position.inSheet(2, 10));
  }

  @Test
  void anErrorAMissingResultAndACellBeyondTheHeaderRejectTheirRowsAlone() throws IOException {
    Path file =
        Books.poi(
            folder,
            book -> {
              row(book, 0, "a", "b");
              row(book, 1, "1").createCell(1).setCellErrorValue((byte) 0x07);
              row(book, 2, "2", "x", null, "lost?");
              row(book, 3, "3", "y");
            });
    List<SourceRecord> records = Samples.read(file);
    assertThat(records.get(0).problem())
        .hasToString(
            "The cell B2 shows an error: #DIV/0!. Correct it in the workbook; in a rejects file"
                + " also empty the _error cell of row 2.");
    assertThat(records.get(1).problem().code()).isEqualTo("row-beyond-header");
    assertThat(records.get(1).rows().get(0)).containsExactly("2", "x", "", "lost?");
    assertThat(records.get(2).values()).isEqualTo(Map.of("a", "3", "b", "y"));

    Path uncalculated =
        Books.raw(
            folder,
            "<row r='1'><c r='A1' t='inlineStr'><is><t>a</t></is></c></row>"
                + "<row r='2'><c r='A2'><f>1+1</f></c></row>",
            "");
    assertThat(Samples.read(uncalculated).get(0).problem().code())
        .isEqualTo("row-cell-not-calculated");
  }

  @Test
  void aSheetIsFoundByItsName() throws IOException {
    Path file =
        Books.poi(
            folder,
            book -> {
              book.createSheet("隠し").createRow(0).createCell(0).setCellValue("hidden");
              book.createSheet("表紙").createRow(0).createCell(0).setCellValue("cover");
              book.createSheet("明細").createRow(0).createCell(0).setCellValue("rows");
              book.setSheetHidden(0, true);
              book.setActiveSheet(1);
            });
    assertThat(columns(file, DEFAULT)).containsExactly("cover");
    assertThat(columns(file, DEFAULT.withSheet("明細"))).containsExactly("rows");
    assertThatThrownBy(() -> columns(file, DEFAULT.withSheet("売上")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("no sheet named 売上. Its sheets: 隠し, 表紙, 明細");
  }

  private static List<String> columns(Path file, SourceOptions options) {
    try (SourceFileReader reader = SourceFile.open(file, options)) {
      return reader.columns();
    }
  }

  @Test
  void aHeaderMayStandLowerOrNowhere() throws IOException {
    Path file =
        Books.poi(
            folder,
            book -> {
              row(book, 0, "売上表");
              row(book, 2, "a", "b");
              row(book, 3, "1", "2");
            });
    assertThat(Samples.read(file, DEFAULT.withHeader(3)).get(0).values())
        .isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(Samples.read(file, DEFAULT.withHeader(NO_HEADER)).get(0).values())
        .as("as wide as the widest row")
        .isEqualTo(Map.of("A", "売上表", "B", ""));
  }

  @Test
  void sharedTextIsPutTogetherWithoutItsReadings() throws IOException {
    Path file =
        Books.raw(
            folder,
            "<row><c t='s'><v>0</v></c></row><row><c t='s'><v>1</v></c></row>"
                + "<row><c t='s'><v>2</v></c></row><row><c t='s'><v>9</v></c></row>",
            "<si><t>名前</t></si>"
                + "<si><r><t>東</t></r><r><t xml:space='preserve'>京 </t></r>"
                + "<rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"
                + "<si><t>a_x000A_b&amp;_x005F_x0041_</t></si>");
    List<SourceRecord> records = Samples.read(file);
    assertThat(records.get(0).values()).isEqualTo(Map.of("名前", "東京 "));
    assertThat(records.get(1).values()).isEqualTo(Map.of("名前", "a\nb&_x0041_"));
    assertThat(records.get(2).problem().code()).isEqualTo("row-cell-unreadable");
  }

  @Test
  void aDamagedSheetIsRefusedBeforeItsFirstRow() throws IOException {
    for (String rows :
        new String[] {
          "<row r='2'><c r='A2'><v>1</v></c></row><row r='2'><c r='A2'><v>2</v></c></row>",
          "<row><c r='A2'><v>1</v></c><c r='A2'><v>2</v></c></row>",
          "<row><c r='ABCD1'><v>1</v></c></row>",
          "<row><c><v>1</v></c></row><row><c></row>"
        }) {
      Path file =
          Books.raw(folder, "<row r='1'><c t='inlineStr'><is><t>a</t></is></c></row>" + rows, "");
      assertThatThrownBy(() -> SourceFile.open(file, SourceOptions.DEFAULT))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining(" of the sheet S is damaged");
    }
  }

  @Test
  void daysMayBeCountedFrom1904() throws IOException {
    Path file =
        Books.poi(
            folder,
            book -> {
              book.getCTWorkbook().addNewWorkbookPr().setDate1904(true);
              row(book, 0, "d");
              formatted(book, row(book, 1, 44673.5).getCell(0), "yyyy/m/d h:mm");
            });
    assertThat(values(file)).containsExactly(Map.of("d", "2026-04-23 12:00"));
  }

  @Test
  void aWorkbookMayBePacked() throws IOException {
    Path book =
        Books.poi(
            folder,
            poi -> {
              row(poi, 0, "a");
              row(poi, 1, "1");
            });
    Path packed = folder.resolve("book.xlsx.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(book, out);
    }
    assertThat(values(packed)).containsExactly(Map.of("a", "1"));
  }

  @Test
  void aSheetIsReadAgainWhileItIsOpen() throws IOException {
    Path file =
        Books.poi(
            folder,
            book -> {
              row(book, 0, "a");
              row(book, 1, "1");
              row(book, 2, "2");
            });
    try (SourceFileReader reader = SourceFile.open(file, DEFAULT)) {
      reader.next();
      try (SourceReader again = reader.again()) {
        assertThat(again.next().values()).isEqualTo(Map.of("a", "1"));
      }
      assertThat(reader.next().values()).isEqualTo(Map.of("a", "2"));
      assertThat(reader.hasNext()).isFalse();
      assertThat(reader.bytesRead()).isEqualTo(reader.totalBytes());
    }
  }

  @Test
  void aPlaceIsARowOfTheSheetAndNoLine() throws IOException {
    Path places =
        Books.poi(
            folder,
            book -> {
              row(book, 1, "code", "name");
              row(book, 3, "A", "a");
              row(book, 5, "name", "code");
              row(book, 6, "B", "b");
            });
    try (var reader = SourceFile.open(places, DEFAULT)) {
      assertThat(reader.next().position()).hasToString("row 4");
      assertThat(reader.position().number()).isEqualTo(4);
      var below = reader.next();
      assertThat(String.valueOf(below.problem())).contains("row 6").doesNotContain("line");
    }
    Path twice = Books.poi(folder, book -> row(book, 2, "code", "code"));
    assertThatThrownBy(() -> SourceFile.open(twice, DEFAULT))
        .hasMessageContaining("in columns 1 and 2 (row 3)");
    var comma = Files.writeString(folder.resolve("a.csv"), "code,name\nA,a\n");
    try (var reader = SourceFile.open(comma, DEFAULT)) {
      assertThat(reader.next().position()).hasToString("line 2");
    }
  }
}
