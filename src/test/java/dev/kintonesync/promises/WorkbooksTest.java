package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.ss.usermodel.WorkbookFactory;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cells of a workbook reach Kintone as a person sees them, and numbers as they are. */
class WorkbooksTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "コード", "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "氏名", "maxLength": "20"},
       "amount": {"type": "NUMBER", "code": "amount", "label": "金額"}}
      """;

  @TempDir static Path home;
  private static Rehearsal rehearsal;

  @BeforeAll
  static void start() throws IOException {
    rehearsal = new Rehearsal(home, FIELDS, Map.of());
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  @BeforeEach
  void begin() throws IOException {
    rehearsal.withAnotherApp();
  }

  private static void row(Workbook book, int number, Object... cells) {
    var sheet = number == 0 ? book.createSheet("一覧") : book.getSheetAt(0);
    var row = sheet.createRow(number);
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] instanceof Number value) {
        row.createCell(i).setCellValue(value.doubleValue());
      } else {
        row.createCell(i).setCellValue(String.valueOf(cells[i]));
      }
    }
  }

  private static void format(Workbook book, int row, int column, String format) {
    var style = book.createCellStyle();
    style.setDataFormat(book.createDataFormat().getFormat(format));
    book.getSheetAt(0).getRow(row).getCell(column).setCellStyle(style);
  }

  private RunResult run(Workbook book, String name) throws IOException {
    Path file = home.resolve(name);
    try (book;
        var out = Files.newOutputStream(file)) {
      book.write(out);
    }
    return run(file);
  }

  private RunResult run(Path file) throws IOException {
    return rehearsal.application().runner().run(rehearsal.jobWith().on(new Source.OneFile(file)));
  }

  @Test
  void idsOfSixteenDigitsStayTwo() throws IOException {
    var book = new XSSFWorkbook();
    row(book, 0, "code", "name");
    row(book, 1, 1234567890123456L, "one");
    row(book, 2, 1234567890123457L, "two");
    row(book, 3, 9007199254740991L, "three");
    format(book, 2, 0, "0");
    assertThat(run(book, "ids.xlsx").report().counts()).isEqualTo(new Counts(3, 3, 0, 0, 0, 0, 0));
    assertThat(rehearsal.held("name"))
        .isEqualTo(
            Map.of(
                "1234567890123456", "one", "1234567890123457", "two", "9007199254740991", "three"));
  }

  @Test
  void aKeyThatLostDigitsIsRejectedAlsoWhenItComesBack() throws IOException {
    var book = new XSSFWorkbook();
    row(book, 0, "code", "name");
    row(book, 1, 12345678901234567890.0, "lost");
    row(book, 2, 7, "fine");
    RunResult run = run(book, "ids.xlsx");
    assertThat(run.report().counts()).isEqualTo(new Counts(2, 1, 0, 0, 0, 1, 0));
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("7", "fine"));

    Path rejects = Path.of(run.report().rejectsFile());
    assertThat(run(rejects).report().counts()).isEqualTo(new Counts(1, 0, 0, 0, 0, 1, 0));

    Path mended = home.resolve("mended.xlsx");
    try (var again = WorkbookFactory.create(rejects.toFile());
        var out = Files.newOutputStream(mended)) {
      var cell = again.getSheetAt(0).getRow(1).getCell(0);
      assertThat(cell.getNumericCellValue()).isEqualTo(12345678901234567890.0);
      cell.setCellValue("12345678901234567890");
      again.write(out);
    }
    run(mended);
    assertThat(rehearsal.held("name")).containsEntry("12345678901234567890", "lost");
  }

  @Test
  void aNumberThatLostDigitsElsewhereIsSaid() throws IOException {
    var book = new XSSFWorkbook();
    row(book, 0, "code", "name", "amount");
    row(book, 1, "A", 12345678901234567890.0, 0.1 + 0.2);
    RunResult run = run(book, "ids.xlsx");
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().remarks())
        .singleElement()
        .asString()
        .contains("name: 12345678901234567")
        .contains("more digits than a workbook keeps");
    assertThat(rehearsal.held("amount")).isEqualTo(Map.of("A", "0.3"));
  }

  @Test
  void aNumberShownWithTextIsTextForTextAndANumberForNumbers() throws IOException {
    var book = new XSSFWorkbook();
    row(book, 0, "code", "name", "amount");
    row(book, 1, 7, 312345678, 5);
    format(book, 1, 0, "000\"-A\"");
    format(book, 1, 1, "[<=99999999]####-####;\\(00\\)\\ ####-####");
    format(book, 1, 2, "0\"個\"");
    row(book, 2, 8, 1, 1500);
    format(book, 2, 0, "000\"-A\"");
    format(book, 2, 1, "\"○\";;\"×\"");
    format(book, 2, 2, "#,##0\" 台\"");
    run(book, "phone.xlsx");
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("007-A", "(03) 1234-5678", "008-A", "○"));
    assertThat(rehearsal.held("amount")).isEqualTo(Map.of("007-A", "5", "008-A", "1500"));
  }

  /** A rejected row has such a number again, so that a number field takes it when it comes back. */
  @Test
  void aNumberShownWithTextComesBackFromTheRejectsAsItWas() throws IOException {
    var book = new XSSFWorkbook();
    row(book, 0, "code", "name", "amount");
    row(book, 1, 7, "longer than twenty letters", 5);
    format(book, 1, 0, "000\"-A\"");
    format(book, 1, 2, "0\"個\"");
    RunResult run = run(book, "rows.xlsx");
    assertThat(run.report().counts().rejected()).isEqualTo(1);

    Path mended = home.resolve("mended.xlsx");
    try (var rejects = WorkbookFactory.create(Path.of(run.report().rejectsFile()).toFile());
        var out = Files.newOutputStream(mended)) {
      rejects.getSheetAt(0).getRow(1).createCell(1).setCellValue("short");
      rejects.write(out);
    }
    run(mended);
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("007-A", "short"));
    assertThat(rehearsal.held("amount")).isEqualTo(Map.of("007-A", "5"));
  }
}
