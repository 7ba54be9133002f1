package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.COUNTS;
import static dev.kintonesync.journal.SampleReports.START;
import static dev.kintonesync.journal.SampleReports.completed;
import static dev.kintonesync.journal.SampleReports.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.AtOnce;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class JournalTest {
  private static final Counts TEN = new Counts(10, 4, 3, 2, 0, 1, 0);

  @Parameter JournalKind kind;
  @TempDir Path home;

  @Test
  void aRunUnderWayHasTheCountsOfItsBatches() {
    try (var journal = open()) {
      journal.begun(running("r1"));
      assertThat(journal.run("r1")).contains(running("r1"));
      journal.handedOut("r1", 0, 10);
      journal.handedOut("r1", 1, 10);
      journal.settled("r1", 0, TEN);
      assertThat(journal.run("r1"))
          .get()
          .satisfies(
              run -> {
                assertThat(run.state()).isEqualTo(RunState.RUNNING);
                assertThat(run.counts()).isEqualTo(new Counts(20, 4, 3, 2, 0, 1, 10));
              });
    }
  }

  @Test
  void anEndedRunIsWhatItsReportSays() {
    try (var journal = open()) {
      journal.begun(running("r1"));
      journal.settled("r1", 0, TEN);
      journal.ended(completed("r1", COUNTS));
    }
    try (var journal = open()) {
      assertThat(journal.run("r1")).contains(completed("r1", COUNTS));
      assertThat(journal.run("r2")).isEmpty();
    }
  }

  @Test
  void runsAreChosenByJobAndState() {
    try (var journal = open()) {
      journal.ended(completed("r1", "items", START, COUNTS, 0));
      journal.ended(completed("r2", "stock", START, COUNTS, 0));
      journal.begun(running("r3", "items", START.plusSeconds(1)));
      assertThat(journal.runs("items", "", 9)).extracting(Report::run).containsExactly("r3", "r1");
      assertThat(journal.runs("items", "running", 9)).extracting(Report::run).containsExactly("r3");
      assertThat(journal.runs("", "", 2)).hasSize(2);
      assertThat(journal.runs("", "stopped", 9)).isEmpty();
    }
  }

  @Test
  void openRejectsComeInPartsAndAreDismissedAtOnceIfThereAreAsMany() {
    try (var journal = open()) {
      var rejects = journal.openRejects();
      rejects.keep(IntStream.range(2, 12).mapToObj(JournalTest::openReject).toList());
      assertThat(rejects.of("customers", 8, 9)).hasSize(2);
      assertThat(rejects.of("customers", "r1", 4, 6)).hasSize(3);
      assertThat(rejects.of("customers", "r2", 4, 6)).isEmpty();
      assertThat(rejects.dismissAll("customers", 9)).isFalse();
      assertThat(rejects.of("customers")).hasSize(10);
      assertThat(rejects.dismissAll("customers", 10)).isTrue();
      assertThat(rejects.of("customers")).isEmpty();
      assertThat(rejects.dismissAll("customers", 0)).isFalse();
    }
  }

  private static OpenReject openReject(int row) {
    return new OpenReject(
        "customers",
        "K" + row,
        "K" + row,
        Map.of("code", "K" + row),
        MessageCode.EXAMPLE.with("why"),
        "r1",
        row,
        START,
        0,
        "code");
  }

  @Test
  void theRowsOfARejectedRecordStandTogetherUntilOneOfThemChanges() {
    var rows = List.<Map<String, Object>>of(Map.of("no", "A", "qty", "1"), Map.of("no", "A"));
    try (var journal = open()) {
      var rejects = journal.openRejects();
      var kept = ofRows(rows);
      rejects.keep(List.of(kept));
      assertThat(rejects.of("orders")).containsExactly(kept);
      assertThat(rejects.dismiss("orders", "A")).isTrue();
      assertThat(rejects.keep(List.of(ofRows(rows)))).isEmpty();
      var changed = ofRows(List.of(rows.get(0), Map.of("no", "A", "qty", "2")));
      assertThat(rejects.keep(List.of(changed))).containsExactly("A");
      assertThat(changed.version()).isNotEqualTo(kept.version());
    }
  }

  private static OpenReject ofRows(List<Map<String, Object>> rows) {
    return new OpenReject(
        "orders",
        "A",
        "A",
        rows.get(0),
        MessageCode.EXAMPLE.with("why"),
        "r1",
        3,
        START,
        0,
        "qty",
        rows,
        1);
  }

  @Test
  void countsThatDoNotAddUpAreAnError() {
    var lost = new Counts(10, 9, 0, 0, 0, 0, 0);
    try (var journal = open()) {
      assertThatThrownBy(() -> journal.settled("r1", 0, lost))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("read=10");
      assertThatThrownBy(() -> journal.ended(completed("r1", lost)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("inserted=9");
    }
  }

  @Test
  void runsAreListedNewestFirstAndByJob() {
    try (var journal = open()) {
      journal.begun(running("r1", "得意先", START));
      journal.begun(running("r3", "orders", START.plusSeconds(2)));
      journal.begun(running("r2", "得意先", START.plusSeconds(1)));
      assertThat(journal.runs(10)).extracting(Report::run).containsExactly("r3", "r2", "r1");
      assertThat(journal.runs(2)).extracting(Report::run).containsExactly("r3", "r2");
      assertThat(journal.runs("得意先", 10)).extracting(Report::run).containsExactly("r2", "r1");
      assertThat(journal.runs("得意先", 1)).extracting(Report::run).containsExactly("r2");
    }
  }

  @Test
  void fiveHundredRunsAreListed() {
    try (var journal = open()) {
      for (int i = 0; i < 500; i++) {
        journal.begun(running("r" + i, "customers", START.plusSeconds(i)));
        journal.settled("r" + i, 0, TEN);
      }
      assertThat(journal.runs(500)).hasSize(500);
    }
  }

  @Test
  void aRunOfThisProcessIsNotAbandonedWhileItsJournalIsOpen() {
    try (var journal = open();
        var beside = open()) {
      journal.begun(running("r1"));
      assertThat(journal.abandoned()).isEmpty();
      assertThat(beside.abandoned()).isEmpty();
    }
    try (var later = open()) {
      assertThat(later.abandoned()).extracting(Report::run).containsExactly("r1");
      assertThat(later.abandoned()).isEmpty();
    }
  }

  @Test
  void anAbandonedRunIsStoppedAndItsOpenBatchesAreUnprocessed() {
    try (var journal = open()) {
      journal.begun(running("r1"));
      journal.handedOut("r1", 0, 10);
      journal.settled("r1", 0, TEN);
      journal.handedOut("r1", 1, 7);
      journal.begun(running("r2"));
      journal.begun(running("r3"));
      journal.ended(completed("r3", COUNTS));
    }
    try (var later = open()) {
      assertThat(later.abandoned()).extracting(Report::run).containsExactly("r1", "r2");
      assertThat(later.run("r1"))
          .get()
          .satisfies(
              run -> {
                assertThat(run.state()).isEqualTo(RunState.STOPPED);
                assertThat(run.reason()).contains("The program ended before the run was finished");
                assertThat(run.counts()).isEqualTo(new Counts(17, 4, 3, 2, 0, 1, 7));
                assertThat(run.finishedAt()).isAfter(START);
              });
      assertThat(later.run("r2").orElseThrow().finishedAt()).isEqualTo(START);
      assertThat(later.run("r3")).contains(completed("r3", COUNTS));
    }
  }

  @Test
  void callsAreCountedPerAppAndKintoneDay() {
    Instant lastSecond = Instant.parse("2026-11-21T23:59:59Z");
    Instant nineInJapan = Instant.parse("2026-11-22T00:00:00Z");
    try (var journal = open()) {
      journal.called("example.cybozu.com", "42", lastSecond, 3);
      journal.called("example.cybozu.com", "42", lastSecond, 4);
      journal.called("example.cybozu.com", "42", nineInJapan, 5);
      journal.called("example.cybozu.com", "43", nineInJapan, 6);
      assertThat(journal.calls("example.cybozu.com", "42", lastSecond)).isEqualTo(7);
      assertThat(journal.calls("example.cybozu.com", "42", nineInJapan)).isEqualTo(5);
      assertThat(journal.calls("example.cybozu.com", "43", nineInJapan)).isEqualTo(6);
      assertThat(journal.calls("other.cybozu.com", "42", nineInJapan)).isZero();
    }
  }

  @Test
  void anyNumberOfThreadsMayWrite() throws Exception {
    try (var journal = open();
        var beside = open()) {
      journal.begun(running("r1"));
      AtOnce.times(
          400,
          i -> {
            var one = i % 2 == 0 ? journal : beside;
            one.settled("r1", i, TEN);
            one.called("example.cybozu.com", "42", START, 1);
          });
      assertThat(journal.run("r1").orElseThrow().counts().read()).isEqualTo(4000);
      assertThat(journal.calls("example.cybozu.com", "42", START)).isEqualTo(400);
    }
  }

  @Test
  void aNewerJournalIsRefusedWithBothVersions() throws SQLException, IOException {
    open().close();
    try (var connection = kind.connect(home.resolve("journal"));
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO version VALUES (99)");
    }
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            UserErrorException.class,
            e -> {
              assertThat(e).hasMessageContaining("newer").hasMessageContaining("99");
              assertThat(MessageBundle.JAPANESE.say(e.reason())).contains("より新しい", "99");
            });
  }

  private Journal open() {
    return Journal.open(kind.location(home.resolve("journal")));
  }
}
