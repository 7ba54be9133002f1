package dev.kintonesync.source.sheet;

import static dev.kintonesync.source.SourceOptions.DEFAULT;
import static dev.kintonesync.source.sheet.MadeWorkbook.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.TemporaryFiles;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.CellNumber;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.poi.hssf.record.DateWindow1904Record;
import org.apache.poi.hssf.record.crypto.Biff8EncryptionKey;
import org.apache.poi.hssf.usermodel.HSSFRichTextString;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.crypt.Decryptor;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workbooks of Excel 97 to 2003. */
class OldWorkbookTest {

  @TempDir Path folder;

  private Path book(Consumer<HSSFWorkbook> content) throws IOException {
    Path file = Files.createTempFile(folder, "book", ".xls");
    try (var book = new HSSFWorkbook();
        var out = Files.newOutputStream(file)) {
      content.accept(book);
      book.write(out);
    }
    return file;
  }

  private static void format(HSSFWorkbook book, Cell cell, String format) {
    var style = book.createCellStyle();
    style.setDataFormat(book.createDataFormat().getFormat(format));
    cell.setCellStyle(style);
  }

  private static List<Map<String, Object>> values(Path file) {
    return Samples.read(file).stream().map(SourceRecord::values).toList();
  }

  private static String refusal(Path file, SourceOptions options) {
    try (SourceReader reader = SourceFile.open(file, options)) {
      return "read: " + reader.columns();
    } catch (UserErrorException e) {
      return e.getMessage();
    }
  }

  @Test
  void aSheetIsReadAsAPersonSeesIt() throws IOException {
    Path file =
        book(
            book -> {
              row(book, 0, "コード", "日付", "時刻", "率", "金額", "承認", "式", "文字式", "電話");
              Row row = row(book, 1, 7, null, 0.5625, 0.155, 1234567.891, true);
              format(book, row.getCell(0), "00000");
              row.createCell(1).setCellValue(LocalDateTime.of(2026, 4, 23, 15, 31));
              format(book, row.getCell(1), "[$-411]ggge\"年\"m\"月\"d\"日\"");
              format(book, row.getCell(2), "h:mm");
              format(book, row.getCell(3), "0.0%");
              format(book, row.getCell(4), "\"¥\"#,##0");
              row.createCell(6).setCellFormula("0.1+0.2");
              row.createCell(7).setCellFormula("\"東\"&\"京\"");
              row.createCell(8).setCellValue(312345678);
              format(book, row.getCell(8), "[<=99999999]####-####;\\(00\\)\\ ####-####");
              book.getCreationHelper().createFormulaEvaluator().evaluateAll();
            });
    List<SourceRecord> records = Samples.read(file);
    assertThat(records).extracting(SourceRecord::problem).containsOnlyNulls();
    Map<String, Object> values = records.get(0).values();
    assertThat(values.get("電話")).hasToString("(03) 1234-5678").isInstanceOf(CellNumber.class);
    values.remove("電話");
    assertThat(values)
        .isEqualTo(
            Map.of(
                "コード", "00007",
                "日付", "2026-04-23",
                "時刻", "13:30",
                "率", "15.5",
                "金額", "1234568",
                "承認", "TRUE",
                "式", "0.3",
                "文字式", "東京"));
    assertThat(records.get(0).position()).isEqualTo(Position.inSheet(1, 2));
  }

  @Test
  void idsKeepTheirDigits() throws IOException {
    Path file =
        book(
            book -> {
              row(book, 0, "id");
              row(book, 1, 1234567890123457L);
              row(book, 2, 490123000000L);
              row(book, 3, "4.90123E+11");
              row(book, 4, -12.25);
              row(book, 5, 12345678901234567890.0);
            });
    List<Map<String, Object>> rows = values(file);
    assertThat(rows)
        .extracting(row -> row.get("id").toString())
        .startsWith("1234567890123457", "490123000000", "4.90123E+11", "-12.25");
    assertThat(((CellNumber) rows.get(4).get("id")).isExact()).isFalse();
  }

  @Test
  void manyTextsWithRunsAndReadingsAreFoundAcrossTheRecordsThatContinueThem() throws IOException {
    Path file =
        book(
            book -> {
              row(book, 0, "番号", "文");
              for (int i = 1; i <= 3000; i++) {
                Row row = row(book, i, i);
                var text = new HSSFRichTextString("文" + i + "い".repeat(i % 200));
                text.applyFont(0, 1, book.createFont().getIndex() % 5 == 0 ? (short) 0 : (short) 1);
                row.createCell(1).setCellValue(i % 3 == 0 ? text : new HSSFRichTextString("a" + i));
              }
            });
    List<Map<String, Object>> rows = values(file);
    assertThat(rows).hasSize(3000);
    for (int i = 1; i <= 3000; i++) {
      assertThat(rows.get(i - 1))
          .isEqualTo(
              Map.of("番号", "" + i, "文", i % 3 == 0 ? "文" + i + "い".repeat(i % 200) : "a" + i));
    }
  }

  @Test
  void blankRowsAreNoRowsAndErrorsRejectTheirRowsAlone() throws IOException {
    Path file =
        book(
            book -> {
              row(book, 1, "a", "b");
              row(book, 3, null, "x");
              row(book, 4, "", null);
              row(book, 5, "1").createCell(1).setCellErrorValue((byte) 0x07);
              row(book, 6, "2", "y", null, "lost?");
              row(book, 9, "3", "z");
            });
    List<SourceRecord> records = Samples.read(file);
    assertThat(records)
        .extracting(SourceRecord::position)
        .containsExactly(
            Position.inSheet(1, 4),
            Position.inSheet(2, 6),
            Position.inSheet(3, 7),
            Position.inSheet(4, 10));
    assertThat(records.get(0).values()).isEqualTo(Map.of("a", "", "b", "x"));
    assertThat(records.get(1).problem()).asString().contains("The cell B6 shows an error: #DIV/0!");
    assertThat(records.get(2).problem().code()).isEqualTo("row-beyond-header");
    assertThat(records.get(3).values()).isEqualTo(Map.of("a", "3", "b", "z"));
  }

  @Test
  void daysMayBeCountedFrom1904() throws IOException {
    Path file =
        book(
            book -> {
              row(book, 0, "d");
              format(book, row(book, 1, 44673.5).getCell(0), "yyyy/m/d h:mm");
              book.getInternalWorkbook()
                  .getRecords()
                  .forEach(
                      record -> {
                        if (record instanceof DateWindow1904Record r) {
                          r.setWindowing((short) 1);
                        }
                      });
            });
    assertThat(values(file)).containsExactly(Map.of("d", "2026-04-23 12:00"));
  }

  @Test
  void aSheetIsFoundByItsName() throws IOException {
    Path file =
        book(
            book -> {
              book.createSheet("隠し").createRow(0).createCell(0).setCellValue("hidden");
              book.createSheet("表紙");
              book.createSheet("明細").createRow(0).createCell(0).setCellValue("rows");
              book.setActiveSheet(1);
              book.setSheetHidden(0, true);
            });
    assertThat(refusal(file, DEFAULT.withSheet("明細"))).isEqualTo("read: [rows]");
    assertThat(refusal(file, DEFAULT.withSheet("隠し"))).isEqualTo("read: [hidden]");
    assertThat(refusal(file, DEFAULT))
        .contains("The sheet 表紙 of ", "--sheet", "Its sheets: 隠し, 表紙, 明細");
    assertThat(refusal(file, DEFAULT.withSheet("売上"))).contains("no sheet named 売上");
    try (SourceFileReader reader = SourceFile.open(file, DEFAULT.withSheet("明細"))) {
      assertThat(reader.understanding().sheet().value()).isEqualTo("明細");
      assertThat(reader.understanding().header()).isEqualTo(1);
    }
  }

  @Test
  void itMayBePackedAndCalledWhatever() throws IOException {
    Path book =
        book(
            poi -> {
              row(poi, 0, "a");
              row(poi, 1, "1");
            });
    Path packed = folder.resolve("book.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(book, out);
    }
    assertThat(values(packed)).containsExactly(Map.of("a", "1"));
  }

  @Test
  void itsRejectsAreANewWorkbookThatComesBack() throws IOException {
    Path file =
        book(
            book -> {
              row(book, 0, "code", "date");
              Row row = row(book, 1, 7, "32/13");
              format(book, row.getCell(0), "000\"-A\"");
              row(book, 2, "0008", "=1+1");
            });
    Path rejects;
    try (SourceFileReader reader = SourceFile.open(file, DEFAULT)) {
      assertThat(reader.format().extension()).isEqualTo(".xlsx");
      rejects = folder.resolve("rejects.xlsx");
      try (RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
        reader.forEachRemaining(record -> out.add(record, "bad", "r"));
      }
    }
    List<Map<String, Object>> back = values(rejects);
    assertThat(back.get(0).get("code")).hasToString("007-A").isInstanceOf(CellNumber.class);
    assertThat(back.get(0).get("date")).isEqualTo("32/13");
    assertThat(back.get(1)).isEqualTo(Map.of("code", "0008", "date", "=1+1"));
  }

  @Test
  void aSheetIsReadAgainWhileItIsOpen() throws IOException {
    Path file =
        book(
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
  void aWorkbookThatIsOnlyProtectedAgainstChangesIsReadWithThePasswordOfEveryExcel()
      throws Exception {
    Biff8EncryptionKey.setCurrentUserPassword(Decryptor.DEFAULT_PASSWORD);
    Path old;
    try {
      old =
          book(
              book -> {
                row(book, 0, "code", "count");
                row(book, 1, "0012", 7);
                for (int i = 2; i < 3_000; i++) {
                  row(book, i, "顧客" + i, i);
                }
              });
    } finally {
      Biff8EncryptionKey.setCurrentUserPassword(null);
    }
    assertThat(values(old)).hasSize(2_999).element(0).hasToString("{code=0012, count=7}");
    assertThat(values(old)).last().hasToString("{code=顧客2999, count=2999}");

    for (var mode : List.of(EncryptionMode.agile, EncryptionMode.standard)) {
      Path protectedBook = encrypted(mode, Decryptor.DEFAULT_PASSWORD);
      assertThat(values(protectedBook)).singleElement().hasToString("{code=0012, count=7}");
      assertThat(refusal(encrypted(mode, "secret"), DEFAULT)).contains("with a password");
    }
  }

  private Path encrypted(EncryptionMode mode, String password) throws Exception {
    Path file = Files.createTempFile(folder, "book", ".xlsx");
    try (var book = new XSSFWorkbook();
        var container = new POIFSFileSystem();
        var out = Files.newOutputStream(file)) {
      var sheet = book.createSheet();
      var header = sheet.createRow(0);
      header.createCell(0).setCellValue("code");
      header.createCell(1).setCellValue("count");
      var row = sheet.createRow(1);
      row.createCell(0).setCellValue("0012");
      row.createCell(1).setCellValue(7);
      var encryptor = new EncryptionInfo(mode).getEncryptor();
      encryptor.confirmPassword(password);
      try (var plain = encryptor.getDataStream(container)) {
        book.write(plain);
      }
      container.writeFilesystem(out);
    }
    return file;
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    Biff8EncryptionKey.setCurrentUserPassword("secret");
    Path locked;
    try {
      locked = book(book -> row(book, 0, "a"));
    } finally {
      Biff8EncryptionKey.setCurrentUserPassword(null);
    }
    assertThat(refusal(locked, DEFAULT)).contains("or a workbook with a password");

    assertThat(refusal(container("EncryptedPackage"), DEFAULT)).contains("with a password");
    assertThat(refusal(container("Book"), DEFAULT)).contains("of Excel 95 or earlier");
    assertThat(refusal(container("WordDocument"), DEFAULT))
        .contains("is a document of another program (such as Word");
    byte[] biff4 = {9, 4, 6, 0, 0, 0, 0x10, 0};
    assertThat(refusal(Samples.file(folder, biff4), DEFAULT)).contains("of Excel 95 or earlier");

    byte[] whole =
        Files.readAllBytes(
            book(
                book -> {
                  for (int i = 0; i < 500; i++) {
                    row(book, i, "a" + i, i);
                  }
                }));
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThat(refusal(Samples.file(folder, half), DEFAULT))
        .contains("is an Excel 97-2003 workbook (.xls) that cannot be read: ");
  }

  private Path container(String stream) throws IOException {
    Path file = Files.createTempFile(folder, "container", ".xls");
    try (var made = new POIFSFileSystem();
        var out = Files.newOutputStream(file)) {
      made.createDocument(new ByteArrayInputStream(new byte[5000]), stream);
      made.writeFilesystem(out);
    }
    return file;
  }

  @Test
  void temporaryFilesAreGoneAfterwards() throws IOException {
    Path file = book(book -> row(book, 0, "a"));
    var before = TemporaryFiles.now();
    refusal(file, DEFAULT);
    assertThatThrownBy(() -> SourceFile.open(file, DEFAULT.withSheet("none")))
        .isInstanceOf(UserErrorException.class);
    TemporaryFiles.noneIsLeftSince(before);
  }
}
