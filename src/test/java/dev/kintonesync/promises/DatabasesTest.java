package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.AtOnce;
import dev.kintonesync.Patience;
import dev.kintonesync.SharedPostgres;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL as the source of a job: nothing is lost, and its checkpoint goes on last. */
@Order(1) // it waits long
class DatabasesTest {
  private static final String SELECT = "query = SELECT id, code, name, changed FROM customers";
  private static final String MAP = "map = code=code, name=name";

  @TempDir Path home;
  private Rehearsal rehearsal;
  private Connection own;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    own = SharedPostgres.database(DatabasesTest.class).getConnection();
    sql(
        "DROP TABLE IF EXISTS customers",
        """
        CREATE TABLE customers (id BIGSERIAL PRIMARY KEY, code TEXT NOT NULL, name TEXT,
          changed TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp())
        """,
        "CREATE INDEX ON customers (changed, id)");
  }

  @AfterEach
  void stop() throws Exception {
    rehearsal.close();
    own.close();
  }

  @Test
  void aQueryWithoutEndEndsWithItsRows() throws Exception {
    fill(1, 500);
    var exact = rehearsal.runNow(job("source.max-rows = 500"));
    assertThat(exact.report().counts().inserted()).isEqualTo(500);
    var more = rehearsal.runNow(job("source.max-rows = 499"));
    assertThat(more.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(more.report().reason()).contains("499", "source.max-rows");
    assertThat(more.report().counts().read()).isLessThanOrEqualTo(499);
  }

  @Test
  void aFullQueryIsSyncedAndTheSecondRunWritesNothing() throws Exception {
    fill(1, 4500);
    var job = job();
    var first = rehearsal.runNow(job);
    assertThat(first.report().counts()).isEqualTo(new Counts(4500, 4500, 0, 0, 0, 0, 0));
    assertThat(first.report().source()).startsWith("jdbc:postgresql://").doesNotContain("?");
    assertThat(rehearsal.runNow(job).report().counts())
        .isEqualTo(new Counts(4500, 0, 0, 4500, 0, 0, 0));
  }

  @Test
  void anIncrementalRunReadsOnlyWhatHasChanged() throws Exception {
    fill(1, 100);
    sql("UPDATE customers SET changed = now() - INTERVAL '1 day'");
    var job = job("checkpoint = changed", "unique = id");
    assertThat(rehearsal.runNow(job).report().counts().inserted()).isEqualTo(100);
    sql(
        "INSERT INTO customers (code, name) VALUES ('new', 'Abe')",
        "UPDATE customers SET name = NULL, changed = clock_timestamp() WHERE code = 'K1'");

    var second = rehearsal.runNow(job);

    assertThat(second.report().counts().inserted()).isEqualTo(1);
    assertThat(second.report().counts().updated()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsEntry("new", "Abe").containsEntry("K1", "");
    sql("DELETE FROM customers WHERE code <> 'new'");
    assertThat(rehearsal.runNow(job).report().counts()).isEqualTo(new Counts(1, 0, 0, 1, 0, 0, 0));
  }

  @Test
  void aComparisonReadsAllRowsFromTheBeginningAndMovesNoCheckpoint() throws Exception {
    fill(1, 100);
    sql("UPDATE customers SET changed = now() - INTERVAL '1 day' + id * INTERVAL '1 s'");
    var job = job("checkpoint = changed", "unique = id", "overlap = 0");
    rehearsal.runNow(job);
    var checkpoint = rehearsal.journal().checkpoints().of("customers");
    rehearsal.app.add("{\"code\":{\"value\":\"extra\"}}");
    rehearsal.forgetRequests();

    var compared = rehearsal.application().runner().plan(job.comparing(null)).get(0).report();

    assertThat(compared.counts()).isEqualTo(new Counts(100, 0, 0, 100, 0, 0, 0));
    assertThat(compared.mirrored()).isTrue();
    assertThat(compared.deleted()).isEqualTo(1);
    assertThat(compared.remarks()).isEmpty(); // no checkpoint is called void
    assertThat(rehearsal.writes()).isEmpty();
    assertThat(rehearsal.journal().checkpoints().of("customers")).isEqualTo(checkpoint);
  }

  @Test
  void theCheckpointStaysWhereItWasWhenARunStops() throws Exception {
    fill(1, 50);
    var job = job("checkpoint = changed", "unique = id", "overlap = 0");
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/records.json").times(1));
    assertThat(rehearsal.runNow(job).report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.journal().checkpoints().of("customers")).isEmpty();

    assertThat(rehearsal.runNow(job).report().counts().inserted()).isEqualTo(50);
    assertThat(rehearsal.journal().checkpoints().of("customers")).isPresent();
  }

  @Test
  void anotherQueryBeginsAnewAndSaysSo() throws Exception {
    fill(1, 5);
    rehearsal.runNow(job("checkpoint = changed", "overlap = 0"));
    var job =
        rehearsal.databaseJob(
            url(),
            "query = SELECT code, name || '!' AS name, changed FROM customers",
            MAP,
            "checkpoint = changed",
            "overlap = 0");
    var run = rehearsal.runNow(job);
    assertThat(run.report().counts().updated()).isEqualTo(5);
    assertThat(run.remarks().toString()).contains("all rows are read again");
  }

  @Test
  void aConnectionThatIsCutBetweenPagesIsMadeAgain() throws Exception {
    fill(1, 30_000);
    // several times, since one that is cut while no page is being read is made again without a word
    rehearsal.crossing.before("POST", "/bulkRequest.json", 12, this::cutConnections);
    var run = rehearsal.runNow(job("unique = id", "page-size = 100"));
    assertThat(run.report().counts().inserted()).isEqualTo(30_000);
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(home.resolve("runs").resolve(run.report().run()).resolve("run.log"))
        .as("what progress and waiting lines are made of")
        .content()
        .containsPattern("waiting: .*(terminating connection|connection|closed)");
  }

  @Test
  void aCursorThatIsCutStopsTheRunAndTheNextOneDoesTheRest() throws Exception {
    fill(1, 30_000);
    rehearsal.crossing.before("POST", "/bulkRequest.json", 1, this::cutConnections);
    var job = job("fetch-size = 100");
    var cut = rehearsal.runNow(job);
    assertThat(cut.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(cut.report().counts().inserted()).isPositive();
    assertThat(rehearsal.runNow(job).report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("name")).hasSize(30_000);
  }

  @Test
  void aRunThatReadsOnKeepsALoginThatItsJobHasNoMore() throws Exception {
    fill(1, 15_000);
    var reading = job("unique = id", "page-size = 100");
    var changed = rehearsal.databaseJob(url() + "&ApplicationName=later", SELECT, MAP);
    var begun = new CountDownLatch(1);
    rehearsal.crossing.before("POST", "/bulkRequest.json", 1, () -> holdUntilLaterReads(begun));
    var running = AtOnce.ask(() -> rehearsal.runNow(reading));
    assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
    var planned = rehearsal.application().runner().plan(changed).get(0);

    assertThat(planned.report().counts().read()).isEqualTo(15_000);
    var report = running.get(1, TimeUnit.MINUTES).report();
    assertThat(report.state()).isEqualTo(RunState.COMPLETED);
    assertThat(report.counts().inserted()).isEqualTo(15_000);
    assertThat(connections("later")).isPositive();
    assertThat(connections("PostgreSQL JDBC Driver")).as("let go when it had ended").isEqualTo(1);
  }

  private void holdUntilLaterReads(CountDownLatch begun) {
    begun.countDown();
    Patience.await().until(() -> connections("later") > 0);
  }

  /** Connections of a program by its name, this one's own among them. */
  private int connections(String program) throws SQLException {
    try (var query =
        own.prepareStatement(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = ?"
                + " AND datname = current_database()")) {
      query.setString(1, program);
      try (var rows = query.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  @Test
  void rowsThatAreWrittenAndCommittedWhilePollsGoOnAllArrive() throws Exception {
    var job = job("checkpoint = changed", "unique = id", "overlap = 10m", "page-size = 50");
    var polls = new CountDownLatch(3);
    var threads = Executors.newFixedThreadPool(4);
    List<Future<?>> writers =
        IntStream.range(0, 4)
            .<Future<?>>mapToObj(w -> threads.submit(() -> write(w, polls)))
            .toList();
    while (writers.stream().anyMatch(writer -> !writer.isDone())) {
      assertThat(rehearsal.runNow(job).report().state()).isEqualTo(RunState.COMPLETED);
      polls.countDown();
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    rehearsal.runNow(job);
    threads.shutdown();
    assertThat(rehearsal.held("name")).hasSize(4 * 30 * 20);
  }

  @Test
  void rejectedRowsStandInTheHomesFolder() throws Exception {
    fill(1, 3);
    sql("UPDATE customers SET name = repeat('x', 21) WHERE code = 'K2'");
    var run = rehearsal.runNow(job());
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(Path.of(run.report().rejectsFile()).getParent())
        .isEqualTo(home.resolve("rejects").toAbsolutePath());
    assertThat(Rehearsal.rejects(run).get(0)).isEqualTo("id,code,name,changed,_error,_ref");
    assertThat(Rehearsal.rejects(run).get(1)).startsWith("2,K2,xxx");
  }

  @Test
  void aRejectedRowIsTriedAgainByTheNextPollAlthoughItIsNotReadAgain() throws Exception {
    fill(1, 3);
    sql(
        "UPDATE customers SET changed = now() - INTERVAL '2 days'",
        "UPDATE customers SET name = repeat('x', 21), changed = now() - INTERVAL '3 days'"
            + " WHERE code = 'K2'");
    var job = job("checkpoint = changed", "unique = id", "overlap = 0");
    assertThat(rehearsal.runNow(job).report().open()).isEqualTo(1);
    var second = rehearsal.runNow(job).report();
    assertThat(second.retried()).isEqualTo(1);
    assertThat(second.open()).isEqualTo(1);
    sql("UPDATE customers SET name = 'short', changed = clock_timestamp() WHERE code = 'K2'");
    assertThat(rehearsal.runNow(job).report().open()).isZero();
    assertThat(rehearsal.held("name")).containsEntry("K2", "short");
  }

  @Test
  void aPlanMovesNoCheckpoint() throws Exception {
    fill(1, 3);
    var job = job("checkpoint = changed");
    var plan = rehearsal.application().runner().plan(job);
    assertThat(plan.get(0).report().counts().inserted()).isEqualTo(3);
    assertThat(rehearsal.journal().checkpoints().of("customers")).isEmpty();
  }

  @Test
  void aDriverThatIsMissingIsOneSentence() throws Exception {
    var job = rehearsal.databaseJob("jdbc:oracle:thin:@//db/x", "query = SELECT 1");
    var run = rehearsal.runNow(job);
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.reason()).asString().contains("no JDBC driver").contains("lib");
  }

  @Test
  void aWrongPasswordIsRefusedAndADatabaseThatIsAwayStopsTheRun() throws Exception {
    String url = url().replaceAll("\\?.*", "").replaceAll(":\\d+/", ":1/");
    var away = rehearsal.runNow(rehearsal.databaseJob(url, "query = SELECT 1"));
    assertThat(away.report().state()).isEqualTo(RunState.STOPPED);
    var nowhere = url().replace("/DatabasesTest?", "/nowhere?");
    var refused = rehearsal.runNow(rehearsal.databaseJob(nowhere, "query = SELECT 1"));
    assertThat(refused.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(refused.reason()).asString().contains("Login to the database");
  }

  @Test
  void columnsThatDoNotFitTheJobAreNotCalledUnreadable() throws Exception {
    fill(1, 1);
    var run = rehearsal.runNow(rehearsal.databaseJob(url(), "query = SELECT name FROM customers"));
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.summary().toString())
        .contains("nothing was imported from")
        .doesNotContain("could not be read");
  }

  @Test
  void aMirrorNeedsAllRows() {
    assertThatThrownBy(() -> job("checkpoint = changed", "mode = mirror"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("mode is mirror");
  }

  @Test
  @Tag("sweep")
  void twoHundredThousandRows() throws Exception {
    fill(1, 200_000);
    var job = job("checkpoint = changed", "unique = id", "overlap = 0");
    assertThat(rehearsal.runNow(job).report().counts().inserted()).isEqualTo(200_000);
    sql("UPDATE customers SET name = 'x', changed = clock_timestamp() WHERE id % 1000 = 0");
    assertThat(rehearsal.runNow(job).report().counts().updated()).isEqualTo(200);
  }

  private Job job(String... properties) throws Exception {
    var all = new ArrayList<>(List.of(SELECT, MAP));
    all.addAll(List.of(properties));
    return rehearsal.databaseJob(url(), all.toArray(String[]::new));
  }

  private static String url() throws SQLException {
    return SharedPostgres.url(DatabasesTest.class);
  }

  private void fill(int from, int to) throws SQLException {
    sql(
        "INSERT INTO customers (code, name) SELECT 'K' || i, 'name ' || i FROM generate_series("
            + from
            + ", "
            + to
            + ") i");
  }

  /**
   * Thirty transactions of twenty rows, each open for some time after its rows were written. The
   * last of them when there have been several polls.
   */
  private Void write(int writer, CountDownLatch polls) throws Exception {
    try (var connection = SharedPostgres.database(DatabasesTest.class).getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < 30; i++) {
        for (int row = 0; row < 20; row++) {
          String code = "W" + writer + "-" + i + "-" + row;
          statement.execute("INSERT INTO customers (code, name) VALUES ('" + code + "', 'n')");
        }
        statement.execute("SELECT pg_sleep(random() * 0.1)");
        if (i == 28) {
          polls.await();
        }
        connection.commit();
      }
    }
    return null;
  }

  private void cutConnections() {
    try {
      sql(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
              + " AND datname = current_database()");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void sql(String... statements) throws SQLException {
    try (var statement = own.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
