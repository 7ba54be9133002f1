package dev.kintonesync.source.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** What an SQL error means: that a database is out of reach, or that it does not take a query. */
final class DatabaseFault {
  private DatabaseFault() {}

  /** Whether the database is out of reach or too busy, so that another attempt may go well. */
  static boolean isOutage(SQLException e) {
    String state = deepest(e).getSQLState();
    if (state != null && state.startsWith("28")) {
      return false; // a wrong password, however the pool calls it
    }
    // 08: no connection. 57P: shut down. 53: no room. 40: rolled back. HYT: took too long
    return (state != null && state.matches("(08|57P|53|40|HYT).*"))
        || e instanceof SQLTransientException
        || e instanceof SQLRecoverableException
        || e instanceof SQLNonTransientConnectionException;
  }

  /** The error as a source tells of it that breaks. */
  static UncheckedIOException broken(SQLException e) {
    return new UncheckedIOException(words(e), new IOException(e));
  }

  /** What the database said, in one line and without the words of the pool around it. */
  static String words(SQLException e) {
    return String.valueOf(deepest(e).getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static SQLException deepest(SQLException e) {
    SQLException deepest = e;
    @Nullable Throwable cause = e;
    while (cause != null) {
      if (cause instanceof SQLException sql) {
        deepest = sql;
      }
      cause = cause.getCause();
    }
    return deepest;
  }
}
