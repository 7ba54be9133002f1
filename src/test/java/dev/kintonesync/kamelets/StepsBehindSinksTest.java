package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the steps behind a Kamelet do holds up neither its other senders nor what it sends. */
@Timeout(60)
class StepsBehindSinksTest {
  private static final String SINK =
      "kamelet:kintone-upsert-sink?app={{customers}}&updateKey=code&size=1&interval=20";
  private static final String ACTION = "kamelet:kintone-bulk-action?app={{customers}}&interval=20";

  private final List<Object> listed = new CopyOnWriteArrayList<>();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private OtherApplication other;

  /** Routes that do something behind the Kamelets. */
  private final class Routes extends RouteBuilder {
    @Override
    public void configure() {
      from("direct:upsert-twice")
          .to(SINK)
          .process(
              exchange -> {
                var answer = exchange.getMessage().getBody(Map.class);
                again(exchange, SINK, Map.of("code", answer.get("key"), "name", "again"));
              });
      from("direct:add-twice")
          .to(ACTION)
          .process(exchange -> again(exchange, ACTION, Operations.add("twin")));
      from("direct:list")
          .to(SINK.replace("size=1&interval=20", "size=200&interval=60000"))
          .process(exchange -> listed.add(exchange.getMessage().getBody(Map.class).get("key")));
      from("direct:wait")
          .to(ACTION)
          .process(
              exchange -> {
                reached.countDown();
                released.await();
              });
    }

    /** Sends something to the same Kamelet and waits for it, holding the thread. */
    private static void again(Exchange exchange, String endpoint, Object body) throws Exception {
      try (var producer = exchange.getContext().createProducerTemplate()) {
        exchange.getMessage().setBody(producer.requestBody(endpoint, body));
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    other = new OtherApplication(new Routes());
  }

  @AfterEach
  void stop() throws Exception {
    released.countDown();
    other.close();
  }

  private static Map<String, Object> rename(String name) {
    return Operations.of("PUT", Map.of("id", 1, "record", Map.of("name", Map.of("value", name))));
  }

  private CompletableFuture<Object> send(String endpoint, Object body) {
    return other.producer().asyncRequestBody(endpoint, body);
  }

  private static Object result(CompletableFuture<Object> sent) throws Exception {
    return sent.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void messagesThatAreAnsweredTogetherGoOnInTheirOrder() throws Exception {
    var keys = IntStream.range(0, 200).mapToObj(i -> "K" + i).toList();
    var sent = new ArrayList<CompletableFuture<Object>>();
    for (String key : keys) {
      sent.add(other.sendInOrder("direct:list", Map.of("code", key)));
    }

    for (var each : sent) {
      assertThat(result(each)).isNotNull();
    }
    assertThat(listed).isEqualTo(keys);
  }

  @Test
  void aStepBehindTheSinkMayWaitForTheSinkAgain() throws Exception {
    var sent = new ArrayList<CompletableFuture<Object>>();
    for (int i = 0; i < 30; i++) {
      sent.add(send("direct:upsert-twice", Map.of("code", "K" + i, "name", "once")));
    }

    for (var each : sent) {
      assertThat(result(each)).extracting("outcome").isEqualTo("updated");
    }
    assertThat(other.held("name")).hasSize(30).containsValue("again").doesNotContainValue("once");
  }

  @Test
  void aStepBehindTheActionMayWaitForTheActionAgain() throws Exception {
    var sent = send("direct:add-twice", Operations.add("A"));

    assertThat(result(sent)).extracting("id").isEqualTo("2");
    assertThat(other.held("code")).containsOnlyKeys("A", "twin");
  }

  @Test
  void aSlowStepHoldsUpNoOtherSender() throws Exception {
    var slow = send("direct:wait", Operations.add("A"));
    reached.await();

    assertThat(result(send(ACTION, Operations.add("B")))).extracting("id").isEqualTo("2");
    assertThat(slow).isNotDone();
  }

  @Test
  void fullBulkRequestsGoOneAfterTheOtherInTheOrderOfTheirOperations() throws Exception {
    other.app.add("{\"code\":{\"value\":\"A\"}}");
    other.crossing.before(
        "POST",
        "bulkRequest.json",
        1,
        () -> {
          reached.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    List<Map<String, Object>> first = IntStream.range(0, 20).mapToObj(i -> rename("old")).toList();
    List<Map<String, Object>> second = IntStream.range(0, 20).mapToObj(i -> rename("new")).toList();

    var earlier = send(ACTION, first);
    reached.await();
    var later = send(ACTION, second);
    var single = other.sendInOrder(ACTION, Operations.add("B")); // whose thread is free at once
    Patience.await()
        .until(() -> other.context().getInflightRepository().size() >= 3 || later.isDone());
    assertThat(later).isNotDone();
    released.countDown();

    assertThat(result(earlier)).asString().contains("revision");
    assertThat(result(later)).asString().contains("revision");
    assertThat(result(single)).extracting("id").isEqualTo("2");
    assertThat(other.held("name")).contains(entry("A", "new"));
  }
}
