package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.promises.MovableClock;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who sees no progress bar is told once that a run waits, and once that it goes on. */
class WaitNoticesTest {
  private static final String MAINTENANCE =
      "GET /k/v1/records.json: down for the night [GAIA_XX01]";

  private final KintoneConnection kintone =
      new KintoneConnection(
          URI.create("https://example.cybozu.com"), null, Credentials.ofTokens("t"), "en");
  private final MovableClock clock = new MovableClock();
  private final RequestContext run = run(Job.IMPORT);
  private final List<RequestContext> active = new ArrayList<>(List.of(run));
  private final List<String> said = new ArrayList<>();
  private final WaitNotices notices =
      new WaitNotices(() -> active, clock, line -> said.add(MessageBundle.ENGLISH.say(line)));

  private RequestContext run(String job) {
    var file = new Source.OneFile(Path.of("customers.csv"));
    return new RequestContext(Job.upsert(job, kintone, "1", "code", file), job, clock.instant());
  }

  private void retriesFor(int seconds, String source, String reason) {
    for (int i = 0; i < seconds; i++) {
      run.waits(source, reason, clock.instant());
      notices.look();
      clock.move(Duration.ofSeconds(1));
      notices.look();
    }
  }

  @Test
  void aLongWaitIsSaidOnceAndOnceThatItIsOver() {
    retriesFor(65, null, MAINTENANCE);
    assertThat(said)
        .containsExactly(
            "customers.csv: waiting for Kintone: "
                + MAINTENANCE
                + ". The run continues automatically.");

    run.counting(KintoneRequest.formFields(kintone, "1"), false);
    notices.look();
    notices.look();

    assertThat(said)
        .hasSize(2)
        .last()
        .asString()
        .contains("customers.csv: continues after waiting 1:05.");
  }

  /** Batches that are in flight go on while the next page is awaited in vain. */
  @Test
  void aRequestToKintoneEndsNoWaitForTheSource() {
    retriesFor(11, "db.example.com", "the connection was cut");
    run.counting(KintoneRequest.formFields(kintone, "1"), false);
    notices.look();

    assertThat(said).hasSize(1);
    run.goesOn();
    notices.look();
    assertThat(said).hasSize(2).last().asString().contains("continues after waiting 0:11.");
  }

  @Test
  void shortWaitsSayNothing() {
    for (int i = 0; i < 5; i++) {
      retriesFor(8, null, MAINTENANCE);
      run.goesOn();
      notices.look();
    }

    assertThat(said).isEmpty();
  }

  @Test
  void throttlingAndSourcesAreCalledWhatTheyAre() {
    retriesFor(11, null, "POST /k/v1/bulkRequest.json: too many requests [GAIA_TO04]");
    var orders = run("orders");
    active.set(0, orders);
    orders.waits("api.example.com", "HTTP 503", clock.instant());
    clock.move(Duration.ofSeconds(11));
    notices.look();

    assertThat(said).hasSize(2).first().asString().contains("Kintone limits the requests");
    assertThat(said).last().asString().contains("orders: waiting for api.example.com: HTTP 503.");
  }
}
