package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code approval = required} a service only plans, until a person lets a plan happen. */
@LogOfProcess.Started
class ApprovalTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
      """;

  private static final String PASSWORD = "open sesame, please";
  private static final Map<String, String> ENVIRONMENT =
      Map.of("KINTONE_API_TOKEN", "t", "CONSOLE_PASSWORD", PASSWORD);

  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;
  private Path inbox;
  private int port;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    command = new Command(home);
    inbox = Files.createDirectories(home.resolve("inbox"));
    port = FreePort.find();
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        console.port = %d
        job.customers.app = %d
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        job.customers.approval = required
        """
            .formatted(simulator.url(), port, app.id()));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  /** The runs that have a plan, the oldest first. */
  private List<String> plans() throws IOException {
    if (!Files.exists(home.resolve("runs"))) {
      return List.of();
    }
    try (var runs = Files.list(home.resolve("runs"))) {
      return runs.filter(run -> Files.exists(run.resolve("plan.json")))
          .filter(run -> Files.exists(run.resolve("report.json")))
          .map(run -> run.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private int post(String path) throws Exception {
    String login = Base64.getEncoder().encodeToString(("x:" + PASSWORD).getBytes());
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Basic " + login)
            .header("X-Kintone-Sync", "t")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private void awaitStatus(String... parts) {
    Patience.await()
        .untilAsserted(
            () ->
                assertThat(command.run(ENVIRONMENT, "status", "--lang", "en").out())
                    .contains(parts));
  }

  @Test
  void aDroppedFileIsPlannedAppliedFromThePageOrByACommandAndThenDone() throws Exception {
    Path file = inbox.resolve("in.csv");
    var service = new Service(command, ENVIRONMENT);
    try (service) {
      Files.writeString(file, "code,name\nA,a\nB,b\n");
      Patience.await().until(() -> plans().size() == 1);
      assertThat(app.size()).isZero();
      assertThat(file).exists();
      awaitStatus("needs you", "the plan waits for approval", plans().get(0));

      assertThat(post("/apply?run=" + plans().get(0))).as(service.ended()).isEqualTo(200);
      Patience.await().until(() -> app.size() == 2);
      Patience.await().until(() -> !Files.exists(file)); // nothing is left to approve
      awaitStatus("OK, runs when a file arrives", "only make plans");

      Files.writeString(file, "code,name\nA,new\n");
      Patience.await().until(() -> plans().size() == 2);
      assertThat(app.values("name")).containsExactly("a", "b");
      var applied = command.run(ENVIRONMENT, "apply", plans().get(1), "--lang", "en");
      assertThat(applied.exitCode()).as(applied.out() + applied.err()).isZero();
      assertThat(app.values("name")).containsExactly("new", "b");
      Patience.await().until(() -> !Files.exists(file));
    }
    try (var done = Files.list(inbox.resolve("done"))) {
      assertThat(done).hasSize(2);
    }
    assertThat(service.ended()).contains("the plan waits for approval");
  }
}
