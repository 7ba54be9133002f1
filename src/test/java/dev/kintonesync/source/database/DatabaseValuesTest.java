package dev.kintonesync.source.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.SourceRecord;
import java.math.BigDecimal;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** Values of a real PostgreSQL, and of H2, come as what they are. */
class DatabaseValuesTest extends ReadDatabase {
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
}
