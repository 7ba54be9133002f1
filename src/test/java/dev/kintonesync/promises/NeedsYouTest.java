package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.settings.Job;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a person can lift costs no call until a person, the source or the form acts. */
class NeedsYouTest {
  private static final String TOO_LONG = "x".repeat(21);
  private static final String URL = "jdbc:h2:mem:needs-you;DB_CLOSE_DELAY=-1";

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterEach
  void stop() throws Exception {
    rehearsal.close();
    try (var connection = DriverManager.getConnection(URL);
        var statement = connection.createStatement()) {
      statement.execute("DROP ALL OBJECTS");
    }
  }

  private JobStatusRow status() {
    return rehearsal.application().statusRows().get(0);
  }

  private void drop(String name) throws Exception {
    rehearsal.drop(
        "a.csv",
        Stream.concat(
                Stream.of("code,name"), IntStream.range(0, 300).mapToObj(i -> "K" + i + "," + name))
            .toArray(String[]::new));
  }

  private RunResult stoppedByTheGuard() throws Exception {
    drop(TOO_LONG);
    rehearsal.application().watch(rehearsal.job());
    var run = rehearsal.awaitRun();
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    Patience.await().until(() -> status().run() == null && status().why() != null);
    return run;
  }

  @Test
  void aGuardIsNotTriedAgainByItself() throws Exception {
    stoppedByTheGuard();

    assertThat(status().why().text()).isEqualTo(MessageCode.NEEDS_YOU_GUARD);
    assertThat(status().why().toString())
        .contains("max-rejected = 10%", "kintone-sync run customers --once --accept max-rejected");
    assertThat(status().next()).isNull();
    rehearsal.forgetRequests();
    rehearsal.clock.move(Duration.ofHours(1));
    Patience.await().until(() -> rehearsal.requests().contains("GET app/form/fields"));
    assertThat(rehearsal.runWithin(500)).isNull();
    assertThat(rehearsal.requests()).containsOnly("GET app/form/fields");
  }

  @Test
  void aMendedFileGoesOn() throws Exception {
    stoppedByTheGuard();

    drop("short");

    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(300);
    assertThat(status().why()).isNull();
  }

  @Test
  void aScheduledJobHasOneAttemptAtEachTimeAndNoneInBetween() throws Exception {
    try (var connection = DriverManager.getConnection(URL);
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t AS SELECT CONCAT('K', x) AS \"code\", '%s' AS \"name\" FROM"
                  .formatted(TOO_LONG)
              + " SYSTEM_RANGE(1, 300)");
    }
    Job job = rehearsal.databaseJob(URL, "query = select * from t", "schedule = every 24h");
    rehearsal.application().watch(job);
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);
    Patience.await().until(() -> status().run() == null && status().why() != null);

    assertThat(status().why().text()).isEqualTo(MessageCode.NEEDS_YOU_GUARD);
    assertThat(Duration.between(rehearsal.clock.instant(), status().next()))
        .as("the next time of the schedule, not a pause")
        .isGreaterThan(Duration.ofHours(20));
  }

  @Test
  void aJobThatMayNotWriteSaysWhatLiftsThat() throws Exception {
    drop("short");
    rehearsal.application().watch(rehearsal.jobWith("write = false"));
    assertThat(rehearsal.awaitRun().report().written()).isFalse();

    assertThat(status().why().text()).isEqualTo(MessageCode.NEEDS_WRITE);
    rehearsal.forgetRequests();
    rehearsal.clock.move(Duration.ofHours(1));
    assertThat(rehearsal.runWithin(500)).isNull();
    assertThat(rehearsal.requests()).isEmpty();
  }

  /** Whether a token may write is found out by the first write only. */
  @Test
  void aTokenThatMayOnlyViewIsRefusedAndNotTriedAgainByItself() throws Exception {
    rehearsal.simulator.token("t", rehearsal.app.id(), Permission.VIEW);
    drop("short");
    rehearsal.application().watch(rehearsal.job());

    var run = rehearsal.awaitRun();

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().counts().unprocessed()).isEqualTo(run.report().counts().read());
    assertThat(rehearsal.app.size()).isZero();
    assertThat(rehearsal.inbox().resolve("a.csv")).exists();
    assertWaitsForAPerson();

    rehearsal.simulator.token("t", rehearsal.app.id(), Permission.VIEW, Permission.ADD);
    assertThat(rehearsal.application().runNow("customers")).isTrue();
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(300);
  }

  @Test
  void aRightToWriteThatIsLostInTheMidstIsNotTriedAgainByItself() throws Exception {
    rehearsal.close();
    rehearsal =
        new Rehearsal(
            home, Map.of("kintone.records-per-request", "10", "kintone.requests-per-batch", "2"));
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "GAIA_NO01").on("POST", "/bulkRequest.json").after(2).times(1_000));
    drop("short");
    rehearsal.application().watch(rehearsal.job());

    var run = rehearsal.awaitRun();

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.held("name")).hasSize((int) run.report().counts().inserted());
    assertThat(run.report().counts().inserted()).isPositive();
    assertThat(rehearsal.inbox().resolve("a.csv")).exists();
    assertWaitsForAPerson();
  }

  /** A right may be given while the run is under way: one more attempt finds out. */
  @Test
  void aUserWhoMayNotAddIsTriedAgainOnceOnly() throws Exception {
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/bulkRequest.json").times(1_000));
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/records.json").times(1_000));
    drop("short");
    rehearsal.application().watch(rehearsal.job());
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.awaitSaid()).contains("next attempt in 5 s");
    rehearsal.clock.move(Duration.ofSeconds(6));

    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);

    assertWaitsForAPerson();
  }

  @Test
  void aRunOnDemandAnnouncesNoAttemptThatNobodyMakes() throws Exception {
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/bulkRequest.json").times(1));
    drop("short");

    assertThat(rehearsal.runNow(rehearsal.job()).report().state()).isEqualTo(RunState.STOPPED);

    assertThat(rehearsal.allSaid())
        .containsOnlyOnce("customers: the file stays where it is; run it again to continue.")
        .noneMatch(said -> said.contains("next attempt"));
    assertThat(rehearsal.runNow(rehearsal.job()).report().counts().inserted()).isEqualTo(300);
  }

  private void assertWaitsForAPerson() throws Exception {
    Patience.await().until(() -> status().run() == null && status().why() != null);
    assertThat(status().why().text()).isEqualTo(MessageCode.NEEDS_YOU);
    assertThat(status().next()).isNull();
    rehearsal.clock.move(Duration.ofHours(1));
    assertThat(rehearsal.runWithin(500)).isNull();
  }
}
