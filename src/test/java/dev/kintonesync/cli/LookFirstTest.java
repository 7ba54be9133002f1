package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.KeptPlans;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever looks first on the page of a service gets a plan, which can be applied as it is. */
@LogOfProcess.Started
class LookFirstTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "20"}}
      """;
  private static final String PASSWORD = "open sesame, please";
  private static final Map<String, String> ENVIRONMENT =
      Map.of("KINTONE_API_TOKEN", "t", "CONSOLE_PASSWORD", PASSWORD);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;
  private int port;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    app.add("{\"code\":{\"value\":\"A\"},\"name\":{\"value\":\"old\"}}");
    command = new Command(home);
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
        job.customers.schedule = 0 0 1 1 *
        """
            .formatted(simulator.url(), port, app.id()));
    Path inbox = Files.createDirectories(home.resolve("inbox"));
    Files.writeString(inbox.resolve("in.csv"), "code,name\nA,new\nB,b\nC," + "c".repeat(21) + "\n");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private HttpResponse<String> ask(String method, String path, String password) throws Exception {
    String login = Base64.getEncoder().encodeToString(("x:" + password).getBytes());
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Basic " + login)
            .header("X-Kintone-Sync", "t")
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode plans() throws Exception {
    try {
      String job = ask("GET", "/data/job?name=customers&lang=en", PASSWORD).body();
      return new ObjectMapper().readTree(job).path("plans");
    } catch (ConnectException notYet) {
      return new ObjectMapper().nullNode();
    }
  }

  private long foldersOfRuns() throws IOException {
    try (var runs = Files.list(home.resolve("runs"))) {
      return runs.filter(run -> Files.exists(run.resolve("plan.html"))).count();
    }
  }

  /** Plans that were asked for earlier; returns the run of the oldest. */
  private String earlierPlans(int number) throws IOException {
    String oldest = "";
    try (var journal = Journal.open(home.resolve("journal"))) {
      for (int i = 1; i <= number; i++) {
        var run =
            SampleRuns.dry(
                "customers", RunState.COMPLETED, Instant.now().minus(Duration.ofHours(i)));
        oldest = run.run();
        journal.ended(run);
        journal.keptPlans().keep("customers", oldest);
        Path folder = Files.createDirectories(home.resolve("runs").resolve(oldest));
        Files.writeString(folder.resolve("plan.html"), "earlier");
      }
    }
    return oldest;
  }

  /** Whoever is asked to let a guard pass sees first what would happen then. */
  @Test
  void aPlanShowsWhatAGuardHoldsBack() throws Exception {
    app.add("{\"code\": {\"value\": \"D\"}}");
    Files.writeString(home.resolve("inbox/in.csv"), "code,name\nA,new\nB,b\nD,new\n");
    Files.writeString(
        home.resolve("application.properties"),
        "job.customers.max-updated = 1\n",
        StandardOpenOption.APPEND);
    var service = new Service(command, ENVIRONMENT);
    try (service) {
      Patience.await()
          .until(
              () ->
                  plans().isArray()
                      && ask("POST", "/run-now?job=customers", PASSWORD).statusCode() == 200);
      Patience.await()
          .until(
              () ->
                  ask("GET", "/data/job?name=customers&lang=en", PASSWORD)
                      .body()
                      .contains("\"guard\":\"max-updated\""));

      Patience.await()
          .until(() -> ask("POST", "/look-first?job=customers", PASSWORD).statusCode() == 200);
      Patience.await().until(() -> !plans().isEmpty());

      JsonNode plan = plans().path(0);
      assertThat(plan.path("state").asText()).as(plan.toString()).isEqualTo("completed");
      assertThat(plan.path("updated").asInt()).isEqualTo(2);
      assertThat(app.values("name")).doesNotContain("new");
    }
  }

  @Test
  void aPlanIsMadeShownKeptAndApplied() throws Exception {
    String oldest = earlierPlans(KeptPlans.MOST);
    var service = new Service(command, ENVIRONMENT);
    try (service) {
      Patience.await().until(() -> plans().size() == KeptPlans.MOST);
      assertThat(ask("GET", "/plan?name=" + oldest, PASSWORD).body()).isEqualTo("earlier");
      assertThat(ask("POST", "/look-first?job=customers", "a guess").statusCode()).isEqualTo(401);

      String before = plans().path(0).path("run").asText();
      Patience.await()
          .until(() -> ask("POST", "/look-first?job=customers", PASSWORD).statusCode() == 200);
      Patience.await().until(() -> !plans().path(0).path("run").asText().equals(before));
      JsonNode plan = plans().path(0);
      assertThat(plan.path("inserted").asInt()).as(plan.toString()).isEqualTo(1);
      assertThat(plan.path("updated").asInt()).isEqualTo(1);
      assertThat(plan.path("rejected").asInt()).isEqualTo(1);
      String run = plan.path("run").asText();
      var shown = new ObjectMapper().readTree(ask("GET", "/data/run?name=" + run, PASSWORD).body());
      assertThat(shown.path("changed").path("records")).hasSize(2);
      assertThat(shown.path("rejects")).hasSize(1);
      var document = ask("GET", "/plan?name=" + run, PASSWORD);
      assertThat(document.headers().firstValue("Content-Disposition").orElse(""))
          .contains("attachment");
      assertThat(document.body()).contains("\"k\":\"B\"").contains("ccccc");
      assertThat(home.resolve("inbox/in.csv")).exists();
      assertThat(simulator.requests())
          .extracting(request -> request.line())
          .allMatch(line -> line.startsWith("GET"));

      assertThat(plans()).hasSize(KeptPlans.MOST);
      assertThat(foldersOfRuns()).isEqualTo(KeptPlans.MOST);
      assertThat(ask("GET", "/plan?name=" + oldest, PASSWORD).statusCode()).isEqualTo(404);

      assertThat(ask("POST", "/apply?run=" + run, PASSWORD).statusCode()).isEqualTo(200);
      Patience.await().until(() -> !plans().path(0).path("appliedBy").isNull());
      assertThat(app.values("name")).containsExactly("new", "b");
    }
  }
}
