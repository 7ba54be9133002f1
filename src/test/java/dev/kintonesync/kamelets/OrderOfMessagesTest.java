package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.AtOnce;
import dev.kintonesync.Patience;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages of one key are applied in the order in which they came, and hold up no others. */
@Timeout(60)
class OrderOfMessagesTest {
  private static final String SINK =
      "kamelet:kintone-upsert-sink?app={{customers}}&updateKey=code&size=1&interval=20";

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private OtherApplication other;

  @BeforeEach
  void start() throws Exception {
    other = new OtherApplication();
    assertThat(outcome(send("W", "warm"))).isEqualTo("inserted"); // the app is known from now on
  }

  @AfterEach
  void stop() throws Exception {
    released.countDown();
    other.close();
  }

  private CompletableFuture<Object> send(String code, String name) throws Exception {
    return other.sendInOrder(SINK, Map.of("code", code, "name", name));
  }

  private static Object outcome(CompletableFuture<Object> sent) throws Exception {
    return ((Map<?, ?>) sent.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).get("outcome");
  }

  /** The next key lookup does not get through before it is released. */
  private void holdUpTheNextLookUp() {
    other.crossing.before(
        "GET",
        "records.json",
        1,
        () -> {
          reached.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void aCollectionThatIsHeldUpHoldsUpItsOwnKeysAlone() throws Exception {
    holdUpTheNextLookUp();
    var first = send("A", "first");
    reached.await();

    var second = send("A", "second");
    var list =
        other.sendInOrder(SINK, List.of(Map.of("code", "A", "name", "third"), Map.of("code", "C")));
    for (int i = 0; i < 10; i++) {
      assertThat(outcome(send("B" + i, "b"))).isEqualTo("inserted");
    }

    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(list).isNotDone();
    released.countDown();
    assertThat(outcome(first)).isEqualTo("inserted");
    assertThat(outcome(second)).isEqualTo("updated");
    assertThat(list.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
        .asString()
        .contains("updated", "inserted");
    assertThat(other.held("name")).contains(entry("A", "third"), entry("B9", "b"));
  }

  @Test
  void whatCameLastIsHeldInTheEnd() throws Exception {
    var random = new Random(7);
    var last = new HashMap<String, String>();
    var sent = new ArrayList<CompletableFuture<Object>>();
    for (int i = 0; i < 400; i++) {
      String code = "K" + random.nextInt(6);
      last.put(code, "v" + i);
      var message = Map.of("code", code, "name", "v" + i);
      sent.add(
          other.sendInOrder(
              SINK.replace("size=1", "size=3"),
              random.nextInt(4) == 0 ? List.of(message, Map.of("code", "X" + i)) : message));
    }

    for (var each : sent) {
      assertThat(each.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
          .asString()
          .doesNotContain("rejected");
    }
    assertThat(other.held("name")).containsAllEntriesOf(last);
  }

  @Test
  void theEndWaitsForWhatWasTakenIn() throws Exception {
    holdUpTheNextLookUp();
    var first = send("A", "first");
    reached.await();
    var second = send("A", "second");

    var end = AtOnce.begin(other::stop);
    Patience.await().until(() -> other.context().isStopping());
    assertThat(end).isNotDone();
    released.countDown();

    assertThat(outcome(first)).isEqualTo("inserted");
    assertThat(outcome(second)).isEqualTo("updated");
    end.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(other.held("name")).contains(entry("A", "second"));
  }
}
