package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.ss.usermodel.WorkbookFactory;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A clerk drops a file of any format, finds the bad row in a file of the same format, mends it
 * there, and drops that in.
 */
class FileFormatsTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws IOException {
    rehearsal = new Rehearsal(home);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(home.resolve(name), content);
  }

  private Path file(String name, String content) throws IOException {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private RunResult syncWith(Path file, String... properties) throws IOException {
    return rehearsal
        .application()
        .runner()
        .run(rehearsal.jobWith(properties).on(new Source.OneFile(file)));
  }

  /** The good row is applied, the bad one stands in a file with this ending. */
  private Path assertOneRejected(RunResult run, String ending) {
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(run.report().counts()).isEqualTo(new Counts(2, 1, 0, 0, 0, 1, 0));
    assertThat(rehearsal.held("amount")).isEqualTo(Map.of("0001", "15"));
    assertThat(run.report().rejectsFile()).endsWith(ending);
    return Path.of(run.report().rejectsFile());
  }

  private void assertMended(RunResult again) {
    assertThat(again.report().counts()).isEqualTo(new Counts(1, 1, 0, 0, 0, 0, 0));
    assertThat(rehearsal.held("amount")).isEqualTo(Map.of("0001", "15", "0002", "7"));
  }

  private static Path mend(Path rejects, UnaryOperator<String> mend) throws IOException {
    return Files.writeString(rejects, mend.apply(Files.readString(rejects)));
  }

  @Test
  void tsv() throws Exception {
    Path file = file("rows.tsv", "code\tamount\n0001\t15\n0002\tmany\n");
    Path rejects = assertOneRejected(rehearsal.sync(file), ".tsv");
    assertMended(rehearsal.sync(mend(rejects, text -> text.replace("many", "7"))));
  }

  @Test
  void semicolonsBelowATitleWithATotal() throws Exception {
    String[] properties = {
      "delimiter = semicolon", "header = row 2", "skip-rows = 1", "skip-when = code is empty"
    };
    Path file = file("rows.csv", "月次;\ncode;amount\nコード;金額\n0001;15\n0002;many\n;22\n");
    Path rejects = assertOneRejected(syncWith(file, properties), ".csv");
    assertMended(syncWith(mend(rejects, text -> text.replace("many", "7")), properties));
  }

  @Test
  void noHeader() throws Exception {
    String[] properties = {"header = none", "map = A=code, B=amount"};
    Path rejects =
        assertOneRejected(syncWith(file("rows.csv", "0001,15\n0002,many\n"), properties), ".csv");
    assertMended(syncWith(mend(rejects, text -> text.replace("many", "7")), properties));
  }

  @Test
  void jsonList() throws Exception {
    Path file =
        file(
            "rows.json",
            "{\"data\": [{\"code\": \"0001\", \"amount\": 15},\n"
                + " {\"code\": \"0002\", \"amount\": {\"value\": \"many\"}}]}");
    Path rejects = assertOneRejected(syncWith(file, "pointer = /data"), ".jsonl");
    assertMended(
        syncWith(
            mend(rejects, text -> text.replace("{\"value\": \"many\"}", "7")), "pointer = /data"));
  }

  @Test
  void jsonLinesOfWhichOneIsCutOff() throws Exception {
    Path file =
        file(
            "rows.jsonl.gz",
            gzip("{\"code\": \"0001\", \"amount\": 15}\n{\"code\": \"0002\", \"amount\": 7"));
    Path rejects = assertOneRejected(rehearsal.sync(file), ".jsonl");
    assertThat(rejects.getFileName().toString()).startsWith("rows.");
    assertMended(
        rehearsal.sync(
            Files.writeString(
                rejects,
                "{\"_error\": \"\", \"_ref\": \"\", \"_text\":"
                    + " \"{\\\"code\\\": \\\"0002\\\", \\\"amount\\\": 7}\"}")));
  }

  @Test
  void aMemberThatIsAbsentIsNotTouchedAndNullEmptiesTheField() throws Exception {
    rehearsal.sync(
        file(
            "a.jsonl",
            "{\"code\":\"1\",\"name\":\"A\",\"amount\":1}\n{\"code\":\"2\",\"name\":\"B\"}"));
    var run =
        rehearsal.sync(
            file(
                "b.jsonl",
                "{\"code\":\"1\",\"amount\":5}\n{\"code\":\"2\",\"name\":null,\"amount\":6}"));
    assertThat(run.report().counts().updated()).isEqualTo(2);
    assertThat(rehearsal.held("amount")).isEqualTo(Map.of("1", "5", "2", "6"));
    assertThat(rehearsal.held("name").get("1")).isEqualTo("A");
  }

  @Test
  void aTableComesFromJsonInKintonesOwnShape() throws Exception {
    rehearsal.close();
    rehearsal =
        new Rehearsal(
            home.resolve("tables"),
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "No", "unique": true},
             "lines": {"type": "SUBTABLE", "code": "lines", "label": "明細", "fields": {
               "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "品名"},
               "count": {"type": "NUMBER", "code": "count", "label": "数量"}}}}
            """,
            Map.of());
    var run =
        rehearsal.sync(
            file(
                "orders.json",
                """
                [{"code": "1", "lines": [{"value": {"item": {"value": "筆"}, "count": {"value": 3}}},
                                         {"value": {"item": {"value": "紙"}}}]},
                 {"code": "2", "lines": [{"value": {"count": {"value": "many"}}}]}]
                """));
    assertThat(run.report().counts()).isEqualTo(new Counts(2, 1, 0, 0, 0, 1, 0));
    assertThat(rehearsal.app.records().get(0).path("lines").path("value")).hasSize(2);
  }

  @Test
  void aListThatIsCutOffIsRefusedBeforeAnythingIsWritten() throws Exception {
    var run = rehearsal.sync(file("rows.json", "[{\"code\": \"0001\"}, {\"code\": \"00"));
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.disposition()).isEqualTo(RunResult.Disposition.TO_FAILED);
    assertThat(rehearsal.held("code")).isEmpty();
  }

  @Test
  void excel() throws Exception {
    Path book = home.resolve("顧客.xlsx");
    try (var workbook = new XSSFWorkbook();
        var out = Files.newOutputStream(book)) {
      var zeros = workbook.createCellStyle();
      zeros.setDataFormat(workbook.createDataFormat().getFormat("0000"));
      var percent = workbook.createCellStyle();
      percent.setDataFormat(workbook.createDataFormat().getFormat("0%"));
      workbook.createSheet("表紙");
      var sheet = workbook.createSheet("明細");
      var header = sheet.createRow(0);
      header.createCell(0).setCellValue("顧客コード");
      header.createCell(1).setCellValue("金額");
      for (int i = 1; i <= 2; i++) {
        var code = sheet.createRow(i).createCell(0);
        code.setCellValue(i);
        code.setCellStyle(zeros);
      }
      var amount = sheet.getRow(1).createCell(1);
      amount.setCellValue(0.15);
      amount.setCellStyle(percent);
      sheet.getRow(2).createCell(1).setCellValue("many");
      workbook.write(out);
    }

    Path rejects = assertOneRejected(syncWith(book, "sheet = 明細"), ".xlsx");
    Path mended = home.resolve("mended.xlsx");
    try (var workbook = WorkbookFactory.create(rejects.toFile());
        var out = Files.newOutputStream(mended)) {
      var row = workbook.getSheet("明細").getRow(1);
      assertThat(row.getCell(1).getCellComment().getString().getString()).contains("many");
      row.createCell(1).setCellValue(7);
      workbook.write(out);
    }
    assertMended(syncWith(mended, "sheet = 明細"));
  }

  @Test
  void aZipInTheInboxIsReadAndPutAway() throws Exception {
    try (var zip =
        new ZipOutputStream(
            Files.newOutputStream(Files.createDirectories(home.resolve("in")).resolve("a.zip")))) {
      zip.putNextEntry(new ZipEntry("export/顧客.csv"));
      zip.write("code,amount\n0001,15\n0002,many\n".getBytes(StandardCharsets.UTF_8));
    }
    Path rejects = assertOneRejected(rehearsal.sync(home.resolve("in/a.zip")), ".csv");
    assertThat(rejects.getParent()).isEqualTo(home.resolve("in/rejects"));
    assertMended(rehearsal.sync(mend(rejects, text -> text.replace("many", "7"))));
  }

  private static byte[] gzip(String text) throws IOException {
    var packed = new java.io.ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }
}
