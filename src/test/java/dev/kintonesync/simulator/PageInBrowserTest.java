package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a person sees it, in one Chromium; skipped where there is none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageInBrowserTest {
  private static final String FIELDS =
      """
      {'Number':{'type':'RECORD_NUMBER','code':'Number','label':'No.'},
       'K':{'type':'SINGLE_LINE_TEXT','code':'K','label':'<i>Key</i>'},
       'N':{'type':'NUMBER','code':'N','label':'Amount'},
       'C':{'type':'CHECK_BOX','code':'C','options':{'a':{'label':'a'},'b':{'label':'b'}}},
       'U':{'type':'USER_SELECT','code':'U'}, 'F':{'type':'FILE','code':'F'},
       'S':{'type':'SUBTABLE','code':'S','fields':{
         'a':{'type':'SINGLE_LINE_TEXT','code':'a','label':'Article'}}}}
      """;
  private static final String EVIL = "<script>document.title='owned'</script>";

  /** Where in the page, and which template shows it. */
  private static final Map<String, String> VIEWS =
      Map.ofEntries(
          Map.entry("", "overview"),
          Map.entry("app/1", "app"),
          Map.entry("app/1/record/1", "record"),
          Map.entry("request/1", "request"),
          Map.entry("requests", "requests"),
          Map.entry("app/1/new", "edit"),
          Map.entry("app/1/edit/1", "edit"));

  private Simulator simulator;
  private Wire wire;
  private Browser browser;

  @BeforeAll
  void openBrowser(@TempDir Path folder) throws Exception {
    browser = Browser.orSkipped(folder);
  }

  @AfterAll
  void closeBrowser() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    wire = new Wire(simulator.url(), "X-Cybozu-API-Token", "t");
    simulator.app("<b>first</b>", Wire.json(FIELDS));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void open(String path, int width) throws Exception {
    browser.open(simulator.url() + "/simulator/" + path, width);
  }

  private static void soon(ThrowingRunnable holds) {
    Patience.await().pollInterval(Duration.ofMillis(50)).untilAsserted(holds);
  }

  @Test
  void itFollowsWhatHappensWithoutBeingAsked() throws Exception {
    open("?lang=en", 1200);
    soon(() -> assertThat(browser.text()).contains("<b>first</b>", "No requests yet.", "live"));
    wire.post("/k/v1/record.json", "{'app':1,'record':{'K':{'value':'x'}}}");
    soon(() -> assertThat(browser.text()).contains("POST /k/v1/record.json"));
    assertThat(browser.text()).doesNotContain("No requests yet.");
    assertThat(browser.value("document.querySelector('.apps tbody tr').cells[2].textContent"))
        .isEqualTo("1");
    simulator.close();
    soon(() -> assertThat(browser.text()).contains("The simulator does not respond."));
  }

  @Test
  void recordsAreReadableAndNoValueIsMoreThanText() throws Exception {
    simulator
        .app(1)
        .add(
            Wire.json(
                """
                {'K':{'value':"%s"},'N':{'value':'12.5'},'C':{'value':['a','b']},
                 'U':{'value':[{'code':'sato'}]},
                 'S':{'value':[{'value':{'a':{'value':"%s"}}}]}}
                """
                    .replace("\"%s\"", "'" + EVIL.replace("'", "\\u0027") + "'")));
    open("?lang=ja#app/1", 1200);
    soon(() -> assertThat(browser.text()).contains("<i>Key</i>", EVIL, "12.5", "a、b", "sato"));
    assertThat(browser.text()).contains("Article", "<b>first</b>", "新しい順");
    assertThat(browser.value("document.querySelectorAll('main script, main i, main h1 b').length"))
        .isEqualTo("0");
    assertThat(browser.value("document.title")).isEqualTo("<b>first</b> - kintone シミュレーター");
    assertThat(browser.value("document.querySelectorAll('.records td td').item(0).textContent"))
        .isEqualTo(EVIL);
  }

  @Test
  void itIsWorkedWithTheKeyboardAndKeepsThePlaceWhenRequestsCome() throws Exception {
    wire.get("/k/v1/records.json?app=1");
    open("?lang=en", 1200);
    soon(() -> assertThat(browser.text()).contains("GET /k/v1/records.json"));
    for (int i = 0; i < 5; i++) { // name, two languages, the app, the request
      browser.press("Tab");
    }
    assertThat(browser.value("document.activeElement.hash")).isEqualTo("#request/1");
    browser.value("document.querySelector('.requests tbody tr').id = 'selected'");
    wire.get("/k/v1/apps.json");
    soon(() -> assertThat(browser.text()).contains("GET /k/v1/apps.json"));
    assertThat(browser.value("document.activeElement.hash")).isEqualTo("#request/1");
    assertThat(browser.value("document.getElementById('selected')?.rowIndex"))
        .as("the row itself stays, one further down")
        .isEqualTo("2");
    browser.press("Enter");
    soon(() -> assertThat(browser.text()).contains("Parameters", "\"app\": \"1\""));
    soon(() -> assertThat(browser.value("document.activeElement.tagName")).isEqualTo("H1"));
    assertThat(browser.value("document.querySelector('header nav a').getAttribute('href')"))
        .as("the other language of the same view")
        .isEqualTo("?lang=ja#request/1");
  }

  @Test
  void aRecordIsMadeFoundAndCorrectedWithTheKeyboardAlone() throws Exception {
    open("?lang=en#app/1/new", 1200);
    soon(() -> assertThat(browser.text()).contains("<i>Key</i> K", "Amount N"));
    focusOn("<i>Key</i>");
    browser.type("A-1");
    focusOn("Amount");
    browser.type("twelve");
    browser.press("Enter");
    soon(() -> assertThat(browser.text()).contains("Kintone would refuse this: CB_VA01"));
    assertThat(browser.value("document.querySelectorAll('[aria-invalid]').length")).isEqualTo("1");
    assertThat(simulator.app(1).size()).isZero();
    focusOn("Amount");
    browser.value("document.activeElement.select()");
    browser.type("12");
    focusOn("Add row");
    browser.press("Enter");
    soon(() -> assertThat(browser.value(label())).isEqualTo("Article Row 1"));
    browser.type("pen");
    focusOn("As user");
    browser.value("document.activeElement.select()");
    browser.type("sato");
    browser.press("Enter");
    soon(() -> assertThat(browser.value("location.hash")).isEqualTo("#app/1/record/1"));
    JsonNode made = simulator.app(1).records().get(0);
    assertThat(made.at("/K/value").asText()).isEqualTo("A-1");
    assertThat(made.at("/S/value/0/value/a/value").asText()).isEqualTo("pen");

    simulator.app(1).add("{\"K\":{\"value\":\"B-2\"}}");
    browser.value("location.hash = 'app/1'");
    soon(() -> assertThat(browser.text()).contains("A-1", "B-2"));
    browser.value("document.getElementById('search').focus()");
    browser.type("a-1");
    browser.press("Enter");
    soon(() -> assertThat(browser.text()).contains("A-1").doesNotContain("B-2"));

    browser.value("location.hash = 'app/1/edit/1'");
    soon(() -> assertThat(browser.value("main.dataset.view")).isEqualTo("edit"));
    wire.put("/k/v1/record.json", "{'app':1,'id':1,'record':{'N':{'value':'13'}}}");
    focusOn("<i>Key</i>");
    browser.type("x");
    browser.press("Enter");
    soon(() -> assertThat(browser.text()).contains("GAIA_CO02"));
    assertThat(simulator.app(1).values("K")).containsExactlyInAnyOrder("A-1", "B-2");
  }

  @Test
  void aQueryThatCannotBeRunIsRefusedInTheLanguageOfThePageWhichStaysWhatItWas() throws Exception {
    simulator.app(1).add("{\"K\":{\"value\":\"Z-9\"}}");
    open("?lang=ja#app/1/desc/0/" + "K%20~%20%22x%22", 1200);
    soon(
        () -> assertThat(browser.text()).contains("kintone では次のとおり拒否されます： CB_VA01 クエリ記法が間違っています。"));
    assertThat(browser.text()).contains("<b>first</b>", "レコード数 0").doesNotContain("Z-9");
    assertThat(browser.value("document.title")).isEqualTo("<b>first</b> - kintone シミュレーター");
    browser.value("location.hash = 'app/1/desc/0/Z%20%3D%20%22x%22'");
    soon(() -> assertThat(browser.text()).contains("GAIA_IQ11 指定されたフィールド（Z）が見つかりません。"));
    browser.value("location.hash = 'app/1/desc/0/K%20%3D%20%22Z-9%22'");
    soon(() -> assertThat(browser.text()).contains("レコード数 1").doesNotContain("拒否"));
  }

  private String label() {
    return "document.activeElement.getAttribute('aria-label')";
  }

  /** Goes on with Tab until what has a label, or says a text, has the focus. */
  private void focusOn(String name) throws InterruptedException {
    String named =
        "(e => [...e.labels ?? []].map(l => l.textContent).join() || e.textContent)"
            + "(document.activeElement)";
    browser.value("document.querySelector('header a').focus()");
    for (int i = 0; i < 60; i++) {
      if (browser.value(named).startsWith(name)) {
        return;
      }
      browser.press("Tab");
    }
    throw new AssertionError("no Tab leads to " + name);
  }

  @Test
  void whoIsLockedOutIsSaid() throws Exception {
    open("?lang=en", 1200);
    soon(() -> assertThat(browser.text()).contains("No requests yet."));
    wire.post("/simulator/users", "{'code':'sato','password':'p'}");
    soon(() -> assertThat(browser.text()).contains("Only these users can log in", "sato"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ja"})
  void everyViewKeepsTheRulesForAccessiblePages(String lang) throws Exception {
    everythingToShow();
    open("?lang=" + lang, 1200);
    soon(() -> assertThat(browser.text()).contains("/k/v1/records.json"));
    for (String view : VIEWS.keySet()) {
      show(view);
      for (String scheme : List.of("light", "dark")) {
        browser.scheme(scheme);
        assertThat(browser.brokenRules()).as("%s, %s", view, scheme).isEmpty();
      }
    }
  }

  private void everythingToShow() throws Exception {
    wire.post("/simulator/users", "{'code':'Administrator'}");
    simulator.app(1).add("{'K':{'value':'%s'}}".formatted("long".repeat(100)).replace('\'', '"'));
    wire.get("/k/v1/records.json?app=1");
  }

  /** Shows a view of the page and waits until it is there. */
  private void show(String view) throws InterruptedException {
    browser.value("location.hash = '" + view + "'");
    soon(() -> assertThat(browser.value("main.dataset.view")).isEqualTo(VIEWS.get(view)));
  }

  @Test
  void itFitsATelephoneAndAWideScreen() throws Exception {
    everythingToShow();
    open("?lang=ja", 390);
    soon(() -> assertThat(browser.text()).contains("/k/v1/records.json"));
    for (String view : VIEWS.keySet()) {
      show(view);
      for (int width : new int[] {390, 700, 1600}) {
        browser.width(width);
        assertThat(browser.value("innerWidth")).isEqualTo(Integer.toString(width));
        assertThat(browser.value("document.documentElement.scrollWidth <= innerWidth"))
            .as("no sideways scrolling of %s at %s", view, width)
            .isEqualTo("true");
      }
    }
  }
}
