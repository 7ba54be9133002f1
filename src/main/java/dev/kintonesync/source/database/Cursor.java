package dev.kintonesync.source.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** All rows of one query in one read-only transaction, fetched a part at a time. */
final class Cursor implements Iterator<List<@Nullable Object>> {
  private final Connection connection;
  private final ResultSet rows;
  private boolean moved;
  private boolean onRow;

  private Cursor(Connection connection, ResultSet rows) {
    this.connection = connection;
    this.rows = rows;
  }

  /** Runs a query; the reader holds the connection until it is closed. */
  static DatabaseReader open(
      Connection connection, DatabaseQuery query, String sql, List<Object> parameters)
      throws SQLException {
    try {
      connection.setReadOnly(true);
      // drivers that fetch a part at a time do so in a transaction only
      connection.setAutoCommit(false);
      PreparedStatement statement =
          connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
      statement.setFetchSize(query.fetchSize());
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      var cursor = new Cursor(connection, statement.executeQuery());
      return new DatabaseReader(
          QueryShape.names(cursor.rows.getMetaData()), cursor, cursor::release);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    try {
      if (!moved) {
        onRow = rows.next();
        moved = true;
      }
      return onRow;
    } catch (SQLException e) {
      throw DatabaseFault.broken(e);
    }
  }

  @Override
  public List<@Nullable Object> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    moved = false;
    try {
      return DatabaseRow.read(rows);
    } catch (SQLException e) {
      throw DatabaseFault.broken(e);
    }
  }

  private void release() {
    try (connection) {
      connection.rollback();
    } catch (SQLException e) {
      // it was lost, and with it the transaction
    }
  }
}
