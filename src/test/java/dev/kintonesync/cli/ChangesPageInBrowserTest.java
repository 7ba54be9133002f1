package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.Browser;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTML of plans as a person opens it from a mail, in Chromium; skipped where there is none. */
@LogOfProcess.Started
class ChangesPageInBrowserTest {
  private static final String EVIL = "<img src=https://127.0.0.1:1/x onerror=alert(1)>";
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "60"},
       "orders": {"type": "SUBTABLE", "code": "orders", "label": "orders", "fields": {
         "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "item"}}}}
      """;
  private static final String HEADINGS =
      "[...document.querySelectorAll('.record')].map(box => box.querySelector('h3').textContent)";

  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Browser.program().isPresent(), "no Chromium here to look at the page with");
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
  }

  @AfterEach
  void stop() {
    if (simulator != null) {
      simulator.close();
    }
  }

  /** The plan of a file as HTML. */
  private Path plan(Path file, String... options) throws Exception {
    Path page = home.resolve("plan.html");
    var words = new ArrayList<>(List.of("plan", file.toString(), "--app", "" + app.id()));
    words.addAll(List.of("--update-key", "code", "--html", page.toString(), "--lang", "en"));
    words.addAll(List.of(options));
    var environment = Map.of("KINTONE_BASE_URL", simulator.url(), "KINTONE_API_TOKEN", "t");
    var ended = new Command(home).run(environment, words.toArray(String[]::new));
    assertThat(page).as(ended.out() + ended.err()).exists();
    return page;
  }

  private Browser open(Path page, int width) throws Exception {
    Path folder = Files.createDirectories(home.resolve("browser"));
    var browser = new Browser(Browser.program().orElseThrow(), folder, "about:blank", width);
    browser.open(page.toUri().toString(), width);
    return browser;
  }

  private static void choose(Browser browser, String id, String value) throws Exception {
    browser.value(
        "(box => { box.value = '%s'; box.dispatchEvent(new Event('%s')); })(%s)"
            .formatted(
                value,
                id.equals("search") ? "input" : "change",
                "document.getElementById('" + id + "')"));
  }

  private static String where(Browser browser) throws Exception {
    return browser.value("document.getElementById('where').textContent");
  }

  private static void keepsTheRules(Browser browser, String scheme, int width) throws Exception {
    browser.scheme(scheme);
    browser.width(width);
    assertThat(browser.brokenRules()).as("%s, %d pixels", scheme, width).isEmpty();
    assertThat(browser.value("document.documentElement.scrollWidth <= " + width)).isEqualTo("true");
  }

  @Test
  void itKeepsTheRulesForAccessiblePagesFitsATelephoneAndAsksForNothing() throws Exception {
    app.add("{\"code\":{\"value\":\"C\"},\"name\":{\"value\":\"cleared name\"}}");
    app.add(
        "{\"code\":{\"value\":\"A\"},\"name\":{\"value\":\"old\"},\"orders\":{\"value\":[{\"value\":"
            + "{\"item\":{\"value\":\"pen\"}}}]}}");
    Path file = home.resolve("in.csv");
    try (Writer csv = Files.newBufferedWriter(file)) {
      csv.write("code,name,item\nC,,\nA," + EVIL + ",ink\nZ," + "z".repeat(61) + ",\n");
      for (int i = 0; i < 15; i++) {
        csv.write("B" + i + ",b,\n");
      }
    }
    Path page = plan(file, "--group-by", "code");

    try (var browser = open(page, 390)) {
      keepsTheRules(browser, "light", 390);
      keepsTheRules(browser, "dark", 1200);
      assertThat(browser.value("performance.getEntriesByType('resource').length")).isEqualTo("0");
      assertThat(browser.value("document.querySelectorAll('img').length")).isEqualTo("0");
      assertThat(browser.text()).contains(EVIL, "pen", "ink", "Plan: nothing has been written");
      assertThat(browser.value(HEADINGS + "[0]")).contains("rejected", "Z", "row 4");
      assertThat(where(browser)).isEqualTo("1–18 of 18");

      choose(browser, "kind", "updated");
      assertThat(where(browser)).isEqualTo("1–2 of 2");
      choose(browser, "kind", "cleared");
      assertThat(where(browser)).isEqualTo("1–1 of 1");
      assertThat(browser.text()).contains("cleared name");
      choose(browser, "kind", "");
      choose(browser, "field", "orders");
      assertThat(where(browser)).isEqualTo("1–1 of 1");
      choose(browser, "field", "");
      choose(browser, "search", "b14");
      assertThat(where(browser)).isEqualTo("1–1 of 1");
      browser.value("document.getElementById('language').click()");
      assertThat(browser.text()).contains("実行計画");
      assertThat(browser.value("performance.getEntriesByType('resource').length")).isEqualTo("0");
    }
  }

  @Test
  @Tag("sweep")
  void aHundredThousandChangesAreCountedAndTheFirstAreSearched() throws Exception {
    int rows = 100_000;
    Path file = home.resolve("in.csv");
    try (Writer csv = Files.newBufferedWriter(file)) {
      csv.write("code,name\n");
      for (int i = 0; i < rows; i++) {
        csv.write("K" + i + ",name of " + i + "\n");
      }
    }
    try (var browser = open(plan(file), 1200)) {
      assertThat(browser.text()).contains("100,000", "The first 20,000 changes of 100,000");
      assertThat(where(browser)).isEqualTo("1–100 of 20,000");
      String took =
          "(() => { const begun = performance.now(); const box = document.getElementById('search');"
              + " box.value = 'name of 19999'; box.dispatchEvent(new Event('input'));"
              + " return performance.now() - begun < 5000; })()";
      assertThat(browser.value(took)).as("a search is over soon").isEqualTo("true");
      assertThat(where(browser)).isEqualTo("1–1 of 1");
    }
  }
}
