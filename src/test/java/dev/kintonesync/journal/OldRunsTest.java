package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.COUNTS;
import static dev.kintonesync.journal.SampleReports.START;
import static dev.kintonesync.journal.SampleReports.completed;
import static dev.kintonesync.journal.SampleReports.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class OldRunsTest {
  private static final Duration KEEP = Duration.ofDays(90);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Counts CLEAN = new Counts(5, 5, 0, 0, 0, 0, 0);
  private static final Counts WITH_REJECTS = new Counts(5, 3, 0, 0, 0, 2, 0);

  @Parameter JournalKind kind;
  @TempDir Path home;
  private Path runs;
  private Journal journal;
  private OldRuns oldRuns;

  @BeforeEach
  void open() {
    runs = home.resolve("runs");
    journal = Journal.open(kind.location(home.resolve("journal")));
    oldRuns = new OldRuns(journal, runs, PublishedRejects.in(home), KEEP);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void aRunIsForgottenWithItsFolderAfterNinetyDays() throws IOException {
    String old = ended("customers", START, CLEAN, 0);
    String newer = ended("customers", START.plus(SECOND), CLEAN, 0);
    String newest = ended("customers", START.plus(DAY), CLEAN, 0);
    assertThat(folders()).containsExactly(old, newer, newest);

    lives(START, START.plus(KEEP));
    assertThat(folders()).as("not a moment too early").containsExactly(old, newer, newest);

    restarted(START.plus(KEEP).plus(SECOND));
    assertThat(folders()).containsExactly(newer, newest);
    assertThat(known()).containsExactly(newest, newer);
    assertThat(journal.run(old)).isEmpty();
  }

  @Test
  void itLooksAtTheStartAndThenOnceADay() throws IOException {
    String old = ended("customers", START, CLEAN, 0);
    String newest = ended("customers", START.plus(DAY), CLEAN, 0);
    Instant justBefore = START.plus(KEEP);

    lives(START, justBefore);
    oldRuns.forgetDaily(justBefore.plus(DAY).minus(SECOND));
    assertThat(folders()).containsExactly(old, newest);
    oldRuns.forgetDaily(justBefore.plus(DAY));
    assertThat(folders()).containsExactly(newest);
  }

  @Test
  void theNewestRunOfEachJobStays() throws IOException {
    String lastOfCustomers = ended("customers", START, CLEAN, 0);
    String old = ended("orders", START, CLEAN, 0);
    String lastOfOrders = ended("orders", START.plus(SECOND), CLEAN, 0);

    lives(START, START.plus(KEEP.multipliedBy(10)));
    assertThat(folders()).containsExactlyInAnyOrder(lastOfCustomers, lastOfOrders);
    assertThat(known()).containsExactlyInAnyOrder(lastOfCustomers, lastOfOrders);
    assertThat(old).isNotIn(known());
  }

  @Test
  void runsWithRejectedRowsStayWhileTheJobHasOpenOnes() throws IOException {
    ended("customers", START, CLEAN, 0);
    String rejecting = ended("customers", START.plus(SECOND), WITH_REJECTS, 2);
    String open = ended("customers", START.plus(DAY), CLEAN, 1);
    lives(START, START.plus(KEEP.multipliedBy(2)));
    assertThat(known()).containsExactly(open, rejecting);

    String settled = ended("customers", START.plus(DAY).plus(SECOND), CLEAN, 0);
    lives(START.plus(KEEP.multipliedBy(2)), START.plus(KEEP.multipliedBy(3)));
    assertThat(known()).containsExactly(settled);
    assertThat(folders()).containsExactly(settled);
  }

  @Test
  void theRejectsOfAPolledSourceGoWithTheirRun() throws IOException {
    Path gone = rejecting(START, "customers.1.csv", "K1", "SELECT");
    Path changed = rejecting(START.plus(SECOND), "customers.2.csv", "K2", "SELECT");
    Files.writeString(changed, "K2 corrected");
    Path ofFile = rejecting(START.plus(DAY), "customers.3.csv", "K3", runs + "/in/a.csv");
    Path foreign = Files.writeString(gone.resolveSibling("note.csv"), "K1");
    String newest = ended("customers", START.plus(DAY).plus(SECOND), CLEAN, 0);

    lives(START, START.plus(KEEP.multipliedBy(2)));
    assertThat(known()).containsExactly(newest);
    assertThat(gone).doesNotExist();
    assertThat(changed).hasContent("K2 corrected");
    assertThat(ofFile).exists();
    assertThat(foreign).exists();
  }

  @Test
  void rejectsStayWhileRowsAreOpenAlsoWhenTheNewestRunNeverCameToCountThem() throws IOException {
    Path open = rejecting(START, "customers.1.csv", "K1", "SELECT");
    journal
        .openRejects()
        .keep(
            List.of(
                new OpenReject(
                    "customers",
                    "K1",
                    "K1",
                    Map.of("code", "K1"),
                    MessageCode.RUN_INTERRUPTED.with(),
                    "run",
                    0,
                    START,
                    0,
                    null)));
    ended("customers", START.plus(DAY), Counts.NONE, 0);

    lives(START, START.plus(KEEP.multipliedBy(2)));
    assertThat(open).exists();
    journal.openRejects().close("customers", List.of("K1"));
    lives(START.plus(KEEP.multipliedBy(2)), START.plus(KEEP.multipliedBy(3)));
    assertThat(open).doesNotExist();
  }

  /** A run with a rejects file that is published; returns where. */
  private Path rejecting(Instant at, String name, String rows, String source) throws IOException {
    String run = begun("customers", at);
    Files.writeString(runs.resolve(run).resolve("rejects.csv"), rows);
    Path published = Files.createDirectories(home.resolve("rejects")).resolve(name);
    Files.writeString(published, rows);
    journal.settled(run, 0, WITH_REJECTS);
    journal.ended(SampleReports.rejecting(run, at, source, WITH_REJECTS, published));
    return published;
  }

  @Test
  void aRunningRunNeverGoesHoweverLongItRuns() throws IOException {
    String still = begun("customers", START);
    journal.settled(still, 0, CLEAN);
    String newest = ended("customers", START.plus(DAY), CLEAN, 0);

    lives(START, START.plus(KEEP.multipliedBy(2)));
    assertThat(folders()).containsExactly(still, newest);
    assertThat(journal.run(still).orElseThrow().counts()).isEqualTo(CLEAN);
  }

  @Test
  void foldersOfAJournalThatWasMovedAwayGoTooButNotTheLastOfAJobAndNothingElse()
      throws IOException {
    begun("customers", START);
    String last = begun("customers", START.plus(SECOND));
    Path foreign = Files.createDirectories(runs.resolve("my notes"));
    Files.writeString(runs.resolve("20200101-000000-note.txt"), "no folder");
    journal.close();
    kind.moveAway(home.resolve("journal"));
    open();
    String newest = ended("orders", START, CLEAN, 0);

    lives(START, START.plus(KEEP.multipliedBy(2)));
    assertThat(folders()).containsExactlyInAnyOrder(last, newest, "my notes");
    assertThat(foreign).isEmptyDirectory();
    assertThat(runs.resolve("20200101-000000-note.txt")).exists();
  }

  @Test
  void aFolderThatIsGoneAlreadyIsNoHindrance() throws IOException {
    String old = ended("customers", START, COUNTS, 0);
    Files.delete(runs.resolve(old).resolve("run.log"));
    Files.delete(runs.resolve(old));
    String newest = ended("customers", START.plus(DAY), CLEAN, 0);
    lives(START, START.plus(KEEP.multipliedBy(2)));
    assertThat(known()).containsExactly(newest);
  }

  @Test
  void callsOfOldDaysAreForgotten() {
    journal.called("example.cybozu.com", "42", START, 1);
    lives(START, START.plus(KEEP));
    assertThat(journal.calls("example.cybozu.com", "42", START)).isEqualTo(1);
    oldRuns.forgetDaily(START.plus(KEEP).plus(DAY));
    assertThat(journal.calls("example.cybozu.com", "42", START)).isZero();
  }

  @Test
  void aClockThatIsFarAheadMakesNoRunOld() throws IOException {
    String old = ended("customers", START, CLEAN, 0);
    String newer = ended("customers", START.plus(DAY), CLEAN, 0);
    oldRuns.forgetDaily(START.plus(DAY));
    Instant ahead = START.plus(DAY.multipliedBy(400));
    String future = ended("customers", ahead, CLEAN, 0);
    for (int day = 0; day < 80; day++) {
      restarted(ahead.plus(DAY.multipliedBy(day)));
    }
    assertThat(folders()).containsExactly(old, newer, future);

    Instant right = START.plus(DAY.multipliedBy(3));
    restarted(right);
    lives(right, START.plus(KEEP).plus(SECOND));
    assertThat(folders()).as("old by a clock that was put right").containsExactly(newer, future);
  }

  @Test
  void aClockThatIsFarAheadAtTheFirstStartOfThisVersionMakesNoRunOld() throws IOException {
    String old = ended("customers", START, CLEAN, 0);
    String newer = ended("customers", START.plus(DAY), CLEAN, 0);
    oldRuns.forgetDaily(START.plus(DAY.multipliedBy(400)));
    assertThat(folders()).containsExactly(old, newer);
  }

  @Test
  void aProgramThatWasOffForLongKeepsItsHistoryAndForgetsItAsTimeGoesOn() throws IOException {
    String old = ended("customers", START, CLEAN, 0);
    String newer = ended("customers", START.plus(DAY), CLEAN, 0);
    oldRuns.forgetDaily(START.plus(DAY));
    Instant on = START.plus(DAY.multipliedBy(400));
    restarted(on);
    String newest = ended("customers", on, CLEAN, 0);
    restarted(on.minus(SECOND)); // a clock is put right by a second now and then
    lives(on, on.plus(KEEP).minus(DAY));
    assertThat(folders()).as("a day old when it went off").containsExactly(old, newer, newest);
    lives(on.plus(KEEP).minus(DAY), on.plus(KEEP).minus(DAY).plus(SECOND));
    assertThat(folders()).containsExactly(newer, newest);
    String last = ended("customers", on.plus(KEEP), CLEAN, 0);
    restarted(on.plus(KEEP).plus(SECOND));
    assertThat(folders()).as("and then as ever").containsExactly(last);
  }

  @Test
  void twoLeapsCountBoth() throws IOException {
    String old = ended("customers", START, CLEAN, 0);
    String newer = ended("customers", START.plus(DAY), CLEAN, 0);
    oldRuns.forgetDaily(START.plus(DAY));
    restarted(START.plus(DAY.multipliedBy(100)));
    restarted(START.plus(DAY.multipliedBy(140)));
    restarted(START.plus(DAY.multipliedBy(141)));
    assertThat(folders()).containsExactly(old, newer);
  }

  /** A new program looks at the clock. */
  private void restarted(Instant now) {
    oldRuns = new OldRuns(journal, runs, PublishedRejects.in(home), KEEP);
    oldRuns.forgetDaily(now);
  }

  /** A program that runs from then until then. */
  private void lives(Instant from, Instant until) {
    for (Instant now = from; now.isBefore(until); now = now.plus(DAY)) {
      oldRuns.forgetDaily(now);
    }
    restarted(until);
  }

  private String begun(String job, Instant at) {
    try (var folder = RunFolder.create(runs, job, at, ZoneId.systemDefault())) {
      folder.log("began");
      journal.begun(running(folder.name(), job, at));
      return folder.name();
    }
  }

  private String ended(String job, Instant at, Counts counts, long open) {
    String run = begun(job, at);
    journal.settled(run, 0, counts);
    journal.ended(completed(run, job, at, counts, open));
    return run;
  }

  private List<String> known() {
    return journal.runs(99).stream().map(Report::run).toList();
  }

  private List<String> folders() throws IOException {
    try (var folders = Files.list(runs)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }
}
