package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.FreePort;
import dev.kintonesync.Patience;
import dev.kintonesync.journal.Journal;
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
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of corrected rows that somebody uploads to a real process. */
class UploadIT {
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

      try (var journal = Journal.open(installation.home().resolve("journal"))) {
        assertThat(journal.correctedFiles().all()).as("what a next start would run").isEmpty();
      }
      assertThat(runsOfUploads(installation)).hasSize(1);
      assertThat(new ObjectMapper().valueToTree(app.records()).at("/0/$revision/value").asText())
          .isEqualTo("1");
    } finally {
      api.stop(0);
      threads.shutdownNow();
    }
  }
}
