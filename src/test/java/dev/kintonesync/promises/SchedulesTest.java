package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kintonesync.Patience;
import dev.kintonesync.settings.Job;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs run at their times, one run at a time, and make up for what was missed. */
@Order(1) // it waits long
class SchedulesTest {
  private static final String QUERY =
      "query = SELECT code AS \"code\", name AS \"name\" FROM customers";
  private static final DateTimeFormatter HOURS_AND_MINUTES = DateTimeFormatter.ofPattern("HH:mm");
  private static final String NEVER_TODAY = "schedule = 0 0 1 1 *";

  @TempDir Path home;
  private String url;
  private Rehearsal rehearsal;
  private Connection database;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    Files.createDirectories(rehearsal.inbox());
    url = "jdbc:h2:mem:" + home.getFileName();
    database = DriverManager.getConnection(url);
    sql("CREATE TABLE customers (code VARCHAR, name VARCHAR)");
    sql("INSERT INTO customers VALUES ('A', 'Abe')");
  }

  @AfterEach
  void stop() throws Exception {
    rehearsal.close();
    database.close();
  }

  @Test
  void aDatabaseIsReadAtOnceAndThenEverySoOften() throws Exception {
    Instant first = rehearsal.application().watch(job("schedule = every 1s"));
    assertThat(first).isBefore(Instant.now().plusSeconds(1));
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
    sql("INSERT INTO customers VALUES ('B', 'Baba')");
    Patience.await().until(() -> rehearsal.held("name").size() == 2);
    rehearsal.awaitRun();
  }

  @Test
  void aDatabaseIsReadByTheClockAndRunsOfAJobDoNotOverlap() throws Exception {
    rehearsal.simulator.settings(rehearsal.simulator.settings().with("latencyMs", 400));
    rehearsal.application().watch(job("schedule = */1 * * * * ?", "time-zone = America/New_York"));
    var first = rehearsal.awaitRun().report();
    assertThat(first.counts().inserted()).isEqualTo(1);
    var second = rehearsal.awaitRun().report();
    assertThat(second.counts().unchanged()).isEqualTo(1);
    assertThat(second.startedAt()).isAfterOrEqualTo(first.finishedAt());
  }

  @Test
  void jobsOfOneNameInTwoApplicationsOfAProcessHaveTheirTimesEach(@TempDir Path elsewhere)
      throws Exception {
    try (var other = new Rehearsal(elsewhere)) {
      rehearsal.application().watch(job("schedule = every 1s"));
      other.application().watch(other.databaseJob(url, QUERY, "schedule = every 1s"));
      for (var each : List.of(rehearsal, other)) {
        assertThat(each.awaitRun().report().counts().inserted()).isEqualTo(1);
        assertThat(each.awaitRun().report().counts().unchanged()).isEqualTo(1);
      }
    }
  }

  @Test
  void aTimeThatWasMissedIsMadeUpForUnlessItIsToBeSkipped() throws Exception {
    String daily = "schedule = daily " + LocalTime.now().plusHours(12).format(HOURS_AND_MINUTES);
    rehearsal.runNow(job(daily));
    rehearsal.runWithin(0);
    rehearsal.clock.move(Duration.ofDays(2));
    rehearsal.application().watch(job(daily, "missed = skip"));
    assertThat(rehearsal.runWithin(500)).isNull();
    rehearsal.close();

    rehearsal = new Rehearsal(home);
    rehearsal.clock.move(Duration.ofDays(2));
    rehearsal.application().watch(job(daily));
    assertThat(rehearsal.awaitRun().report().counts().read()).isEqualTo(1);
  }

  @Test
  void aJobThatHasNeverRunRunsAtItsFirstStartAlsoIfItSkipsWhatItMissed() throws Exception {
    String hourly = "schedule = every 1h";
    rehearsal.application().watch(job(hourly, "missed = skip"));
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
    rehearsal.close();

    rehearsal = new Rehearsal(home);
    rehearsal.application().watch(job(hourly, "missed = skip"));
    assertThat(rehearsal.runWithin(500)).as("within the hour").isNull();
    rehearsal.close();

    rehearsal = new Rehearsal(home);
    rehearsal.clock.move(Duration.ofHours(2));
    rehearsal.application().watch(job(hourly, "missed = skip"));
    assertThat(rehearsal.runWithin(500)).as("what was missed is skipped").isNull();
  }

  @Test
  void aTimeThatTheClockLeavesOutIsRunForWhenItHasGoneForward() throws Exception {
    var zone = ZoneId.of("America/New_York");
    var change = zone.getRules().nextTransition(Instant.now());
    if (!change.isGap()) {
      change = zone.getRules().nextTransition(change.getInstant());
    }
    rehearsal.clock.moveTo(change.getInstant().minusSeconds(8));
    String leftOut = "schedule = daily 02:30";
    rehearsal.application().watch(job(leftOut, "time-zone = " + zone));
    assertThat(rehearsal.application().statusRows().get(0).next())
        .isCloseTo(change.getInstant(), within(1, ChronoUnit.SECONDS));
    var run = rehearsal.awaitRun().report();
    assertThat(run.startedAt()).isAfter(change.getInstant().minusSeconds(1));
    assertThat(rehearsal.runWithin(500)).as("once").isNull();
  }

  @Test
  void aRunThatStoppedIsTriedAgainBeforeItsNextTime() throws Exception {
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/records.json").times(1));
    passPauses();
    rehearsal.application().watch(job("schedule = every 1h"));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.awaitSaid()).contains("next attempt in 5 s");
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void aJobThatIsEndedWhileItIsToBeTriedAgainBeginsAnew() throws Exception {
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/records.json").times(1));
    rehearsal.application().watch(job("schedule = every 1h"));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.awaitSaid()).contains("next attempt in 5 s");
    Patience.await().until(() -> rehearsal.application().jobs().end("customers"));

    rehearsal.application().watch(job("schedule = every 1h"));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void aFolderWithAScheduleIsReadOnlyThen() throws Exception {
    drop("a.csv", "code,name\nA,Abe\n");
    drop("b.csv", "code,name\nB,Baba\n");
    rehearsal.application().watch(rehearsal.jobWith(NEVER_TODAY));
    assertThat(rehearsal.runWithin(500)).isNull();
    rehearsal.close();

    rehearsal = new Rehearsal(home);
    rehearsal.application().watch(rehearsal.jobWith("schedule = every 1h"));
    assertThat(rehearsal.awaitRun().report().source()).endsWith("a.csv");
    assertThat(rehearsal.awaitRun().report().source()).endsWith("b.csv");
    Patience.await().until(() -> !Files.exists(rehearsal.inbox().resolve("b.csv")));
    assertThat(rehearsal.held("name")).hasSize(2);
  }

  @Test
  void aJobRunsWheneverTheOneThatItFollowsHasRun() throws Exception {
    var chain = rehearsal.chain(url, QUERY, "schedule = every 1h");
    Instant first = rehearsal.application().watch(chain.get(1));
    assertThat(first).as("it has no times of its own").isNull();
    assertThat(rehearsal.runWithin(500)).as("and nothing to make up for").isNull();

    rehearsal.application().watch(chain.get(0));
    assertThat(rehearsal.awaitRun().report().job()).isEqualTo("customers");
    var second = rehearsal.awaitRun().report();
    assertThat(second.job()).isEqualTo("suppliers");
    assertThat(second.counts().unchanged()).isEqualTo(1);
  }

  @Test
  void aJobDoesNotFollowARunThatDidNotComeToItsEnd() throws Exception {
    var chain = rehearsal.chain(url, QUERY, "schedule = every 1h");
    rehearsal.simulator.faults().add(Fault.error(403, "CB_NO02").on("POST", "/records.json"));
    passPauses();
    rehearsal.application().watch(chain.get(1));
    rehearsal.application().watch(chain.get(0));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);
    // one that followed would have begun before this one
    assertThat(rehearsal.awaitRun().report().job()).isEqualTo("customers");
    assertThat(rehearsal.awaitRun().report().job()).isEqualTo("suppliers");
  }

  @Test
  void aRunThatWasToFollowIsMadeUpForAfterAKill() throws Exception {
    rehearsal.runNow(rehearsal.chain(url, QUERY, "schedule = every 1h").get(0));
    rehearsal.runWithin(0);
    rehearsal.close();

    rehearsal = new Rehearsal(home);
    rehearsal.application().watch(rehearsal.chain(url, QUERY, "schedule = every 1h").get(1));
    assertThat(rehearsal.awaitRun().report().job()).isEqualTo("suppliers");
  }

  /** Lets the pause after a run that stopped go by at once. */
  private void passPauses() {
    rehearsal.whenSaid("next attempt", () -> rehearsal.clock.move(Duration.ofSeconds(5)));
  }

  private Job job(String... properties) throws Exception {
    var all = new String[properties.length + 1];
    all[0] = QUERY;
    System.arraycopy(properties, 0, all, 1, properties.length);
    return rehearsal.databaseJob(url, all);
  }

  private void drop(String name, String content) throws Exception {
    Rehearsal.drop(rehearsal.inbox(), name, content);
  }

  private void sql(String statement) throws SQLException {
    try (var created = database.createStatement()) {
      created.execute(statement);
    }
  }
}
