package dev.kintonesync.source.database;

import dev.kintonesync.message.EditDistance;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns of a query, and how parts of it are asked for in the database's own dialect. */
final class QueryShape {
  private final String sql;
  private final Dialect dialect;
  private final List<String> names;
  private final @Nullable Column checkpoint;
  private final @Nullable Column unique;

  /**
   * A column by which is sought.
   *
   * @param index where it stands in a row, from 0
   * @param name as the query names it
   * @param quoted the same as it stands in SQL
   * @param type as the database calls it
   * @param parameter a place for one of its values
   */
  record Column(int index, String name, String quoted, String type, String parameter) {}

  private QueryShape(
      String sql,
      Dialect dialect,
      List<String> names,
      @Nullable Column checkpoint,
      @Nullable Column unique) {
    this.sql = sql;
    this.dialect = dialect;
    this.names = names;
    this.checkpoint = checkpoint;
    this.unique = unique;
  }

  /**
   * Asks the database for the columns of a query.
   *
   * @throws UserErrorException when a column by which is to be sought is not among them
   */
  static QueryShape of(Connection connection, DatabaseQuery query) throws SQLException {
    var dialect = Dialect.of(connection.getMetaData().getDatabaseProductName());
    String quote = connection.getMetaData().getIdentifierQuoteString().strip();
    try (var statement = connection.createStatement();
        var none = statement.executeQuery(select(query.sql()) + " WHERE 1 = 0")) {
      var columns = none.getMetaData();
      var names = names(columns);
      return new QueryShape(
          query.sql(),
          dialect,
          names,
          column(query.checkpoint(), names, columns, dialect, quote),
          column(query.unique(), names, columns, dialect, quote));
    }
  }

  /**
   * The names of the columns of a result.
   *
   * @throws UserErrorException when one stands twice
   */
  static List<String> names(ResultSetMetaData columns) throws SQLException {
    var names = new ArrayList<String>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(columns.getColumnLabel(i));
    }
    var once = new HashSet<String>();
    for (String name : names) {
      if (!once.add(name)) {
        throw new UserErrorException(MessageCode.QUERY_COLUMN_TWICE.with(name));
      }
    }
    return List.copyOf(names);
  }

  private static @Nullable Column column(
      @Nullable String wanted,
      List<String> names,
      ResultSetMetaData columns,
      Dialect dialect,
      String quote)
      throws SQLException {
    if (wanted == null) {
      return null;
    }
    int exact = names.indexOf(wanted);
    for (int i = 0; i < names.size() && exact < 0; i++) {
      exact = names.get(i).equalsIgnoreCase(wanted) ? i : -1;
    }
    if (exact < 0) {
      throw new UserErrorException(
          MessageCode.QUERY_COLUMN_MISSING.with(wanted, EditDistance.sample(wanted, names)));
    }
    String name = names.get(exact);
    String type = columns.getColumnTypeName(exact + 1);
    String quoted = quote + (quote.isEmpty() ? name : name.replace(quote, quote + quote)) + quote;
    String parameter = dialect.parameter(type, columns.getColumnType(exact + 1));
    return new Column(exact, name, quoted, type, parameter);
  }

  List<String> names() {
    return names;
  }

  @Nullable Column checkpoint() {
    return checkpoint;
  }

  @Nullable Column unique() {
    return unique;
  }

  private static String select(String sql) {
    // a query may end with a comment
    return "SELECT * FROM (" + sql + "\n) rows_of_source";
  }

  /** The rows for which all conditions hold, followed by what is given. */
  String select(List<String> conditions, String tail) {
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    return select(sql) + where + tail;
  }

  /** The first rows for which all conditions hold, in the order of columns. */
  String first(int rows, List<String> conditions, List<Column> order) {
    String by = String.join(", ", order.stream().map(Column::quoted).toList());
    return select(conditions, " ORDER BY " + by + dialect.first(rows));
  }

  /**
   * The last two rows for which all conditions hold, in the order of columns: the values of these,
   * and 1 where another condition holds, else 0.
   *
   * @param marked the other condition, whose question marks are the first
   */
  String lastTwo(List<String> conditions, List<Column> order, String marked) {
    String columns = String.join(", ", order.stream().map(Column::quoted).toList());
    String by = String.join(" DESC, ", order.stream().map(Column::quoted).toList()) + " DESC";
    return "SELECT "
        + columns
        + ", CASE WHEN "
        + marked
        + " THEN 1 ELSE 0 END FROM ("
        + sql
        + "\n) rows_of_source WHERE "
        + String.join(" AND ", conditions)
        + " ORDER BY "
        + by
        + dialect.first(2);
  }

  /** Whether there is a row for which a condition holds. */
  boolean any(Connection connection, String condition) throws SQLException {
    try (var statement = connection.prepareStatement(select(List.of(condition), ""))) {
      statement.setMaxRows(1);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** The greatest value of a column that is not above a limit; null when there is none. */
  @Nullable Object greatest(Connection connection, Column column, @Nullable Object limit)
      throws SQLException {
    String upTo = limit == null ? "" : " WHERE " + column.quoted() + " <= " + column.parameter();
    String max = "SELECT MAX(" + column.quoted() + ") FROM (" + sql + "\n) rows_of_source" + upTo;
    try (var statement = connection.prepareStatement(max)) {
      if (limit != null) {
        statement.setObject(1, limit);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? DatabaseRow.read(rows).get(0) : null;
      }
    }
  }
}
