package dev.kintonesync.source.database;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
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
    // 08: no connection. 57P: shut down. 53: no room. 40: rolled back. HYT, 57014: took too long.
    // 55P03: locked. 58: its system fails
    return (state != null && state.matches("(08|57P|53|40|HYT|57014|55P03|58).*"))
        || e instanceof SQLTransientException
        || e instanceof SQLRecoverableException
        || e instanceof SQLNonTransientConnectionException;
  }

  /** Whether the database itself says that it does not take the query, now or later. */
  static boolean isRefusal(SQLException e) {
    // a pool that was closed, or a program that is ending, has no state
    return !isOutage(e) && deepest(e).getSQLState() != null;
  }

  /** The error as a source tells of it whose query is at fault. */
  static UserErrorException refused(SQLException e) {
    return new UserErrorException(MessageCode.QUERY_REFUSED.with(words(e)), e);
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
