package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.console.Desk;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.ReceivedFiles.Received;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.sync.RunState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a person sees it. */
@Order(1) // it waits long
class PageInBrowserTest extends PageInBrowser {
  private static final String GONE = "no-such-run";

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
