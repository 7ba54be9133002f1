package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Source;
import dev.kintonesync.simulator.SimulatedApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.WorkbookFactory;
import org.apache.poi.xssf.usermodel.XSSFCellStyle;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who opens the rejects of order lines in Excel finds each reason in the row that it is about, and
 * the cell at fault red, whoever has found the fault; the number of that row is that of Excel.
 */
class GroupedWorkbookTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "", "maxLength": "5"},
       "lines": {"type": "SUBTABLE", "code": "lines", "label": "明細", "fields": {
         "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "", "lookup": {
           "relatedApp": {"app": "%d"}, "relatedKeyField": "code", "filterCond": "",
           "sort": "", "fieldMappings": [], "lookupPickerFields": []}},
         "qty": {"type": "NUMBER", "code": "qty", "label": "数量"},
         "mail": {"type": "LINK", "code": "mail", "label": "", "protocol": "MAIL"},
         "who": {"type": "USER_SELECT", "code": "who", "label": "担当"}}}}
      """;

  @TempDir Path home;
  private Rehearsal rehearsal;
  private SimulatedApp orders;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    rehearsal.app.add("{\"code\": {\"value\": \"pen\"}}", "{\"code\": {\"value\": \"ink\"}}");
    orders = rehearsal.simulator.app("orders", FIELDS.formatted(rehearsal.app.id()));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private Path workbook(String... lines) throws IOException {
    Path file = home.resolve("orders.xlsx");
    try (var book = new XSSFWorkbook();
        var out = Files.newOutputStream(file)) {
      var sheet = book.createSheet("受注");
      for (int i = 0; i < lines.length; i++) {
        var row = sheet.createRow(i);
        String[] cells = lines[i].split(",", -1);
        for (int cell = 0; cell < cells.length; cell++) {
          row.createCell(cell).setCellValue(cells[cell]);
        }
      }
      book.write(out);
    }
    return file;
  }

  private RunResult run(Path file) throws IOException {
    var other = rehearsal.jobWith("group-by = code", "header = row 2");
    Path properties = home.resolve("application.properties");
    String ofOrders =
        Files.readString(properties)
            .replace("customers.app = " + other.app(), "customers.app = " + orders.id());
    Files.writeString(properties, ofOrders);
    var job =
        Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of("lang", "en"))
            .job("customers");
    return rehearsal.application().runner().run(job.on(new Source.OneFile(file)));
  }

  /** Of each row of the rejects: its cells, the red one in brackets, and its reason and place. */
  private static List<String> rejects(RunResult run) throws IOException {
    var shown = new ArrayList<String>();
    try (var book = WorkbookFactory.create(Path.of(run.report().rejectsFile()).toFile())) {
      for (Row row : book.getSheetAt(0)) {
        var line = new StringBuilder();
        row.forEach(
            cell -> {
              boolean red =
                  ((XSSFCellStyle) cell.getCellStyle()).getFillForegroundXSSFColor() != null;
              String text = cell.getStringCellValue().replaceAll("^[0-9]+-[0-9]+-[^/]+", "RUN");
              line.append(red ? "[" + text + "]" : text).append('|');
            });
        shown.add(line.toString());
      }
    }
    return shown;
  }

  @Test
  void whatKintoneRefusesIsInItsRowToo() throws Exception {
    rehearsal.simulator.directory().registerUser("sato", "Sato", "secret");
    var run =
        run(
            workbook(
                "受注一覧,,,",
                "code,item,who,mail",
                "A,pen,,",
                "A,ink,nobody,",
                "B,pen,,b@example.com",
                "C,pen,,c@example.com",
                "C,,,",
                "C,ink,sato,c at example"));

    assertThat(orders.values("code")).containsExactly("B");
    var rejects = rejects(run);
    assertThat(rejects.get(2)).matches("A\\|ink\\|\\[nobody]\\|\\|.+\\|RUN/4/A\\|");
    assertThat(rejects.get(5)).matches("C\\|ink\\|sato\\|\\[c at example]\\|.+\\|RUN/8/C\\|");
    assertThat(rejects).hasSize(6);
  }

  @Test
  void reasonsStandInTheirRowsAndTheCellsAtFaultAreRed() throws Exception {
    var run =
        run(
            workbook(
                "受注一覧,,,",
                "code,name,item,qty",
                "A,a,pen,1",
                "A,a,ink,many",
                "B,b,pen,1",
                "B,b,nothing,2",
                "C,c,pen,3",
                "D,d,ink,1",
                "D,d,,",
                "D,d,none,1",
                "E,e,pen,1",
                "E,other,pen,1",
                "F,too long,pen,1"));

    assertThat(orders.values("code")).containsExactly("C");
    var rejects = rejects(run);
    assertThat(rejects).hasSize(11);
    assertThat(rejects.get(1)).isEqualTo("A|a|pen|1||RUN/4/A|");
    assertThat(rejects.get(2)).matches("A\\|a\\|ink\\|\\[many]\\|.*qty.*\"many\".*\\|RUN/4/A\\|");
    assertThat(rejects)
        .anySatisfy(
            row -> assertThat(row).matches("B\\|b\\|\\[nothing]\\|2\\|.*\"?nothing.*RUN/6/B\\|"));
    assertThat(rejects).contains("B|b|pen|1||RUN/6/B|");
    assertThat(rejects)
        .anySatisfy(row -> assertThat(row).matches("D\\|d\\|\\[none]\\|1\\|.*none.*RUN/10/D\\|"));
    assertThat(rejects)
        .anySatisfy(
            row ->
                assertThat(row)
                    .matches("E\\|\\[other]\\|pen\\|1\\|.*\"e\" and \"other\".*RUN/12/E\\|"));
    assertThat(rejects)
        .anySatisfy(row -> assertThat(row).matches("F\\|\\[too long]\\|pen\\|1\\|.*RUN/13/F\\|"));
  }
}
