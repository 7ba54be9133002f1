package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A journal in PostgreSQL. A server that restarts, or a network that breaks, is waited for; what
 * was committed is on its disk.
 */
final class PostgresDatabase extends Database {
  /**
   * How long work waits for a server that was there before. All work together: what comes later
   * waits no longer than what came first, and does not wait at all once this is over.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** How long the first connection is waited for. */
  private static final Duration OPENED_WITHIN = Duration.ofSeconds(5);

  /** How long the server may take for one answer when nobody doubts that it is there. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** MERGE came with it. */
  private static final int OLDEST_VERSION = 15;

  /** Another process was a moment quicker; SQL states of conflicts. */
  private static final Set<String> CONFLICTS = Set.of("23505", "40001", "40P01");

  private static final int MOST_CONFLICTS = 9;
  private static final int MOST_DOUBLINGS = 6;
  private static final String CONNECTION_FAILED = "08";

  /** The server is shutting down, starting, full, or not the primary one of its group. */
  private static final Set<String> UNAVAILABLE =
      Set.of("57P01", "57P02", "57P03", "53300", "25006");

  private final String url;
  private final Properties options = new Properties();
  private volatile Duration patience = OPENED_WITHIN;
  private volatile Duration answer;

  /** When the server was found to be away; of the one thread that asks it. */
  private @Nullable Long awaySince;

  /**
   * A connection to a journal that another one has opened. A network that has forgotten a
   * connection says nothing, as a server does that is slow: so at first an answer is waited for
   * only so long, and with each further attempt twice as long.
   *
   * @param answer how long the server may take for one answer before the connection counts as lost
   */
  PostgresDatabase(JournalLocation location, Duration answer) {
    if (location.url() == null) {
      throw new IllegalArgumentException("no URL");
    }
    this.url = location.url();
    if (location.username() != null) {
      options.setProperty("user", location.username());
    }
    if (location.password() != null) {
      options.setProperty("password", location.password());
    }
    options.setProperty("ApplicationName", "kintone-sync");
    options.setProperty("connectTimeout", "5");
    options.setProperty("loginTimeout", "10");
    options.setProperty("socketTimeout", "10");
    options.setProperty("tcpKeepAlive", "true");
    this.answer = answer;
  }

  /**
   * Opens the journal and brings its schema up to date, however long that takes.
   *
   * @param answer how long the server may take for one answer afterwards; see the constructor
   * @throws UserErrorException when it cannot be reached or is of a newer program
   */
  static PostgresDatabase open(JournalLocation location, Duration answer) {
    var database = new PostgresDatabase(location, LONGEST_ANSWER);
    try {
      database.call(
          connection -> {
            database.bringUpToDate(connection);
            return true;
          });
      database.patience = PATIENCE;
      database.answer = answer;
      database.call(
          connection -> {
            database.done(connection);
            return true;
          });
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** All steps or none, and one process at a time. */
  private void bringUpToDate(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(hashtext('kintone-sync journal'))");
      Schema.bringUpToDate(connection, name());
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  @Override
  Connection connect(int attempt) throws SQLException {
    Connection connection = DriverManager.getConnection(url, options);
    try (var statement = connection.createStatement()) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST_VERSION) {
        throw new UserErrorException(
            MessageCode.JOURNAL_POSTGRESQL_OLD.with(name(), version, OLDEST_VERSION));
      }
      // whoever has switched it off thought of other data
      statement.execute(
          "SELECT set_config('synchronous_commit', 'on', false)"
              + " WHERE current_setting('synchronous_commit') = 'off'");
      limit(connection, answerWithin(attempt));
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  void done(Connection opened) throws SQLException {
    awaySince = null;
    limit(opened, answer);
  }

  private Duration answerWithin(int attempt) {
    Duration longest = answer.compareTo(LONGEST_ANSWER) < 0 ? LONGEST_ANSWER : answer;
    Duration doubled = answer.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }

  private static void limit(Connection connection, Duration answer) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(answer.toMillis()));
  }

  @Override
  @Nullable Duration pauseBeforeRetry(SQLException e, int attempt) {
    if (CONFLICTS.contains(state(e))) {
      return attempt < MOST_CONFLICTS ? Duration.ofMillis(attempt) : null;
    }
    if (!isUnavailable(e)) {
      return null;
    }
    long now = System.nanoTime();
    long since = awaySince == null ? now : awaySince;
    awaySince = since;
    if (now - since >= patience.toNanos()) {
      return null;
    }
    Duration pause = PAUSE.multipliedBy(attempt);
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  @Override
  boolean isAway(SQLException e) {
    return isUnavailable(e);
  }

  /** The socket is closed, so that the read of the other thread ends. */
  @Override
  void cut(Connection open) throws SQLException {
    open.abort(Runnable::run);
  }

  private static boolean isUnavailable(SQLException e) {
    return state(e).startsWith(CONNECTION_FAILED) || UNAVAILABLE.contains(state(e));
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  @Override
  UserErrorException refused(Exception e) {
    MessageCode text =
        e instanceof SQLException failure && isUnavailable(failure)
            ? MessageCode.JOURNAL_UNREACHABLE
            : MessageCode.JOURNAL_REFUSED;
    return new UserErrorException(text.with(name(), RootCause.words(e)), e);
  }

  /** The URL as far as it names the database. */
  private String name() {
    int options = url.indexOf('?');
    return options < 0 ? url : url.substring(0, options);
  }

  /** Commits are synchronous: they wait for the server's disk. */
  @Override
  boolean reachDisk() {
    return true;
  }

  @Override
  void leave() {
    // there is nothing besides the connection
  }
}
