package dev.kintonesync.promises;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.SharedPostgres;
import dev.kintonesync.TemporaryFiles;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job asserts holds, or nothing is written. */
class AssertionsTest {
  private static final String[] ROWS = {
    "code,name,amount,rank,email",
    "A,one,\"1,000\",A,a@example.com",
    "B,two,-50.5,B,b@example.com",
    "C,,0,A,"
  };

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private void assertStoppedUnwritten(RunResult run, String... said) {
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.needsPerson()).isTrue();
    assertThat(Guard.of(run.reason())).isEqualTo(Guard.ASSERT);
    assertThat(run.disposition()).isEqualTo(RunResult.Disposition.STAYS);
    assertThat(run.report().reason()).contains(said).contains("--accept assert");
    assertThat(rehearsal.writes()).isEmpty();
  }

  @Test
  void whatDoesNotHoldStopsTheRunBeforeItsFirstWrite() throws Exception {
    var figures =
        Map.ofEntries(
            entry("rows >= 4", "3"),
            entry("column name is never empty", "1 value is empty (line 4)"),
            entry("column rank is unique", "1 value repeats an earlier one (line 4: A)"),
            entry("column rank is one of A | C", "1 value is none of these (line 3: B)"),
            entry("sum(amount) > 949.5", "949.5"),
            entry("sum(name) > 1", "2 values are not numbers (line 2: one; line 3: two)"),
            entry("min(amount) >= 0", "-50.5 (line 3: -50.5)"),
            entry("max(amount) < 1000", "1000 (line 2: 1,000)"),
            entry("count(email) = 3", "2"),
            entry("inserted <= 2", "3 (A; B; C)"),
            entry("rejected = 1", "0"));
    for (var figure : figures.entrySet()) {
      var job = rehearsal.jobWith("assert = " + figure.getKey());

      var run = rehearsal.forgetRequests().sync(job, ROWS);

      assertStoppedUnwritten(
          run, "assert " + figure.getKey() + " does not hold: " + figure.getValue());
    }
    assertThat(rehearsal.held("code")).isEmpty();
  }

  /** To add them up or to write them out would take gigabytes. */
  @Test
  void endlessNumbersAreNone() throws Exception {
    for (String figure : new String[] {"sum", "min", "max"}) {
      String assertion = figure + "(amount) <= 1000";
      var run =
          rehearsal
              .forgetRequests()
              .sync(
                  rehearsal.jobWith("assert = " + assertion),
                  "code,amount",
                  "A,1E999999999",
                  "B,1E-999999999",
                  "C,5");
      assertStoppedUnwritten(
          run,
          "assert "
              + assertion
              + " does not hold: 2 values are not numbers"
              + " (line 2: 1E999999999; line 3: 1E-999999999)");
    }
  }

  @Test
  void whatHoldsIsWritten() throws Exception {
    var run =
        rehearsal.sync(
            rehearsal.jobWith(
                "assert = rows = 3, column code is never empty, column code is unique, column rank"
                    + " is one of A | B, sum(amount) between 949 and 950, count(name) >= 2,"
                    + " inserted <= 3, updated = 0, rejected = 0"),
            ROWS);

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("code")).hasSize(3);
    assertThat(rehearsal.journal().runs("customers", 10)).hasSize(1);
  }

  @Test
  void theNewestRowMayNotBeOldNorInTheFuture() throws Exception {
    var job = rehearsal.jobWith("assert = newest(name) within 2d");
    var today = LocalDate.now();

    var fresh = rehearsal.sync(job, "code,name", "A,2020-01-01", "B," + today.minusDays(1));
    assertThat(fresh.report().state()).isEqualTo(RunState.COMPLETED);
    rehearsal.forgetRequests();
    var old = rehearsal.sync(job, "code,name", "A,2020-01-01", "B," + today.minusDays(9));
    assertStoppedUnwritten(old, "line 3: " + today.minusDays(9));
    var future = rehearsal.sync(job, "code,name", "A," + today, "B," + today.plusYears(9));
    assertStoppedUnwritten(future, "line 3: " + today.plusYears(9));
  }

  @Test
  void updatesClearedValuesAndRemovalsAreCountedBeforeTheFirstIsWritten() throws Exception {
    var mirror =
        new String[] {"mode = mirror", "mirror.scope = code != \"\"", "mirror.missing = delete"};
    rehearsal.sync(rehearsal.jobWith(mirror), "code,name,rank", "A,one,A", "B,two,B", "C,three,A");
    rehearsal.forgetRequests();

    var run =
        rehearsal.sync(
            rehearsal.jobWith(
                mirror[0],
                mirror[1],
                mirror[2],
                "assert = updated = 0, cleared = 0, removed = 0, inserted = 1"),
            "code,name,rank",
            "A,new,",
            "B,two,B",
            "D,four,A");

    assertStoppedUnwritten(
        run,
        "updated = 0 does not hold: 1 (A)",
        "cleared = 0 does not hold: 1 (A (rank))",
        "removed = 0 does not hold: 1 (C)");
    assertThat(run.report().reason()).doesNotContain("inserted = 1");
  }

  @Test
  void onePersonLetsOneRunPass() throws Exception {
    var job =
        rehearsal
            .jobWith("assert = rows >= 10, inserted <= 1")
            .with(new RunOptions(true, Long.MAX_VALUE, Set.of(Guard.ASSERT), null));

    var run = rehearsal.sync(job, ROWS);

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().remarks()).anyMatch(remark -> remark.contains("rows >= 10"));
    assertThat(rehearsal.held("code")).hasSize(3);
  }

  @Test
  void aColumnThatTheSourceLacksIsNamed() throws Exception {
    var run = rehearsal.sync(rehearsal.jobWith("assert = sum(AMT) > 0"), ROWS);

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("\"AMT\"", "sum(AMT) > 0", "code, name, amount");
  }

  @Test
  void aPlanTellsAllFiguresAndThatItWouldStop() throws Exception {
    var job =
        rehearsal
            .jobWith("assert = rows >= 10, sum(amount) > 0, inserted <= 5")
            .with(RunOptions.DEFAULT.onlyPlanned());

    var plan = rehearsal.sync(job, ROWS);

    assertThat(plan.report().counts().inserted()).isEqualTo(3);
    assertThat(plan.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(plan.report().reason()).contains("rows >= 10 does not hold: 3");
    assertThat(plan.report().remarks())
        .contains("assert sum(amount) > 0 holds: 949.5", "assert inserted <= 5 holds: 3");
  }

  @Test
  void aRejectsFileThatComesBackIsAPartOfWhatWasJudged() throws Exception {
    var job = rehearsal.jobWith("assert = rows >= 3, inserted >= 2");
    var first = rehearsal.sync(job, "code,amount", "A,1", "B,2", "C,much");
    assertThat(first.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);

    var back =
        rehearsal.sync(job, "code,amount,_error,_ref", "C,3,," + first.report().run() + "/3:C");

    assertThat(back.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("amount")).containsEntry("C", "3");
  }

  @Test
  void theRowsThatAreWrittenAreTheOnesThatWereJudged() throws Exception {
    String url = "jdbc:h2:mem:judged;DB_CLOSE_DELAY=-1";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE customers AS SELECT 'K' || x AS code, 'n' || x AS name,"
              + " CAST(x AS DECIMAL(9,2)) AS amount FROM SYSTEM_RANGE(1, 300)");
      var job =
          rehearsal.databaseJob(
              url,
              "query = SELECT code, name, amount FROM customers",
              "map = CODE=code, NAME=name, AMOUNT=amount",
              "assert = rows = 300, sum(amount) = 45150, inserted = 299");
      rehearsal.sync("code,name", "K1,before");
      // emptied by the first key lookup, which the plan makes: nothing is written by then
      rehearsal.crossing.breaksOn(body -> body.contains(" in (") && isEmptied(url), 500);

      var run = rehearsal.runNow(job);

      assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
      assertThat(rehearsal.held("amount")).hasSize(300).containsEntry("K300", "300");
    }
  }

  @Test
  void rowsOfADatabaseAreJudgedWhateverItsColumnsHold() throws Exception {
    String url = SharedPostgres.url(AssertionsTest.class);
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS t");
      statement.execute(
          """
          CREATE TABLE t AS SELECT 'K' || i AS code, '\\xCAFE'::bytea AS photo, ARRAY[1, i] AS a,
            ARRAY['\\xCAFE'::bytea] AS files, '{"a": 1}'::jsonb AS j, '{"a": 1}'::json AS k,
            '<a/>'::xml AS x, '10.0.0.1'::inet AS ip, ARRAY['10.0.0.1'::inet] AS ips,
            ARRAY['1 day'::interval] AS times, point(1, 2) AS p, ARRAY[point(1, 2)] AS ps,
            '1'::int2vector AS v, ARRAY['{"a": 1}'::jsonb] AS js,
            ARRAY[gen_random_uuid()] AS ids, ARRAY['12:00'::time] AS clocks,
            '[1,2]'::int4range AS range
          FROM generate_series(1, 250) i
          """);
    }
    String[] asserted = {
      "query = SELECT t.*, ROW(1, code) AS r FROM t", "assert = rows = 250, inserted = 250"
    };

    var run = rehearsal.runNow(rehearsal.databaseJob(url, with(asserted, "map = code=code")));

    assertThat(run.report().reason()).isNull();
    assertThat(run.report().counts().inserted()).isEqualTo(250);
    var mapped = with(asserted, "map = code=code, photo=name");
    var refused = rehearsal.runNow(rehearsal.databaseJob(url, mapped));
    assertThat(refused.report().state()).isEqualTo(RunState.STOPPED);
    var plain = rehearsal.runNow(rehearsal.databaseJob(url, asserted[0], mapped[2]));
    assertThat(Rehearsal.rejects(plain).get(1)).contains("(bytea)");
  }

  @Test
  void whatOnlyADriverKnowsIsKeptAsItIsShown() throws Exception {
    String url = "jdbc:h2:mem:driver;DB_CLOSE_DELAY=-1";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t AS SELECT 'K' AS code, ARRAY[CAST('x' AS CLOB), NULL] AS texts,"
              + " ARRAY[CAST(X'CAFE' AS BLOB)] AS files, ROW(1, 'a') AS r");
    }
    String query = "query = SELECT * FROM t";

    var run =
        rehearsal.runNow(rehearsal.databaseJob(url, query, "map = CODE=code", "assert = rows = 1"));

    assertThat(run.report().reason()).isNull();
    assertThat(rehearsal.held("code")).containsOnlyKeys("K");
    var mapped =
        rehearsal.runNow(
            rehearsal.databaseJob(url, query, "map = CODE=code, FILES=name", "assert = rows = 1"));
    assertThat(Rehearsal.rejects(mapped).get(1)).contains("clob1: 'x'");
  }

  @Test
  void whatBecomesOfOurOwnCopyOfTheRowsIsNoFaultOfTheSource() throws Exception {
    String url = "jdbc:h2:mem:copied;DB_CLOSE_DELAY=-1";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t AS SELECT 'copied ' || x AS code, REPEAT('n', 500) AS much"
              + " FROM SYSTEM_RANGE(1, 300)");
    }
    rehearsal.sync("code,name", "copied 1,before");
    var before = TemporaryFiles.now();
    rehearsal.crossing.breaksOn(body -> body.contains(" in (") && isCutOff(before), 500);
    var job =
        rehearsal.databaseJob(
            url, "query = SELECT * FROM t", "map = CODE=code", "assert = rows = 300, updated = 0");

    var run = rehearsal.runNow(job);

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason())
        .contains("temporary file", "kintone-sync-")
        .doesNotContain("reached", "jdbc:");
  }

  /** Cuts off the copy that has come since then. */
  private static boolean isCutOff(Set<Path> before) {
    try {
      for (Path file : TemporaryFiles.now()) {
        if (!before.contains(file)
            && Files.readString(file, StandardCharsets.ISO_8859_1).contains("copied 1")) {
          try (var there = FileChannel.open(file, StandardOpenOption.WRITE)) {
            there.truncate(9_000);
          }
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false; // another test's, which is gone
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] with(String[] properties, String another) {
    var all = new ArrayList<>(List.of(properties));
    all.add(another);
    return all.toArray(String[]::new);
  }

  private static boolean isEmptied(String url) {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("DELETE FROM customers");
      return false;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
