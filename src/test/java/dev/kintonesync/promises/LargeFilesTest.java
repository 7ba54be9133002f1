package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of more than a megabyte is read beside the work on its rows, and nothing shows it. */
class LargeFilesTest {
  private static final int ROWS = 6_000;

  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "Code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "Name"},
       "amount": {"type": "NUMBER", "code": "amount", "label": "Amount"},
       "remark": {"type": "MULTI_LINE_TEXT", "code": "remark", "label": "Remark"}}
      """;

  private static final String REMARK = "株式会社".repeat(15);

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, FIELDS, Map.of("kintone.requests-per-batch", "2"));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private static String row(int number) {
    return row(number, "Abe " + number, String.valueOf(number));
  }

  private static String row(int number, String name, String amount) {
    return "K%05d,%s,%s,%s".formatted(number, name, amount, REMARK);
  }

  private static String[] rows() {
    var lines = new ArrayList<>(List.of("code,name,amount,remark"));
    IntStream.rangeClosed(1, ROWS).mapToObj(LargeFilesTest::row).forEach(lines::add);
    return lines.toArray(String[]::new);
  }

  @Test
  void eachRowHasItsOutcomeAndTheLastRowOfAKeyWins() throws Exception {
    String[] rows = rows();
    var wrong = new ArrayList<String>();
    for (int line = 500; line < ROWS; line += 500) {
      rows[line] = row(line, "wrong", "none");
      wrong.add("K%05d".formatted(line));
    }
    rows[ROWS] = row(1, "last", "1");

    var run = rehearsal.sync(rows);

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(run.report().counts())
        .isEqualTo(new Counts(ROWS, ROWS - 1 - wrong.size(), 1, 0, 0, wrong.size(), 0));
    assertThat(rehearsal.held("name"))
        .hasSize(ROWS - 1 - wrong.size())
        .containsEntry("K00001", "last")
        .containsEntry("K05999", "Abe 5999")
        .doesNotContainKeys(wrong.toArray(String[]::new));
    assertThat(Rehearsal.rejects(run).stream().skip(1).map(line -> line.substring(0, 6)))
        .isEqualTo(wrong);
  }

  @Test
  void aRunThatIsStoppedReadsNoFurtherAndTheNextOneGoesOn() throws Exception {
    String[] rows = rows();
    for (int line = 1_500; line < 1_510; line++) {
      rows[line] = row(line, "wrong", "none");
    }
    var settings = rehearsal.simulator.settings();
    // or a busy machine might read all before it looks at the batch that stops the run
    rehearsal.simulator.settings(settings.with("latencyMs", 100));
    var stopped = rehearsal.sync(rehearsal.jobWith("max-rejected = 5"), rows);
    rehearsal.simulator.settings(settings);

    assertThat(stopped.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(stopped.report().counts().read()).isBetween(1_500L, (long) ROWS - 1);
    assertThat(stopped.report().counts().addUp()).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("read-" + stopped.report().run());

    var completed = rehearsal.sync(rehearsal.jobWith(), rows());
    assertThat(completed.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(completed.report().counts().read()).isEqualTo(ROWS);
    assertThat(rehearsal.held("amount")).hasSize(ROWS).containsEntry("K01505", "1505");
  }

  @Test
  void rowsThatASnapshotKnowsAreNotLookedUp() throws Exception {
    var job = rehearsal.jobWith("diff = snapshot");
    rehearsal.sync(job, rows());
    rehearsal.simulator.clock().advance(Duration.ofHours(1));
    rehearsal.sync(job, rows()); // looks once more at what was saved a moment before it was kept
    rehearsal.forgetRequests();
    String[] rows = rows();
    rows[3_500] = row(3_500, "another", "3500");

    var again = rehearsal.sync(job, rows);

    assertThat(again.report().counts()).isEqualTo(new Counts(ROWS, 0, 1, ROWS - 1, 0, 0, 0));
    assertThat(rehearsal.held("name")).containsEntry("K03500", "another");
    assertThat(rehearsal.requests()).hasSizeLessThan(12);
  }
}
