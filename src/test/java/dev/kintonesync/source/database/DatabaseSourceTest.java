package dev.kintonesync.source.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.Patience;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Checkpoint;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads a real PostgreSQL, and H2. */
class DatabaseSourceTest {
  private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final Overlap NONE = new Overlap(Duration.ZERO, 0L);

  private static EmbeddedPostgres postgres;

  private DataSource database;
  private Connection own;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.builder().setPGStartupWait(Patience.LIMIT).start();
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void open() throws SQLException {
    database = postgres.getPostgresDatabase();
    own = database.getConnection();
    run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
  }

  @AfterEach
  void close() throws SQLException {
    own.close();
  }

  @Test
  void everyTypeComesAsWhatItIs() throws SQLException {
    run(
        """
        CREATE TABLE kinds (i INT, b BIGINT, n NUMERIC(20, 4), r REAL, d DOUBLE PRECISION, t TEXT,
          c CHAR(4), yes BOOLEAN, day DATE, clock TIME, local TIMESTAMP, moment TIMESTAMPTZ,
          id UUID, js JSONB, tags TEXT[], days DATE[], moments TIMESTAMPTZ[], bits BIT(3),
          bytes BYTEA, cash MONEY)
        """,
        """
        INSERT INTO kinds VALUES (1, 9007199254740993, 1234567890123456.7000, 0.1, 0.1, '東京 ''"',
          'ab', true, '2026-02-28', '23:59:59', '2026-04-23 09:30:00.123456',
          '2026-04-23 09:30:00.123456+09', '123e4567-e89b-12d3-a456-426614174000', '{"a": [1]}',
          ARRAY['A', NULL, 'B,C'], ARRAY['2026-01-01'::date], ARRAY['2026-01-01 00:00+09'::timestamptz],
          B'101', '\\xCAFE', 12.5)
        """);

    var values = rows(full("SELECT * FROM kinds", null)).get(0).values();

    assertThat(values)
        .containsEntry("i", new BigDecimal("1"))
        .containsEntry("b", new BigDecimal("9007199254740993"))
        .containsEntry("n", new BigDecimal("1234567890123456.7000"))
        .containsEntry("r", 0.1f)
        .containsEntry("d", 0.1)
        .containsEntry("t", "東京 '\"")
        .containsEntry("c", "ab")
        .containsEntry("yes", true)
        .containsEntry("day", LocalDate.of(2026, 2, 28))
        .containsEntry("clock", LocalTime.of(23, 59, 59))
        .containsEntry("local", LocalDateTime.parse("2026-04-23T09:30:00.123456"))
        .containsEntry("id", UUID.fromString("123e4567-e89b-12d3-a456-426614174000"))
        .containsEntry("js", "{\"a\": [1]}")
        .containsEntry("days", List.of(LocalDate.of(2026, 1, 1)))
        .containsEntry("bits", "101");
    assertThat(((OffsetDateTime) values.get("moment")).toInstant())
        .isEqualTo(Instant.parse("2026-04-23T00:30:00.123456Z"));
    assertThat((List<?>) values.get("tags")).isEqualTo(java.util.Arrays.asList("A", null, "B,C"));
    assertThat((List<?>) values.get("moments"))
        .isEqualTo(List.of(OffsetDateTime.parse("2025-12-31T15:00:00Z")));
  }

  @Test
  void anEmptyValueOfEveryTypeIsNull() throws SQLException {
    run(
        """
        CREATE TABLE kinds (i INT, n NUMERIC, r REAL, d DOUBLE PRECISION, t TEXT, yes BOOLEAN,
          day DATE, local TIMESTAMP, moment TIMESTAMPTZ, id UUID, tags TEXT[], bytes BYTEA)
        """,
        "INSERT INTO kinds (i) VALUES (NULL)");
    var row = rows(full("SELECT * FROM kinds", null)).get(0);
    assertThat(row.values()).hasSize(12);
    assertThat(row.values().values()).containsOnlyNulls();
    assertThat(row.rows()).containsExactly(Collections.nCopies(12, ""));
  }

  @Test
  void aValueThatCannotBeReadRejectsItsRowAlone() throws SQLException {
    run("CREATE TABLE t (id INT, n NUMERIC)", "INSERT INTO t VALUES (1, 1), (2, 'NaN'), (3, 3)");
    var rows = rows(full("SELECT * FROM t ORDER BY id", null));
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).problem()).isNull();
    assertThat(rows.get(1).problem().text()).isEqualTo(MessageCode.DATABASE_VALUE_UNREADABLE);
    assertThat(rows.get(1).position()).hasToString("row 2");
    assertThat(rows.get(2).values()).containsEntry("id", new BigDecimal("3"));
  }

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

  @Test
  void whatNoCalendarAndNoClockHasComesAsTheDatabaseShowsIt() throws SQLException {
    run(
        "CREATE TABLE t (m TIMESTAMPTZ, l TIMESTAMP, d DATE, c TIME, z TIMETZ, f DOUBLE PRECISION)",
        "INSERT INTO t VALUES ('infinity', '-infinity', 'infinity', '24:00', '24:00+09', 'NaN')",
        "INSERT INTO t VALUES ('-infinity', 'infinity', '-infinity', '23:59:59.999999',"
            + " '10:00+09', '-Infinity')",
        "INSERT INTO t (m, l, d) VALUES ('0044-03-15 12:00+00 BC', '294276-12-31 23:59:59',"
            + " '0044-03-15 BC')");

    var rows = rows(full("SELECT * FROM t", null));

    assertThat(rows).extracting(SourceRecord::problem).containsOnlyNulls();
    assertThat(rows.get(0).values().values())
        .containsExactly("infinity", "-infinity", "infinity", "24:00", "24:00:00+09", Double.NaN);
    assertThat(rows.get(0).rows().get(0))
        .containsExactly("infinity", "-infinity", "infinity", "24:00", "24:00:00+09", "NaN");
    assertThat(rows.get(1).values())
        .containsEntry("m", "-infinity")
        .containsEntry("c", LocalTime.of(23, 59, 59, 999_999_000))
        .containsEntry("z", "10:00:00+09");
    assertThat(rows.get(2).values())
        .containsEntry("d", LocalDate.of(-43, 3, 15))
        .containsEntry("l", LocalDateTime.of(294_276, 12, 31, 23, 59, 59));
  }

  @Test
  void infinityInAnArrayIsTextToo() throws SQLException {
    run(
        "CREATE TABLE t (m TIMESTAMPTZ[], d DATE[], n NUMERIC[])",
        "INSERT INTO t VALUES (ARRAY['infinity'::timestamptz], ARRAY['-infinity'::date], NULL)",
        "INSERT INTO t VALUES (NULL, NULL, ARRAY['NaN'::numeric])");

    var rows = rows(full("SELECT * FROM t", null));

    assertThat(rows.get(0).values())
        .containsEntry("m", List.of("infinity"))
        .containsEntry("d", List.of("-infinity"));
    assertThat(rows).hasSize(2);
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

  @Test
  void h2IsReadTheSameWay() throws SQLException {
    var h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:source;DB_CLOSE_DELAY=-1");
    database = h2;
    try (var connection = DriverManager.getConnection(h2.getURL())) {
      run(
          connection,
          """
          CREATE TABLE t (id UUID PRIMARY KEY, at TIMESTAMP(9) WITH TIME ZONE, yes BOOLEAN,
            tags VARCHAR ARRAY, n DECIMAL(10, 2), text CLOB)
          """,
          """
          INSERT INTO t SELECT RANDOM_UUID(), TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00.5+09',
            TRUE, ARRAY['a', 'b'], 1.50, 'x' FROM SYSTEM_RANGE(1, 25)
          """);
    }
    var query = new DatabaseQuery("SELECT * FROM t", "at", "id", NONE, 10, 10);
    var rows = rows(source(query).open(null, NOW, TOKYO).reader());
    assertThat(new HashSet<>(rows.stream().map(row -> row.values().get("ID")).toList()))
        .hasSize(25);
    assertThat(rows.get(0).values())
        .containsEntry(
            "AT", OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 500_000_000, ZoneOffset.ofHours(9)))
        .containsEntry("YES", true)
        .containsEntry("TAGS", List.of("a", "b"))
        .containsEntry("N", new BigDecimal("1.50"))
        .containsEntry("TEXT", "x");
  }

  private static DatabaseQuery incremental(Overlap overlap) {
    return new DatabaseQuery("SELECT * FROM t", "at", "id", overlap, 2, 100);
  }

  private SourceReader full(String sql, String unique) {
    return source(new DatabaseQuery(sql, null, unique, NONE, 100, 100))
        .open(null, NOW, TOKYO)
        .reader();
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

  private DatabaseSource source(DatabaseQuery query) {
    return new DatabaseSource("sales", database, query, this::page);
  }

  private List<List<Object>> page(String sql, List<Object> parameters) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      var page = new ArrayList<List<Object>>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          page.add(DatabaseRow.read(rows));
        }
      }
      return page;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static List<SourceRecord> rows(SourceReader reader) {
    try (reader) {
      var rows = new ArrayList<SourceRecord>();
      reader.forEachRemaining(rows::add);
      return rows;
    }
  }

  private static List<String> ids(SourceReader reader) {
    return rows(reader).stream().map(SourceRecord::values).map(DatabaseSourceTest::id).toList();
  }

  private static String id(Map<String, Object> values) {
    return String.valueOf(values.get("id"));
  }

  private void run(String... statements) throws SQLException {
    run(own, statements);
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
