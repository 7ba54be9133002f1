package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.settings.Job;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.RunState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs run at their times, one run at a time, and make up for what was missed. */
class SchedulesTest {
  private static final String URL = "jdbc:h2:mem:schedules";
  private static final String QUERY =
      "query = SELECT code AS \"code\", name AS \"name\" FROM customers";
  private static final String NEVER_TODAY = "schedule = 0 0 1 1 *";

  @TempDir Path home;
  private Rehearsal rehearsal;
  private Connection database;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    Files.createDirectories(rehearsal.inbox());
    database = DriverManager.getConnection(URL);
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
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> rehearsal.held("name").size() == 2);
    rehearsal.awaitRun();
  }

  @Test
  void aDatabaseIsReadByTheClock() throws Exception {
    rehearsal.application().watch(job("schedule = */1 * * * * ?", "time-zone = America/New_York"));
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.awaitRun().report().counts().unchanged()).isEqualTo(1);
  }

  @Test
  void runsOfAJobDoNotOverlap() throws Exception {
    rehearsal.simulator.settings(rehearsal.simulator.settings().with("latencyMs", 700));
    rehearsal.application().watch(job("schedule = */1 * * * * ?"));
    var first = rehearsal.awaitRun().report();
    var second = rehearsal.awaitRun().report();
    assertThat(second.startedAt()).isAfterOrEqualTo(first.finishedAt());
  }

  @Test
  void aTimeThatWasMissedIsMadeUpForUnlessItIsToBeSkipped() throws Exception {
    rehearsal.runNow(job("schedule = daily 00:00"));
    rehearsal.runWithin(0);
    rehearsal.clock.move(Duration.ofDays(2));
    rehearsal.application().watch(job("schedule = daily 00:00", "missed = skip"));
    assertThat(rehearsal.runWithin(1500)).isNull();
    rehearsal.close();

    rehearsal = new Rehearsal(home);
    rehearsal.clock.move(Duration.ofDays(2));
    rehearsal.application().watch(job("schedule = daily 00:00"));
    assertThat(rehearsal.awaitRun().report().counts().read()).isEqualTo(1);
  }

  @Test
  void aRunThatStoppedIsTriedAgainBeforeItsNextTime() throws Exception {
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/records.json").times(1));
    rehearsal.application().watch(job("schedule = every 1h"));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.awaitSaid()).contains("tried again in 5 s");
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void aFolderWithAScheduleIsReadOnlyThen() throws Exception {
    drop("a.csv", "code,name\nA,Abe\n");
    drop("b.csv", "code,name\nB,Baba\n");
    rehearsal.application().watch(rehearsal.jobWith(NEVER_TODAY));
    assertThat(rehearsal.runWithin(1500)).isNull();
    rehearsal.close();

    rehearsal = new Rehearsal(home);
    rehearsal.application().watch(rehearsal.jobWith("schedule = every 1h"));
    assertThat(rehearsal.awaitRun().report().source()).endsWith("a.csv");
    assertThat(rehearsal.awaitRun().report().source()).endsWith("b.csv");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !Files.exists(rehearsal.inbox().resolve("b.csv")));
    assertThat(rehearsal.held("name")).hasSize(2);
  }

  @Test
  void aJobRunsWheneverTheOneThatItFollowsHasRun() throws Exception {
    var chain = rehearsal.chain(URL, QUERY, "schedule = every 1h");
    Instant first = rehearsal.application().watch(chain.get(1));
    assertThat(first).as("it has no times of its own").isNull();
    assertThat(rehearsal.runWithin(1500)).as("and nothing to make up for").isNull();

    rehearsal.application().watch(chain.get(0));
    assertThat(rehearsal.awaitRun().report().job()).isEqualTo("customers");
    var second = rehearsal.awaitRun().report();
    assertThat(second.job()).isEqualTo("suppliers");
    assertThat(second.counts().unchanged()).isEqualTo(1);
  }

  @Test
  void aJobDoesNotFollowARunThatDidNotComeToItsEnd() throws Exception {
    var chain = rehearsal.chain(URL, QUERY, "schedule = every 1h");
    rehearsal.simulator.faults().add(Fault.error(403, "CB_NO02").on("POST", "/records.json"));
    rehearsal.application().watch(chain.get(1));
    rehearsal.application().watch(chain.get(0));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.runWithin(1500)).isNull();
    rehearsal.simulator.faults().clear();
    assertThat(rehearsal.awaitRun().report().job()).isEqualTo("customers");
    assertThat(rehearsal.awaitRun().report().job()).isEqualTo("suppliers");
  }

  @Test
  void aRunThatWasToFollowIsMadeUpForAfterAKill() throws Exception {
    rehearsal.runNow(rehearsal.chain(URL, QUERY, "schedule = every 1h").get(0));
    rehearsal.runWithin(0);
    rehearsal.close();

    rehearsal = new Rehearsal(home);
    rehearsal.application().watch(rehearsal.chain(URL, QUERY, "schedule = every 1h").get(1));
    assertThat(rehearsal.awaitRun().report().job()).isEqualTo("suppliers");
  }

  private Job job(String... properties) throws Exception {
    var all = new String[properties.length + 1];
    all[0] = QUERY;
    System.arraycopy(properties, 0, all, 1, properties.length);
    return rehearsal.databaseJob(URL, all);
  }

  private void drop(String name, String content) throws Exception {
    Files.writeString(rehearsal.inbox().resolve(name), content, StandardCharsets.UTF_8);
  }

  private void sql(String statement) throws SQLException {
    try (var created = database.createStatement()) {
      created.execute(statement);
    }
  }
}
