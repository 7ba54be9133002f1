package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.simulator.Browser;
import java.time.Duration;
import java.util.Base64;
import org.awaitility.core.ThrowingRunnable;

/** A person at the pages of setting up: types, presses keys, drops files and reads. */
final class SetupVisitor {
  private final Browser browser;

  SetupVisitor(Browser browser) {
    this.browser = browser;
  }

  static void soon(ThrowingRunnable holds) {
    Patience.await().pollInterval(Duration.ofMillis(50)).untilAsserted(holds);
  }

  /** Waits until a step, or the list, is there with all that it asks for. */
  void awaitStep(String step) {
    soon(
        () ->
            assertThat(browser.value("document.getElementById('main').dataset.ready"))
                .as(browser.text())
                .isEqualTo(step));
  }

  /** Loads the page anew, and waits until the step is there again. */
  void reload(String step) throws InterruptedException {
    // until it goes, the old page is ready as well
    browser.value("(document.getElementById('main').dataset.ready = '', location.reload())");
    awaitStep(step);
  }

  /** Waits until the way to the next step is open, and takes it with the keyboard. */
  void next(String step) throws InterruptedException {
    soon(
        () ->
            assertThat(browser.value(one("[data-of=after]") + ".href"))
                .as(browser.text())
                .contains(step));
    press("[data-of=after]");
    awaitStep(step);
  }

  void press(String selector) throws InterruptedException {
    browser.value(one(selector) + ".focus()");
    browser.press("Enter");
  }

  /** Types over what a field holds, and leaves it. */
  void fill(String selector, String text) throws InterruptedException {
    browser.value("(field => { field.focus(); field.select(); })(" + one(selector) + ")");
    browser.type(text);
    browser.press("Tab");
  }

  /** Chooses an entry of a list, or one of several circles. */
  void choose(String selector, String value) throws InterruptedException {
    browser.value(
        """
        (box => {
          if (box.type === 'radio') { box.click(); return; }
          box.value = %s;
          box.dispatchEvent(new Event('change', {bubbles: true}));
        })(%s)
        """
            .formatted(quoted(value), one(selector)));
  }

  /** Drops a file on the page. */
  void drop(String name, byte[] content) throws InterruptedException {
    browser.value(
        """
        (zone => {
          const files = new DataTransfer();
          const bytes = Uint8Array.from(atob(%s), letter => letter.charCodeAt(0));
          files.items.add(new File([bytes], %s));
          zone.dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true}));
        })(%s)
        """
            .formatted(
                quoted(Base64.getEncoder().encodeToString(content)),
                quoted(name),
                one("[data-of=drop]")));
  }

  /** What is said at a field. */
  String complaint(String selector) throws InterruptedException {
    return browser.value(
        "(field => (field.getAttribute('aria-describedby') ?? '').split(' ').map(id =>"
            + " document.getElementById(id)).filter(line => line?.className === 'problem').map(line"
            + " => line.textContent).join(''))("
            + one(selector)
            + ")");
  }

  String value(String selector) throws InterruptedException {
    return browser.value(one(selector) + "?.value");
  }

  String text(String selector) throws InterruptedException {
    return browser.value(one(selector) + "?.innerText");
  }

  private static String one(String selector) {
    return "document.querySelector(" + quoted(selector) + ")";
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
