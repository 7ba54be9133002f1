package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code import} of real files into a {@code simulate} process. */
class ImportIT {
  private static final Path DATA = Path.of("src/test/resources/data").toAbsolutePath();
  private static final Path TOKYO = DATA.resolve("postal-codes-tokyo.csv");
  private static final Path SHIFT_JIS = DATA.resolve("postal-codes-tokyo-shift-jis.csv");
  private static final Path AICHI_MIE = DATA.resolve("postal-codes-aichi-mie.csv");

  @TempDir static Path folder;

  private static Installation installation;
  private static SimulatorProcess simulator;

  @BeforeAll
  static void start() throws IOException {
    installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    simulator = SimulatorProcess.start(installation);
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  @Test
  void addsThenLeavesAloneThenUpdatesWhatDiffers() throws IOException {
    String app = simulator.postalCodeApp();
    assertThat(counts(imported(app, TOKYO), 0)).isEqualTo("4089 inserted");
    assertThat(simulator.size(app)).isEqualTo(4089);

    int writes = simulator.writeRequests();
    assertThat(counts(imported(app, TOKYO), 0)).isEqualTo("4089 unchanged");
    assertThat(simulator.writeRequests()).as("not one write request").isEqualTo(writes);

    int updated = simulator.records("updated");
    Path edited = withHundredValuesEditedAndTenRowsAdded(TOKYO);
    assertThat(counts(imported(app, edited), 0))
        .isEqualTo("10 inserted, 100 updated, 3989 unchanged");
    assertThat(simulator.size(app)).isEqualTo(4099);
    assertThat(simulator.records("updated")).isEqualTo(updated + 100);
    assertThat(simulator.value(app, "postal_code = \"1000000\"", "areas")).isEqualTo("千代田区（改）");
  }

  @Test
  void readsShiftJisWhetherNamedOrFound() throws IOException {
    String app = simulator.postalCodeApp();
    assertThat(counts(imported(app, SHIFT_JIS, "--encoding", "sjis"), 0))
        .isEqualTo("4074 inserted");
    assertThat(simulator.value(app, "postal_code = \"1000001\"", "areas")).isEqualTo("千代田区千代田");
    assertThat(counts(imported(app, SHIFT_JIS), 0)).isEqualTo("4074 unchanged");
  }

  @Test
  void ofARepeatedKeyTheLaterRowWins() throws IOException {
    String app = simulator.postalCodeApp();
    assertThat(counts(imported(app, AICHI_MIE), 0)).isEqualTo("9690 inserted, 1 superseded");
    var rows = Files.readAllLines(AICHI_MIE).stream().filter(row -> row.startsWith("4980000,"));
    String later = rows.reduce((earlier, row) -> row).orElseThrow();
    assertThat(later).contains(simulator.value(app, "postal_code = \"4980000\"", "prefecture"));
  }

  @Test
  void writesReportAndRejectsWhereAsked() throws IOException {
    String app = simulator.postalCodeApp();
    Path file =
        file(
            "some.csv",
            "postal_code,prefecture,areas,area_count",
            "0000001,東京都,一丁目,1",
            "0000002,東京都,二丁目,two",
            "0000003,東京都,三丁目,3");
    Path report = folder.resolve("report.json");
    Path rejects = folder.resolve("rejects of some.csv");
    var ended = imported(app, file, "--report", report.toString(), "--rejects", rejects.toString());

    assertThat(counts(ended, 1)).isEqualTo("2 inserted, 1 rejected");
    assertThat(ended.out()).startsWith("3 read: 2 inserted, ").contains("1 rejected");
    assertThat(ended.err()).contains(rejects.toString());
    JsonNode written = new ObjectMapper().readTree(report.toFile());
    assertThat(written).isEqualTo(installation.lastReport());
    assertThat(written.path("rejectsFile").asText()).isEqualTo(rejects.toString());
    assertThat(Files.readAllLines(rejects)).hasSize(2).element(1).asString().contains("二丁目", "two");
    assertThat(folder.resolve("rejects")).doesNotExist();
  }

  @Test
  void putsRejectsBesideTheInputWhenNothingIsSaid() throws IOException {
    String app = simulator.postalCodeApp();
    Path file = file("beside/some.csv", "postal_code,area_count", "0000001,one");
    assertThat(counts(imported(app, file), 1)).isEqualTo("1 rejected");
    Path rejects = Path.of(installation.lastReport().path("rejectsFile").asText());
    assertThat(rejects.getParent()).isEqualTo(file.resolveSibling("rejects"));
    assertThat(rejects).content().contains("one");
  }

  @Test
  void interruptedItStopsWithoutTheAnswersItWaitsForAndTheNextImportGoesOn() throws IOException {
    try (var slow = SimulatorProcess.start(installation)) {
      String app = slow.postalCodeApp();
      slow.answersWrites(2);
      Path written = folder.resolve("stopped.json");
      String[] arguments = arguments(slow, app, TOKYO, "--report", written.toString());
      try (var program = installation.start(arguments)) {
        Patience.await().until(() -> slow.records("inserted") > 0);
        program.interrupt();
        var ended = program.ended();
        assertThat(ended.exitCode()).as(ended.said()).isEqualTo(3);
        assertThat(ended.err()).contains("was stopped").doesNotContain("\tat ");
      }
      var stopped = installation.lastReport();
      assertThat(stopped.path("state").asText()).isEqualTo("stopped");
      assertThat(new ObjectMapper().readTree(written.toFile())).isEqualTo(stopped);
      assertThat(stopped.path("inserted").asInt()).isPositive().isLessThan(4089);

      slow.answersAll();
      var ended = installation.run(arguments);
      assertThat(ended.exitCode()).as(ended.said()).isZero();
      var completed = installation.lastReport();
      assertThat(completed.path("unchanged").asInt())
          .isGreaterThanOrEqualTo(stopped.path("inserted").asInt());
      assertThat(slow.size(app)).as("nothing lost").isEqualTo(4089);
      assertThat(slow.records("inserted")).as("nothing twice").isEqualTo(4089);
      assertThat(slow.records("updated")).isZero();
    }
  }

  private static StartedProgram.Ended imported(String app, Path file, String... more) {
    return installation.run(arguments(simulator, app, file, more));
  }

  private static String[] arguments(
      SimulatorProcess simulator, String app, Path file, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "import",
                file.toString(),
                "--base-url",
                simulator.url(),
                "--app",
                app,
                "--api-token",
                "token",
                "--update-key",
                "postal_code"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** The counts of the last run that are not 0, after a look at its exit code. */
  private static String counts(StartedProgram.Ended ended, int exitCode) throws IOException {
    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(exitCode);
    var report = installation.lastReport();
    var counts = new ArrayList<String>();
    for (String outcome :
        List.of("inserted", "updated", "unchanged", "superseded", "rejected", "unprocessed")) {
      if (report.path(outcome).asInt() > 0) {
        counts.add(report.path(outcome).asInt() + " " + outcome);
      }
    }
    return String.join(", ", counts);
  }

  private static Path withHundredValuesEditedAndTenRowsAdded(Path original) throws IOException {
    var lines = new ArrayList<>(Files.readAllLines(original));
    for (int i = 0; i < 100; i++) {
      int line = 1 + i * 40;
      lines.set(line, lines.get(line).replaceFirst("(,[^,]*,)([^,\"]+)", "$1$2（改）"));
    }
    for (int i = 0; i < 10; i++) {
      lines.add("999000" + i + ",東京都,架空町" + i + ",1");
    }
    return file("edited.csv", lines.toArray(String[]::new));
  }

  private static Path file(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, List.of(lines));
  }
}
