package dev.kintonesync.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** SQL statements whose parameters are set from values. */
final class Sql {
  /** A value of {@link #put}: the time of the database's clock. */
  static final Object NOW = new Object();

  private Sql() {}

  /** Runs a statement that changes rows; returns how many it changed. */
  static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (var statement = prepare(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  /**
   * Inserts a row, or updates the one that has its key. One statement of standard SQL, for every
   * database of a journal.
   *
   * @param keys how many of the columns, from the first one on, are the key
   * @param columns the names of the columns, the key first, separated by commas
   * @param values the values of the columns, in their order
   */
  static int put(
      Connection connection, String table, int keys, String columns, @Nullable Object... values)
      throws SQLException {
    List<String> names = List.of(columns.split(", "));
    if (names.size() != values.length) {
      throw new IllegalArgumentException(columns);
    }
    String key = key(table, names.subList(0, keys));
    String others =
        IntStream.range(keys, names.size())
            .mapToObj(i -> names.get(i) + " = " + parameter(values[i]))
            .collect(Collectors.joining(", "));
    String sql =
        "MERGE INTO "
            + table
            + " USING (VALUES (1)) AS one (n) ON "
            + key
            + (others.isEmpty() ? "" : " WHEN MATCHED THEN UPDATE SET " + others)
            + " WHEN NOT MATCHED THEN INSERT ("
            + columns
            + ") VALUES ("
            + Arrays.stream(values).map(Sql::parameter).collect(Collectors.joining(", "))
            + ")";
    var parameters = new ArrayList<@Nullable Object>(Arrays.asList(values).subList(0, keys));
    parameters.addAll(Arrays.asList(values).subList(keys, values.length));
    parameters.addAll(Arrays.asList(values));
    parameters.removeIf(value -> value == NOW);
    return update(connection, sql, parameters.toArray());
  }

  /** Inserts a row unless there is one of its key; returns whether it did. As {@link #put}. */
  static boolean add(
      Connection connection, String table, int keys, String columns, @Nullable Object... values)
      throws SQLException {
    List<String> names = List.of(columns.split(", "));
    String sql =
        "MERGE INTO "
            + table
            + " USING (VALUES (1)) AS one (n) ON "
            + key(table, names.subList(0, keys))
            + " WHEN NOT MATCHED THEN INSERT ("
            + columns
            + ") VALUES ("
            + Arrays.stream(values).map(Sql::parameter).collect(Collectors.joining(", "))
            + ")";
    var parameters = new ArrayList<@Nullable Object>(Arrays.asList(values).subList(0, keys));
    parameters.addAll(Arrays.asList(values));
    return update(connection, sql, parameters.toArray()) == 1;
  }

  /** Whether a query finds any row. */
  static boolean finds(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (var query = prepare(connection, sql, values);
        var rows = query.executeQuery()) {
      return rows.next();
    }
  }

  private static String key(String table, List<String> columns) {
    return columns.stream()
        .map(name -> table + "." + name + " = ?")
        .collect(Collectors.joining(" AND "));
  }

  private static String parameter(@Nullable Object value) {
    return value == NOW ? "CURRENT_TIMESTAMP" : "?";
  }

  /** Prepares a statement, to be closed by the caller, and sets its parameters in their order. */
  static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, storable(values[i]));
    }
    return statement;
  }

  /** A value as every database can store it: PostgreSQL has no character NUL. */
  static @Nullable Object storable(@Nullable Object value) {
    return value instanceof String text ? text.replace('\0', '\uFFFD') : value;
  }
}
