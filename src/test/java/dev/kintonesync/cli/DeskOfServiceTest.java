package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.Browser;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A clerk's desk without a browser: files are given to jobs of a service, and their rejected rows
 * are corrected and sent again.
 */
@LogOfProcess.LookedAt
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeskOfServiceTest extends DeskByApi {
  private static final String DATABASE = "jdbc:h2:mem:desk;DB_CLOSE_DELAY=-1";
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true, "maxLength": "4"},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "顧客名", "maxLength": "9"},
       "amount": {"type": "NUMBER", "code": "amount", "label": "金額"},
       "rank": {"type": "DROP_DOWN", "code": "rank", "label": "ランク",
                "options": {"B": {"label": "B", "index": "1"}, "A": {"label": "A", "index": "0"}}},
       "tags": {"type": "CHECK_BOX", "code": "tags", "label": "tags",
                "options": {"x": {"label": "x", "index": "0"}, "y": {"label": "y", "index": "1"}}}}
      """;

  private static final String ORDER_FIELDS =
      """
      {"no": {"type": "SINGLE_LINE_TEXT", "code": "no", "label": "no", "unique": true},
       "lines": {"type": "SUBTABLE", "code": "lines", "label": "lines", "fields": {
         "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "item"},
         "qty": {"type": "NUMBER", "code": "qty", "label": "qty"},
         "unit": {"type": "DROP_DOWN", "code": "unit", "label": "unit",
                  "options": {"kg": {"label": "kg", "index": "0"}, "t": {"label": "t", "index": "1"}}}}}}
      """;

  private Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private SimulatedApp other;
  private SimulatedApp clerks;
  private SimulatedApp lines;
  private Connection database;
  private Service service;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    home = folder;
    simulator = Simulator.start();
    app = simulator.app("orders", FIELDS);
    other = simulator.app("polled", FIELDS);
    clerks = simulator.app("clerks", FIELDS);
    lines = simulator.app("lines", ORDER_FIELDS);
    database = DriverManager.getConnection(DATABASE);
    try (var statement = database.createStatement()) {
      statement.execute("create table item (code varchar, name varchar, amount varchar, seen int)");
      statement.execute("insert into item values ('P1', 'good', '1', 1)");
      statement.execute("insert into item values ('P2', 'much too long', '2', 2)");
    }
    port = FreePort.find();
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %1$s
        console.port = %2$d
        folder.quiet-time = 100ms
        job.orders.app = %3$d
        job.orders.update-key = code
        job.orders.source = folder
        job.orders.folder = inbox
        job.lines.app = %7$d
        job.lines.update-key = no
        job.lines.source = folder
        job.lines.folder = lines
        job.lines.group-by = no
        job.clerk.app = %4$d
        job.clerk.update-key = code
        job.clerk.source = folder
        job.clerk.folder = clerk
        job.shaped.app = %4$d
        job.shaped.update-key = code
        job.shaped.source = folder
        job.shaped.folder = shaped
        job.shaped.encoding = Shift_JIS
        job.shaped.delimiter = ;
        job.shaped.header = none
        job.shaped.skip-rows = 1
        job.shaped.done-file = NAME.done
        job.shaped.map = A=code, B=name, C=amount
        job.polled.app = %5$d
        job.polled.update-key = code
        job.polled.source = database
        job.polled.url = %6$s
        job.polled.query = select code, name, amount, seen from item
        job.polled.checkpoint = seen
        job.polled.map = CODE=code, NAME=name, AMOUNT=amount
        job.polled.schedule = every 1h
        """
            .formatted(
                simulator.url(), port, app.id(), clerks.id(), other.id(), DATABASE, lines.id()));
    service =
        new Service(
            new Command(home), Map.of("KINTONE_API_TOKEN", "t", "CONSOLE_PASSWORD", PASSWORD));
    Patience.await()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(get("/data/overview").at("/jobs/0/state").asText()).isEqualTo("ready");
              assertThat(get("/api/desk/polled/rejects").path("count").asInt()).isEqualTo(1);
            });
  }

  @AfterAll
  void stop() throws Exception {
    service.close();
    database.close();
    simulator.close();
  }

  @Test
  void theRowsOfARecordAreCorrectedTogether() throws Exception {
    var taken =
        put(
            "lines",
            "o.csv",
            "no,item,qty,unit\nA,x,1,kg\nA,y,two,kg\nA,z,3,lb\nB,x,1,kg\nC,x,no,kg\nC,y,2,t\n",
            200);
    assertThat(answerTo("lines", taken).path("message").asText())
        .isEqualTo("1 of 3 are in, 2 to correct.");
    var rejects = get("/api/desk/lines/rejects");
    assertThat(rejects.at("/fields/unit/options").toString()).isEqualTo("[\"kg\",\"t\"]");
    var first = reject("lines", "A");
    assertThat(first.path("members").toString())
        .isEqualTo(
            "[[\"A\",\"x\",\"1\",\"kg\"],[\"A\",\"y\",\"two\",\"kg\"],[\"A\",\"z\",\"3\",\"lb\"]]");
    assertThat(first.at("/reasons/0/member").asInt()).isEqualTo(1);
    assertThat(first.at("/reasons/0/column").asText()).isEqualTo("qty");
    var second = reject("lines", "C");
    assertThat(send("GET", "/open-rejects?name=lines", "").body())
        .contains("A,x,1,kg,,", "A,y,two,kg,", "A,z,3,lb,,", "C,y,2,t,,");

    // one of them would swallow the other
    var swallowed =
        correct(
            "lines",
            422,
            ofRecord(first, "[{\"row\":2,\"values\":{\"no\":\"C\"}}]"),
            ofRecord(second, "[]"));
    assertThat(swallowed.path("message").asText()).contains("one record");

    var sent =
        correct(
            "lines",
            200,
            ofRecord(
                first,
                "[{\"row\":1,\"values\":{\"qty\":\"2\"}},{\"row\":2,\"values\":{\"unit\":\"t\"}}]"),
            ofRecord(second, "[{\"row\":0,\"values\":{\"qty\":\"9\"}}]"));
    assertThat(answerTo("lines", sent).path("message").asText()).isEqualTo("2 rows are in.");
    assertThat(quantities("A")).isEqualTo("x 1 kg, y 2 kg, z 3 t");
    assertThat(quantities("C")).isEqualTo("x 9 kg, y 2 t");
    assertThat(get("/api/desk/lines/rejects").path("count").asInt()).isZero();
  }

  private String quantities(String no) {
    var shown = new StringJoiner(", ");
    for (JsonNode record : JSON.valueToTree(lines.records())) {
      for (JsonNode line : record.at("/lines/value")) {
        if (record.at("/no/value").asText().equals(no)) {
          shown.add(
              line.at("/value/item/value").asText()
                  + " "
                  + line.at("/value/qty/value").asText()
                  + " "
                  + line.at("/value/unit/value").asText());
        }
      }
    }
    return shown.toString();
  }

  @Test
  void aDroppedFileIsAnsweredAndItsRowsAreCorrectedOnceEach() throws Exception {
    var taken =
        put(
            "orders",
            "%E6%B3%A8%E6%96%87.csv",
            "code,name,amount,rank\nA1,n,1,A\nA2,n,2,C\nA3,n,many,A\nA4444,n,4,A\nA5,n,5,C\n",
            200);
    assertThat(taken.path("message").asText()).contains("注文.csv: 5 rows received");
    var answer = answerTo("orders", taken);
    assertThat(answer.path("message").asText()).isEqualTo("1 of 5 are in, 4 to correct.");
    assertThat(answer.at("/counts/rejected").asInt()).isEqualTo(4);
    assertThat(answer.path("name").asText()).isEqualTo("注文.csv");

    var rejects = get("/api/desk/orders/rejects");
    assertThat(rejects.path("columns").toString())
        .isEqualTo("[\"code\",\"name\",\"amount\",\"rank\"]");
    assertThat(rejects.at("/fields/rank").toString())
        .isEqualTo(
            "{\"label\":\"ランク\",\"required\":false,\"several\":false,\"options\":[\"A\",\"B\"]}");
    var rank = reject("orders", "A2");
    assertThat(rank.path("source").asText()).isEqualTo("注文.csv");
    assertThat(rank.path("row").asInt()).isEqualTo(3);
    assertThat(rank.at("/reasons/0/column").asText()).isEqualTo("rank");
    assertThat(rank.at("/values/3").asText()).isEqualTo("C");
    var amount = reject("orders", "A3");
    assertThat(amount.at("/reasons/0/column").asText()).isEqualTo("amount");
    var key = reject("orders", "A4444");
    assertThat(key.at("/reasons/0/column").asText()).isEqualTo("code");
    var both = reject("orders", "A5");

    var sent =
        correct(
            "orders",
            200,
            row(rank, "rank", "B"),
            row(amount, "amount", "some"),
            row(key, "code", "A4"),
            row(both, "code", "A6").replace("}}", ",\"rank\":\"A\"}}"));
    assertThat(sent.path("message").asText()).isEqualTo("4 corrected rows sent.");
    assertThat(answerTo("orders", sent).path("message").asText())
        .isEqualTo("3 of 4 are in, 1 to correct.");

    assertThat(record(app, "A2").at("/rank/value").asText()).isEqualTo("B");
    assertThat(record(app, "A2").at("/$revision/value").asText()).isEqualTo("1");
    assertThat(record(app, "A4").at("/amount/value").asText()).isEqualTo("4");
    assertThat(record(app, "A6").at("/rank/value").asText()).isEqualTo("A");
    var still = reject("orders", "A3");
    assertThat(still.at("/values/2").asText()).isEqualTo("some");
    assertThat(still.at("/reasons/0/message").asText()).contains("some");
    assertThat(get("/api/desk/orders/rejects").path("count").asInt()).isEqualTo(1);

    assertThat(correct("orders", 422, row(rank, "rank", "A")).path("message").asText())
        .as("sent a second time")
        .contains("settled meanwhile");
    assertThat(correct("orders", 422, row(amount, "amount", "3")).path("message").asText())
        .as("seen as it was before")
        .contains("changed");
    assertThat(correct("orders", 422, row(still, "price", "3")).path("message").asText())
        .contains("price");
    answerTo("orders", correct("orders", 200, row(still, "amount", "3")));
    assertThat(record(app, "A3").at("/amount/value").asText()).isEqualTo("3");
    assertThat(get("/api/desk/orders/rejects").path("count").asInt()).isZero();

    var history = get("/api/history?job=orders&key=A3");
    assertThat(history.path("records")).hasSize(1);
    assertThat(history.at("/records/0/outcome").asText()).isEqualTo("inserted");
    assertThat(history.at("/records/0/run").asText()).isNotEmpty();
    assertThat(get("/api/history?job=polled&key=A3").path("records")).isEmpty();

    assertThat(Files.readString(home.resolve("logs/kintone-sync.log")).lines())
        .filteredOn(line -> line.contains(" page: "))
        .noneMatch(line -> line.matches(".*(some|注文|A2|about).*"))
        .asString()
        .contains("page: upload by work from 127.0.0.1: orders")
        .contains("page: correct by work from 127.0.0.1: orders")
        .contains("page: correct by work from 127.0.0.1: orders (refused)");
  }

  @Test
  void aRowOfADatabaseIsCorrectedOnceAndItsJobTakesNoOtherFile() throws Exception {
    assertThat(put("polled", "a.csv", "CODE,NAME\nA,n\n", 422).path("message").asText())
        .contains("a.csv is not taken", "polled");
    assertThat(get("/api/desk/polled").path("input").asBoolean()).isFalse();

    var open = reject("polled", "P2");
    assertThat(open.at("/reasons/0/column").asText()).isEqualTo("NAME");
    var sent = correct("polled", 200, row(open, "NAME", "short"));
    assertThat(answerTo("polled", sent).path("message").asText()).isEqualTo("1 row is in.");
    assertThat(record(other, "P2").at("/name/value").asText()).isEqualTo("short");
    assertThat(record(other, "P2").at("/$revision/value").asText()).isEqualTo("1");
    assertThat(get("/api/desk/polled/rejects").path("count").asInt()).isZero();
  }

  @Test
  void aCorrectionKeepsTheOtherValuesWhateverTheFormatOfTheFile() throws Exception {
    String file = "受注\r\nG1;日本;一つ\r\n";
    var taken =
        put("shaped", "g.txt", BodyPublishers.ofByteArray(file.getBytes("windows-31j")), 200);
    assertThat(answerTo("shaped", taken).path("message").asText())
        .isEqualTo("0 of 1 are in, 1 to correct.");
    var open = reject("shaped", "G1");
    assertThat(open.at("/reasons/0/column").asText()).isEqualTo("C");
    answerTo("shaped", correct("shaped", 200, row(open, "C", "1")));
    assertThat(record(clerks, "G1").at("/name/value").asText()).isEqualTo("日本");
    assertThat(record(clerks, "G1").at("/amount/value").asText()).isEqualTo("1");
  }

  @Test
  void whatIsNoInputIsRefusedBeforeItLiesInTheFolder() throws Exception {
    assertThat(put("orders", "a.pdf", "%PDF-1.7\n", 422).path("message").asText())
        .contains("a.pdf", "PDF");
    assertThat(put("orders", "a.csv.part", "code\nX\n", 422).path("message").asText())
        .contains("a.csv.part");
    assertThat(send("PUT", "/upload?job=none&file=a.csv", "code\nX\n").statusCode()).isEqualTo(422);
    assertThat(send("GET", "/api/desk/none", "").statusCode()).isEqualTo(404);
    try (var files = Files.list(home.resolve("inbox"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("a."));
    }
  }

  @Test
  void aClerkDropsAFileAndCorrectsARowWithTheKeyboard(@TempDir Path folder) throws Exception {
    assumeTrue(Browser.program().isPresent(), "no Chromium here");
    var lines = new StringBuilder("code,name,amount,rank\n");
    for (int row = 1; row <= 52; row++) {
      lines.append("D%d,n,%s,A\n".formatted(row, row <= 4 ? "about " + row : "" + row));
    }
    String page = "http://127.0.0.1:" + port + "/?lang=en#job/clerk";
    try (var browser = new Browser(Browser.program().orElseThrow(), folder, "about:blank", 1200)) {
      browser.open(page, 1200);
      shows(browser, "Password");
      browser.value("document.getElementById('password').focus()");
      browser.type(PASSWORD);
      browser.press("Enter");
      shows(browser, "Drop a file here");
      browser.value(
          """
          (zone => {
            const files = new DataTransfer();
            files.items.add(new File([%s], 'december.csv'));
            zone.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }));
          })(document.querySelector('.drop'))
          """
              .formatted(JSON.writeValueAsString(lines.toString())));
      shows(browser, "48 of 52 are in, 4 to correct.");
      shows(browser, "is not a number");
      while (!browser.value("document.activeElement.value").equals("about 1")) {
        browser.press("Tab");
      }
      browser.value("document.activeElement.select()");
      browser.type("7");
      shows(browser, "Send the corrected rows (1)");
      browser.press("Enter");
      shows(browser, "1 corrected row sent.");
      shows(browser, "1 row is in.");
      Patience.await()
          .until(
              () -> browser.value("document.querySelectorAll('.fixes tbody tr').length"),
              "3"::equals);
    }
    assertThat(record(clerks, "D1").at("/amount/value").asText()).isEqualTo("7");
    assertThat(record(clerks, "D1").at("/$revision/value").asText()).isEqualTo("1");
  }

  private static void shows(Browser browser, String text) {
    Patience.await().untilAsserted(() -> assertThat(browser.text()).contains(text));
  }
}
