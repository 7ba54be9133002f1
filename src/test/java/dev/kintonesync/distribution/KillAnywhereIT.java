package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise 3: kill it anywhere, start it again: same final state, nothing lost, nothing twice. Real
 * processes, killed after a seen number of written records.
 */
@Order(1) // it waits long
class KillAnywhereIT {
  private static final Path TOKYO =
      Path.of("src/test/resources/data/postal-codes-tokyo.csv").toAbsolutePath();
  private static final int ROWS = 4089;

  @TempDir static Path folder;

  private static Installation installation;
  private static SimulatorProcess simulator;
  private static int homes;

  @BeforeAll
  static void start() throws IOException {
    installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    simulator = SimulatorProcess.start(installation);
  }

  @AfterEach
  void answer() {
    simulator.answersAll();
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  @Test
  void anImportKilledWhileItInsertsIsCompletedByTheNext() throws IOException {
    String app = simulator.postalCodeApp();

    killedInTheMidst(1, app, TOKYO);
    killedInTheMidst(4, app, TOKYO);

    assertThat(completed(app, TOKYO)).isEqualTo(ROWS);
    assertThat(simulator.size(app)).isEqualTo(ROWS);
    assertThat(revisionsAbove(app, 1)).as("records written twice").isZero();
  }

  @Test
  void anImportKilledWhileItUpdatesIsCompletedByTheNext() throws IOException {
    String app = simulator.postalCodeApp();
    assertThat(completed(app, TOKYO)).isEqualTo(ROWS);
    Path edited = edited();

    killedInTheMidst(1, app, edited);

    assertThat(completed(app, edited)).isEqualTo(ROWS);
    assertThat(simulator.size(app)).isEqualTo(ROWS);
    assertThat(revisionsAbove(app, 2)).as("records updated twice").isZero();
    assertThat(simulator.value(app, "postal_code = \"1000000\"", "areas")).endsWith("（改）");
  }

  @Test
  void aWatchedFileThatWasBeingReadIsThereAfterTheKillAndGoesToDoneWithTheNextStart()
      throws IOException {
    String app = simulator.postalCodeApp();
    var watching = Installation.withHome(newHome());
    Path inbox = Files.createDirectories(watching.home().resolve("inbox"));
    watching
        .with("KINTONE_API_TOKEN", "t")
        .configured(
            """
            kintone.base-url = %s
            job.codes.app = %s
            job.codes.update-key = postal_code
            job.codes.source = folder
            job.codes.folder = inbox
            """
                .formatted(simulator.url(), app));
    Files.copy(TOKYO, inbox.resolve("codes.csv"), StandardCopyOption.REPLACE_EXISTING);

    int before = simulator.records("inserted");
    simulator.answersWrites(1);
    try (var program = watching.start("run")) {
      awaitWritten("inserted", before + 1);
      program.close();
    }
    simulator.answersAll();
    assertThat(inbox.resolve("codes.csv")).exists();

    try (var program = watching.start("run")) {
      Patience.await().until(() -> !Files.exists(inbox.resolve("codes.csv")));
      program.terminate();
      assertThat(program.ended().exitCode()).isZero();
    }
    assertThat(simulator.size(app)).isEqualTo(ROWS);
    assertThat(revisionsAbove(app, 1)).isZero();
    try (var done = Files.list(inbox.resolve("done"))) {
      assertThat(done).hasSize(1);
    }
    var reports = watching.reports();
    assertThat(reports).hasSize(2);
    assertThat(reports.get(0).path("state").asText()).isEqualTo("stopped");
    assertThat(reports.get(0).path("unprocessed").asInt()).isPositive();
    assertThat(reports.get(0).path("read").asInt()).isGreaterThanOrEqualTo(2000);
  }

  @Test
  void aMirrorKilledWhileItRemovesIsCompletedByTheNext() throws IOException {
    String app = simulator.postalCodeApp();
    var mirror = Installation.withHome(newHome());
    Path inbox = Files.createDirectories(mirror.home().resolve("inbox"));
    mirror
        .with("KINTONE_API_TOKEN", "t")
        .configured(
            """
            kintone.base-url = %s
            job.codes.app = %s
            job.codes.update-key = postal_code
            job.codes.source = folder
            job.codes.folder = inbox
            job.codes.mode = mirror
            job.codes.mirror.scope = $id > 0
            job.codes.mirror.missing = delete
            job.codes.mirror.max-missing = off
            """
                .formatted(simulator.url(), app));
    List<String> lines = Files.readAllLines(TOKYO);
    Files.copy(TOKYO, inbox.resolve("all.csv"));
    assertThat(mirror.run("run", "codes", "--once").exitCode()).isZero();
    Path half = inbox.resolve("half.csv");
    Files.write(half, lines.subList(0, 1 + ROWS / 2));

    int before = simulator.records("deleted");
    simulator.answersWrites(1);
    try (var program = mirror.start("run", "codes", "--once")) {
      awaitWritten("deleted", before + 100);
      program.close();
    }
    simulator.answersAll();
    assertThat(half).exists();
    assertThat(simulator.size(app)).isBetween(ROWS / 2 + 1, ROWS - 100);

    assertThat(mirror.run("run", "codes", "--once").exitCode()).isZero();
    assertThat(simulator.size(app)).isEqualTo(ROWS / 2);
    assertThat(simulator.records("deleted") - before).isEqualTo(ROWS - ROWS / 2);
    assertThat(revisionsAbove(app, 1)).isZero();
  }

  @Test
  void aPlanKilledWhileItIsAppliedGoesOnAndSoDoesWhatTakesItBack() throws IOException {
    String app = simulator.postalCodeApp();
    assertThat(completed(app, TOKYO)).isEqualTo(ROWS);
    Path plan = folder.resolve("plan.json");
    var words = new ArrayList<>(List.of(command(app, edited())));
    words.set(0, "plan");
    words.addAll(List.of("--out", plan.toString()));
    assertThat(installation.run(words.toArray(String[]::new)).exitCode()).isZero();
    int planned = new ObjectMapper().readTree(plan.toFile()).path("changeCount").asInt();
    assertThat(planned).isGreaterThan(1000);
    String[] apply = {"apply", plan.toString(), "--base-url", simulator.url(), "--api-token", "t"};

    killedInTheMidst(1, apply);
    var ended = installation.run(apply);

    assertThat(ended.exitCode()).as(ended.said()).isZero();
    var report = installation.lastReport();
    assertThat(report.path("updated").asInt()).isBetween(1, planned - 1);
    assertThat(report.path("updated").asInt() + report.path("unchanged").asInt())
        .isEqualTo(planned);
    assertThat(revisionsAbove(app, 1)).isEqualTo(planned);
    assertThat(revisionsAbove(app, 2)).as("records updated twice").isZero();
    assertThat(installation.run(apply).exitCode()).as("a plan is applied once").isEqualTo(2);

    int updated = report.path("updated").asInt();
    String[] undo = {
      "undo",
      report.path("run").asText(),
      "--yes",
      "--update-key",
      "postal_code",
      "--base-url",
      simulator.url(),
      "--api-token",
      "t"
    };
    killedInTheMidst(1, undo);
    ended = installation.run(undo);
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(revisionsAbove(app, 2)).isEqualTo(updated);
    assertThat(revisionsAbove(app, 3)).as("records taken back twice").isZero();
  }

  /** Fifty kills at random points, each followed by the next until one completes. */
  @Test
  @Tag("sweep")
  void fiftyKillsAtRandomPointsLoseNothingAndDoubleNothing() throws IOException {
    var random = new Random(20261122);
    int kills = 0;
    while (kills < 50) {
      String app = simulator.postalCodeApp();
      int inThisApp = 1 + random.nextInt(4);
      for (int i = 0; i < inThisApp && kills < 50; i++, kills++) {
        killedAfter(random.nextInt(ROWS - simulator.size(app) + 1), app, TOKYO);
      }
      assertThat(completed(app, TOKYO)).isEqualTo(ROWS);
      assertThat(simulator.size(app)).isEqualTo(ROWS);
      assertThat(revisionsAbove(app, 1)).isZero();
    }
  }

  @Test
  void aSnapshotHidesNothingThatKilledRunsHaveWrittenWithoutLookups() throws IOException {
    killedWithASnapshot(2, "native");
  }

  @ParameterizedTest
  @Tag("sweep")
  @ValueSource(strings = {"lookup", "native"})
  void aSnapshotHidesNothingThatManyKilledRunsHaveWritten(String engine) throws IOException {
    killedWithASnapshot(20, engine);
  }

  /**
   * Two versions of a file in turns, many runs of them killed: what a killed run has written is
   * seen by the next one, whichever version that has.
   */
  private void killedWithASnapshot(int kills, String engine) throws IOException {
    String app = simulator.postalCodeApp();
    var installed = Installation.withHome(newHome());
    Path inbox = Files.createDirectories(installed.home().resolve("inbox"));
    installed
        .with("KINTONE_API_TOKEN", "t")
        .configured(
            """
            kintone.base-url = %s
            kintone.daily-calls = 0
            kintone.records-per-request = 10
            kintone.requests-per-batch = 2
            kintone.keys-per-lookup = 20
            job.codes.app = %s
            job.codes.update-key = postal_code
            job.codes.source = folder
            job.codes.folder = inbox
            job.codes.diff = snapshot
            job.codes.engine = %s
            """
                .formatted(simulator.url(), app, engine));
    // few enough for each to be looked at that was saved in the last minutes, which here all were
    var versions = List.of(beginning(TOKYO, 900), beginning(edited(), 900));
    var random = new Random(20261129);
    int fewestLookUps = Integer.MAX_VALUE;
    for (int kill = 0; kill < kills; kill++) {
      Path input = inbox.resolve("codes.csv");
      Files.copy(versions.get(random.nextInt(2)), input, StandardCopyOption.REPLACE_EXISTING);
      int before = simulator.records("inserted") + simulator.records("updated");
      int records = random.nextInt(900);
      try (var program = installed.start("run", "codes", "--once")) {
        Patience.await()
            .until(
                () ->
                    program.hasEnded()
                        || simulator.records("inserted") + simulator.records("updated") - before
                            >= records);
      }
      Path last = versions.get(random.nextInt(2));
      Files.copy(last, input, StandardCopyOption.REPLACE_EXISTING);

      var ended = installed.run("run", "codes", "--once");

      assertThat(ended.exitCode()).as(ended.said()).isZero();
      assertThat(simulator.values(app, "postal_code", "areas"))
          .as("kill %d", kill)
          .isEqualTo(areas(last));
      int lookUps = installed.lastReport().path("requests").path("keyLookups").asInt();
      fewestLookUps = Math.min(fewestLookUps, lookUps);
    }
    assertThat(fewestLookUps)
        .as("900 keys by 20 are 45, unless a snapshot was used")
        .isLessThan(20);
  }

  /** Each is killed some times, at random points, and then done once, whichever part was done. */
  @Test
  @Tag("sweep")
  void plansAndWhatTakesThemBackAreDoneOnceHoweverOftenTheyAreKilled() throws IOException {
    var random = new Random(20261130);
    List<String> lines = Files.readAllLines(TOKYO);
    List<String> changed = Files.readAllLines(edited());
    Path first = rows(lines, 0, 900);
    Path second = rows(changed, 300, 1200);
    for (int round = 0; round < 6; round++) {
      String app = simulator.postalCodeApp();
      var installed = Installation.withHome(newHome());
      installed
          .with("KINTONE_API_TOKEN", "t")
          .configured(
              """
              kintone.base-url = %s
              kintone.daily-calls = 0
              kintone.records-per-request = 10
              kintone.requests-per-batch = 2
              job.codes.app = %s
              job.codes.update-key = postal_code
              job.codes.source = folder
              job.codes.folder = inbox
              job.codes.mode = mirror
              job.codes.mirror.scope = $id > 0
              job.codes.mirror.missing = delete
              job.codes.mirror.max-missing = off
              """
                  .formatted(simulator.url(), app));
      assertThat(installed.run("import", first.toString(), "--job", "codes").exitCode()).isZero();
      Path plan = installed.home().resolve("plan.json");
      assertThat(
              installed
                  .run("plan", second.toString(), "--job", "codes", "--out", plan.toString())
                  .exitCode())
          .isZero();
      var counts = new ObjectMapper().readTree(plan.toFile()).path("counts");
      int added = counts.path("inserted").asInt();
      int updated = counts.path("updated").asInt();
      int removed = counts.path("removed").asInt();
      assertThat(List.of(added, updated, removed)).allMatch(records -> records > 100);

      doneOnce(random, installed, List.of(added, updated, removed), "apply", plan.toString());
      assertThat(simulator.values(app, "postal_code", "areas")).isEqualTo(areas(second));
      assertThat(revisionsAbove(app, 1)).as("round %d", round).isEqualTo(updated);
      assertThat(revisionsAbove(app, 2)).as("updated twice in round %d", round).isZero();
      assertThat(installed.run("apply", plan.toString()).exitCode()).isEqualTo(2);

      assertThat(installed.run("import", first.toString(), "--job", "codes").exitCode()).isZero();
      String run = installed.lastReport().path("run").asText();
      doneOnce(random, installed, List.of(added, updated, removed), "undo", run, "--yes");
      assertThat(simulator.values(app, "postal_code", "areas")).isEqualTo(areas(second));
      assertThat(revisionsAbove(app, 4)).as("taken back twice in round %d", round).isZero();
    }
  }

  /**
   * Kills a command three times and lets it come to its end.
   *
   * @param once how many records it adds, updates and removes in all
   */
  private static void doneOnce(
      Random random, Installation installed, List<Integer> once, String... words)
      throws IOException {
    var before = written();
    int all = once.stream().mapToInt(Integer::intValue).sum();
    for (int kill = 0; kill < 3; kill++) {
      int sofar = sum(written()) - sum(before);
      int until = sum(before) + sofar + random.nextInt(all - sofar + 1);
      try (var program = installed.start(words)) {
        Patience.await().until(() -> program.hasEnded() || sum(written()) >= until);
      }
    }
    var ended = installed.run(words);
    // a command that had come to its end before it was killed says that it has been done
    assertThat(ended.exitCode()).as(ended.said()).isIn(0, 2);
    var after = written();
    for (int i = 0; i < once.size(); i++) {
      assertThat(after.get(i) - before.get(i)).as(ended.said()).isEqualTo(once.get(i));
    }
  }

  private static List<Integer> written() {
    return List.of(
        simulator.records("inserted"), simulator.records("updated"), simulator.records("deleted"));
  }

  private static int sum(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).sum();
  }

  private static Path rows(List<String> lines, int from, int to) throws IOException {
    var some = new ArrayList<>(List.of(lines.get(0)));
    some.addAll(lines.subList(1 + from, 1 + to));
    return Files.write(folder.resolve("rows-" + ++homes + ".csv"), some);
  }

  private static Path beginning(Path file, int rows) throws IOException {
    return Files.write(
        folder.resolve("beginning-" + ++homes + ".csv"),
        Files.readAllLines(file).subList(0, 1 + rows));
  }

  private static Map<String, String> areas(Path file) throws IOException {
    var areas = new HashMap<String, String>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      areas.put(cells[0], cells[2]);
    }
    return areas;
  }

  private static Path newHome() throws IOException {
    return Files.createDirectory(folder.resolve("home-" + ++homes));
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
      "postal_code"
    };
  }

  /** Kills an import that waits for an answer to a write request, after so many were answered. */
  private static void killedInTheMidst(int answered, String app, Path file) {
    killedInTheMidst(answered, command(app, file));
    assertThat(simulator.size(app)).isLessThanOrEqualTo(ROWS);
  }

  private static void killedInTheMidst(int answered, String... command) {
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

  /** Kills an import when so many records more are written than before it; 0: at its start. */
  private static void killedAfter(int records, String app, Path file) {
    int before = simulator.records("inserted") + simulator.records("updated");
    try (var program = installation.start(command(app, file))) {
      Patience.await()
          .until(
              () ->
                  program.hasEnded()
                      || simulator.records("inserted") + simulator.records("updated") - before
                          >= records);
    }
  }

  private static void awaitWritten(String how, int records) {
    Patience.await().until(() -> simulator.records(how) >= records);
  }

  /** Lets an import come to its end; returns how many records are as the file says. */
  private static int completed(String app, Path file) throws IOException {
    var ended = installation.run(command(app, file));
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    var report = installation.lastReport();
    return report.path("inserted").asInt()
        + report.path("updated").asInt()
        + report.path("unchanged").asInt();
  }

  private static int revisionsAbove(String app, int revision) {
    return simulator.revisionsAbove(app, revision);
  }

  private static Path edited() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(TOKYO)) {
      String[] cells = line.split(",");
      if (cells[0].charAt(0) == '1') {
        cells[2] += "（改）";
      }
      lines.add(String.join(",", cells));
    }
    return Files.write(folder.resolve("edited-" + ++homes + ".csv"), lines);
  }
}
