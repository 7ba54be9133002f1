package dev.kintonesync.distribution;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that read an HTTP API, killed in the middle and with little memory. */
class ApiIT {
  private static final int ROWS = 5_000;

  @TempDir Path folder;
  private final CopyOnWriteArrayList<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer api;
  private Installation installation;

  @BeforeEach
  void start() throws IOException {
    installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @AfterEach
  void stop() {
    api.stop(0);
  }

  @Test
  void aRunKilledInTheMiddleIsCompletedByTheNextAndTheCheckpointGoesOnOnlyThen() throws Exception {
    String rows =
        IntStream.rangeClosed(1, ROWS)
            .mapToObj(ApiIT::row)
            .collect(Collectors.joining(",", "[", "]"));
    api.createContext(
        "/",
        exchange -> {
          asked.add(String.valueOf(exchange.getRequestURI().getQuery()));
          byte[] bytes = rows.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    api.start();
    try (var simulator = SimulatorProcess.start(installation)) {
      String app = simulator.postalCodeApp();
      configure(simulator.url(), app, "schedule = every 1h");
      simulator.answersWrites(2);
      try (var program = installation.start("run")) {
        Patience.await().until(() -> simulator.records("inserted") > 200);
      }
      assertThat(simulator.size(app)).isBetween(200, ROWS - 1);
      simulator.answersAll();

      var completed = installation.run("run", "codes", "--once");
      assertThat(completed.exitCode()).as(completed.said()).isZero();
      assertThat(simulator.size(app)).isEqualTo(ROWS);
      assertThat(simulator.revisionsAbove(app, 1)).as("records written twice").isZero();

      var again = installation.run("run", "codes", "--once");
      assertThat(again.out()).contains("5,000 read: 0 inserted, 0 updated");
      assertThat(again.said()).doesNotContain("not-to-be-seen");
      assertThat(asked.get(0)).isEqualTo("null");
      assertThat(asked.get(1)).isEqualTo("null");
      assertThat(asked.get(2)).startsWith("since=");
    }
  }

  @Test
  @Tag("sweep")
  void anAnswerThatIsLargerThanTheMemoryIsRead() throws Exception {
    byte[] text = ("\", \"text\": \"" + "x".repeat(100_000) + "\"},").getBytes(US_ASCII);
    api.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          var out = exchange.getResponseBody();
          out.write('[');
          for (int i = 0; i < 1_200; i++) {
            out.write(("{\"id\": \"" + code(i)).getBytes(US_ASCII));
            out.write(text);
          }
          out.write(row(1).getBytes(StandardCharsets.UTF_8));
          out.write(']');
          exchange.close();
        });
    api.start();
    installation.with("JAVA_OPTS", "-Xmx90m");
    try (var simulator = SimulatorProcess.start(installation)) {
      configure(simulator.url(), simulator.postalCodeApp(), "write = false");
      var planned = installation.run("run", "codes", "--once");
      assertThat(planned.exitCode()).as(planned.said()).isZero();
      assertThat(planned.said()).contains("1,201 read");
    }
  }

  private static String row(int number) {
    return "{\"id\": \"%s\", \"changed\": \"%s\"}"
        .formatted(code(number), Instant.parse("2026-04-23T06:31:05Z").plusSeconds(number / 10));
  }

  private static String code(int number) {
    return "%07d".formatted(number);
  }

  private void configure(String url, String app, String besides) throws IOException {
    installation
        .with("KINTONE_API_TOKEN", "t")
        .with("SOURCE_TOKEN_CODES", "not-to-be-seen")
        .configured(
            """
            kintone.base-url = %s
            job.codes.app = %s
            job.codes.update-key = postal_code
            job.codes.source = api
            job.codes.url = http://127.0.0.1:%d/codes
            job.codes.map = id=postal_code
            job.codes.checkpoint = changed
            job.codes.checkpoint-parameter = since
            job.codes.%s
            """
                .formatted(url, app, api.getAddress().getPort(), besides));
  }
}
