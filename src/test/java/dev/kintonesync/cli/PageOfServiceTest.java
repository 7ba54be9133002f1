package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.http.RecordedRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code run}. */
@LogOfProcess.LookedAt
class PageOfServiceTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path home;
  private Simulator simulator;
  private Command command;
  private int port;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    command = new Command(home);
    port = FreePort.find();
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        console.port = %d
        job.files.app = 1
        job.files.update-key = code
        job.files.source = folder
        job.files.folder = inbox
        job.asked.app = 2
        job.asked.update-key = code
        job.asked.source = database
        job.asked.url = jdbc:h2:mem:asked
        job.asked.query = select 1 as code
        """
            .formatted(simulator.url(), port));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private HttpResponse<String> get(String path, String password) throws Exception {
    String login = Base64.getEncoder().encodeToString(("x:" + password).getBytes());
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Basic " + login)
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode overview() throws Exception {
    try {
      return new ObjectMapper().readTree(get("/data/overview?lang=en", "").body());
    } catch (IOException e) {
      return new ObjectMapper().createObjectNode(); // not there yet
    }
  }

  @Test
  void withoutAJobThereIsAPageAndAJobThatIsAddedBegins() throws Exception {
    Path file = home.resolve("application.properties");
    String jobs = Files.readString(file);
    Files.writeString(file, jobs.substring(0, jobs.indexOf("job.")));
    try (var service = new Service(command, Map.of("KINTONE_API_TOKEN", "t"))) {
      Patience.await()
          .untilAsserted(
              () -> assertThat(overview().path("jobs").isArray()).as(service.ended()).isTrue());
      assertThat(overview().path("jobs")).isEmpty();
      Files.writeString(file, jobs);
      Patience.await().until(() -> overview().at("/jobs/0/app").asText().equals("1"));
    }
  }

  @Test
  void itIsServedBeforeTheJobsBeginAndShowsThoseThatRunWhenAsked() throws Exception {
    var service = new Service(command, Map.of("KINTONE_API_TOKEN", "t"));
    try (service) {
      Patience.await().until(() -> overview().at("/jobs/0/state").asText().equals("ready"));
      assertThat(overview().at("/jobs/1/app").asText()).isEqualTo("2");
      assertThat(get("/observe/health", "").body())
          .contains("{\"job\":\"asked\",\"kintone\":true,\"source\":true");
    }
    assertThat(service.ended()).contains("http://127.0.0.1:" + port);
    assertThat(Files.readString(home.resolve("logs/kintone-sync.log")))
        .containsSubsequence("the page is at http://127.0.0.1:" + port, "files: watching");
  }

  @Test
  void anAppIsShownByItsNameOnceARunHasReadItAndIsAskedForNothingMore() throws Exception {
    var fields =
        """
        {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                  "required": true, "unique": true}}
        """;
    simulator.app("顧客台帳", fields);
    try (var service = new Service(command, Map.of("KINTONE_API_TOKEN", "t"))) {
      Patience.await().until(() -> overview().at("/jobs/0/state").asText().equals("ready"));
      assertThat(overview().at("/jobs/0/appName").isNull()).as(service.ended()).isTrue();
      Files.writeString(home.resolve("inbox/a.csv"), "code\nA\n");
      Patience.await().until(() -> overview().at("/jobs/0/appName").asText().equals("顧客台帳"));
      Patience.await().until(() -> overview().at("/runs/0/state").asText().equals("completed"));
      var seen = overview();
      assertThat(seen.at("/runs/0/appName").asText()).isEqualTo("顧客台帳");
      assertThat(seen.at("/runs/0/appUrl").asText()).isEqualTo(simulator.url() + "/k/1/");
      assertThat(seen.at("/jobs/1/appName").isNull()).as("the app that nobody has read").isTrue();
      var run =
          new ObjectMapper()
              .readTree(get("/data/run?name=" + seen.at("/runs/0/run").asText(), "").body());
      assertThat(run.path("appName").asText()).isEqualTo("顧客台帳");
      assertThat(simulator.requests())
          .as("the run alone asked, and nothing for the name")
          .extracting(RecordedRequest::path)
          .noneMatch(path -> path.endsWith("/app.json"))
          .filteredOn(path -> path.endsWith("app/settings.json"))
          .hasSize(1);
    }
  }

  @Test
  void anAddressForOthersIsServedWithAPasswordAlone() throws Exception {
    Path properties = home.resolve("application.properties");
    Files.writeString(properties, Files.readString(properties) + "console.address = 0.0.0.0\n");
    var refused = new Service(command, Map.of("KINTONE_API_TOKEN", "t"));
    try (refused) {
      Patience.await()
          .ignoreExceptions() // there is no log at first
          .until(() -> Files.readString(home.resolve("logs/kintone-sync.log")).contains("inbox"));
      assertThat(overview()).isEmpty();
    }
    assertThat(refused.ended()).contains("0.0.0.0", "console.password");

    var environment = Map.of("KINTONE_API_TOKEN", "t", "CONSOLE_PASSWORD", "open sesame, please");
    var service = new Service(command, environment);
    try (service) {
      Patience.await()
          .ignoreExceptions()
          .until(() -> get("/", "open sesame, please").statusCode() == 200);
      for (String path : new String[] {"/", "/data/overview", "/observe/health", "/page.js"}) {
        assertThat(get(path, "").statusCode()).as(path).isEqualTo(401);
      }
    }
  }
}
