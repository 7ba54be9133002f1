package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 8: the last row of a key wins, across batches and writers. */
class OrderPerKeyTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void inOneBatchTheLaterRowIsUsedAndTheEarlierOneIsSuperseded() throws Exception {
    rehearsal = new Rehearsal(home);
    var report = rehearsal.report("code,name", "A,first", "B,Baba", "A,second", "A,third");
    assertThat(report.counts()).isEqualTo(new Counts(4, 2, 0, 0, 2, 0, 0));
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("A", "third", "B", "Baba"));
    assertThat(rehearsal.revision("A")).isEqualTo("1");
  }

  /** The result does not depend on where a batch ends. */
  @Test
  void whatALaterRowDoesNotNameStaysAsAnEarlierOneSaysIt() throws Exception {
    rehearsal = new Rehearsal(home);
    Files.createDirectories(rehearsal.inbox());
    rehearsal.drop(
        "a.jsonl",
        "{\"code\":\"A\",\"name\":\"first\",\"amount\":1}",
        "{\"code\":\"B\",\"name\":\"b\"}",
        "{\"code\":\"A\",\"amount\":2}",
        "{\"code\":\"B\",\"name\":\"Baba\",\"amount\":5}",
        "{\"code\":\"A\",\"amount\":3}");

    var report = rehearsal.application().runner().runWaiting(rehearsal.job()).get(0).report();

    assertThat(rehearsal.held("name")).isEqualTo(Map.of("A", "first", "B", "Baba"));
    assertThat(rehearsal.held("amount")).isEqualTo(Map.of("A", "3", "B", "5"));
    assertThat(report.counts().addUp()).isTrue();
    assertThat(report.counts().superseded()).as("whole rows only").isEqualTo(1);
  }

  @Test
  void keysThatKintoneTakesForTheSameAreTheSame() throws Exception {
    rehearsal =
        new Rehearsal(
            home,
            """
            {"code": {"type": "NUMBER", "code": "code", "label": "No", "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "Name"}}
            """,
            Map.of());
    var report = rehearsal.report("code,name", "5,first", "5.0,second", "05,third");
    assertThat(report.counts()).isEqualTo(new Counts(3, 1, 0, 0, 2, 0, 0));
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("5", "third"));
  }

  @Test
  void acrossBatchesTheLaterBatchWaitsForTheEarlierOne() throws Exception {
    // batches of four records, four of them in flight, and every key comes again and again
    rehearsal =
        new Rehearsal(
            home, Map.of("kintone.records-per-request", "2", "kintone.requests-per-batch", "2"));
    rehearsal.simulator.settings(rehearsal.simulator.settings().with("latencyMs", 3));
    rehearsal.app.add("{\"code\": {\"value\": \"other\"}}");
    var lines = new ArrayList<>(List.of("code,amount"));
    for (int i = 1; i <= 300; i++) {
      lines.add("K" + (i * 7 % 23) + "," + i);
    }

    var report = rehearsal.report(lines.toArray(String[]::new));

    assertThat(report.counts().read()).isEqualTo(300);
    assertThat(report.counts().addUp()).isTrue();
    assertThat(report.conflicts()).isZero();
    for (int i = 300; i > 300 - 23; i--) {
      assertThat(rehearsal.held("amount")).containsEntry("K" + (i * 7 % 23), String.valueOf(i));
    }
  }

  @Test
  void inAnAppThatWasEmptyKeysThatComeAgainAreLookedUpFromThenOn() throws Exception {
    rehearsal =
        new Rehearsal(
            home, Map.of("kintone.records-per-request", "2", "kintone.requests-per-batch", "1"));
    var lines = new ArrayList<>(List.of("code,amount"));
    for (int i = 1; i <= 100; i++) {
      lines.add("K" + i % 10 + "," + i);
    }

    var report = rehearsal.report(lines.toArray(String[]::new));

    assertThat(report.counts().inserted()).isEqualTo(10);
    assertThat(report.counts().updated()).isEqualTo(90);
    assertThat(report.conflicts()).isLessThan(20);
    assertThat(rehearsal.held("amount")).containsEntry("K0", "100").containsEntry("K9", "99");
  }
}
