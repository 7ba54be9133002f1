package dev.kintonesync.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new journal is made at once, and has what one has that came through all versions. */
class SchemaTest {
  @TempDir Path home;

  @Test
  void aNewFileHasTheTablesOfAnOldOne() throws Exception {
    try (var made = DriverManager.getConnection("jdbc:h2:mem:");
        var grown = DriverManager.getConnection("jdbc:h2:mem:")) {
      areAlike(made, grown);
    }
  }

  @Test
  void aNewSharedJournalHasTheTablesOfAnOldOne() throws Exception {
    try (var made = JournalKind.POSTGRESQL.connect(home.resolve("made"));
        var grown = JournalKind.POSTGRESQL.connect(home.resolve("grown"))) {
      areAlike(made, grown);
    }
  }

  /** The making of a journal was cut off before its version was noted. */
  @Test
  void aJournalThatWasHalfMadeByAnEarlierVersionGetsItsColumns() throws Exception {
    try (var made = DriverManager.getConnection("jdbc:h2:mem:");
        var half = DriverManager.getConnection("jdbc:h2:mem:")) {
      Schema.bringUpToDate(made, "made");
      grow(half);
      try (var statement = half.createStatement()) {
        statement.execute("DELETE FROM version");
        statement.execute("ALTER TABLE run DROP COLUMN dry");
        statement.execute("DROP TABLE applied_plan");
      }
      Schema.bringUpToDate(half, "half");
      assertThat(described(half)).isEqualTo(described(made));
    }
  }

  private static void areAlike(Connection made, Connection grown) throws SQLException {
    Schema.bringUpToDate(made, "made");
    grow(grown);
    assertThat(described(made)).hasSizeGreaterThan(100).isEqualTo(described(grown));
  }

  private static void grow(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE version (version INT PRIMARY KEY)");
    }
    Schema.bringUpToDate(connection, 0);
  }

  /** The version, each column with its type, and the columns of keys and indexes. */
  private static List<String> described(Connection connection) throws SQLException {
    var lines = new ArrayList<>(rows(connection, "SELECT MAX(version) FROM version"));
    lines.addAll(
        rows(
            connection,
            """
            SELECT table_name, ordinal_position, column_name, data_type, datetime_precision,
              is_nullable, column_default
            FROM information_schema.columns
            WHERE table_schema = CURRENT_SCHEMA ORDER BY table_name, ordinal_position
            """));
    lines.addAll(
        rows(
            connection,
            """
            SELECT table_name, ordinal_position, column_name
            FROM information_schema.key_column_usage
            WHERE table_schema = CURRENT_SCHEMA ORDER BY table_name, ordinal_position
            """));
    var about = connection.getMetaData();
    for (String table :
        rows(
            connection,
            "SELECT table_name FROM information_schema.tables"
                + " WHERE table_schema = CURRENT_SCHEMA ORDER BY table_name")) {
      var columns = new ArrayList<String>();
      try (var index = about.getIndexInfo(null, connection.getSchema(), table, false, false)) {
        while (index.next()) {
          columns.add(index.getInt("ORDINAL_POSITION") + " " + index.getString("COLUMN_NAME"));
        }
      }
      columns.sort(null);
      lines.add(table + " " + columns);
    }
    return lines;
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    var lines = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        var values = new ArrayList<String>();
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
          values.add(rows.getString(column));
        }
        lines.add(String.join(" ", values.stream().map(String::valueOf).toList()));
      }
    }
    return lines;
  }
}
