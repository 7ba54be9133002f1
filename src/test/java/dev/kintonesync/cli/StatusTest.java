package dev.kintonesync.cli;

import static dev.kintonesync.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.http.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code status} shows how the jobs stand, beside the service that runs them and without it. */
@LogOfProcess.Started
class StatusTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Map<String, String> TOKEN = Map.of("KINTONE_API_TOKEN", "t");

  @TempDir Path home;

  private Simulator simulator;
  private Command command;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    var app =
        simulator.app(
            "customers",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": true}}
            """);
    command = new Command(home);
    Files.createDirectories(home.resolve("inbox"));
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        kintone.daily-calls = 500
        console.port = 0
        kintone.patience = 1s
        job.dropped.app = %d
        job.dropped.update-key = code
        job.dropped.source = folder
        job.dropped.folder = inbox
        job.nightly.app = %d
        job.nightly.update-key = code
        job.nightly.source = folder
        job.nightly.folder = night
        job.nightly.schedule = daily 02:30
        job.half.app = 7
        """
            .formatted(simulator.url(), app.id(), app.id()),
        StandardCharsets.UTF_8);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private JsonNode status(String job) throws IOException {
    for (JsonNode one : new ObjectMapper().readTree(said("--json", "--lang", "ja"))) {
      if (one.path("job").asText().equals(job)) {
        return one;
      }
    }
    throw new AssertionError(job);
  }

  private String said(String... more) {
    String[] words = new String[more.length + 1];
    words[0] = "status";
    System.arraycopy(more, 0, words, 1, more.length);
    var ended = command.run(TOKEN, words);
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    return ended.out();
  }

  private void drop(String name, String text) throws IOException {
    Path part = Files.writeString(home.resolve("inbox").resolve(name + ".part"), text);
    Files.move(part, part.resolveSibling(name));
  }

  @Test
  void withoutAServiceItSaysSoAndCountsWhatWaits() throws IOException {
    drop("a.csv", "code\nA\n");
    drop("b.csv", "code\nB\n");
    assertThat(said("--lang", "en"))
        .contains("dropped: not running", "No program is running the jobs")
        .contains("has not run yet", "files waiting: 2", " today: 0 of 500")
        .contains("half: cannot run", "job.half.update-key");
    assertThat(status("half").path("state").asText()).isEqualTo("refused");
    assertThat(status("half").path("why").asText()).contains("がありません");
    assertThat(command.run(TOKEN, "status", "dropt", "--lang", "en").exitCode()).isEqualTo(2);
  }

  @Test
  void whyAJobCannotRunIsSaidOnce() throws Exception {
    try (var service = new Service(command, TOKEN)) {
      await()
          .untilAsserted(
              () ->
                  assertThat(status("half").at("/lastRun/state").asText())
                      .as(service.ended())
                      .isEqualTo("refused"));
      assertThat(said("half", "--lang", "en")).containsOnlyOnce("job.half.update-key");
      assertThat(said("half", "--lang", "ja")).containsOnlyOnce("job.half.update-key");
    }
  }

  @Test
  void besideAServiceItShowsWhatRunsWhenAndWhatKeepsItFromRunning() throws Exception {
    removeTheHalfJob();
    try (var service = new Service(command, TOKEN)) {
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          status("dropped").path("state").asText()
                              + status("nightly").path("state").asText()
                              + service.ended())
                      .startsWith("readyready"));
      assertThat(Instant.parse(status("nightly").path("nextRun").asText()))
          .isBetween(Instant.now(), Instant.now().plus(Duration.ofHours(25)));
      assertThat(said("--lang", "en"))
          .contains("dropped: OK, runs when a file arrives", "nightly: OK, next run at 2");

      drop("a.csv", "code\nA\n");
      await()
          .untilAsserted(
              () ->
                  assertThat(status("dropped").at("/lastRun/state").asText())
                      .isEqualTo("completed"));
      assertThat(status("dropped").path("calls").asInt()).isBetween(3, 20);
      assertThat(status("dropped").path("lastGoodRun").asText()).startsWith("20");

      simulator.faults().add(Fault.of(Fault.Kind.RESET).times(1_000_000));
      drop("b.csv", "code\nB\n");
      await()
          .untilAsserted(
              () ->
                  assertThat(status("dropped").path("why").asText())
                      .contains("kintone から応答がありません"));
      assertThat(status("dropped").path("state").asText()).isEqualTo("waiting");
      assertThat(said("dropped", "--lang", "en"))
          .contains("dropped: waiting", "does not answer", "files waiting: 1", "stopped")
          .doesNotContain("nightly");
    }
    assertThat(status("dropped").path("state").asText()).isEqualTo("idle");
  }

  private void removeTheHalfJob() throws IOException {
    Path file = home.resolve("application.properties");
    Files.writeString(file, Files.readString(file).replace("job.half.app = 7\n", ""));
  }
}
