package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.SharedPostgres;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mirror deletes the records of rows that it has not seen: pages of a database leave none out, or
 * the run stops.
 */
class DatabasePagesTest {
  private static final String[] MIRROR = {
    "mode = mirror", "mirror.scope = code != \"\"", "mirror.missing = delete"
  };

  @TempDir Path home;
  private Rehearsal rehearsal;
  private Connection own;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    own = SharedPostgres.database(DatabasePagesTest.class).getConnection();
    sql("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
  }

  @AfterEach
  void stop() throws Exception {
    rehearsal.close();
    own.close();
  }

  @Test
  void aMirrorSeesEveryRowWhateverTheOrderOfTheUniqueColumnIs() throws Exception {
    sql(
        "CREATE EXTENSION citext",
        "CREATE TABLE t (email CITEXT PRIMARY KEY, code TEXT)",
        "INSERT INTO t VALUES ('Zed@x', 'A'), ('adam@x', 'B'), ('Bob@x', 'C'), ('carl@x', 'D'),"
            + " ('Dora@x', 'E'), ('emil@x', 'F')");
    rehearsal.sync("code,name", "A,1", "B,2", "C,3", "D,4", "E,5", "F,6");

    var run = rehearsal.runNow(mirror("SELECT email, code FROM t", "unique = email"));

    assertThat(run.report().counts()).isEqualTo(new Counts(6, 0, 0, 6, 0, 0, 0));
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().deleted()).isZero();
    assertThat(rehearsal.held("code")).hasSize(6);
  }

  /** As MySQL does with its ENUM, which has the order of its list and is compared as text. */
  @Test
  void aColumnThatIsOrderedInOneWayAndComparedInAnotherStopsTheMirror() throws Exception {
    sql(
        "CREATE TYPE size AS ENUM ('small', 'medium', 'large', 'huge')",
        "CREATE TABLE t (size SIZE PRIMARY KEY, code TEXT)",
        "INSERT INTO t VALUES ('small', 'A'), ('medium', 'B'), ('large', 'C'), ('huge', 'D')");
    for (String operator : List.of(">", "<", ">=", "<=")) {
      sql(
          "CREATE FUNCTION \"is"
              + operator
              + "\"(size, size) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1::text "
              + operator
              + " $2::text'",
          "CREATE OPERATOR "
              + operator
              + " (LEFTARG = size, RIGHTARG = size,"
              + " FUNCTION = \"is"
              + operator
              + "\")");
    }
    rehearsal.sync("code,name", "A,1", "B,2", "C,3", "D,4");

    var run = rehearsal.runNow(mirror("SELECT size, code FROM t", "unique = size"));

    assertThat(run.report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
    assertThat(run.report().reason()).contains("column size", "CAST");
    assertThat(rehearsal.held("code")).hasSize(4);
  }

  @Test
  void valuesThatOnlyTheDatabaseTakesForTheSameStopTheMirror() throws Exception {
    sql(
        "CREATE EXTENSION citext",
        "CREATE TABLE t (email CITEXT, code TEXT)",
        "INSERT INTO t VALUES ('a', 'A'), ('b', 'B'), ('B', 'C'), ('c', 'D')");
    rehearsal.sync("code,name", "A,1", "B,2", "C,3", "D,4");

    var run = rehearsal.runNow(mirror("SELECT email, code FROM t", "unique = email"));

    assertThat(run.report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
    assertThat(run.report().reason()).contains("same value in the column email");
    assertThat(rehearsal.held("code")).hasSize(4);
  }

  @Test
  void aPageThatTheDatabaseRefusesIsNotAskedForAgain() throws Exception {
    // numbers of this type are not compared with others, which the second page has to do
    sql("CREATE TABLE t AS SELECT i::oid AS id, 'K' || i AS code FROM generate_series(1, 9) i");
    rehearsal.sync("code,name", "K8,1");

    var run = rehearsal.runNow(mirror("SELECT id, code FROM t", "unique = id"));

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason())
        .contains("rejects the query", "operator does not exist: oid > numeric");
    assertThat(rehearsal.held("code")).containsOnlyKeys("K1", "K2", "K8");
    assertThat(log(run)).doesNotContain("waiting:");
  }

  private String log(RunResult run) throws Exception {
    return Files.readString(home.resolve("runs").resolve(run.report().run()).resolve("run.log"));
  }

  private Job mirror(String query, String... properties) throws Exception {
    var all = new ArrayList<>(List.of("query = " + query, "map = code=code", "page-size = 2"));
    all.addAll(List.of(MIRROR));
    all.addAll(List.of(properties));
    String url = SharedPostgres.url(DatabasePagesTest.class);
    return rehearsal.databaseJob(url, all.toArray(String[]::new));
  }

  private void sql(String... statements) throws SQLException {
    try (var statement = own.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
