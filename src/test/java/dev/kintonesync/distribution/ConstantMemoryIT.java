package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.Patience;
import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.camel.run.RunContext;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 9 for records that are all written: the packaged program, with the memory that its script
 * gives it and with less.
 */
class ConstantMemoryIT {
  @TempDir static Path folder;

  private static Installation installation;
  private static SimulatorProcess simulator;

  @BeforeAll
  static void start() throws IOException {
    installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    installation.with("JAVA_OPTS", "-Xmx6g");
    simulator = SimulatorProcess.start(installation);
    installation
        .with("KINTONE_API_TOKEN", "token")
        .configured("kintone.daily-calls = 0\nkintone.base-url = " + simulator.url() + "\n");
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  @Test
  void newRowsOfSixtyFieldsFitIntoTheMemoryOfTheScript() throws IOException {
    var app = app(60);
    assertThat(imported("", app, csv(60, 12_000, 0), 12_000)).isEqualTo("inserted");
  }

  @Test
  void soDoFewerAndTheirChangesIntoAQuarterOfIt() throws IOException {
    var app = app(60);
    assertThat(imported("-Xmx64m", app, csv(60, 2_000, 0), 2_000)).isEqualTo("inserted");
    assertThat(imported("-Xmx64m", app, csv(60, 2_000, 1), 2_000)).isEqualTo("updated");
  }

  @Test
  void littleMemoryMakesBatchesOfWholeLookups() throws IOException {
    int rows = 6_000;
    var app = app(10);
    Path file = csv(10, rows, 0);
    imported("", app, file, rows);
    int before = simulator.requests();
    imported("", app, file, rows);
    int asked = simulator.requests() - before;

    imported("-Xmx64m", app, file, rows);

    assertThat(installation.lastReport().path("unchanged").asInt()).isEqualTo(rows);
    assertThat(simulator.requests() - before - asked)
        .as("batches are smaller, but of whole lookups")
        .isEqualTo(asked);
  }

  @Test
  void aServiceHoldsNothingOfRunsThatHaveEnded() throws IOException {
    var service = Installation.withHome(Files.createDirectory(folder.resolve("service")));
    Path inbox = Files.createDirectory(service.home().resolve("in"));
    service
        .with("KINTONE_API_TOKEN", "token")
        .configured(
            """
            kintone.base-url = %s
            job.rows.app = %s
            job.rows.update-key = code
            job.rows.source = folder
            job.rows.folder = in
            job.rows.diff = snapshot
            """
                .formatted(simulator.url(), app(2)));
    try (var program = service.start("run")) {
      for (int run = 1; run <= 3; run++) {
        Files.move(csv(2, 10, run), inbox.resolve(run + ".csv"));
        int ended = run;
        Patience.await().until(() -> program.said().split("10 read:", -1).length > ended);
      }
      Patience.await().until(() -> program.objects(RunContext.class) == 0);
      assertThat(program.objects(KintoneSync.class)).isEqualTo(1);
      program.terminate();
      assertThat(program.ended().exitCode()).isZero();
    }
  }

  @Test
  @Tag("sweep")
  void soDoRecordsWithManyRowsInATable() throws IOException {
    var fields = SimulatorProcess.object();
    text(fields, "code").put("unique", true);
    var table = fields.putObject("table").put("type", "SUBTABLE").put("code", "table");
    var cells = table.put("label", "table").putObject("fields");
    for (int field = 1; field < 10; field++) {
      text(cells, "f" + field);
    }
    String app = simulator.app("tables", fields);
    Path file = csv(10, 400 * 80, 0, 80);
    assertThat(imported("-Xmx64m", app, file, 400, "--group-by=code")).isEqualTo("inserted");
  }

  @Test
  @Tag("sweep")
  void soDoSeveralJobsAtOnce() throws IOException {
    var jobs = new ArrayList<String>();
    for (String job : List.of("a", "b", "c")) {
      String app = app(60);
      Path inbox = Files.createDirectories(installation.home().resolve(job));
      Files.move(csv(60, 1_500, 0), inbox.resolve("rows.csv"));
      jobs.add(
          """
          job.%1$s.app = %2$s
          job.%1$s.update-key = code
          job.%1$s.source = folder
          job.%1$s.folder = %1$s
          """
              .formatted(job, app));
    }
    installation.configured(String.join("", jobs)).with("JAVA_OPTS", "-Xmx80m");
    try (var program = installation.start("run")) {
      Patience.await()
          .failFast("the program has ended", program::hasEnded)
          .until(() -> program.said().split("1,500 read: 1,500 inserted", -1).length == 4);
      program.terminate();
      var ended = program.ended();
      assertThat(ended.exitCode()).as(ended.said()).isZero();
    }
  }

  @Test
  @Tag("sweep")
  void aMillionNewRowsFitInto128MegabytesAndSoDoesTheirComparison() throws IOException {
    int rows = 1_000_000;
    var app = app(7);
    Path file = csv(7, rows, 0);
    assertThat(imported("-Xmx128m", app, file, rows)).isEqualTo("inserted");

    JsonNode same = compared(app, file, 0);
    assertThat(same.path("equal").asInt()).isEqualTo(rows);
    assertThat(same.path("same").asBoolean()).isTrue();

    JsonNode found = compared(app, planted(file, rows, 1_000), 1);
    assertThat(found.path("different").asInt()).isEqualTo(1_000);
    assertThat(found.path("missing").asInt()).isEqualTo(1_000);
    assertThat(found.path("extra").asInt()).isEqualTo(2_000);
    assertThat(found.path("equal").asInt()).isEqualTo(rows - 3_000);
    assertThat(found.path("differences")).hasSize(4_000);
  }

  @Test
  void whereKeysFillTheMemoryTheRunEndsInWords() throws IOException {
    var app = app(2);
    Path file = csv(2, 600_000, 0);

    var ended =
        installation
            .with("JAVA_OPTS", "-Xmx48m")
            .run("reconcile", file.toString(), "--app", app, "--update-key", "code");

    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(3);
    assertThat(ended.said()).contains("-Xmx128m").doesNotContain("OutOfMemoryError");
    var report = installation.lastReport();
    assertThat(report.path("state").asText()).isEqualTo("stopped");
    assertThat(report.path("read").asInt()).isPositive().isLessThan(600_000);
  }

  @Test
  @Tag("sweep")
  void aHundredThousandRecordsAreTakenBackWithin128Megabytes() throws IOException {
    int rows = 100_000;
    var app = app(10);
    assertThat(imported("-Xmx128m", app, csv(10, rows, 0), rows)).isEqualTo("inserted");
    String[] undo = {"undo", "", "--yes", "--app", app, "--update-key", "code"};
    assertThat(imported("-Xmx128m", app, csv(10, rows, 1), rows)).isEqualTo("updated");
    undo[1] = installation.lastReport().path("run").asText();

    var ended = installation.with("JAVA_OPTS", "-Xmx128m").run(undo);

    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(installation.lastReport().path("updated").asInt()).isEqualTo(rows);
    assertThat(compared(app, csv(10, rows, 0), 0).path("equal").asInt()).isEqualTo(rows);
  }

  private static JsonNode compared(String app, Path file, int exitCode) throws IOException {
    var ended =
        installation
            .with("JAVA_OPTS", "-Xmx128m")
            .run(
                "reconcile",
                file.toString(),
                "--app",
                app,
                "--update-key",
                "code",
                "--json",
                "--all",
                "--quiet");
    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(exitCode);
    return new ObjectMapper().readTree(ended.out());
  }

  /** The file with so many rows of other values, of other keys, and so many that are gone. */
  private static Path planted(Path file, int rows, int each) throws IOException {
    Path planted = Files.createTempFile(folder, "planted", ".csv");
    int gap = rows / each;
    try (var lines = Files.newBufferedReader(file);
        Writer csv = Files.newBufferedWriter(planted)) {
      csv.write(lines.readLine());
      for (int row = 0; row < rows; row++) {
        String line = lines.readLine();
        if (row % gap == 1) {
          csv.write("\n" + line + " other");
        } else if (row % gap == 2) {
          csv.write("\nN" + row + line.substring(line.indexOf(',')));
        } else if (row % gap != 3) {
          csv.write("\n" + line);
        }
      }
    }
    return planted;
  }

  @Test
  @Tag("sweep")
  void newRowsOfThreeHundredFieldsFitIntoTheMemoryOfTheScript() throws IOException {
    int rows = 10_000;
    var app = app(300);
    assertThat(imported("", app, csv(300, rows, 0), rows)).isEqualTo("inserted");
    assertThat(imported("", app, csv(300, rows, 1), rows)).isEqualTo("updated");
  }

  /** Imports a file; returns what became of all of its records. */
  private static String imported(String options, String app, Path file, int records, String... more)
      throws IOException {
    var words = new ArrayList<>(List.of("import", "--app", app, "--update-key", "code"));
    words.addAll(List.of(more));
    words.add(file.toString());
    var ended = installation.with("JAVA_OPTS", options).run(words.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(simulator.size(app)).isEqualTo(records);
    JsonNode report = installation.lastReport();
    assertThat(report.path("read").asInt()).isEqualTo(records);
    return report.path("inserted").asInt() == records
        ? "inserted"
        : report.path("updated").asInt() == records ? "updated" : report.toString();
  }

  private static String app(int fields) throws IOException {
    var properties = SimulatorProcess.object();
    text(properties, "code").put("unique", true);
    for (int field = 1; field < fields; field++) {
      text(properties, "f" + field);
    }
    return simulator.app(fields + " fields", properties);
  }

  private static ObjectNode text(ObjectNode fields, String code) {
    return fields
        .putObject(code)
        .put("type", "SINGLE_LINE_TEXT")
        .put("code", code)
        .put("label", code);
  }

  private static Path csv(int fields, int rows, int version) throws IOException {
    return csv(fields, rows, version, 1);
  }

  /** Rows of short texts, so many of each key. */
  private static Path csv(int fields, int rows, int version, int each) throws IOException {
    Path file = Files.createTempFile(folder, "rows", ".csv");
    try (Writer csv = Files.newBufferedWriter(file)) {
      csv.write("code");
      for (int field = 1; field < fields; field++) {
        csv.write(",f" + field);
      }
      for (int row = 0; row < rows; row++) {
        csv.write("\nK" + row / each);
        for (int field = 1; field < fields; field++) {
          csv.write("," + version + row % 9_973 + "/" + field);
        }
      }
    }
    return file;
  }
}
