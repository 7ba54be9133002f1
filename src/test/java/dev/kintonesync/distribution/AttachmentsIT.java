package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promises 3 and 9 for attachments: a kill between upload and write leaves nothing wrong, and a
 * file may be larger than the memory. The packaged program with {@code -Xmx128m}.
 */
class AttachmentsIT {
  private static final int ROWS = 250;
  private static final long LARGE = 140L << 20;
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code", "unique": true},
       "files": {"type": "FILE", "code": "files", "label": "files"}}
      """;

  @TempDir static Path folder;

  private static Installation installation;
  private static SimulatorProcess simulator;
  private static Path papers;

  @BeforeAll
  static void start() throws IOException {
    papers = Files.createDirectory(folder.resolve("papers"));
    installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    installation.with("JAVA_OPTS", "-Xmx2g");
    simulator = SimulatorProcess.start(installation, "--latency", "10");
    simulator.control("PUT", "settings", SimulatorProcess.object().put("maxBodyBytes", 1 << 30));
    installation.with("JAVA_OPTS", "-Xmx128m");
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  @Test
  void anImportKilledAmongItsUploadsIsCompletedByTheNext() throws IOException {
    String app = simulator.app("papers", fields());
    var lines = new ArrayList<>(List.of("code,files"));
    for (int row = 0; row < ROWS; row++) {
      Files.writeString(papers.resolve(row + ".txt"), "paper " + row);
      lines.add(row + "," + row + ".txt");
    }
    Path file = Files.write(folder.resolve("many.csv"), lines);

    int before = simulator.records("inserted");
    try (var program = installation.start(command(app, file))) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> program.hasEnded() || simulator.records("inserted") > before);
    }
    assertThat(simulator.size(app)).isBetween(1, ROWS - 1);

    imported(app, file);
    assertThat(simulator.size(app)).isEqualTo(ROWS);
    assertThat(simulator.revisionsAbove(app, 1)).as("records written twice").isZero();
    JsonNode again = imported(app, file);
    assertThat(again.path("unchanged").asInt()).isEqualTo(ROWS);
    assertThat(again.path("requests").path("uploads").asInt()).isZero();
    assertThat(again.path("requests").path("downloads").asInt()).isZero();
  }

  @Test
  @Tag("sweep")
  void aFileLargerThanTheMemoryGoesUpAndIsComparedWithoutBeingHeld() throws IOException {
    String app = simulator.app("large papers", fields());
    try (var large = new RandomAccessFile(papers.resolve("large.bin").toFile(), "rw")) {
      large.setLength(LARGE);
    }
    Path file = Files.write(folder.resolve("large.csv"), List.of("code,files", "A,large.bin"));

    assertThat(imported(app, file).path("inserted").asInt()).isEqualTo(1);

    var elsewhere = Installation.withHome(Files.createDirectory(folder.resolve("elsewhere")));
    elsewhere.with("JAVA_OPTS", "-Xmx128m");
    var ended = elsewhere.run(command(app, file));
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    JsonNode report = elsewhere.lastReport();
    assertThat(report.path("unchanged").asInt()).isEqualTo(1);
    assertThat(report.path("requests").path("downloads").asInt()).isEqualTo(1);
  }

  private static JsonNode fields() throws IOException {
    return new ObjectMapper().readTree(FIELDS);
  }

  private static JsonNode imported(String app, Path file) throws IOException {
    var ended = installation.run(command(app, file));
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    return installation.lastReport();
  }

  private static String[] command(String app, Path file) {
    return new String[] {
      "import",
      file.toString(),
      "--base-url",
      simulator.url(),
      "--app",
      app,
      "--api-token",
      "t",
      "--update-key",
      "code",
      "--attachments-dir",
      papers.toString()
    };
  }
}
