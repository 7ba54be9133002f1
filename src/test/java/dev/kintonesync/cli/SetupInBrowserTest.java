package dev.kintonesync.cli;

import static dev.kintonesync.cli.SetupVisitor.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.Browser;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.state.Permission;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages of setting up as a person walks them, with a running program and a Kintone; skipped
 * where there is no Chromium. The first way begins with nothing; the others go on from what it
 * left.
 */
@LogOfProcess.Started
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SetupInBrowserTest {
  private static final Charset SJIS = Charset.forName("Windows-31J");
  private static final Pattern LINK =
      Pattern.compile("http://127\\.0\\.0\\.1:\\d+/setup\\?link=\\S+");

  private Path home;
  private Simulator simulator;
  private SimulatedApp customers;
  private SimulatedApp keyless;
  private Command command;
  private Service service;
  private Browser browser;
  private SetupVisitor visitor;
  private String page;

  @BeforeAll
  void start(@TempDir Path ofProgram, @TempDir Path folder) throws Exception {
    home = ofProgram;
    assumeTrue(Browser.program().isPresent(), "no Chromium here to look at the page with");
    simulator = Simulator.start();
    customers =
        simulator.app(
            "顧客管理",
            """
            {"顧客コード": {"type": "SINGLE_LINE_TEXT", "code": "顧客コード", "label": "顧客コード",
                        "required": true, "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "顧客名"},
             "状態": {"type": "DROP_DOWN", "code": "状態", "label": "取引状態",
                    "options": {"取引中": {"label": "取引中", "index": "0"},
                                "停止": {"label": "停止", "index": "1"}}}}
            """);
    keyless =
        simulator.app(
            "日報",
            """
            {"memo": {"type": "SINGLE_LINE_TEXT", "code": "memo", "label": "メモ"}}
            """);
    for (SimulatedApp app : List.of(customers, keyless)) {
      simulator.token(
          "token-" + app.id(), app.id(), Permission.VIEW, Permission.ADD, Permission.EDIT);
    }
    command = new Command(home);
    int port = FreePort.find();
    Files.writeString(home.resolve("application.properties"), "console.port = " + port + "\n");
    service = new Service(command, Map.of());
    page = "http://127.0.0.1:" + port + "/setup";
    command.awaitSetupPage();
    browser = new Browser(Browser.program().orElseThrow(), folder, "about:blank", 1200);
    visitor = new SetupVisitor(browser);
    var link = LINK.matcher(command.run("setup", "--lang", "en").out());
    assertThat(link.find()).isTrue();
    browser.open(link.group(), 1200);
  }

  @AfterAll
  void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (service != null) {
      service.close();
    }
    if (simulator != null) {
      simulator.close();
    }
  }

  private void open(String lang, String place) throws InterruptedException {
    browser.open(page + "?lang=" + lang + place, 1200);
  }

  @Test
  @Order(1)
  void fromNothingToASyncedRecordInJapanese() throws Exception {
    open("ja", "");
    visitor.awaitStep("list");
    assertThat(browser.text()).contains("ここから 6 つのステップ");
    visitor.press("[data-of=new]");
    visitor.awaitStep("kintone");
    visitor.fill("[name=baseUrl]", simulator.url() + "/k/" + customers.id() + "/");
    assertThat(visitor.value("[name=app]")).isEqualTo(Long.toString(customers.id()));
    visitor.fill("[name=token]", "wrong");
    visitor.press("[data-of=form] button.main");
    soon(() -> assertThat(visitor.complaint("[name=token]")).contains("API トークン"));
    assertThat(browser.value("document.activeElement.name")).isEqualTo("token");
    visitor.fill("[name=token]", "token-1, token-2");
    visitor.press("[data-of=form] button.main");
    visitor.next("app");
    assertThat(Files.readString(home.resolve("secrets.properties"))).contains("token-1, token-2");

    visitor.fill("[name=app]", Long.toString(keyless.id()));
    visitor.press("[data-of=find] button");
    soon(() -> assertThat(browser.text()).contains("日報", "「値の重複を禁止する」を選択し"));
    assertThat(browser.value("document.querySelector('[data-of=after]').href")).isEmpty();
    visitor.fill("[name=app]", Long.toString(customers.id()));
    visitor.press("[data-of=find] button");
    soon(() -> assertThat(visitor.value("[name=update-key]")).isEqualTo("顧客コード"));
    soon(() -> assertThat(visitor.value("[name=name]")).isEqualTo("顧客管理"));
    visitor.next("source");

    visitor.drop("写真.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0});
    soon(
        () ->
            assertThat(visitor.text("[data-of=step] .said.bad"))
                .contains("写真.png")
                .doesNotContain("drafts"));
    assertThat(browser.value("document.querySelector('[data-of=after]').href")).isEmpty();
    String csv = "得意先番号,顧客名,区分\n7,㈱日本,1\n8,東京商事,9\n";
    visitor.drop("得意先.csv", csv.getBytes(SJIS));
    soon(() -> assertThat(browser.text()).contains("得意先.csv", "Shift_JIS", "㈱日本"));
    visitor.reload("source");
    soon(() -> assertThat(browser.text()).contains("得意先.csv", "Shift_JIS", "㈱日本"));
    visitor.next("mapping");

    row("得意先番号", "顧客コード", "pad(5)");
    soon(() -> assertThat(browser.text()).contains("7 → 00007"));
    row("顧客名", "name", "nfkc");
    soon(() -> assertThat(browser.text()).contains("㈱日本 → (株)日本"));
    row("区分", "状態", "values(1=取引中)");
    soon(() -> assertThat(visitor.text(".pairs li.bad")).contains("9 →"));
    row("区分", "状態", "values(1=取引中, 9=停止");
    soon(() -> assertThat(visitor.text(".pairs li.bad")).contains("values(1=取引中, 9=停止"));
    row("区分", "状態", "values(1=取引中, 9=停止)");
    soon(() -> assertThat(browser.text()).contains("9 → 停止").doesNotContain("受け付けられない"));
    visitor.next("rules");
    soon(() -> assertThat(visitor.text("[data-of=effects]")).isNotBlank());
    whatIsChosenWhileTheProgramIsAwayIsKept();
    visitor.next("save");
    assertThat(visitor.text("[data-of=block]")).doesNotContain("mirror");
    visitor.press("[data-of=plan]");
    soon(() -> assertThat(browser.text()).contains("変更内容（先頭）", "00007", "(株)日本"));
    assertThat(visitor.text("[data-of=block]")).contains("job.顧客管理.update-key");
    visitor.press("[data-of=save]");
    soon(() -> assertThat(browser.text()).contains("ジョブ「顧客管理」を保存しました"));
    assertThat(Files.readString(home.resolve("application.properties")))
        .startsWith("console.port")
        .containsPattern("job\\.顧客管理\\.write\\s*= false");
    visitor.press("[data-of=start]");
    soon(() -> assertThat(browser.text()).contains("ジョブ「顧客管理」を開始しました"));
    assertThat(customers.records()).isEmpty();

    Path inbox = home.resolve(folder());
    Patience.await().until(() -> Files.isDirectory(inbox));
    Files.write(inbox.resolve("得意先.csv"), csv.getBytes(SJIS));
    soon(() -> assertThat(customers.values("顧客コード")).containsExactly("00007", "00008"));
    assertThat(customers.values("状態")).containsExactly("取引中", "停止");
    assertThat(
            browser.value(
                "performance.getEntriesByType('resource')"
                    + ".every(one => one.name.startsWith(location.origin))"))
        .isEqualTo("true");
  }

  /** The program ends in the middle and is started again; nobody has to log in again. */
  private void whatIsChosenWhileTheProgramIsAwayIsKept() throws Exception {
    service.close();
    visitor.choose("[name=mode][value=mirror]", "mirror");
    soon(() -> assertThat(browser.text()).contains("応答があり次第送信します"));
    service = new Service(command, Map.of());
    soon(
        () ->
            assertThat(browser.value("document.getElementById('away').hidden")).isEqualTo("true"));
    visitor.fill("[name='mirror.scope']", "name like");
    soon(() -> assertThat(visitor.complaint("[name='mirror.scope']")).contains("name like"));
    visitor.reload("rules");
    assertThat(visitor.value("[name=mode]:checked")).isEqualTo("mirror");
    visitor.choose("[name=mode][value=upsert]", "upsert");
    soon(() -> assertThat(visitor.text("[data-of=effects]")).isNotBlank());
  }

  private String folder() throws Exception {
    var folder =
        Pattern.compile("job\\.顧客管理\\.folder\\s*= (.*)")
            .matcher(Files.readString(home.resolve("application.properties")));
    assertThat(folder.find()).isTrue();
    return folder.group(1);
  }

  /** Gives a column its field and its steps. */
  private void row(String column, String field, String steps) throws InterruptedException {
    String labels = "[aria-label*=\"「" + column + "」\"]";
    if (!visitor.value("select" + labels).equals(field)) {
      visitor.choose("select" + labels, field);
      soon(
          () ->
              assertThat(browser.value("document.querySelector('input" + labels + "').disabled"))
                  .isEqualTo("false"));
    }
    visitor.fill("input" + labels, steps);
  }

  @Test
  @Order(2)
  void theSecondOfTwoPeopleIsToldThatTheJobHasChanged() throws Exception {
    String mine = edited("insert");
    String theirs = edited("update");
    save(theirs);
    soon(() -> assertThat(browser.text()).contains("is saved and goes on"));
    save(mine);
    soon(() -> assertThat(browser.text()).contains("Somebody else has changed this job"));
    assertThat(visitor.text("[data-of=theirs] .both"))
        .containsPattern("mode\\s*= update")
        .containsPattern("mode\\s*= insert");
    assertThat(browser.value("document.activeElement.id")).isEqualTo("theirs-title");
    assertThat(mode()).isEqualTo("update");
    visitor.press("[data-of=force]");
    visitor.press("[data-of=force]");
    soon(() -> assertThat(mode()).isEqualTo("insert"));
  }

  /** Begins to edit the job, and goes away without saving; where its draft is. */
  private String edited(String mode) throws InterruptedException {
    open("en", "");
    visitor.awaitStep("list");
    visitor.press("[data-of=jobs] [data-of=edit]");
    visitor.awaitStep("mapping");
    visitor.next("rules");
    visitor.choose("[name=mode][value=" + mode + "]", mode);
    String draft = browser.value("location.hash").replace("/rules", "");
    visitor.next("save");
    soon(() -> assertThat(visitor.text("[data-of=new]")).containsPattern("mode\\s*= " + mode));
    return draft;
  }

  private void save(String draft) throws InterruptedException {
    open("en", draft + "/save");
    visitor.awaitStep("save");
    visitor.press("[data-of=save]");
  }

  private String mode() throws Exception {
    var mode =
        Pattern.compile("job\\.顧客管理\\.mode\\s*= (.*)")
            .matcher(Files.readString(home.resolve("application.properties")));
    return mode.find() ? mode.group(1) : "";
  }

  @Test
  @Order(3)
  void aDatabaseAnApiAndAnotherAppShowTheirFirstRows() throws Exception {
    var api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext(
        "/",
        exchange -> {
          byte[] answer =
              "{\"data\": {\"rows\": [{\"code\": \"A-1\", \"title\": \"from an API\"}]}}"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    api.start();
    try (var database = DriverManager.getConnection("jdbc:h2:mem:setup")) {
      database.createStatement().execute("create table t as select 'A-2' code, 'from h2' title");
      keyless.add("{\"memo\": {\"value\": \"from an app\"}}");
      begun();
      source("database", "[name=query]");
      visitor.fill("[name=url]", "jdbc:h2:mem:setup");
      visitor.fill("[name=query]", "select * from t");
      visitor.press("[data-of=look]");
      soon(() -> assertThat(browser.text()).contains("from h2"));
      source("api", "[name=page-parameter]");
      visitor.fill("[name=url]", "http://127.0.0.1:" + api.getAddress().getPort() + "/items");
      visitor.press("[data-of=look]");
      soon(() -> assertThat(browser.text()).contains("/data/rows"));
      visitor.fill("[data-of=access] [name=pointer]", "/data/rows");
      visitor.press("[data-of=look]");
      soon(() -> assertThat(browser.text()).contains("from an API"));
      source("kintone", "[name=\"source.app\"]");
      visitor.fill("[name='source.app']", Long.toString(keyless.id()));
      visitor.press("[data-of=look]");
      soon(() -> assertThat(browser.text()).contains("from an app"));
      source("kafka", "[name=brokers]");
      visitor.fill("[name=brokers]", "127.0.0.1:1");
      assertThat(browser.text()).contains("Topic");
    } finally {
      api.stop(0);
    }
  }

  private void begun() throws InterruptedException {
    open("en", "");
    visitor.awaitStep("list");
    visitor.press("[data-of=new]");
    visitor.awaitStep("app");
    visitor.fill("[name=app]", Long.toString(customers.id()));
    visitor.press("[data-of=find] button");
    visitor.next("source");
  }

  /** Chooses a kind of source, and waits for the fields that it has. */
  private void source(String kind, String field) throws InterruptedException {
    visitor.choose("[name=source][value=" + kind + "]", kind);
    soon(() -> assertThat(visitor.value("[data-of=access] " + field)).isEmpty());
  }

  @Test
  @Order(4)
  void everyViewKeepsTheRulesForAccessiblePagesAndFitsATelephone() throws Exception {
    String draft = edited("update");
    for (String lang : List.of("en", "ja")) {
      open(lang, "");
      visitor.awaitStep("list");
      keepsTheRules("the list", lang);
      for (String step : List.of("kintone", "app", "source", "mapping", "rules", "save")) {
        browser.value("location.hash = '" + draft + "/" + step + "'");
        visitor.awaitStep(step);
        soon(() -> assertThat(browser.value("document.activeElement.tagName")).isEqualTo("H1"));
        browser.value("document.querySelectorAll('main details').forEach(one => one.open = true)");
        keepsTheRules(step, lang);
      }
    }
  }

  @Test
  @Order(5)
  void aGuessedKeyIsToBeCheckedAndATakenNameIsToldAtItsField() throws Exception {
    begun();
    String draft = browser.value("location.hash").replace("/source", "");
    visitor.drop("a.csv", "CUST_CD,顧客名\n1,A\n2,B\n".getBytes(StandardCharsets.UTF_8));
    soon(() -> assertThat(browser.text()).contains("CUST_CD"));
    visitor.next("mapping");
    soon(
        () ->
            assertThat(visitor.text(".pairs [data-of=mark]"))
                .isEqualTo("key (guessed, please check)"));
    open("ja", draft + "/mapping");
    visitor.awaitStep("mapping");
    assertThat(visitor.text(".pairs [data-of=mark]")).isEqualTo("キー（推測です。確認してください）");

    open("ja", draft + "/app");
    visitor.awaitStep("app");
    visitor.fill("[name=name]", "顧客管理");
    soon(() -> assertThat(visitor.complaint("[name=name]")).contains("ジョブ 顧客管理 はすでにあります。"));
    assertThat(browser.value("document.querySelector('[data-of=after]').href")).isEmpty();
    visitor.reload("app");
    assertThat(visitor.complaint("[name=name]")).contains("ジョブ 顧客管理 はすでにあります。");
    visitor.fill("[name=name]", "free");
    visitor.next("source");
  }

  /** Each view is looked at in each language, in English light and in Japanese dark. */
  private void keepsTheRules(String view, String lang) throws Exception {
    browser.width(1200);
    browser.scheme(lang.equals("en") ? "light" : "dark");
    assertThat(browser.brokenRules()).as("%s, %s", view, lang).isEmpty();
    browser.width(400);
    assertThat(browser.value("document.documentElement.scrollWidth <= 400"))
        .as("no sideways scrolling of %s", view)
        .isEqualTo("true");
  }
}
