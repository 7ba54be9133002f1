package dev.kintonesync.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.console.JobStatus.State;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How jobs stand follows from the properties and the journal. */
class JobOverviewTest {
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");

  @TempDir private Path home;

  private Journal journal;

  @BeforeEach
  void open() {
    journal = Journal.open(home.resolve("journal"));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  /** A database job that runs every hour. */
  private static String hourly(String name) {
    return """
    job.%1$s.app = 42
    job.%1$s.update-key = code
    job.%1$s.source = database
    job.%1$s.url = jdbc:h2:mem:x
    job.%1$s.query = SELECT 1
    job.%1$s.schedule = every 1h
    """
        .formatted(name);
  }

  private List<JobStatus> statuses(String... blocks) throws IOException {
    return overview(blocks).jobs();
  }

  private JobOverview overview(String... blocks) throws IOException {
    Files.writeString(
        home.resolve("application.properties"),
        "kintone.base-url = https://example.cybozu.com\n" + String.join("", blocks));
    var configuration = Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of());
    var jobs =
        configuration.jobNames().stream()
            .map(name -> new JobOverview.Configured(name, configuration.job(name), null))
            .toList();
    return new JobOverview(
        () -> jobs, 10_000, journal, home.resolve("runs"), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private void ended(String job, RunState state, Duration ago) {
    journal.ended(SampleRuns.of(job, state, NOW.minus(ago)));
  }

  @Test
  void aScheduleWithoutAGoodRunForTwiceItsIntervalIsLate() throws Exception {
    ended("a", RunState.COMPLETED, Duration.ofMinutes(100));
    ended("b", RunState.COMPLETED_WITH_REJECTS, Duration.ofMinutes(200));
    ended("b", RunState.STOPPED, Duration.ofMinutes(10));
    ended("c", RunState.STOPPED, Duration.ofMinutes(300));
    ended("c", RunState.STOPPED, Duration.ofMinutes(3));
    var statuses = statuses(hourly("a"), hourly("b"), hourly("c"), hourly("d"));
    assertThat(statuses).extracting(JobStatus::late).containsExactly(false, true, true, false);
    assertThat(statuses.get(1).lastGood()).isEqualTo(NOW.minus(Duration.ofMinutes(199)));
    assertThat(statuses.get(2).lastGood()).isNull();
  }

  @Test
  void openRejectsThatNobodyKeepsAreNotCountedAsNone() throws Exception {
    var folder =
        """
        job.f.app = 42
        job.f.update-key = code
        job.f.source = folder
        job.f.folder = inbox/f
        """;
    var statuses = statuses(hourly("a"), folder);
    assertThat(statuses).extracting(JobStatus::openRejects).containsExactly(null, 0);
  }

  @Test
  void aDryRunIsNeverTheLastRun() throws Exception {
    ended("a", RunState.COMPLETED, Duration.ofMinutes(200));
    journal.ended(SampleRuns.dry("a", RunState.COMPLETED, NOW.minus(Duration.ofMinutes(5))));
    journal.ended(SampleRuns.dry("b", RunState.COMPLETED, NOW.minus(Duration.ofMinutes(500))));
    var statuses = statuses(hourly("a"), hourly("b"));
    assertThat(statuses).extracting(JobStatus::late).containsExactly(true, false);
    assertThat(statuses.get(0).last())
        .extracting(Report::startedAt)
        .isEqualTo(NOW.minus(Duration.ofMinutes(200)));
    assertThat(statuses.get(1).last()).isNull();
  }

  @Test
  void whatAProgramSaysCountsAsLongAsItIsThere() throws Exception {
    assertThat(statuses(hourly("a")).get(0).state()).isEqualTo(State.IDLE);
    var why = MessageCode.JOB_HELD.with("a", MessageCode.HOLDER_UNKNOWN.with());
    journal.statusRows().say(List.of(JobStatusRow.waiting("a", NOW, why)));
    var waiting = statuses(hourly("a")).get(0);
    assertThat(waiting.state()).isEqualTo(State.WAITING);
    assertThat(waiting.why()).isEqualTo(why);
    assertThat(waiting.next()).isEqualTo(NOW);
    journal.statusRows().say(List.of(new JobStatusRow("a", null, null, "r", 0.5, "GAIA_DA02")));
    assertThat(statuses(hourly("a")).get(0).state()).isEqualTo(State.RUNNING);
    journal.statusRows().say(List.of());
    assertThat(statuses(hourly("a")).get(0).state()).isEqualTo(State.IDLE);
  }

  @Test
  void aJobThatWritesNothingIsWellAndSaysSo() throws Exception {
    var why = MessageCode.NEEDS_WRITE.with("a");
    journal.statusRows().say(List.of(JobStatusRow.waiting("a", NOW, why)));
    var status = statuses(hourly("a"), "job.a.write = false\n").get(0);
    assertThat(status.state()).isEqualTo(State.READY);
    assertThat(status.why()).isEqualTo(why);
  }

  @Test
  void aJobWithApprovalNeedsAPersonOnlyWhileAPlanWaits() throws Exception {
    var note = MessageCode.NEEDS_APPROVAL.with("a");
    journal.statusRows().say(List.of(JobStatusRow.waiting("a", NOW, note)));
    String[] job = {hourly("a"), "job.a.approval = required\n"};
    assertThat(statuses(job).get(0).state()).isEqualTo(State.READY);
    assertThat(statuses(job).get(0).why()).isEqualTo(note);

    var plan = SampleRuns.dry("a", RunState.COMPLETED, NOW.minus(Duration.ofMinutes(5)));
    journal.ended(plan);
    assertThat(statuses(job).get(0).state())
        .as("of a command, without a plan")
        .isEqualTo(State.READY);
    Files.createFile(
        Files.createDirectories(home.resolve("runs").resolve(plan.run())).resolve("plan.json"));
    var waits = statuses(job).get(0);
    assertThat(waits.state()).isEqualTo(State.NEEDS_YOU);
    assertThat(waits.why()).isEqualTo(MessageCode.APPROVAL_WAITS.with("a", plan.run()));
    assertThat(waits.isBlocked()).as("nothing was refused").isFalse();

    journal.appliedPlans().applied(plan.run(), "20261122-060000-a");
    assertThat(statuses(job).get(0).state()).isEqualTo(State.READY);
  }

  @Test
  void aPlanIsOvertakenByTheNextRunOfItsSource() throws Exception {
    journal
        .statusRows()
        .say(List.of(JobStatusRow.waiting("a", NOW, MessageCode.NEEDS_APPROVAL.with("a"))));
    var plan = SampleRuns.dry("a", RunState.COMPLETED, NOW.minus(Duration.ofMinutes(5)));
    journal.ended(plan);
    Files.createFile(
        Files.createDirectories(home.resolve("runs").resolve(plan.run())).resolve("plan.json"));
    ended("a", RunState.COMPLETED, Duration.ofMinutes(1));
    assertThat(statuses(hourly("a"), "job.a.approval = required\n").get(0).state())
        .isEqualTo(State.READY);
  }

  @Test
  void aJobThatIsStartingDoesNotWaitForAnotherAttempt() throws Exception {
    journal
        .statusRows()
        .say(List.of(JobStatusRow.waiting("a", null, MessageCode.JOB_BEGINS.with())));
    assertThat(statuses(hourly("a")).get(0).state()).isEqualTo(State.STARTING);
  }

  @Test
  void openRejectsAndCallsAreCounted() throws Exception {
    journal.openRejects().keep(List.of(reject("1"), reject("2")));
    journal.called("https://example.cybozu.com", "42", NOW, 12);
    var status = statuses(hourly("a")).get(0);
    assertThat(status.openRejects()).isEqualTo(2);
    assertThat(status.calls()).isEqualTo(12);
    assertThat(status.budget()).isEqualTo(10_000);
  }

  private static OpenReject reject(String id) {
    return new OpenReject(
        "a", id, id, Map.of("c", "v"), MessageCode.KEY_BLANK.with("c"), "r", 0, NOW, 0, null);
  }

  @Test
  void fiftyJobsWithFiveHundredRunsAreSeenAtOnce() throws Exception {
    var blocks = new String[50];
    for (int job = 0; job < blocks.length; job++) {
      blocks[job] = hourly("job-" + job);
      for (int run = 0; run < 10; run++) {
        ended("job-" + job, RunState.COMPLETED, Duration.ofHours(run));
      }
    }
    var overview = overview(blocks);
    assertThat(overview.jobs()).hasSize(50).allMatch(status -> status.lastGood() != null);
    var threads = ManagementFactory.getThreadMXBean();
    long began = threads.getCurrentThreadCpuTime(); // whatever else keeps the machine busy
    assertThat(overview.jobs())
        .extracting(JobStatus::last)
        .extracting(Report::counts)
        .contains(new Counts(10, 3, 2, 4, 0, 1, 0));
    assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - began))
        .isLessThan(Duration.ofSeconds(1));
  }
}
