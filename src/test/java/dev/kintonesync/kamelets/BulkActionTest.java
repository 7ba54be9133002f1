package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.Patience;
import dev.kintonesync.simulator.http.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations that come as messages go out as bulkRequests, and each sender gets its own result. */
class BulkActionTest {
  private static final String ACTION = "kamelet:kintone-bulk-action?app={{customers}}";

  private OtherApplication other;

  @BeforeEach
  void start() throws Exception {
    other = new OtherApplication();
  }

  @AfterEach
  void stop() throws Exception {
    other.close();
  }

  private CompletableFuture<Object> send(String endpoint, Object body) {
    return other.producer().asyncRequestBody(endpoint, body);
  }

  private static Map<String, Object> add(String code) {
    return Map.of(
        "method",
        "POST",
        "api",
        "/k/v1/record.json",
        "payload",
        Map.of("record", Map.of("code", Map.of("value", code))));
  }

  private static Object result(CompletableFuture<Object> sent) throws Exception {
    return sent.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void twentyOperationsGoAsOneBulkRequestAndEachHasItsResult() throws Exception {
    var sent = new ArrayList<CompletableFuture<Object>>();
    for (int i = 0; i < 20; i++) {
      sent.add(send(ACTION + "&interval=60000", add("K" + i)));
    }

    for (var each : sent) {
      assertThat(result(each))
          .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
          .containsKeys("id", "revision");
    }
    assertThat(other.held("code")).hasSize(20);
    assertThat(other.writes()).containsExactly("POST bulkRequest");
  }

  @Test
  void anUpdateADeletionAndAnotherAppStandInOneTransaction() {
    var second =
        other.simulator.app(
            "log", "{\"text\": {\"type\": \"SINGLE_LINE_TEXT\", \"code\": \"text\"}}");
    other.app.add("{\"code\":{\"value\":\"A\"}}");
    other.app.add("{\"code\":{\"value\":\"B\"}}");

    var answer =
        other.answers(
            ACTION + "&interval=50",
            List.of(
                Map.of(
                    "method",
                    "PUT",
                    "api",
                    "record.json",
                    "payload",
                    Map.of("id", 1, "record", Map.of("name", Map.of("value", "abe")))),
                Map.of(
                    "method",
                    "DELETE",
                    "api",
                    "records.json",
                    "payload",
                    Map.of("ids", List.of(2))),
                Map.of(
                    "method",
                    "POST",
                    "api",
                    "record.json",
                    "payload",
                    Map.of(
                        "app", second.id(),
                        "record", Map.of("text", Map.of("value", "done"))))));

    assertThat(answer).hasSize(3);
    assertThat(other.held("name")).containsOnly(entry("A", "abe"));
    assertThat(second.records()).hasSize(1);
    assertThat(other.writes()).containsExactly("POST bulkRequest");
  }

  @Test
  void aRefusedBulkRequestIsToldToAllOfItsSenders() {
    other.app.add("{\"code\":{\"value\":\"A\"}}");
    var others =
        send(
            ACTION + "&interval=60000",
            IntStream.range(0, 18).mapToObj(i -> add("K" + i)).toList());
    var good = send(ACTION + "&interval=60000", add("B"));
    var bad = send(ACTION + "&interval=60000", add("A"));

    assertThatThrownBy(() -> result(bad)).hasStackTraceContaining("CB_VA01");
    assertThatThrownBy(() -> result(good))
        .hasStackTraceContaining("another operation of the same bulkRequest");
    assertThatThrownBy(() -> result(others))
        .hasStackTraceContaining("another operation of the same bulkRequest");
    assertThat(other.held("code")).containsOnlyKeys("A");
  }

  @Test
  void operationsThatMustStayTogetherAreNotParted() throws Exception {
    var first =
        send(ACTION + "&interval=200", IntStream.range(0, 12).mapToObj(i -> add("F" + i)).toList());
    var second =
        send(ACTION + "&interval=200", IntStream.range(0, 12).mapToObj(i -> add("S" + i)).toList());

    assertThat(result(first))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSize(12);
    assertThat(result(second))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSize(12);
    assertThat(other.writes()).containsExactly("POST bulkRequest", "POST bulkRequest");
    assertThat(other.simulator.requests())
        .filteredOn(request -> request.line().equals("POST bulkRequest"))
        .allSatisfy(request -> assertThat(request.body().path("requests")).hasSize(12));
  }

  @Test
  void whatCannotStandInABulkRequestIsRefusedByItself() {
    assertThatThrownBy(
            () ->
                other
                    .producer()
                    .requestBody(
                        ACTION,
                        Map.of("method", "GET", "api", "records.json", "payload", Map.of())))
        .hasStackTraceContaining("GET records.json");
    assertThatThrownBy(
            () ->
                other
                    .producer()
                    .requestBody(
                        ACTION, IntStream.range(0, 21).mapToObj(i -> add("K" + i)).toList()))
        .hasStackTraceContaining("21 operations");
    assertThat(other.writes()).isEmpty();
  }

  @Test
  void withoutAnIntervalNoOperationWaitsForOthers() throws Exception {
    assertThat(result(send(ACTION + "&interval=0", add("A")))).extracting("id").isEqualTo("1");
  }

  @Test
  void aLostAnswerIsToldAsSuchAndNothingIsSentTwice() {
    other.simulator.faults().add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT));

    assertThatThrownBy(() -> other.producer().requestBody(ACTION + "&interval=50", add("A")))
        .hasStackTraceContaining("not known whether");
    assertThat(other.held("code")).containsOnlyKeys("A");
    assertThat(other.writes()).hasSize(1);
  }
}
