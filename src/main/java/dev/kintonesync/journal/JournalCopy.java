package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Takes the journal of a folder over to PostgreSQL: all of it or nothing. The file stays as it is.
 * What only running processes say of themselves (leases, states, requests) is not taken over.
 */
public final class JournalCopy {
  private static final int ROWS_PER_BATCH = 500;
  private static final Duration ANSWER = Duration.ofMinutes(10);

  private final JournalLocation target;
  private final Path file;

  /**
   * A copy of a journal.
   *
   * @param target where to; its folder is that of the file
   */
  public JournalCopy(JournalLocation target) {
    this.target = target;
    this.file = target.folder().resolve("journal.mv.db");
  }

  /**
   * Copies every row.
   *
   * @return how many rows each table had
   * @throws UserErrorException when there is no file, when a process has it open, or when the
   *     target cannot be reached, is not empty or is in use; nothing was copied
   */
  public Map<String, Integer> copy() {
    if (!Files.isRegularFile(file)) {
      throw new UserErrorException(MessageCode.FILE_MISSING.with(file));
    }
    Optional<Closeable> alone = ProcessLiveness.alone(target.folder());
    if (alone.isEmpty()) {
      throw new UserErrorException(MessageCode.JOURNAL_COPY_IN_USE.with(file));
    }
    try (var held = alone.get();
        var source = new H2Database(target.folder());
        var shared = PostgresDatabase.open(target, ANSWER)) {
      var sent = new LinkedHashMap<String, Integer>();
      return source.call(from -> shared.call(to -> inOneTransaction(from, to, sent)));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new UserErrorException(MessageCode.JOURNAL_UNUSABLE.with(file, e), e);
    }
  }

  /**
   * Copies every table, or none.
   *
   * @param sent what an earlier attempt has sent, whose last answer was lost: it may be there
   */
  private Map<String, Integer> inOneTransaction(
      Connection from, Connection to, Map<String, Integer> sent) throws SQLException {
    to.setAutoCommit(false);
    try {
      var there = lock(to);
      if (!sent.isEmpty() && there.equals(sent)) {
        return there;
      }
      refuseUsed(to, there);
      var counts = new LinkedHashMap<String, Integer>();
      for (String table : Schema.TABLES_OF_RECORD) {
        counts.put(table, copy(from, to, table));
      }
      sent.putAll(counts);
      to.commit();
      return counts;
    } catch (SQLException | RuntimeException e) {
      to.rollback();
      throw e;
    } finally {
      to.setAutoCommit(true);
    }
  }

  /** Keeps others from the tables until the end of the transaction; returns their rows' counts. */
  private static Map<String, Integer> lock(Connection to) throws SQLException {
    var counts = new LinkedHashMap<String, Integer>();
    try (var statement = to.createStatement()) {
      for (String table : Schema.TABLES_OF_RECORD) {
        statement.execute("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
        var rows = statement.executeQuery("SELECT COUNT(*) FROM " + table);
        counts.put(table, Math.toIntExact(count(rows)));
      }
    }
    return counts;
  }

  private void refuseUsed(Connection to, Map<String, Integer> there) throws SQLException {
    if (there.values().stream().anyMatch(rows -> rows > 0)) {
      throw new UserErrorException(MessageCode.JOURNAL_COPY_NOT_EMPTY.with(target));
    }
    try (var statement = to.createStatement()) {
      if (count(
              statement.executeQuery(
                  "SELECT COUNT(*) FROM node WHERE alive_until > CURRENT_TIMESTAMP"))
          > 0) {
        throw new UserErrorException(MessageCode.JOURNAL_COPY_IN_USE.with(target));
      }
    }
  }

  private static long count(ResultSet rows) throws SQLException {
    try (rows) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static int copy(Connection from, Connection to, String table) throws SQLException {
    try (var query = from.createStatement();
        var rows = query.executeQuery("SELECT * FROM " + table)) {
      var columns = rows.getMetaData();
      var names = new StringBuilder();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        names.append(i == 1 ? "" : ", ").append(columns.getColumnName(i).toLowerCase(Locale.ROOT));
      }
      String parameters = String.join(", ", Collections.nCopies(columns.getColumnCount(), "?"));
      try (PreparedStatement insert =
          to.prepareStatement(
              "INSERT INTO " + table + " (" + names + ") VALUES (" + parameters + ")")) {
        return copy(rows, insert, columns.getColumnCount());
      }
    }
  }

  private static int copy(ResultSet rows, PreparedStatement insert, int columns)
      throws SQLException {
    int copied = 0;
    while (rows.next()) {
      for (int i = 1; i <= columns; i++) {
        insert.setObject(i, Sql.storable(rows.getObject(i)));
      }
      insert.addBatch();
      if (++copied % ROWS_PER_BATCH == 0) {
        insert.executeBatch();
      }
    }
    insert.executeBatch();
    return copied;
  }
}
