package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, killed at work in the midst of a simulated Kintone, and started again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // its classes run side by side
abstract class KilledPrograms {
  static final Path TOKYO =
      Path.of("src/test/resources/data/postal-codes-tokyo.csv").toAbsolutePath();
  static final int ROWS = 4089;

  Path folder;
  Installation installation;
  SimulatorProcess simulator;
  private int files;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    this.folder = folder;
    installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    simulator = SimulatorProcess.start(installation);
  }

  @AfterEach
  void answer() {
    simulator.answersAll();
  }

  @AfterAll
  void stop() {
    simulator.close();
  }

  /** A path where nothing is yet. */
  Path fresh(String name) {
    return folder.resolve(++files + "-" + name);
  }

  Path newHome() throws IOException {
    return Files.createDirectory(fresh("home"));
  }

  String[] command(String app, Path file) {
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
      "postal_code"
    };
  }

  /** Kills an import that waits for an answer to a write request, after so many were answered. */
  void killedInTheMidst(int answered, String app, Path file) {
    killedInTheMidst(answered, command(app, file));
    assertThat(simulator.size(app)).isLessThanOrEqualTo(ROWS);
  }

  void killedInTheMidst(int answered, String... command) {
    int before = simulator.records("inserted") + simulator.records("updated");
    int asked = simulator.writeRequests();
    simulator.answersWrites(answered);
    try (var program = installation.start(command)) {
      Patience.await()
          .until(() -> program.hasEnded() || simulator.writeRequests() > asked + answered);
      assertThat(program.hasEnded()).as(program.said()).isFalse();
    }
    simulator.answersAll();
    assertThat(simulator.records("inserted") + simulator.records("updated")).isGreaterThan(before);
  }

  /** Lets an import come to its end; returns how many records are as the file says. */
  int completed(String app, Path file) throws IOException {
    var ended = installation.run(command(app, file));
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    var report = installation.lastReport();
    return report.path("inserted").asInt()
        + report.path("updated").asInt()
        + report.path("unchanged").asInt();
  }

  int revisionsAbove(String app, int revision) {
    return simulator.revisionsAbove(app, revision);
  }

  Path edited() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(TOKYO)) {
      String[] cells = line.split(",");
      if (cells[0].charAt(0) == '1') {
        cells[2] += "（改）";
      }
      lines.add(String.join(",", cells));
    }
    return Files.write(fresh("edited.csv"), lines);
  }

  Map<String, String> areas(Path file) throws IOException {
    var areas = new HashMap<String, String>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      areas.put(cells[0], cells[2]);
    }
    return areas;
  }
}
