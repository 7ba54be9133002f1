package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.console.Desk;
import dev.kintonesync.simulator.Browser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens the page of a desk in one Chromium for all tests of a class; skips them where there is
 * none.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PageInBrowser {
  static final String PASSWORD = "a long secret";

  @TempDir Path home;

  Desk desk;
  Browser browser;

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
  void start() throws IOException {
    desk = new Desk(home, "http://127.0.0.1:9", 2);
  }

  @AfterEach
  void stop() {
    desk.close();
  }

  void open(String url, int width) throws Exception {
    browser.open(url, width);
  }

  static void soon(ThrowingRunnable holds) {
    Patience.await().pollInterval(Duration.ofMillis(50)).untilAsserted(holds);
  }

  long count(String selector) throws InterruptedException {
    return Long.parseLong(
        browser.value("document.querySelectorAll(" + quoted(selector) + ").length"));
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "\\'") + "'";
  }

  void press(String selector) throws InterruptedException {
    focus(selector);
    browser.press("Enter");
  }

  void enter(String password) throws InterruptedException {
    soon(() -> assertThat(browser.value("document.activeElement.id")).isEqualTo("password"));
    browser.value("password.value = " + quoted(password));
    browser.press("Enter");
  }

  void logIn(String password) throws InterruptedException {
    enter(password);
    soon(() -> assertThat(browser.value("main.dataset.view")).isNotIn("undefined", ""));
  }

  void focus(String selector) throws InterruptedException {
    browser.value("document.querySelector(\"" + selector + "\").focus()");
  }
}
