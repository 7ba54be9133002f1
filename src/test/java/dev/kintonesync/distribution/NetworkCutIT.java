package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.CutNetwork;
import dev.kintonesync.Patience;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Promise 19: nodes whose network is cut. Connections stay open and nothing arrives; then all goes
 * on, or the connections are reset, or the network has forgotten them without a word.
 */
@Order(1) // it waits long
class NetworkCutIT extends CutNodes {
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(20);

  @Test
  void aNodeThatIsCutOffFromTheJournalWritesNothingAndAnotherGoesOn() throws Exception {
    var one = start(first);
    Patience.await().until(() -> held(one.pid()) == 4);
    int before = simulator.writeRequests();
    simulator.answersWrites(1);
    drop("a", "codes.csv");
    Patience.await().until(() -> simulator.writeRequests() == before + 2);
    toJournal.get("first").cut();
    var other = start(second);
    Patience.await().until(() -> held(other.pid()) == 4);
    simulator.answersAll();
    settled(0, ROWS);
    int written = simulator.writeRequests();

    toJournal.get("first").goOn();
    one.awaitText("was not heard of for longer than cluster.lease");
    Patience.await().until(() -> held(one.pid()) == 2 && held(other.pid()) == 2);
    assertThat(simulator.writeRequests()).as("what it went on with").isEqualTo(written);
    assertThat(simulator.size(apps.get(0))).isEqualTo(ROWS);
    assertThat(simulator.revisionsAbove(apps.get(0), 1)).isZero();
    neverTwoRunsOfAJob();
  }

  @Test
  void jobsGoOnAtOnceAfterTheNetworkHasForgottenAllConnectionsToTheJournal() throws Exception {
    start(first);
    start(second);
    add(0, 50);
    for (int app = 0; app < apps.size(); app++) {
      settled(app, 50);
    }
    toJournal.values().forEach(CutNetwork::cut);
    add(50, 100);
    Patience.await()
        .until(
            () -> number("SELECT COUNT(*) FROM node WHERE alive_until > CURRENT_TIMESTAMP") == 0);
    toJournal.values().forEach(CutNetwork::forgetConnections);
    Instant mended = Instant.now();
    for (int app = 0; app < apps.size(); app++) {
      settled(app, 100);
    }
    assertThat(Duration.between(mended, Instant.now())).isLessThan(TAKEN_OVER_WITHIN);
    neverTwoRunsOfAJob();
  }

  @Test
  void aNodeThatIsCutOffFromTheJournalEndsSoonWhenItIsTo() throws Exception {
    var one = start(first);
    Patience.await().until(() -> held(one.pid()) == 4);
    simulator.answersWrites(1);
    int before = simulator.writeRequests();
    drop("a", "codes.csv");
    Patience.await().until(() -> simulator.writeRequests() == before + 2);
    toJournal.get("first").cut();
    Instant asked = Instant.now();
    one.terminate();
    var ended = one.ended();
    assertThat(Duration.between(asked, Instant.now())).isLessThan(ENDS_WITHIN);
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.said()).contains("did not answer", "The program ends without it");

    simulator.answersAll();
    toJournal.get("first").goOn();
    var other = start(second);
    Patience.await().until(() -> held(other.pid()) == 4);
    settled(0, ROWS);
    neverTwoRunsOfAJob();
  }
}
