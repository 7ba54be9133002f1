package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.promises.Crossing;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operations behind a source that delivers again what was not finished: the program ends between
 * Kintone's commit and its answer, and is started again. Real processes and real signals.
 */
class OperationsOnceIT {
  /** More in the sweeps. */
  private static final int KILLS = Integer.getInteger("kills", 2);

  @TempDir Path folder;
  private Simulator simulator;
  private SimulatedApp app;
  private Crossing crossing;
  private Installation installation;
  private Path inbox;
  private volatile CountDownLatch committed = new CountDownLatch(1);
  private volatile CountDownLatch answers = new CountDownLatch(1);

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    app =
        simulator.app(
            "visits",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                      "required": true, "unique": true},
             "operation": {"type": "SINGLE_LINE_TEXT", "code": "operation", "label": "operation",
                      "unique": true},
             "visits": {"type": "NUMBER", "code": "visits", "label": "visits"},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
            """);
    crossing = new Crossing(simulator.url());
    installation =
        Installation.withHome(Files.createDirectory(folder.resolve("home")))
            .with("KINTONE_API_TOKEN", "t")
            .configured("kintone.base-url = " + crossing.url());
    inbox = Files.createDirectory(folder.resolve("inbox"));
  }

  @AfterEach
  void stop() {
    answers.countDown();
    crossing.close();
    simulator.close();
  }

  private void route(String options) throws IOException {
    route("kintone-bulk-action", options);
  }

  private void route(String kamelet, String options) throws IOException {
    Path custom = Files.createDirectories(installation.home().resolve("routes/custom"));
    Files.writeString(
        custom.resolve("visits.yaml"),
        """
        - route:
            id: visits
            from:
              uri: file:FOLDER
              parameters:
                include: ".*[.]json"
                moveFailed: .failed
              steps:
                - unmarshal: { json: {} }
                - to:
                    uri: kamelet:KAMELET
                    parameters:
                      app: "APP"
                      OPTIONS
                - marshal: { json: {} }
                - to: "file:FOLDER/answers?fileName=${header.CamelFileName}"
        """
            .replace("FOLDER", inbox.toString())
            .replace("KAMELET", kamelet)
            .replace("APP", String.valueOf(app.id()))
            .replace("OPTIONS", options));
  }

  private static final String WITH_ID =
      "operationId: \"${header.CamelFileName} ${header.CamelFileLastModified}\"\n"
          + " ".repeat(14)
          + "idField: operation";

  private void drop(String name, String text) throws IOException {
    Path part = folder.resolve(name + ".part");
    Files.move(Files.writeString(part, text), inbox.resolve(name));
  }

  private static String add(int number) {
    return """
    {"method": "POST", "api": "record.json",
     "payload": {"record": {"code": {"value": "K%d"}, "name": {"value": "n"}}}}
    """
        .formatted(number);
  }

  /** The answers to the next writes are held back when they are carried out. */
  private void holdAnswers() {
    committed = new CountDownLatch(1);
    answers = new CountDownLatch(1);
    var seen = committed;
    var let = answers;
    for (String method : List.of("POST", "PUT", "DELETE")) {
      for (String api : List.of("record.json", "records.json", "bulkRequest.json")) {
        crossing.after(
            method,
            api,
            1,
            () -> {
              seen.countDown();
              await(let);
            });
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isMoved(String name) {
    return Files.exists(inbox.resolve(".camel").resolve(name))
        || Files.exists(inbox.resolve(".failed").resolve(name));
  }

  private boolean isDone(String name) {
    return Files.exists(inbox.resolve(".camel").resolve(name));
  }

  /** What the program has written down of itself. */
  private String log() throws IOException {
    try (var files = Files.list(installation.home().resolve("logs"))) {
      var text = new StringBuilder();
      for (Path file : files.sorted().toList()) {
        text.append(Files.readString(file));
      }
      return text.toString();
    }
  }

  /** The key of each kill. */
  private static List<String> keys() {
    return IntStream.rangeClosed(1, KILLS).mapToObj(kill -> "K" + kill).toList();
  }

  /** Each file of a kill has been carried out in the end. */
  private void areDone() throws IOException {
    for (int kill = 1; kill <= KILLS; kill++) {
      String file = "visit" + kill + ".json";
      Patience.await().until(() -> isMoved(file));
      assertThat(isDone(file)).as(file + ": " + log()).isTrue();
    }
  }

  @Test
  void whatIsAddedWhileTheProgramIsKilledIsAddedOnce() throws IOException {
    route(WITH_ID);
    for (int kill = 1; kill <= KILLS; kill++) {
      String file = "visit" + kill + ".json";
      holdAnswers();
      drop(file, add(kill));
      try (var program = installation.start("run")) {
        await(committed);
      }
      answers.countDown();
      assertThat(inbox.resolve(file)).exists();
    }
    try (var program = installation.start("run")) {
      areDone();
    }
    assertThat(app.values("code")).containsExactlyInAnyOrderElementsOf(keys());
    assertThat(app.values("operation")).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  @Tag("sweep")
  void whatIsChangedWhileTheProgramIsKilledIsChangedOnce() throws IOException {
    route(WITH_ID);
    for (int record = 1; record <= KILLS; record++) {
      app.add("{\"code\":{\"value\":\"K%d\"}}".formatted(record));
      String file = "visit" + record + ".json";
      holdAnswers();
      drop(
          file,
          """
          {"method": "PUT", "api": "record.json",
           "payload": {"id": %d, "record": {"name": {"value": "n"}}}}
          """
              .formatted(record));
      try (var program = installation.start("run")) {
        await(committed);
      }
      answers.countDown();
    }
    try (var program = installation.start("run")) {
      areDone();
    }
    assertThat(app.values("$revision")).containsOnly("2");
  }

  @Test
  void aStopWaitsForTheAnswersThatAreOnTheirWay() throws IOException {
    route("");
    holdAnswers();
    try (var program = installation.start("run")) {
      program.awaitText("visits");
      drop("visit.json", add(1));
      await(committed);
      program.terminate();
      Patience.await().until(() -> log().contains("is ending"));
      answers.countDown();
      assertThat(program.ended().exitCode()).isZero();
    }
    assertThat(isDone("visit.json")).as(log()).isTrue();
    assertThat(inbox.resolve("answers/visit.json")).exists();
    assertThat(app.values("code")).containsExactly("K1");
  }

  @Test
  @Tag("sweep")
  void whatStaysWithoutAnAnswerAtAStopIsTold() throws IOException {
    route(WITH_ID);
    holdAnswers();
    try (var program = installation.start("run")) {
      program.awaitText("visits");
      drop("visit.json", add(1));
      await(committed);
      program.terminate();
      var ended = program.ended();
      assertThat(ended.exitCode()).isZero();
      assertThat(log())
          .contains(
              "message visit.json: POST record.json (app " + app.id() + ")", "not known whether");
    }
    assertThat(inbox.resolve(".failed/visit.json")).exists();
    assertThat(app.values("code")).containsExactly("K1");
  }

  @Test
  @Tag("sweep")
  void recordsOfTheUpsertSinkGetTheirAnswersAtAStop() throws IOException {
    route("kintone-upsert-sink", "updateKey: code");
    holdAnswers();
    try (var program = installation.start("run")) {
      program.awaitText("visits");
      drop("visit.json", "{\"code\": \"K1\", \"name\": \"n\"}");
      await(committed);
      program.terminate();
      Patience.await().until(() -> log().contains("is ending"));
      answers.countDown();
      assertThat(program.ended().exitCode()).isZero();
    }
    assertThat(isDone("visit.json")).as(log()).isTrue();
    assertThat(app.values("code")).containsExactly("K1");
  }

  @Test
  void recordsOfTheUpsertSinkAreThereOnceAfterKills() throws IOException {
    route("kintone-upsert-sink", "updateKey: code");
    for (int kill = 1; kill <= KILLS; kill++) {
      holdAnswers();
      drop("visit" + kill + ".json", "{\"code\": \"K%d\", \"name\": \"n\"}".formatted(kill));
      try (var program = installation.start("run")) {
        await(committed);
      }
      answers.countDown();
    }
    try (var program = installation.start("run")) {
      areDone();
    }
    assertThat(app.values("code")).containsExactlyInAnyOrderElementsOf(keys());
    assertThat(app.values("$revision")).containsOnly("1");
  }
}
