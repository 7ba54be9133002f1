package dev.kintonesync.source.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Checkpoint;
import dev.kintonesync.source.Overlap;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of a query of a real PostgreSQL is read once, from the checkpoint on. */
class DatabaseSourceTest extends ReadDatabase {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 10, 11, 100})
  void pagesOfAnySizeReadEveryRowOnce(int pageSize) throws SQLException {
    run(
        "CREATE TABLE t (id TEXT PRIMARY KEY, at TIMESTAMPTZ NOT NULL)",
        """
        INSERT INTO t SELECT 'K' || i, TIMESTAMPTZ '2026-01-01 00:00+00' + (i % 3) * INTERVAL '1 s'
        FROM generate_series(1, 10) i
        """);
    var all = IntStream.rangeClosed(1, 10).mapToObj(i -> "K" + i).toList();

    var bySeek = new DatabaseQuery("SELECT id FROM t;", null, "id", NONE, pageSize, 100);
    assertThat(ids(source(bySeek).open(null, NOW, TOKYO).reader()))
        .containsExactlyInAnyOrderElementsOf(all);

    var sinceThen = new DatabaseQuery("SELECT * FROM t -- all", "AT", "id", NONE, pageSize, 100);
    var opened = source(sinceThen).open(null, NOW, TOKYO);
    assertThat(ids(opened.reader())).containsExactlyInAnyOrderElementsOf(all);
    assertThat(Checkpoint.parse(opened.reached().toString())).isEqualTo(opened.reached());
  }

  @Test
  void aRowWithTheValueOfTheCheckpointIsReadByTheNextPoll() throws SQLException {
    run("CREATE TABLE t (id INT PRIMARY KEY, at BIGINT)", "INSERT INTO t VALUES (1, 5), (2, 7)");
    var query = new DatabaseQuery("SELECT * FROM t", "at", "id", NONE, 100, 100);
    var first = source(query).open(null, NOW, TOKYO);
    assertThat(ids(first.reader())).containsExactly("1", "2");
    run("INSERT INTO t VALUES (3, 7)");
    var second = source(query).open(first.reached(), NOW, TOKYO);
    assertThat(ids(second.reader())).containsExactly("2", "3");
  }

  @Test
  void aRowThatIsCommittedLateIsReadWhenItLiesWithinTheOverlap() throws SQLException {
    run("CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP)");
    run("INSERT INTO t VALUES (1, '2026-11-21 10:00:00')");
    try (var late = database.getConnection()) {
      late.setAutoCommit(false);
      try (var statement = late.createStatement()) {
        statement.execute("INSERT INTO t VALUES (2, '2026-11-21 10:01:00')");
      }
      run("INSERT INTO t VALUES (3, '2026-11-21 10:05:00')");
      var query = incremental(new Overlap(Duration.ofMinutes(4), null));
      var first = source(query).open(null, NOW, TOKYO);
      assertThat(ids(first.reader())).containsExactly("1", "3");
      late.commit();

      var second = source(query).open(first.reached(), NOW, TOKYO);
      assertThat(ids(second.reader())).containsExactly("2", "3");
      var tooShort = incremental(new Overlap(Duration.ofMinutes(3), null));
      assertThat(ids(source(tooShort).open(first.reached(), NOW, TOKYO).reader()))
          .containsExactly("3");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "TIMESTAMPTZ, 2026-11-21 10:00+00",
    "TIMESTAMP, 2026-11-21 10:00",
    "DATE, 2026-11-21"
  })
  void infinityInTheCheckpointHidesNoOthers(String type, String value) throws SQLException {
    run(
        "CREATE TABLE t (id INT PRIMARY KEY, at " + type + ")",
        "INSERT INTO t VALUES (1, '" + value + "'), (2, 'infinity'), (3, '-infinity')",
        "INSERT INTO t SELECT i, 'infinity' FROM generate_series(4, 9) i");
    for (Overlap overlap : List.of(NONE, Overlap.DEFAULT)) {
      var query = incremental(overlap);
      var first = source(query).open(null, NOW, TOKYO);
      assertThat(ids(first.reader())).containsExactly("3", "1", "2", "4", "5", "6", "7", "8", "9");
      assertThat(first.remarks())
          .singleElement()
          .satisfies(told -> assertThat(told.toString()).contains("infinity"));
      assertThat(first.reached().toString()).contains("2026-11-21");
      var second = source(query).open(Checkpoint.parse(first.reached().toString()), NOW, TOKYO);
      assertThat(ids(second.reader())).startsWith("1", "2").hasSize(8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"infinity", "-infinity"})
  void aCheckpointOfNothingButInfinityIsReadByEveryPoll(String value) throws SQLException {
    run(
        "CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMPTZ)",
        "INSERT INTO t VALUES (1, '" + value + "'), (2, '" + value + "')");
    var query = incremental(Overlap.DEFAULT);
    var first = source(query).open(null, NOW, TOKYO);
    assertThat(ids(first.reader())).containsExactly("1", "2");
    var reached = first.reached();
    var since = reached == null ? null : Checkpoint.parse(reached.toString());
    assertThat(ids(source(query).open(since, NOW, TOKYO).reader())).containsExactly("1", "2");
  }

  @Test
  void aNumberThatIsNoneInTheCheckpointHidesNoOthersAndIsSaid() throws SQLException {
    run(
        "CREATE TABLE t (id INT PRIMARY KEY, at NUMERIC)",
        "INSERT INTO t VALUES (1, 7), (2, 'NaN'), (3, 8)");
    var first = source(incremental(NONE)).open(null, NOW, TOKYO);
    assertThat(ids(first.reader())).containsExactly("1", "3");
    assertThat(first.remarks())
        .singleElement()
        .satisfies(told -> assertThat(told.text()).isEqualTo(MessageCode.CHECKPOINT_NOT_FINITE));
    assertThat(first.reached()).hasToString("NUMBER 8");
  }

  @Test
  void aRowDatedInTheFutureHidesNoOthers() throws SQLException {
    run(
        "CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMPTZ)",
        "INSERT INTO t VALUES (1, '2026-11-21 10:00+00'), (2, '2099-01-01 00:00+00')");
    var query = incremental(NONE);
    var first = source(query).open(null, NOW, TOKYO);
    assertThat(ids(first.reader())).containsExactly("1", "2");
    assertThat(first.remarks())
        .singleElement()
        .satisfies(told -> assertThat(told.text()).isEqualTo(MessageCode.CHECKPOINT_IN_THE_FUTURE));
    run("INSERT INTO t VALUES (3, '2026-11-21 11:00+00')");
    assertThat(ids(source(query).open(first.reached(), NOW, TOKYO).reader()))
        .containsExactly("1", "3", "2");
  }

  @Test
  void rowsWrittenBehindTheEndOfAPollAreLeftToTheNext() throws SQLException {
    run("CREATE TABLE t (id INT PRIMARY KEY, at BIGINT)", "INSERT INTO t VALUES (1, 1), (2, 2)");
    var query = new DatabaseQuery("SELECT * FROM t", "at", "id", NONE, 1, 100);
    var first = source(query).open(null, NOW, TOKYO);
    var reader = first.reader();
    reader.next();
    run("INSERT INTO t VALUES (3, 3)");
    assertThat(ids(reader)).containsExactly("2");
    assertThat(ids(source(query).open(first.reached(), NOW, TOKYO).reader()))
        .containsExactly("2", "3");
  }

  @Test
  void aDatabaseRestoredFromABackupIsReadFromItsOwnEnd() throws SQLException {
    run("CREATE TABLE t (id INT PRIMARY KEY, at BIGINT)", "INSERT INTO t VALUES (1, 1), (9, 9)");
    var query = new DatabaseQuery("SELECT * FROM t", "at", "id", NONE, 10, 100);
    var before = source(query).open(null, NOW, TOKYO).reached();
    run("DELETE FROM t WHERE id = 9", "INSERT INTO t VALUES (2, 2)");
    var after = source(query).open(before, NOW, TOKYO);
    assertThat(ids(after.reader())).containsExactly("2");
    run("INSERT INTO t VALUES (3, 3)");
    assertThat(ids(source(query).open(after.reached(), NOW, TOKYO).reader()))
        .containsExactly("2", "3");
  }

  @Test
  void withoutRowsTheCheckpointStays() throws SQLException {
    run("CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP)");
    var since = Checkpoint.parse("LOCAL 2026-11-21T10:00");
    var opened = source(incremental(NONE)).open(since, NOW, TOKYO);
    assertThat(ids(opened.reader())).isEmpty();
    assertThat(opened.reached()).isEqualTo(since);
  }

  @Test
  void withoutAUniqueColumnACursorReadsOneSnapshotPartByPart() throws SQLException {
    run(
        "CREATE TABLE t (id INT, at BIGINT)",
        "INSERT INTO t SELECT i, i FROM generate_series(1, 100) i");
    var query = new DatabaseQuery("SELECT * FROM t", "at", null, NONE, 10, 10);
    try (var reader = source(query).open(null, NOW, TOKYO).reader()) {
      reader.next();
      run("DELETE FROM t");
      assertThat(ids(reader)).hasSize(99);
    }
  }

  @Test
  void theCursorWritesNothing() {
    assertThatThrownBy(
            () -> rows(full("WITH made AS (SELECT pg_notify('a', 'b')) SELECT nextval('s')", null)))
        .isInstanceOf(UserErrorException.class);
  }

  @Test
  void aColumnThatIsNotThereIsNamedWithThoseThatAre() throws SQLException {
    run("CREATE TABLE t (id INT, changed BIGINT)");
    assertThatThrownBy(
            () ->
                source(new DatabaseQuery("SELECT * FROM t", "changd", null, NONE, 1, 1))
                    .open(null, NOW, TOKYO))
        .hasMessageContaining("no column changd")
        .hasMessageContaining("changed");
  }

  @Test
  void aColumnThatIsNotUniqueStopsBeforeARowIsLost() throws SQLException {
    run("CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1), (2), (2), (3)");
    assertThatThrownBy(
            () ->
                ids(
                    source(new DatabaseQuery("SELECT * FROM t", null, "id", NONE, 2, 1))
                        .open(null, NOW, TOKYO)
                        .reader()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("same value in the column id: 2");
  }

  @Test
  void emptyValuesOfTheColumnsAreSaid() throws SQLException {
    run("CREATE TABLE t (id INT, at BIGINT)", "INSERT INTO t VALUES (1, NULL), (2, 2)");
    var opened =
        source(new DatabaseQuery("SELECT * FROM t", "at", "id", NONE, 2, 1)).open(null, NOW, TOKYO);
    assertThat(ids(opened.reader())).containsExactly("2");
    assertThat(opened.remarks().toString())
        .contains("Rows without a value in the checkpoint column");
    run("INSERT INTO t VALUES (NULL, 3)");
    assertThatThrownBy(
            () ->
                source(new DatabaseQuery("SELECT * FROM t", null, "id", NONE, 2, 1))
                    .open(null, NOW, TOKYO))
        .hasMessageContaining("is empty in some rows");
  }

  @Test
  void aTextCannotBeTheCheckpointAndTheOverlapMustFit() throws SQLException {
    run("CREATE TABLE t (id INT, at BIGINT, t TEXT)", "INSERT INTO t VALUES (1, 1, 'a')");
    assertThatThrownBy(
            () ->
                source(new DatabaseQuery("SELECT * FROM t", "t", "id", NONE, 2, 1))
                    .open(null, NOW, TOKYO))
        .hasMessageContaining("cannot be the checkpoint");
    var overlap = new Overlap(Duration.ofMinutes(1), null);
    assertThatThrownBy(
            () ->
                source(new DatabaseQuery("SELECT * FROM t", "at", "id", overlap, 2, 1))
                    .open(null, NOW, TOKYO))
        .hasMessageContaining("holds numbers");
  }

  @Test
  void aWrongQueryIsRefusedInTheDatabasesWords() {
    assertThatThrownBy(() -> rows(full("SELECT * FROM nowhere", null)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("nowhere")
        .hasMessageNotContaining("\\n");
  }

  /** The pool knows the login of the first run; somebody has changed the password since. */
  @Test
  void aPasswordThatWasChangedIsNoFaultOfTheQuery() throws Exception {
    var login = new JdbcDataSource();
    login.setUrl("jdbc:h2:mem:login");
    login.setUser("reader");
    login.setPassword("earlier");
    try (var open = login.getConnection();
        var statement = open.createStatement()) {
      statement.execute("CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP)");
      statement.execute("ALTER USER reader SET PASSWORD 'changed'");
      for (var query :
          List.of(
              new DatabaseQuery("SELECT * FROM t", null, null, NONE, 100, 100),
              incremental(NONE))) {
        assertThatThrownBy(
                () -> new DatabaseSource("sales", login, query, this::page).open(null, NOW, TOKYO))
            .isInstanceOf(UserErrorException.class)
            .hasMessageContaining("Login to the database sales failed")
            .hasMessageContaining("Check url, username and password");
      }
    }
  }
}
