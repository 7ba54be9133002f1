package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.journal.JournalKind;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.http.Fault.Kind;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several batches are in flight at once; nothing is reported before the last one is settled. */
class SeveralBatchesTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal =
        new Rehearsal(
            home, Map.of("kintone.records-per-request", "5", "kintone.requests-per-batch", "2"));
    rehearsal.simulator.settings(rehearsal.simulator.settings().with("latencyMs", 20));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private static String[] rows(int count) {
    var lines = new ArrayList<>(List.of("code,amount"));
    for (int i = 1; i <= count; i++) {
      lines.add("K" + i + "," + i);
    }
    return lines.toArray(String[]::new);
  }

  @Test
  void batchesAreWrittenSideBySideAndAllAreApplied() throws Exception {
    // longer than a busy machine lets a thread wait
    rehearsal.simulator.settings(rehearsal.simulator.settings().with("latencyMs", 200));
    var report = rehearsal.report(rows(200));
    assertThat(report.counts().inserted()).isEqualTo(200);
    assertThat(rehearsal.held("code")).hasSize(200);
    int peak = rehearsal.simulator.statistics().path("peakRunning").asInt();
    assertThat(peak).isBetween(2, 9);
  }

  @Test
  void aBatchThatFailsForGoodStopsTheRunWhenTheOthersAreSettled() throws Exception {
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "GAIA_NO01").on("POST", "/bulkRequest.json").after(3));

    var run = rehearsal.sync(rows(400));

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("GAIA_NO01");
    assertThat(run.report().counts().addUp()).isTrue();
    // what the report calls inserted is what Kintone holds: nothing was still being written
    assertThat(rehearsal.held("code")).hasSize((int) run.report().counts().inserted());
    assertThat(run.report().counts().unprocessed()).isGreaterThanOrEqualTo(10);
    assertThat(run.report().counts().read()).isLessThan(400);
  }

  @Test
  void aJournalThatCannotBeWrittenInTheMidstEndsTheRunAndTheNextOneGoesOn() throws Exception {
    try (var journal = JournalKind.H2.connect(home.resolve("journal"));
        var statement = journal.createStatement()) {
      rehearsal.crossing.before(
          "POST", "/bulkRequest.json", 1, () -> moved(statement, "batch", "gone"));
      var run = rehearsal.sync(rows(400));
      assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
      assertThat(run.report().counts().addUp()).isTrue();
      assertThat(rehearsal.held("code")).hasSizeBetween(1, 390);

      moved(statement, "gone", "batch");
      assertThat(rehearsal.report(rows(400)).state()).isEqualTo(RunState.COMPLETED);
      assertThat(rehearsal.held("code")).hasSize(400);
      assertThat(rehearsal.held("$revision").values()).containsOnly("1");
    }
  }

  private static void moved(Statement statement, String table, String name) {
    try {
      statement.execute("ALTER TABLE " + table + " RENAME TO " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void lostAnswersInSeveralBatchesAtOnceLoseNothingAndDoubleNothing() throws Exception {
    rehearsal
        .simulator
        .faults()
        .add(Fault.of(Kind.RESET_AFTER_COMMIT).on("POST", "/bulkRequest.json").times(5));
    rehearsal
        .simulator
        .faults()
        .add(Fault.of(Kind.RESET).on("POST", "/bulkRequest.json").after(5).times(5));

    var report = rehearsal.report(rows(300));

    assertThat(report.counts().inserted()).isEqualTo(300);
    assertThat(rehearsal.held("code")).hasSize(300);
    assertThat(rehearsal.held("$revision").values()).containsOnly("1");
  }

  @Test
  void aBatchBrokenByADefectHarmsNoOtherAndTheRunReportsWhenAllAreSettled() throws Exception {
    rehearsal.close();
    Path routes = home.resolve("routes");
    for (String folder : List.of("", "core")) {
      Files.createDirectories(routes.resolve(folder));
      try (var files = Files.list(Path.of("routes", folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, routes.resolve(folder).resolve(file.getFileName()));
        }
      }
    }
    Path broken = routes.resolve("core/write-records.camel.yaml");
    String route = Files.readString(broken);
    String defect =
        """
              - filter:
                  simple: "${exchangeProperty.kintonePlan.batch.number} == 3"
                  steps:
                    - throwException: { message: "a defect", exceptionType: "java.lang.IllegalStateException" }
        """;
    Files.writeString(
        broken,
        route.replaceFirst(
            "(direct:write-records\\n +steps:\\n)",
            "$1" + Matcher.quoteReplacement(defect.indent(2))));
    rehearsal =
        new Rehearsal(
            home.resolve("2"),
            Rehearsal.FIELDS,
            Map.of("kintone.records-per-request", "5", "kintone.requests-per-batch", "2"),
            routes);
    rehearsal.simulator.settings(rehearsal.simulator.settings().with("latencyMs", 50));

    var run = rehearsal.sync(rows(100));

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("a defect");
    assertThat(run.report().counts().addUp()).isTrue();
    assertThat(run.report().counts().unprocessed()).isGreaterThanOrEqualTo(10);
    assertThat(rehearsal.held("code")).hasSize((int) run.report().counts().inserted());
    assertThat(run.report().counts().inserted()).isGreaterThanOrEqualTo(20);
  }

  @Test
  void aSourceThatBreaksInTheMiddleEndsTheRunWhenWhatWasReadIsSettled() throws Exception {
    Path file = rehearsal.csv(rows(200));
    rehearsal.crossing.before(
        "POST", "/bulkRequest.json", 1, () -> file.toFile().setLastModified(1_000_000_000_000L));

    var run = rehearsal.sync(file);

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().counts()).isEqualTo(new Counts(200, 200, 0, 0, 0, 0, 0));
    assertThat(rehearsal.held("code")).hasSize(200);
  }
}
