package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.message.MessageCode;
import java.nio.file.Files;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What a person does on the page for jobs and their rejected rows. */
@Order(1) // it waits long
class ActsInBrowserTest extends PageInBrowser {
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
}
