package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.Patience;
import dev.kintonesync.camel.kamelet.OperationInDoubtException;
import dev.kintonesync.journal.OperationFolder;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.http.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operations that have an id are carried out once, however often they come, by this application or
 * by the next one.
 */
class OnceTest {
  private static final String PROCESS =
      """
      {"app": "APP", "enable": true,
       "states": {
         "Open": {"name": "Open", "index": "0", "assignee": {"type": "ONE", "entities": []}},
         "Doing": {"name": "Doing", "index": "1", "assignee": {"type": "ONE", "entities": []}}},
       "actions": [{"name": "start", "from": "Open", "to": "Doing", "filterCond": ""},
                   {"name": "stop", "from": "Doing", "to": "Open", "filterCond": ""}]}
      """;

  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code"},
       "operation": {"type": "SINGLE_LINE_TEXT", "code": "operation", "label": "operation",
                     "unique": true}}
      """;

  @TempDir Path folder;
  private OtherApplication other;
  private SimulatedApp visits;
  private String action;

  @BeforeEach
  void start() throws Exception {
    other = new OtherApplication();
    visits = other.simulator.app("visits", FIELDS);
    enableProcess();
    action = action(folder.resolve("operations"), "&idField=operation");
  }

  @AfterEach
  void stop() throws Exception {
    other.close();
  }

  private void enableProcess() {
    call("PUT", "preview/app/status.json", PROCESS.replace("APP", String.valueOf(visits.id())));
    call("POST", "preview/app/deploy.json", "{\"apps\":[{\"app\":" + visits.id() + "}]}");
    Patience.await().until(() -> visitsHaveAProcess());
  }

  private boolean visitsHaveAProcess() {
    return call("GET", "app/status.json?app=" + visits.id(), "").contains("\"enable\":true");
  }

  private String call(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(other.simulator.url() + "/k/v1/" + path))
            .header("X-Cybozu-API-Token", "t")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    try {
      var answer =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
      return answer.body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(path, e);
    }
  }

  private String action(Path repository, String more) {
    return "kamelet:kintone-bulk-action?app="
        + visits.id()
        + "&interval=60000&operationId=RAW(${header.id})&operationRepository="
        + repository
        + more;
  }

  private Object send(String endpoint, String id, Object body) {
    return other.producer().requestBodyAndHeader(endpoint, body, "id", id);
  }

  private List<String> writes() {
    return other.writes().stream().filter(line -> !line.contains("preview")).toList();
  }

  private static Map<String, Object> operation(String method, String api, Map<String, ?> payload) {
    return Map.of("method", method, "api", api, "payload", payload);
  }

  private static Map<String, Object> add(String code) {
    return operation("POST", "record.json", Map.of("record", Map.of("code", value(code))));
  }

  private static Map<String, Object> value(String value) {
    return Map.of("value", value);
  }

  private static Map<String, Object> rename(int id, String code) {
    return operation("PUT", "record.json", Map.of("id", id, "record", Map.of("code", value(code))));
  }

  /** The next write comes to this; and of what it was about nothing can be read any more. */
  private void breaks(Fault.Kind kind) {
    var faults = other.simulator.faults();
    for (String method : List.of("POST", "PUT", "DELETE")) {
      faults.add(Fault.of(kind).on(method, "/k/v1/record"));
    }
    faults.add(Fault.of(kind).on("POST", "bulkRequest"));
    other.crossing.before("POST", "bulkRequest.json", 1, this::readsNothing);
    for (String api : List.of("record.json", "records.json", "status.json", "assignees.json")) {
      other.crossing.before("POST", api, 1, this::readsNothing);
      other.crossing.before("PUT", api, 1, this::readsNothing);
      other.crossing.before("DELETE", api, 1, this::readsNothing);
    }
  }

  private void readsNothing() {
    other
        .simulator
        .faults()
        .add(
            Fault.status(403, "{\"code\":\"GAIA_NO01\",\"message\":\"no\"}")
                .on("GET", "records.json")
                .times(1000));
  }

  private void answerAgain() {
    other.simulator.faults().clear();
  }

  private void isInDoubt(String id, Object body) {
    assertThatThrownBy(() -> send(action, id, body))
        .hasCauseInstanceOf(OperationInDoubtException.class)
        .hasStackTraceContaining("operation " + id)
        .hasStackTraceContaining("not sent again");
  }

  @Test
  void aMessageThatComesAgainIsAnsweredWithoutBeingSent() {
    var first = send(action, "m1", add("A"));
    int writes = writes().size();

    assertThat(send(action, "m1", add("A"))).isEqualTo(first);

    assertThat(visits.values("code")).containsExactly("A");
    assertThat(visits.values("operation")).containsExactly("m1");
    assertThat(writes()).hasSize(writes);
  }

  @Test
  void anIdThatWasUsedForSomethingElseIsRefused() {
    send(action, "m1", add("A"));

    assertThatThrownBy(() -> send(action, "m1", add("B")))
        .hasStackTraceContaining("m1 was already used for another operation");
    assertThat(visits.values("code")).containsExactly("A");
  }

  @Test
  void aMessageWithoutTheIdIsNotSent() {
    assertThatThrownBy(() -> other.producer().requestBody(action, add("A")))
        .hasStackTraceContaining("no operation id");
    assertThat(writes()).isEmpty();
  }

  @Test
  void aLostAnswerIsLookedUpAndTold() {
    other.simulator.faults().add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("POST", "record.json"));

    assertThat(send(action, "m1", add("A")))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .contains(entry("id", "1"), entry("revision", "1"));
    assertThat(visits.values("code")).containsExactly("A");
  }

  @Test
  void aRequestThatGotLostIsSentAgain() {
    other.simulator.faults().add(Fault.of(Fault.Kind.RESET).on("POST", "record.json"));

    send(action, "m1", add("A"));

    assertThat(visits.values("code")).containsExactly("A");
  }

  @ParameterizedTest
  @MethodSource("eachKind")
  void whatWasDoneWhenTheAnswerGotLostIsNotDoneAgain(Object message) {
    visits.add("{\"code\":{\"value\":\"old\"}}");
    breaks(Fault.Kind.RESET_AFTER_COMMIT);
    isInDoubt("m1", message);
    var held = visits.records();
    int writes = writes().size();
    isInDoubt("m1", message);
    answerAgain();

    assertThat(send(action, "m1", message)).isNotNull();

    assertThat(visits.records()).isEqualTo(held);
    assertThat(writes()).hasSize(writes);
    assertThat(send(action, "m1", message)).isNotNull();
    assertThat(writes()).hasSize(writes);
  }

  @ParameterizedTest
  @MethodSource("eachKind")
  void whatWasNotDoneWhenTheAnswerGotLostIsDoneOnce(Object message) {
    visits.add("{\"code\":{\"value\":\"old\"}}");
    var held = visits.records();
    breaks(Fault.Kind.RESET);
    isInDoubt("m1", message);
    assertThat(visits.records()).isEqualTo(held);
    answerAgain();

    send(action, "m1", message);
    var done = visits.records();
    assertThat(done).isNotEqualTo(held);
    send(action, "m1", message);

    assertThat(visits.records()).isEqualTo(done);
  }

  static List<Object> eachKind() {
    return List.of(
        add("A"),
        operation(
            "POST",
            "records.json",
            Map.of("records", List.of(Map.of("code", value("A")), Map.of("code", value("B"))))),
        rename(1, "new"),
        operation(
            "PUT",
            "records.json",
            Map.of("records", List.of(Map.of("id", 1, "record", Map.of("code", value("new")))))),
        operation("DELETE", "records.json", Map.of("ids", List.of(1))),
        operation("PUT", "record/status.json", Map.of("id", 1, "action", "start")),
        operation(
            "PUT",
            "records/status.json",
            Map.of("records", List.of(Map.of("id", 1, "action", "start")))),
        List.of(rename(1, "new"), rename(1, "newer"), add("A")),
        List.of(
            add("A"), operation("DELETE", "records.json", Map.of("ids", List.of(1))), add("C")));
  }

  @Test
  void aRecordThatSomebodyHasChangedMeanwhileLeavesTheOperationInDoubt() {
    visits.add("{\"code\":{\"value\":\"old\"}}");
    breaks(Fault.Kind.RESET_AFTER_COMMIT);
    isInDoubt("m1", rename(1, "new"));
    answerAgain();
    other.answers(
        "kamelet:kintone-bulk-action?interval=1&app=" + visits.id(), List.of(rename(1, "else")));
    int writes = writes().size();

    isInDoubt("m1", rename(1, "new"));
    isInDoubt("m1", rename(1, "new"));

    assertThat(visits.values("code")).containsExactly("else");
    assertThat(writes()).hasSize(writes);
  }

  @Test
  void whatIsAddedWithoutAFieldForItsIdStaysInDoubt() {
    action = action(folder.resolve("operations"), "");
    breaks(Fault.Kind.RESET_AFTER_COMMIT);
    isInDoubt("m1", add("A"));
    answerAgain();

    isInDoubt("m1", add("A"));

    assertThat(visits.values("code")).containsExactly("A");
    send(action, "m2", add("A")); // a person has looked, and wants it once more
    assertThat(visits.values("code")).containsExactly("A", "A");
  }

  @Test
  void anAttemptThatKintoneStillWorksOnCannotBeDoneTwice() {
    visits.add("{\"code\":{\"value\":\"old\"}}");
    breaks(Fault.Kind.RESET);
    isInDoubt("m1", rename(1, "new"));
    answerAgain();
    // the first attempt is carried out between the look-up and the second one
    other.crossing.before(
        "PUT",
        "record.json",
        1,
        () ->
            call(
                "PUT",
                "record.json",
                "{\"app\":%d,\"id\":1,\"record\":{\"code\":{\"value\":\"new\"}}}"
                    .formatted(visits.id())));

    send(action, "m1", rename(1, "new"));

    assertThat(visits.values("$revision")).containsExactly("2");
  }

  @Test
  void whereEverythingIsForgottenKintoneRefusesASecondRecordOfAnId() {
    send(action, "m1", add("A"));

    assertThatThrownBy(
            () -> send(action(folder.resolve("new"), "&idField=operation"), "m1", add("A")))
        .hasStackTraceContaining("CB_VA01")
        .hasStackTraceContaining("record.operation");
    assertThat(visits.values("code")).containsExactly("A");
  }

  @Test
  void whatWasRefusedMayBeSentAgainUnderItsId() {
    other.simulator.faults().add(Fault.error(400, "CB_VA01").on("POST", "record.json"));
    assertThatThrownBy(() -> send(action, "m1", add("A"))).hasStackTraceContaining("CB_VA01");

    send(action, "m1", add("A"));

    assertThat(visits.values("code")).containsExactly("A");
  }

  @Test
  void theNextApplicationKnowsWhatBecameOfTheMessage() throws Exception {
    breaks(Fault.Kind.RESET_AFTER_COMMIT);
    isInDoubt("m1", add("A"));
    answerAgain();
    try (var next = new OtherApplication(Map.of("kintone.base-url", other.crossing.url()))) {
      next.producer().requestBodyAndHeader(action, add("A"), "id", "m1");
    }
    assertThat(visits.values("code")).containsExactly("A");
  }

  @Test
  void aFieldThatTakesDuplicatesHoldsNoIds() {
    String unfit = action(folder.resolve("operations"), "&idField=code");
    assertThatThrownBy(() -> send(unfit, "m1", rename(1, "A"))).isNotNull();
    assertThatThrownBy(
            () ->
                send(
                    unfit,
                    "m2",
                    operation(
                        "POST", "record.json", Map.of("record", Map.of("operation", value("x"))))))
        .hasStackTraceContaining("prohibits duplicate values");
    assertThatThrownBy(() -> send(unfit, "m3", add("A")))
        .hasStackTraceContaining("sets code itself");
    assertThat(visits.records()).isEmpty();
  }

  @Test
  void withoutAPlaceToKeepItNothingIsSent() {
    assertThatThrownBy(() -> send(action(Path.of(""), ""), "m1", add("A")))
        .hasStackTraceContaining("operationRepository");
    assertThat(writes()).isEmpty();
  }

  @Test
  void aBeanMayKeepIt() {
    other.context().getRegistry().bind("mine", new OperationFolder(folder.resolve("mine")));
    action = action(Path.of("RAW(#mine)"), "&idField=operation");
    send(action, "m1", add("A"));
    send(action, "m1", add("A"));

    assertThat(visits.values("code")).containsExactly("A");
    assertThat(folder.resolve("mine")).isNotEmptyDirectory();
  }
}
