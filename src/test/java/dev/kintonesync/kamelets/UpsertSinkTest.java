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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that come as messages go out together, and each sender gets the outcome of its own. */
class UpsertSinkTest {
  private static final String SINK = "kamelet:kintone-upsert-sink?app={{customers}}&updateKey=code";

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

  private static Object result(CompletableFuture<Object> sent) throws Exception {
    return sent.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private static Map<String, Object> customer(String code, String name) {
    return Map.of("code", code, "name", name);
  }

  @Test
  void aListIsOneBatchAndIsAnsweredInItsOrder() {
    other.app.add("{\"code\":{\"value\":\"B\"},\"name\":{\"value\":\"beck\"}}");
    other.app.add("{\"code\":{\"value\":\"C\"},\"name\":{\"value\":\"old\"}}");

    var answer =
        other.answers(
            SINK,
            List.of(
                customer("A", "abe"),
                customer("B", "beck"),
                customer("C", "coe"),
                Map.of("code", "D", "amount", "many"),
                Map.of("code", "E", "colour", "red"),
                customer("A", "abe again")));

    assertThat(answer)
        .extracting(result -> result.get("outcome"))
        .containsExactly("superseded", "unchanged", "updated", "rejected", "rejected", "inserted");
    assertThat(answer)
        .extracting(result -> result.get("id"))
        .containsExactly(null, "1", "2", null, null, "3");
    assertThat(answer.get(3)).containsEntry("field", "amount");
    assertThat(String.valueOf(answer.get(3))).contains("many");
    assertThat(String.valueOf(answer.get(4))).contains("colour");
    assertThat(other.held("name"))
        .containsOnly(entry("A", "abe again"), entry("B", "beck"), entry("C", "coe"));
  }

  @Test
  void columnsOfTheMapThatAMessageLacksAreNotTouched() {
    other.app.add(
        "{\"code\":{\"value\":\"A\"},\"name\":{\"value\":\"abe\"},\"amount\":{\"value\":\"7\"}}");

    var answer =
        other.answers(
            SINK + "&map=RAW(CD=code, NM=name, AMT=amount)",
            List.of(
                Map.of("CD", "A", "AMT", "8"),
                Map.of("CD", "B", "NM", "beck"),
                Map.of("NM", "nobody"),
                Map.of("colour", "red")));

    assertThat(answer)
        .extracting(result -> result.get("outcome"))
        .containsExactly("updated", "inserted", "rejected", "rejected");
    assertThat(other.held("name")).containsOnly(entry("A", "abe"), entry("B", "beck"));
    assertThat(other.held("amount")).containsEntry("A", "8");
    assertThat(String.valueOf(answer.get(2))).contains("code");
  }

  @Test
  void whatTheLaterMessageOfAKeyDoesNotFillIsHeldFromTheEarlierOne() throws Exception {
    other.app.add("{\"code\":{\"value\":\"A\"},\"name\":{\"value\":\"old\"}}");

    var name = other.sendInOrder(SINK + "&size=2&interval=60000", customer("A", "abe"));
    var amount =
        other.sendInOrder(SINK + "&size=2&interval=60000", Map.of("code", "A", "amount", 7));

    assertThat(result(name)).extracting("outcome").isEqualTo("updated");
    assertThat(result(amount)).extracting("outcome").isEqualTo("updated");
    assertThat(other.held("name")).containsOnly(entry("A", "abe"));
    assertThat(other.held("amount")).containsOnly(entry("A", "7"));
  }

  @Test
  void recordsOfAKeyThatFillDifferentFieldsAreWrittenInTheirOrder() {
    var answer =
        other.answers(
            SINK,
            List.of(
                customer("A", "first"),
                Map.of("code", "A", "amount", 1),
                customer("B", "beck"),
                Map.of("code", "A", "amount", 2),
                customer("A", "last"),
                Map.of("code", "A", "amount", "many"),
                Map.of("code", "B", "name", "coe", "amount", 3)));

    assertThat(answer)
        .extracting(result -> result.get("outcome"))
        .containsExactly(
            "inserted", "superseded", "superseded", "updated", "updated", "rejected", "inserted");
    assertThat(other.held("name")).containsOnly(entry("A", "last"), entry("B", "coe"));
    assertThat(other.held("amount")).containsOnly(entry("A", "2"), entry("B", "3"));
  }

  @Test
  void singleRecordsAreCollectedUpToTheSize() throws Exception {
    var sent = new ArrayList<CompletableFuture<Object>>();
    for (int i = 0; i < 10; i++) {
      sent.add(send(SINK + "&size=5&interval=60000", customer("K" + i, "n")));
    }

    for (int i = 0; i < 10; i++) {
      assertThat(result(sent.get(i))).extracting("outcome").isEqualTo("inserted");
      assertThat(result(sent.get(i))).extracting("key").isEqualTo("K" + i);
    }
    assertThat(other.held("name")).hasSize(10);
    assertThat(other.writes()).hasSize(2);
  }

  @Test
  void aRecordThatStaysAloneGoesAfterTheTimeout() throws Exception {
    var answer = result(send(SINK + "&interval=50", customer("A", "abe")));

    assertThat(answer).extracting("outcome").isEqualTo("inserted");
    assertThat(answer).extracting("id").isNotNull();
  }

  @Test
  void aBadRecordAmongCollectedOnesHarmsNoOther() throws Exception {
    var good = send(SINK + "&size=2&interval=60000", customer("A", "abe"));
    var bad = send(SINK + "&size=2&interval=60000", Map.of("code", "B", "amount", "x"));

    assertThat(result(good)).extracting("outcome").isEqualTo("inserted");
    assertThat(result(bad)).extracting("outcome").isEqualTo("rejected");
  }

  @Test
  void aFieldMayBeNamedByItsCodeInOneMessageAndByItsLabelInAnother() throws Exception {
    var labelled =
        other.simulator.app(
            "people",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "Number",
                      "required": true, "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "Full name"},
             "note": {"type": "SINGLE_LINE_TEXT", "code": "note", "label": "note"}}
            """);
    String sink = "kamelet:kintone-upsert-sink?updateKey=code&size=4&app=" + labelled.id();

    var byCode = send(sink, customer("A", "abe"));
    var byLabel = send(sink, Map.of("Number", "B", "Full name", "beck", "note", "new"));
    var byBoth = send(sink, Map.of("code", "C", "name", "coe", "Full name", "Coe"));
    var nothing = send(sink, Map.of("code", "D", "colour", "red"));

    assertThat(result(byCode)).extracting("outcome").isEqualTo("inserted");
    assertThat(result(byLabel)).extracting("outcome").isEqualTo("inserted");
    assertThat(result(byBoth)).extracting("outcome").isEqualTo("rejected");
    assertThat(result(nothing)).extracting("outcome").isEqualTo("rejected");
    assertThat(labelled.records())
        .extracting(record -> record.path("name").path("value").asText())
        .containsExactlyInAnyOrder("abe", "beck");
  }

  @Test
  void aFullCollectionDoesNotWaitForMore() throws Exception {
    var first = send(SINK + "&size=2&interval=60000", customer("A", "abe"));
    var second = send(SINK + "&size=2&interval=60000", customer("B", "beck"));

    assertThat(result(first)).extracting("outcome").isEqualTo("inserted");
    assertThat(result(second)).extracting("outcome").isEqualTo("inserted");
    assertThat(other.writes()).hasSize(1);
  }

  @Test
  void withoutAnIntervalNoRecordWaitsForOthers() throws Exception {
    var answer = result(send(SINK + "&interval=0", customer("A", "abe")));

    assertThat(answer).extracting("outcome").isEqualTo("inserted");
  }

  @Test
  void nothingInAListIsRejectedByItself() {
    var list = new ArrayList<Map<String, Object>>();
    list.add(null);
    list.add(customer("A", "abe"));

    assertThat(other.answers(SINK, list))
        .extracting(answer -> answer.get("outcome"))
        .containsExactly("rejected", "inserted");
    assertThat(other.held("name")).containsOnlyKeys("A");
  }

  @Test
  void whatIsNotConfirmedIsAnExceptionSoThatItIsSentAgain() {
    other.simulator.faults().add(Fault.error(520, "GAIA_DA02").times(100));

    assertThatThrownBy(() -> other.producer().requestBody(SINK, List.of(customer("A", "abe"))))
        .hasStackTraceContaining("GAIA_DA02");
    assertThat(other.held("name")).isEmpty();
  }

  @Test
  void aMessageThatIsNoRecordIsRefusedByItself() {
    assertThatThrownBy(() -> other.producer().requestBody(SINK, "A,abe"))
        .hasStackTraceContaining("not a record");
  }

  @Test
  void theEndOfTheProgramSendsWhatIsCollected() throws Exception {
    var sent = send(SINK + "&interval=60000", customer("A", "abe"));
    Patience.await().until(() -> other.context().getInflightRepository().size() > 0);

    other.stop();

    // the sender hears of it in a thread of its own
    Patience.await().until(sent::isDone);
    if (sent.isCompletedExceptionally()) {
      assertThatThrownBy(sent::get).hasStackTraceContaining("ended");
      assertThat(other.held("name")).isEmpty();
    } else {
      assertThat(other.held("name")).containsOnlyKeys("A");
    }
  }
}
