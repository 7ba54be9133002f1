package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kintonesync.Patience;
import dev.kintonesync.console.Desk;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.ReceivedFiles.Received;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.simulator.Browser;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a person sees it, in one Chromium; skipped where there is none. */
@Order(1) // it waits long
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageInBrowserTest {
  private static final String PASSWORD = "a long secret";
  private static final String GONE = "no-such-run";

  @TempDir private Path home;

  private Desk desk;
  private Browser browser;

  @BeforeAll
  void openBrowser(@TempDir Path folder) throws Exception {
    assumeTrue(Browser.program().isPresent(), "no Chromium here to look at the page with");
    browser = new Browser(Browser.program().orElseThrow(), folder, "about:blank", 1200);
  }

  @AfterAll
  void closeBrowser() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    desk = new Desk(home, "http://127.0.0.1:9", 2);
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  private void open(String url, int width) throws Exception {
    browser.open(url, width);
  }

  private static void soon(ThrowingRunnable holds) {
    Patience.await().pollInterval(Duration.ofMillis(50)).untilAsserted(holds);
  }

  private long count(String selector) throws InterruptedException {
    return Long.parseLong(
        browser.value("document.querySelectorAll(" + quoted(selector) + ").length"));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "\\'") + "'";
  }

  @Test
  void itShowsHowFiftyJobsStandAndFollowsARun() throws Exception {
    desk.close();
    desk = new Desk(home, "http://127.0.0.1:9", 50);
    open(desk.serve(null) + "?lang=en", 1200);
    soon(() -> assertThat(count(".job")).isEqualTo(50));
    soon(() -> assertThat(count(".runs tbody tr")).isEqualTo(60));
    soon(() -> assertThat(count(".chart rect")).isGreaterThan(100));
    assertThat(browser.text()).contains("when a file arrives", "not running", "0 of 10,000");
    desk.say(new JobStatusRow("customers", null, null, desk.newest, 0.25, "GAIA_DA02"));
    soon(
        () ->
            assertThat(browser.text())
                .contains("running", "25 % Added 3", "Response from Kintone: GAIA_DA02"));
    desk.say(
        JobStatusRow.waiting("customers", null, MessageCode.WAITS_FOR_KINTONE.with("https://x")));
    soon(() -> assertThat(browser.text()).contains("Kintone at https://x does not answer"));
    assertThat(
            browser.value(
                "performance.getEntriesByType('resource')"
                    + ".every(one => one.name.startsWith(location.origin))"))
        .isEqualTo("true");
    desk.console().close();
    soon(() -> assertThat(browser.text()).contains("The program does not respond."));
  }

  @Test
  void aRunIsShownInJapaneseAndNoValueIsMoreThanText() throws Exception {
    open(desk.serve(null) + "?lang=ja#run/" + desk.newest, 1200);
    soon(
        () ->
            assertThat(browser.text()).contains("前の名前", Desk.EVIL, "完了（エラー行あり）", "memo", "ダウンロード"));
    assertThat(count("main img")).isZero();
    assertThat(browser.value("document.title")).isEqualTo(desk.newest + " - kintone-sync");
    browser.value("location.hash = 'job/customers'");
    soon(() -> assertThat(browser.text()).contains("0600001", Desk.EVIL, "未解決のエラー行"));
    assertThat(count("main img")).isZero();
    assertThat(
            browser.value(
                "[...document.querySelectorAll('main :is(.actions, .tools, tbody) button')]"
                    + ".filter(button => button.checkVisibility()).length"))
        .as("what acts, without a password")
        .isEqualTo("0");
    assertThat(browser.text()).contains("console.password");
    browser.value("location.hash = 'run/" + GONE + "'");
    soon(() -> assertThat(browser.text()).contains("このページはなくなりました"));
  }

  @Test
  void withThePasswordAKeyboardRunsAJobAndDismissesARow() throws Exception {
    open(desk.serve(PASSWORD) + "?lang=en#job/customers", 1200);
    logIn(PASSWORD);
    soon(() -> assertThat(browser.text()).contains("Run now", "Stop retrying", "0600001"));
    focus("[data-of=run-now]");
    browser.press("Enter");
    soon(() -> assertThat(desk.ranNow).containsExactly("customers"));
    desk.say(
        JobStatusRow.waiting(
            "customers", null, MessageCode.NEEDS_RELOAD.with("job.customers.mode", "customers")));
    soon(() -> assertThat(browser.text()).contains("needs you", "Apply the changed properties"));
    focus("[data-of=reload]");
    browser.press("Enter");
    soon(() -> assertThat(desk.reloaded).containsExactly("customers"));
    focus("button[data-id='0600001']");
    browser.press("Enter");
    soon(() -> assertThat(browser.text()).contains("Stop retrying this row?"));
    assertThat(desk.journal.openRejects().of("customers")).hasSize(2);
    browser.press("Enter");
    soon(() -> assertThat(desk.journal.openRejects().of("customers")).hasSize(1));
    soon(() -> assertThat(count("button[data-id]")).isEqualTo(1));
  }

  @Test
  void whatMayBeAllowedOnceSaysWhatItDoes() throws Exception {
    var reason = MessageCode.GUARD_MAX_MISSING.with(50, 300, "1%", 20, "A-1");
    var continues = MessageCode.CONTINUES_ON_SCHEDULE.with();
    desk.say(
        JobStatusRow.waiting(
            "customers",
            null,
            MessageCode.NEEDS_YOU_GUARD.with(reason, continues, "customers", "max-missing")));
    open(desk.serve(PASSWORD) + "?lang=en#job/customers", 1200);
    logIn(PASSWORD);
    soon(
        () ->
            assertThat(browser.text())
                .contains("Allow this once", "one time without the limit max-missing"));
    desk.say(JobStatusRow.waiting("customers", null, null));
    soon(() -> assertThat(browser.text()).doesNotContain("Allow this once", "without the limit"));
  }

  @Test
  void aCardSaysWhyTheLastRunCameToNothing() throws Exception {
    var failed = SampleRuns.of("customers", RunState.STOPPED, Instant.now());
    desk.journal.ended(failed);
    desk.journal.runMessages().keep(failed.run(), List.of(MessageCode.API_EMPTY_ANSWER.with()));
    open(desk.serve(null) + "?lang=en", 1200);
    soon(
        () ->
            assertThat(browser.value("document.querySelector('.job [data-of=why]').textContent"))
                .isEqualTo(MessageBundle.ENGLISH.say(MessageCode.API_EMPTY_ANSWER.with())));
  }

  @Test
  void anUploadedFileHasTheNameThatItsSenderGaveIt() throws Exception {
    String source = desk.journal.run(desk.newest).orElseThrow().source();
    desk.journal
        .receivedFiles()
        .add(new Received("u2", "customers", "mended.csv", source, 1, List.of(), Instant.now()));
    open(desk.serve(null) + "?lang=en#job/customers", 1200);
    soon(() -> assertThat(count(".runs tbody tr")).isEqualTo(11));
    assertThat(browser.value("document.querySelector('.runs tbody [data-of=source]').textContent"))
        .isEqualTo("mended.csv");
    browser.value("location.hash = 'run/" + desk.newest + "'");
    soon(() -> assertThat(browser.text()).contains(desk.newest, "mended.csv"));
  }

  @Test
  void whereNothingCanBeGivenThereIsNoHeadingForIt() throws Exception {
    open(desk.serve(PASSWORD) + "?lang=en#job/job-1", 1200);
    logIn(PASSWORD);
    soon(() -> assertThat(browser.text()).contains("job-1", "not running"));
    assertThat(browser.value("document.querySelector('[data-of=give]').hidden")).isEqualTo("true");
  }

  @Test
  void whoLooksFirstFindsThePlanWithItsFiguresAndAsADocument() throws Exception {
    String run = desk.plan();
    open(desk.serve(PASSWORD) + "?lang=en#job/customers", 1200);
    logIn(PASSWORD);
    String plans = "[data-of=plans] tbody ";
    soon(() -> assertThat(count(plans + "tr")).isEqualTo(1));
    assertThat(count(plans + "a[href='#run/" + run + "']")).isEqualTo(1);
    assertThat(count(plans + "a[download][href^='/plan?name=" + run + "']")).isEqualTo(1);
    assertThat(
            browser.value(
                "[...document.querySelectorAll('"
                    + plans
                    + ".number')].map(c => c.textContent)"
                    + ".join()"))
        .isEqualTo("3,2,0,4,1");
    assertThat(browser.text())
        .contains("Compared with the app:", "4 the same, 2 different, 3 missing in Kintone");
    // nothing waits in the folder
    assertThat(browser.value("document.querySelector('[data-of=look-first]').disabled"))
        .isEqualTo("true");
    Files.writeString(home.resolve("inbox/customers/in.csv"), "code,name\n1,x\n");
    soon(
        () ->
            assertThat(browser.value("document.querySelector('[data-of=look-first]').disabled"))
                .isEqualTo("false"));
    focus("[data-of=look-first]");
    browser.press("Enter");
    soon(() -> assertThat(desk.looked).containsExactly("customers"));
  }

  @Test
  void barsAreLinksWithFiguresAndFailedRunsLookLikeThat() throws Exception {
    open(desk.serve(null) + "?lang=en#job/customers", 1200);
    soon(() -> assertThat(count(".chart a[href^='#run/']")).isEqualTo(11));
    assertThat(count(".chart rect.failed")).as("the stopped run").isEqualTo(1);
    assertThat(browser.value("document.querySelector('.chart a title').textContent"))
        .contains("customers.csv", "Read 10", "Rejected 1");
    assertThat(
            browser.value(
                "[...document.querySelectorAll('.chart rect.rejected')]"
                    + ".every(bar => bar.getAttribute('height') >= 6)"))
        .isEqualTo("true");
    assertThat(browser.text()).contains("customers.csv", "1 min 0 s");
  }

  @Test
  void aFileIsDroppedAndItIsSaidWhatBecameOfIt() throws Exception {
    open(desk.serve(PASSWORD) + "?lang=en#job/customers", 1200);
    logIn(PASSWORD);
    soon(() -> assertThat(browser.text()).contains("Drop a file here", "0600001", "注文.csv"));
    upload("other.csv");
    soon(() -> assertThat(browser.text()).contains("other.csv is not a file of rejected rows"));
    assertThat(desk.uploaded).isEmpty();
    upload("mended.csv");
    soon(() -> assertThat(browser.text()).contains("mended.csv: 1 row received"));
    assertThat(desk.uploaded).containsExactly("customers mended.csv code,name");
    focus("[data-of=dismiss-all]");
    browser.press("Enter");
    soon(() -> assertThat(browser.text()).contains("Stop retrying all 2 rows? Click again"));
    browser.press("Enter");
    soon(() -> assertThat(desk.journal.openRejects().of("customers")).isEmpty());
    soon(() -> assertThat(browser.text()).doesNotContain("0600001"));
    assertThat(browser.text()).as("what was said stays").contains("mended.csv: 1 row received");
  }

  @Test
  void rowsAreCorrectedInPlaceWithTheKeyboardAloneAndSentTogether() throws Exception {
    open(desk.serve(PASSWORD) + "?lang=en#job/customers", 1200);
    logIn(PASSWORD);
    soon(() -> assertThat(count(".fixes tbody tr")).isEqualTo(2));
    assertThat(
            browser.value(
                "document.querySelector('.fixes [aria-invalid=true]').labels[0].firstChild.data"))
        .isEqualTo("name (会社名)");
    press("[data-of=send]");
    soon(() -> assertThat(browser.text()).contains("No row has been corrected yet."));
    browser.value("document.activeElement.select()");
    browser.type("short");
    soon(() -> assertThat(browser.text()).contains("Send the corrected rows (1)"));
    focus(".fixes select");
    browser.press("ArrowDown");
    soon(() -> assertThat(browser.text()).contains("Send the corrected rows (2)"));
    press(".fixes tbody:nth-of-type(2) .buttons button");
    soon(() -> assertThat(count(".fixes td.field")).isEqualTo(3));
    focus(".fixes input[type=checkbox][value=y]");
    browser.press(" ");

    desk.say(JobStatusRow.waiting("customers", null, MessageCode.WAITS_FOR_KINTONE.with("x")));
    soon(() -> assertThat(browser.text()).contains("Kintone at x"));
    assertThat(browser.value("document.activeElement.value"))
        .as("what is typed and the focus stay although the page has changed")
        .isEqualTo("y");
    assertThat(browser.value("document.querySelector('.fixes tbody input').value"))
        .isEqualTo("short");
    press("[data-of=send]");
    soon(() -> assertThat(browser.text()).contains("2 corrected rows sent."));
    assertThat(desk.corrected)
        .containsExactlyInAnyOrder(
            "customers 0600001 {name=short}", "customers 0600002 {rank=A, tags=x\ny}");
  }

  /** Drops a file on the page, as a person does. */
  private void upload(String name) throws InterruptedException {
    browser.value(
        """
        (zone => {
          const files = new DataTransfer();
          files.items.add(new File(['code,name'], '%s'));
          zone.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }));
        })(document.querySelector('.drop'))
        """
            .formatted(name));
  }

  @Test
  void changesOfARunAreTurnedPageByPageAndFoundByKey() throws Exception {
    open(desk.serve(null) + "?lang=en#run/" + desk.newest, 1200);
    soon(() -> assertThat(count("[data-of=changes] tbody tr")).isEqualTo(25));
    assertThat(browser.text()).contains("会社名", "1–25").doesNotContain("A-26");
    press("[data-of=changes] .pager button:last-of-type");
    soon(() -> assertThat(browser.text()).contains("A-26", "A-50", "26–50"));
    assertThat(browser.value("document.activeElement.textContent"))
        .as("the place is kept")
        .isEqualTo("Next");
    browser.value("history.back()");
    soon(() -> assertThat(browser.text()).contains("1–25"));
    browser.value("document.querySelector('form.search input').value = 'a-60'");
    press("form.search button");
    soon(() -> assertThat(count("[data-of=changes] tbody tr")).isEqualTo(1));
    assertThat(browser.text()).contains("A-60", "Show all");
    browser.value("location.hash = 'job/customers?key=A-60'");
    soon(
        () -> assertThat(count("[data-of=found] a[href='#run/" + desk.newest + "']")).isEqualTo(1));
    assertThat(count("[data-of=found] a[href$='/k/42/show#record=66']")).isEqualTo(1);
  }

  private void press(String selector) throws InterruptedException {
    focus(selector);
    browser.press("Enter");
  }

  @Test
  void runsAreFilteredByJobAndState() throws Exception {
    open(desk.serve(null) + "?lang=en", 1200);
    soon(() -> assertThat(count(".runs tbody tr")).isGreaterThan(20));
    long all = count(".runs tbody tr");
    choose("job", "customers");
    soon(() -> assertThat(count(".runs tbody tr")).isBetween(1L, all - 1));
    choose("job", "");
    soon(() -> assertThat(count(".runs tbody tr")).isEqualTo(all));
    choose("state", "stopped");
    soon(() -> assertThat(count(".runs tbody tr")).isBetween(1L, all - 1));
  }

  private void choose(String name, String value) throws InterruptedException {
    browser.value(
        "(box => { box.value = '%s'; box.dispatchEvent(new Event('change')); })(document.querySelector('.filter [name=%s]'))"
            .formatted(value, name));
  }

  @Test
  void appAndRecordLeadToKintone() throws Exception {
    open(desk.serve(null) + "?lang=en#run/" + desk.newest, 1200);
    soon(() -> assertThat(count("[data-of=app] a[href$='/k/42/']")).isEqualTo(1));
    assertThat(count("[data-of=changes] a[href$='/k/42/show#record=7']")).isEqualTo(1);
    assertThat(browser.text()).contains("1 min 0 s", "upsert");
    desk.journal.appNames().keep("http://127.0.0.1:9", "42", Desk.EVIL);
    open(desk.serve(null) + "?lang=en#run/" + desk.newest, 1200);
    soon(() -> assertThat(browser.text()).contains(Desk.EVIL + " (42)"));
    open(desk.serve(null) + "?lang=en#job/customers", 1200);
    soon(() -> assertThat(browser.text()).contains("App " + Desk.EVIL + " (42)"));
    assertThat(count(".job [data-of=app] a[href$='/k/42/']")).isEqualTo(1);
    assertThat(count("main img")).isZero();
  }

  private void enter(String password) throws InterruptedException {
    soon(() -> assertThat(browser.value("document.activeElement.id")).isEqualTo("password"));
    browser.value("password.value = " + quoted(password));
    browser.press("Enter");
  }

  private void logIn(String password) throws InterruptedException {
    enter(password);
    soon(() -> assertThat(browser.value("main.dataset.view")).isNotIn("undefined", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ja"})
  void thePlaceThatWasAskedForIsShownAfterTheLoginAndNothingAfterTheLogout(String lang)
      throws Exception {
    open(desk.serve(PASSWORD) + "?lang=" + lang + "#job/customers", 390);
    enter("a wrong one");
    String wrong = lang.equals("ja") ? "パスワードが違います。" : "The password is wrong.";
    soon(() -> assertThat(browser.text()).contains(wrong).doesNotContain("0600001"));
    assertThat(browser.value("document.documentElement.scrollWidth <= 390")).isEqualTo("true");
    logIn(PASSWORD);
    soon(() -> assertThat(browser.text()).contains("0600001"));
    assertThat(browser.value("document.cookie")).as("what scripts see of the session").isEmpty();
    focus("#log-out");
    browser.press("Enter");
    soon(() -> assertThat(browser.value("document.activeElement.id")).isEqualTo("password"));
    assertThat(browser.text()).doesNotContain("0600001");
  }

  @Test
  void theLoginSaysHowLongToWaitAfterManyWrongPasswords() throws Exception {
    open(desk.serve(PASSWORD) + "?lang=en", 1200);
    for (int guess = 0; guess < Passwords.FREE; guess++) {
      enter("wrong " + guess);
      soon(() -> assertThat(browser.value("said.textContent")).isNotEmpty());
    }
    enter("wrong again");
    soon(() -> assertThat(browser.text()).containsPattern("Try again in [0-9]+ second"));
  }

  private void focus(String selector) throws InterruptedException {
    browser.value("document.querySelector(\"" + selector + "\").focus()");
  }

  @Test
  void theWayToARunIsWalkedWithTheKeyboardAlone() throws Exception {
    open(desk.serve(null) + "?lang=en#job/customers", 1200);
    soon(() -> assertThat(count(".runs tbody tr")).isEqualTo(11));
    for (int i = 0; i < 20 && !browser.value("document.activeElement.hash").contains("run/"); i++) {
      browser.press("Tab");
    }
    browser.press("Enter");
    soon(
        () ->
            assertThat(browser.value("document.getElementById('main').dataset.view"))
                .isEqualTo("run"));
    soon(() -> assertThat(browser.value("document.activeElement.tagName")).isEqualTo("H1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ja"})
  void everyViewKeepsTheRulesForAccessiblePagesAndFitsATelephone(String lang) throws Exception {
    desk.plan();
    String url = desk.serve(PASSWORD);
    desk.say(
        new JobStatusRow("customers", null, null, desk.newest, 0.25, "GAIA_DA02"),
        JobStatusRow.waiting("job-1", null, MessageCode.WAITS_FOR_KINTONE.with("https://x")));
    open(url + "?lang=" + lang, 1200);
    enter("a wrong one");
    soon(() -> assertThat(browser.value("said.textContent")).isNotEmpty());
    for (String scheme : List.of("light", "dark")) {
      browser.scheme(scheme);
      assertThat(browser.brokenRules()).as("login, %s", scheme).isEmpty();
    }
    logIn(PASSWORD);
    for (String view : views()) {
      browser.width(1200);
      show(view);
      for (String scheme : List.of("light", "dark")) {
        browser.scheme(scheme);
        assertThat(browser.brokenRules()).as("%s, %s", view, scheme).isEmpty();
      }
      browser.width(390);
      assertThat(browser.value("document.documentElement.scrollWidth <= 390"))
          .as("no sideways scrolling of %s", view)
          .isEqualTo("true");
    }
  }

  private List<String> views() {
    return List.of("", "job/customers", "job/job-1", "run/" + desk.newest, "run/" + GONE);
  }

  /** Shows a view of the page and waits until it is there. */
  private void show(String view) throws InterruptedException {
    String name = view.substring(view.indexOf('/') + 1);
    String kind = view.isEmpty() ? "overview" : view.endsWith(GONE) ? "gone" : view.split("/")[0];
    browser.value("location.hash = " + quoted(view));
    soon(
        () -> {
          assertThat(browser.value("main.dataset.view")).isEqualTo(kind);
          if (!kind.equals("gone") && !name.isEmpty()) {
            assertThat(browser.value("main.querySelector('h1').textContent")).isEqualTo(name);
          }
        });
  }
}
