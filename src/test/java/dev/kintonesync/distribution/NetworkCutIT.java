package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.CutNetwork;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Promise 19: nodes whose network is cut. Connections stay open and nothing arrives; then all goes
 * on, or the connections are reset, or the network has forgotten them without a word.
 */
@Order(1) // it waits long
class NetworkCutIT extends TwoNodes {
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(20);

  private final Map<String, CutNetwork> toKintone = new HashMap<>();
  private final Map<String, CutNetwork> toJournal = new HashMap<>();

  @Override
  String kintone(String node) throws IOException {
    var network = CutNetwork.to(URI.create(simulator.url()).getPort());
    toKintone.put(node, network);
    return "http://127.0.0.1:" + network.port();
  }

  @Override
  int journal(String node) throws IOException {
    var network = CutNetwork.to(server.getPort());
    toJournal.put(node, network);
    return network.port();
  }

  @AfterEach
  void mend() throws IOException {
    for (var networks : List.of(toKintone, toJournal)) {
      for (CutNetwork network : networks.values()) {
        network.close();
      }
    }
  }

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

  @Test
  void whateverIsCutNothingIsLostAndNothingIsWrittenTwice() throws Exception {
    cuts(6);
  }

  @Test
  @Tag("sweep")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void aHundredCutsLoseNothingAndWriteNothingTwice() throws Exception {
    cuts(100);
  }

  /** Rows come in all the time, and the network of a node is cut, each time in another way. */
  private void cuts(int cuts) throws Exception {
    var random = new Random(20261129);
    var one = start(first);
    var other = start(second);
    int rows = 0;
    for (int cut = 0; cut < cuts; cut++) {
      var networks = cut % 2 == 0 ? toJournal : toKintone;
      var network = networks.get(random.nextBoolean() ? "first" : "second");
      String how = "cut %d, %s".formatted(cut, cut % 2 == 0 ? "journal" : "kintone");
      add(rows, rows + 50);
      arrived(0, rows + 1 + random.nextInt(50), how + ", before", one, other);
      network.cut();
      add(rows + 50, rows + 100);
      if (networks == toJournal && random.nextBoolean()) {
        Patience.await()
            .until(
                () ->
                    number("SELECT COUNT(*) FROM node WHERE alive_until > CURRENT_TIMESTAMP") == 1);
      }
      switch (cut / 2 % 3) {
        case 0 -> network.forgetConnections();
        case 1 -> network.resetConnections();
        default -> network.goOn();
      }
      rows += 100;
      for (int app = 0; app < apps.size(); app++) {
        arrived(app, rows, how, one, other);
      }
    }
    allSettled(rows);
  }
}
