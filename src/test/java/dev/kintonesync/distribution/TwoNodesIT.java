package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Promise 19: two services with one journal in PostgreSQL share the jobs. Each job runs on one of
 * them at a time; whatever is killed, frozen or cut off, nothing is lost and nothing is written
 * twice.
 */
@Order(1) // it waits long
class TwoNodesIT extends TwoNodes {
  @Test
  void aSecondNodeTakesItsPartAndTheOtherPartWhenTheFirstIsKilled() throws Exception {
    var one = start(first);
    Patience.await().until(() -> held(one.pid()) == 4);
    var other = start(second);
    Patience.await().until(() -> held(one.pid()) == 2 && held(other.pid()) == 2);
    assertThat(one.said()).contains("is handed over to another machine");
    var status = second.run("status");
    assertThat(status.out()).contains("process " + one.pid(), "process " + other.pid());

    one.close();
    Instant killed = Instant.now();
    Patience.await().until(() -> held(other.pid()) == 4);
    assertThat(Duration.between(killed, Instant.now())).isLessThan(TAKEN_OVER_WITHIN);
    drop("a", "codes.csv");
    drop("b", "codes.csv");
    settled(0, ROWS);
    settled(1, ROWS);
    neverTwoRunsOfAJob();
  }

  @Test
  void aNodeThatWasFrozenInARunStopsBeforeItsNextWriteWhenItWakesUp() throws Exception {
    var one = start(first);
    Patience.await().until(() -> held(one.pid()) == 4);
    int before = simulator.writeRequests();
    simulator.answersWrites(1);
    drop("a", "codes.csv");
    // the next request of its only writer is on its way, so none is between guard and network
    Patience.await().until(() -> simulator.writeRequests() == before + 2);
    one.freeze();
    var other = start(second);
    Patience.await().until(() -> held(other.pid()) == 4);
    simulator.answersAll();
    settled(0, ROWS);
    int written = simulator.writeRequests();

    one.thaw();
    one.awaitText("was not heard of for longer than cluster.lease");
    Patience.await().until(() -> held(one.pid()) == 2 && held(other.pid()) == 2);
    assertThat(simulator.writeRequests()).as("what it woke up for").isEqualTo(written);
    assertThat(simulator.size(apps.get(0))).isEqualTo(ROWS);
    assertThat(simulator.revisionsAbove(apps.get(0), 1)).isZero();
    neverTwoRunsOfAJob();
  }

  @Test
  @Tag("sweep")
  void aServerThatIsRestartedInTheMidstOfARunIsWaitedFor() throws Exception {
    var one = start(first);
    Patience.await().until(() -> held(one.pid()) == 4);
    int before = simulator.records("inserted");
    drop("a", "codes.csv");
    Patience.await().until(() -> simulator.records("inserted") > before);
    int port = server.getPort();
    server.close();
    server = server(port);
    one.awaitText("4,089 inserted");
    assertThat(one.said()).doesNotContain("cannot be reached");
    settled(0, ROWS);
    neverTwoRunsOfAJob();
  }

  @Test
  @Tag("sweep")
  void aServerThatIsAwayForLongEndsTheRunInWordsAndAllGoesOnByItself() throws Exception {
    var one = start(first);
    var other = start(second);
    Patience.await().alias("shared").until(() -> held(one.pid()) + held(other.pid()) == 4);
    var its = job("a", one) ? one : other;
    int before = simulator.writeRequests();
    simulator.answersWrites(1);
    drop("a", "codes.csv");
    Patience.await().alias("written").until(() -> simulator.writeRequests() == before + 2);
    int port = server.getPort();
    server.close();
    simulator.answersAll();
    Patience.await()
        .atMost(Patience.LIMIT.multipliedBy(3))
        .until(() -> its.said().contains("cannot be reached"));
    int written = simulator.writeRequests();
    assertThat(simulator.size(apps.get(0))).as("stopped in the midst").isLessThan(ROWS);
    server = server(port);

    settled(0, ROWS);
    assertThat(simulator.writeRequests()).isGreaterThan(written);
    sql(source, insert("c", 0, 50), insert("d", 0, 50));
    write("b", 0, 50);
    settled(1, 50);
    settled(2, 50);
    settled(3, 50);
    Patience.await()
        .alias("shared again")
        .until(() -> held(one.pid()) == 2 && held(other.pid()) == 2);
    assertThat(one.hasEnded() || other.hasEnded()).isFalse();
    neverTwoRunsOfAJob();
  }

  private boolean job(String name, StartedProgram program) throws SQLException {
    return number(
            "SELECT COUNT(*) FROM held WHERE source = 'job %s' AND process = %d"
                .formatted(name, program.pid()))
        == 1;
  }

  @Test
  void fewKillsLoseNothingAndWriteNothingTwice() throws Exception {
    killed(2);
  }

  @Test
  @Tag("sweep")
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void twoHundredKillsLoseNothingAndWriteNothingTwice() throws Exception {
    killed(200);
  }

  /** Rows come in all the time, and now and then one of the nodes is killed, frozen or both. */
  private void killed(int kills) throws Exception {
    var random = new Random(20261128);
    var one = start(first);
    var other = start(second);
    int rows = 0;
    for (int kill = 0; kill < kills; kill++) {
      for (int i = 0; i < 3; i++) {
        add(rows, rows + 50);
        rows += 50;
        int app = random.nextInt(apps.size());
        arrived(app, rows - random.nextInt(150), "after %d kills".formatted(kill), one, other);
      }
      if (random.nextBoolean()) {
        one.close();
        one = start(first);
      } else {
        other.close();
        other = start(second);
      }
    }
    allSettled(rows);
  }
}
