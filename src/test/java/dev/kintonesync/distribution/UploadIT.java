package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.FreePort;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of corrected rows that somebody uploads to a real process. */
class UploadIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "open sesame, please";
  private static final String LOGIN =
      "Basic "
          + Base64.getEncoder().encodeToString(("x:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "9"}}
      """;

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private int port;

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(
        request.headers("Authorization", LOGIN, "X-Kintone-Sync", "t").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static String firstRun(Installation installation) throws Exception {
    try (var runs = Files.list(installation.home().resolve("runs"))) {
      return runs.sorted().findFirst().orElseThrow().getFileName().toString();
    }
  }

  /** The runs of files that were uploaded. */
  private static List<JsonNode> runsOfUploads(Installation installation) throws Exception {
    return installation.reports().stream()
        .filter(run -> run.path("source").asText().contains("corrected-"))
        .toList();
  }

  @Test
  void whatWasTakenIsRunOnceAlthoughTheProcessWasKilledBeforeTheRun() throws Exception {
    var polls = new AtomicInteger();
    var killed = new CountDownLatch(1);
    var threads = Executors.newCachedThreadPool();
    var api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.setExecutor(threads);
    api.createContext(
        "/",
        exchange -> {
          if (polls.incrementAndGet() == 2) {
            try {
              killed.await(); // the job is busy when the file comes
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          byte[] rows =
              "[{\"code\":\"A\",\"name\":\"much too long\"}]".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, rows.length);
          exchange.getResponseBody().write(rows);
          exchange.close();
        });
    api.start();
    port = FreePort.find();
    var installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    try (var simulator = Simulator.start()) {
      SimulatedApp app = simulator.app("items", FIELDS);
      installation
          .with("KINTONE_API_TOKEN", "t")
          .with("CONSOLE_PASSWORD", PASSWORD)
          .configured(
              """
              kintone.base-url = %s
              console.port = %d
              job.items.app = %d
              job.items.update-key = code
              job.items.source = api
              job.items.url = http://127.0.0.1:%d/
              job.items.schedule = every 5s
              """
                  .formatted(simulator.url(), port, app.id(), api.getAddress().getPort()));

      try (var program = installation.start("run")) {
        program.awaitText("1 rejected");
        Patience.await().until(() -> polls.get() == 2);
        String run = firstRun(installation);
        String rejected = send(request("/rejects?lang=en&name=" + run)).body();
        assertThat(rejected).contains("much too long");
        var taken =
            send(
                request("/upload?lang=en&file=mended.json&job=items")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            rejected.replace("much too long", "short"))));
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
        assertThat(app.size()).isZero();
      } // killed
      killed.countDown();

      try (var program = installation.start("run")) {
        Patience.await().until(() -> app.size() == 1);
        program.awaitText("1 read: 1 inserted");
        program.terminate();
        assertThat(program.ended().exitCode()).isZero();
      }
      assertThat(app.values("name")).containsExactly("short");

      int before = polls.get();
      try (var program = installation.start("run")) {
        Patience.await().until(() -> polls.get() > before);
        program.terminate();
        assertThat(program.ended().exitCode()).isZero();
      }
      assertThat(runsOfUploads(installation)).hasSize(1);
      assertThat(JSON.<JsonNode>valueToTree(app.records()).at("/0/$revision/value").asText())
          .isEqualTo("1");
    } finally {
      api.stop(0);
      threads.shutdownNow();
    }
  }

  /** The id of the upload that an answer names, and how it stands now. */
  private String stateOf(String job, String answer) throws Exception {
    String id = JSON.readTree(answer).path("id").asText();
    for (JsonNode upload : json("/api/desk/" + job).path("uploads")) {
      if (upload.path("id").asText().equals(id)) {
        return upload.path("state").asText() + " " + upload.path("message").asText();
      }
    }
    return "unknown " + answer;
  }

  private JsonNode json(String path) throws Exception {
    return JSON.readTree(send(request(path + "?lang=en").GET()).body());
  }

  /** What is sent to correct the only open reject of a job. */
  private String correction(String job, String column) throws Exception {
    var rows = json("/api/desk/" + job + "/rejects").path("rows");
    assertThat(rows).hasSize(1);
    var row = JSON.createObjectNode();
    row.set("id", rows.get(0).get("id"));
    row.set("version", rows.get(0).get("version"));
    row.putObject("values").put(column, "short");
    var all = JSON.createObjectNode();
    all.putArray("rows").add(row);
    return all.toString();
  }

  private String correct(String job, String column) throws Exception {
    var body = HttpRequest.BodyPublishers.ofString(correction(job, column));
    var answer = send(request("/api/desk/" + job + "/corrections?lang=en").POST(body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void filesAndCorrectionsAreAppliedOnceAlthoughTheProcessIsKilledAfterEachAnswer()
      throws Exception {
    port = FreePort.find();
    String database = "jdbc:h2:file:" + folder.resolve("items") + ";AUTO_SERVER=TRUE";
    try (var connection = DriverManager.getConnection(database);
        var statement = connection.createStatement()) {
      statement.execute("create table item (code varchar, name varchar, seen int)");
      statement.execute("insert into item values ('P', 'much too long', 1)");
    }
    var installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    try (var simulator = Simulator.start()) {
      SimulatedApp app = simulator.app("items", FIELDS);
      installation
          .with("KINTONE_API_TOKEN", "t")
          .with("CONSOLE_PASSWORD", PASSWORD)
          .configured(
              """
              kintone.base-url = %1$s
              console.port = %2$d
              folder.quiet-time = 300ms
              job.files.app = %3$d
              job.files.update-key = code
              job.files.source = folder
              job.files.folder = inbox
              job.polled.app = %3$d
              job.polled.update-key = code
              job.polled.source = database
              job.polled.url = %4$s
              job.polled.query = select code as "code", name as "name", seen from item
              job.polled.checkpoint = seen
              job.polled.unknown-columns = ignore
              job.polled.schedule = every 1h
              """
                  .formatted(simulator.url(), port, app.id(), database));
      String dropped;
      try (var program = installation.start("run")) {
        program.awaitText("1 rejected");
        var answer =
            send(
                request("/upload?job=files&file=a.csv&lang=en")
                    .PUT(HttpRequest.BodyPublishers.ofString("code,name\nA,n\nB,much too long\n")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        dropped = answer.body();
      } // killed
      String ofFile;
      String ofPoll;
      try (var program = installation.start("run")) {
        Patience.await()
            .ignoreExceptions()
            .until(() -> stateOf("files", dropped), "done 1 of 2 are in, 1 to correct."::equals);
        ofFile = correct("files", "name");
        ofPoll = correct("polled", "name");
      } // killed
      try (var program = installation.start("run")) {
        for (var sent : Map.of("files", ofFile, "polled", ofPoll).entrySet()) {
          Patience.await()
              .ignoreExceptions()
              .until(() -> stateOf(sent.getKey(), sent.getValue()), "done 1 row is in."::equals);
        }
        for (String job : List.of("files", "polled")) {
          assertThat(json("/api/desk/" + job + "/rejects").path("count").asInt()).isZero();
        }
        program.terminate();
        assertThat(program.ended().exitCode()).isZero();
      }
      assertThat(app.values("code")).containsExactlyInAnyOrder("A", "B", "P");
      assertThat(app.values("name")).containsExactlyInAnyOrder("n", "short", "short");
      assertThat(JSON.valueToTree(app.records()).findValues("$revision"))
          .allMatch(revision -> revision.path("value").asText().equals("1"));
      assertThat(runsOfUploads(installation))
          .filteredOn(run -> run.path("state").asText().startsWith("completed"))
          .hasSize(2);
    }
  }
}
