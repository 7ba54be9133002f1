package dev.kintonesync.source.sheet;

import static dev.kintonesync.source.SourceOptions.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Books;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.poi.ss.usermodel.FillPatternType;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.WorkbookFactory;
import org.apache.poi.xssf.usermodel.XSSFCell;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;

/** A rejected row of a workbook stands whole in a workbook that can be mended and read. */
class WorkbookRejectsTest extends MadeWorkbook {
  @Test
  void aValueInTheLastColumnOfASheetIsRejectedAndComesBack() throws IOException {
    Path file =
        Books.raw(
            folder,
            "<row><c t='str'><v>a</v></c><c t='str'><v>b</v></c></row>"
                + "<row><c><v>1</v></c><c r='XFC2'><v>8</v></c><c r='XFD2'><v>9</v></c></row>"
                + "<row><c><v>2</v></c><c><v>3</v></c></row>",
            "");
    assertThat(Samples.read(file))
        .extracting(record -> record.problem() == null)
        .containsExactly(false, true);
    List<SourceRecord> back = Samples.read(rejectAll(file));
    assertThat(back).extracting(record -> record.problem() == null).containsExactly(false, true);
    assertThat(back.get(0).rows().get(0)).containsExactly("1", "", "8", "9");
    assertThat(back.get(1).values()).isEqualTo(Map.of("a", "2", "b", "3"));
  }

  @Test
  void aFullRowBeyondTheHeaderLosesNothing() throws IOException {
    Path file =
        Books.raw(
            folder,
            "<row><c t='str'><v>a</v></c></row><row>"
                + "<c><v>7</v></c>".repeat(HeaderColumns.MOST_IN_SHEET)
                + "</row>",
            "");
    List<String> back = Samples.read(rejectAll(file)).get(0).rows().get(0);
    assertThat(String.join(" ", back)).isEqualTo("7 ".repeat(HeaderColumns.MOST_IN_SHEET).strip());
  }

  @Test
  void aHeaderHasAsManyColumnsAsRejectsHaveRoomFor() throws IOException {
    for (int columns : new int[] {HeaderColumns.MOST, HeaderColumns.MOST + 1}) {
      var header = new StringBuilder("<row>");
      for (int i = 0; i < columns; i++) {
        header.append("<c t='str'><v>c").append(i).append("</v></c>");
      }
      Path file = Books.raw(folder, header + "</row><row><c><v>1</v></c></row>", "");
      if (columns == HeaderColumns.MOST) {
        Path rejects = rejectAll(file);
        assertThat(Samples.read(rejects).get(0).values()).hasSize(columns);
      } else {
        assertThatThrownBy(() -> SourceFile.open(file, DEFAULT))
            .isInstanceOf(UserErrorException.class)
            .hasMessageContaining("has 16383 columns; the limit is 16382");
      }
    }
  }

  @Test
  void rejectsAreAWorkbookOfTextWithTheBadCellsRedAndExplained() throws IOException {
    Path file =
        Books.poi(
            folder,
            book -> {
              row(book, 0, "コード", "日付");
              row(book, 1, "00017", "32/13");
              row(book, 2, "B").createCell(1).setCellErrorValue((byte) 0x2A);
              row(book, 3, "C", "2026-04-23", "surplus");
            });
    Path rejects = rejectAll(file);

    try (var book = (XSSFWorkbook) WorkbookFactory.create(rejects.toFile())) {
      var sheet = book.getSheet("顧客");
      XSSFCell code = sheet.getRow(1).getCell(0);
      assertThat(code.getStringCellValue()).isEqualTo("00017");
      assertThat(code.getCellStyle().getDataFormatString()).isEqualTo("@");
      assertThat(code.getCellStyle().getFillPattern()).isEqualTo(FillPatternType.NO_FILL);
      XSSFCell bad = sheet.getRow(1).getCell(1);
      assertThat(bad.getCellStyle().getFillForegroundColorColor().getARGBHex())
          .isEqualTo("FFFFC7CE");
      assertThat(bad.getCellComment().getString().getString()).isEqualTo("bad date");
      assertThat(sheet.getRow(0).getCell(2).getStringCellValue()).isEqualTo("_error");
      assertThat(sheet.getRow(2).getCell(2).getCellComment().getString().getString())
          .contains("#N/A");
      assertThat(sheet.getRow(3).getCell(4).getStringCellValue()).isEqualTo("surplus");
    }

    List<SourceRecord> back = Samples.read(rejects);
    assertThat(back).extracting(SourceRecord::ref).containsExactly("run:1", "run:2", "run:3");
    assertThat(back.get(0).values()).isEqualTo(Map.of("コード", "00017", "日付", "32/13"));
    assertThat(back.get(1).problem().code()).isEqualTo("row-still-rejected");
    assertThat(back.get(2).problem().code()).isEqualTo("row-beyond-header");
  }

  @Test
  void aRejectsWorkbookThatWasMendedIsReadLikeAnyOther() throws IOException {
    Path file =
        Books.poi(
            folder,
            book -> {
              row(book, 0, "a", "b");
              row(book, 1, "1").createCell(1).setCellErrorValue((byte) 0x2A);
            });
    Path rejects = rejectAll(file);
    Path mended = folder.resolve("mended.xlsx");
    try (var book = WorkbookFactory.create(rejects.toFile());
        var out = Files.newOutputStream(mended)) {
      Row row = book.getSheetAt(0).getRow(1);
      row.createCell(1).setCellValue("fine");
      row.getCell(2).setBlank();
      book.write(out);
    }
    SourceRecord record = Samples.read(mended).get(0);
    assertThat(record.values()).isEqualTo(Map.of("a", "1", "b", "fine"));
    assertThat(record.ref()).isEqualTo("run:1");
  }
}
