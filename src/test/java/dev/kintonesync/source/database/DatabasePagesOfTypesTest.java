package dev.kintonesync.source.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of a real PostgreSQL are sought in the order of the unique column's own type. */
class DatabasePagesOfTypesTest extends ReadDatabase {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CITEXT                    | 'Zed', 'adam', 'Bob', 'carl', 'Dora'
          "other"."Any case"          | 'Zed', 'adam', 'Bob', 'carl', 'Dora'
          mood                      | 'sad', 'ok', 'happy', 'great'
          "A Mood"                  | 'sad', 'ok', 'happy', 'great'
          "char"                    | 'c', 'a', 'B'
          other."Its Mood"          | 'sad', 'ok', 'happy', 'great'
          UUID                      | 'ff000000-0000-0000-0000-000000000001', '0f000000-0000-0000-0000-000000000002', '7f000000-0000-0000-0000-000000000003'
          INET                      | '10.0.0.2', '9.0.0.1', '10.0.0.10', '::1'
          CIDR                      | '10.0.0.0/8', '9.0.0.0/8', '192.168.0.0/16'
          MACADDR                   | '08:00:2b:01:02:03', '00:00:00:01:02:03', 'ff:00:2b:01:02:03'
          MONEY                     | '9', '10', '-3', '-20', '1000'
          INTERVAL                  | '9 days', '10 hours', '1 month', '-2 days'
          TIMETZ                    | '09:00+09', '09:00+00', '23:00-05'
          BIT(3)                    | B'101', B'100', B'001', B'110'
          VARBIT                    | B'101', B'1', B'00111', B'110'
          CHAR(5)                   | 'b', 'ab', 'B', 'abc'
          VARCHAR(9)                | 'b', 'ab', 'B', 'a-b', 'a b'
          TEXT COLLATE "C"          | 'b', 'ab', 'B', 'a-b', 'a b'
          TEXT COLLATE "en-x-icu"   | 'b', 'ab', 'B', 'a-b', 'a b'
          "by letter"               | 'b', 'ab', 'B', 'a-b', 'a b'
          JSONB                     | '9', '"a"', '10', '{"a": 1}', '[1]'
          INT4RANGE                 | '[9,10]', '[10,11]', '[1,100]'
          TSVECTOR                  | 'b', 'a', 'a b'
          BOOLEAN                   | true, false
          REAL                      | 0.1, 0.2, 0.3, 'NaN', '-Infinity'
          DOUBLE PRECISION          | 0.1, 0.2, 0.3, 'Infinity'
          NUMERIC                   | 0.1, 0.2, 1000000000000000000000
          BIGSERIAL                 | 3, 2, 9007199254740993, 9007199254740992
          TIMESTAMP                 | '2026-01-01 00:00:00.000001', '2026-01-01 00:00', '0044-01-01 00:00:00 BC'
          TIMESTAMPTZ               | '2026-01-01 00:00:00.000001+09', '2026-01-01 00:00+00'
          """)
  void everyRowIsReadOnce(String type, String values) throws SQLException {
    run(
        "DROP SCHEMA IF EXISTS other CASCADE",
        "CREATE SCHEMA other",
        "CREATE EXTENSION IF NOT EXISTS citext",
        "CREATE DOMAIN other.\"Any case\" AS CITEXT CHECK (VALUE <> '')",
        "CREATE DOMAIN \"by letter\" AS TEXT COLLATE \"C\"",
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'great')",
        "CREATE TYPE \"A Mood\" AS ENUM ('sad', 'ok', 'happy', 'great')",
        "CREATE TYPE other.\"Its Mood\" AS ENUM ('sad', 'ok', 'happy', 'great')",
        "CREATE TABLE t (id " + type + " PRIMARY KEY, at INT NOT NULL)");
    var rows = values.split(", (?![^{]*})");
    for (int i = 0; i < rows.length; i++) {
      run("INSERT INTO t VALUES (" + rows[i] + ", " + i / 2 + ")");
    }
    var all = ids(full("SELECT id::text FROM t", null));

    for (var query :
        List.of(
            new DatabaseQuery("SELECT * FROM t", null, "id", NONE, 2, 100),
            new DatabaseQuery("SELECT * FROM t", "at", "id", NONE, 1, 100))) {
      assertThat(ids(source(query).open(null, NOW, TOKYO).reader()))
          .hasSameSizeAs(all)
          .doesNotHaveDuplicates();
    }
  }
}
