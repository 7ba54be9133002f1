package dev.kintonesync.journal;

import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the database of a journal. When the connection is lost, the next call opens
 * another one and does its work again.
 */
abstract class Database implements AutoCloseable {
  /**
   * Every statement runs on this one thread: it is never interrupted. An interrupted thread of a
   * caller would close the file of an embedded database beneath every process.
   */
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "journal");
            made.setDaemon(true);
            return made;
          });

  /** How long a program that is ending waits for what it has asked before. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable Connection connection;

  /** Why nothing is asked any more: it was away when the program was ending already. */
  private volatile @Nullable UserErrorException left;

  /** Whether the last work is done; of the thread of the journal. */
  private boolean closed;

  /** Statements that do no harm when they are done twice, and have the same result then. */
  interface Work<T> {
    T with(Connection connection) throws SQLException, IOException;
  }

  /** Statements that do no harm when they are done twice, but have another result then. */
  interface RepeatableWork<T> {
    /**
     * Does the work.
     *
     * @param again whether it was begun before, and its statements may be committed, of which
     *     nobody heard: what they would have left is then counted as done by this call
     */
    T with(Connection connection, boolean again) throws SQLException, IOException;
  }

  /**
   * Opens a connection.
   *
   * @param attempt which attempt at the work needs it, from 1
   */
  abstract Connection connect(int attempt) throws SQLException, IOException;

  /** Work was done with a connection that was opened for it: the database is there. */
  abstract void done(Connection opened) throws SQLException;

  /**
   * Decides whether work that failed is done again, on a new connection.
   *
   * @param attempt how often the work was tried, from 1
   * @return the pause before it is done again; null when it is not
   */
  abstract @Nullable Duration pauseBeforeRetry(SQLException e, int attempt);

  /** Whether a failure means that the database is out of reach for now. */
  abstract boolean isAway(SQLException e);

  /** Cuts a connection that another thread waits at, where that does no harm. */
  abstract void cut(Connection open) throws SQLException;

  /** Says in words why work cannot be done. */
  abstract UserErrorException refused(Exception e);

  /** Closes what is open besides the connection. */
  abstract void leave();

  /**
   * Waits until the disk has what was committed. To be called in the midst of work.
   *
   * @return true
   */
  abstract boolean reachDisk() throws IOException;

  /**
   * Does the work and commits each of its statements; again, when the connection was lost meanwhile
   * and nobody knows how far it came.
   *
   * @throws UserErrorException when the database cannot be read or written any more
   * @throws RejectedExecutionException when it is closed, or is asked while it is being closed
   */
  final <T> T call(Work<T> work) {
    return call((connection, again) -> work.with(connection));
  }

  /** As {@link #call(Work)}, for work that has to know whether it is done again. */
  final <T> T call(RepeatableWork<T> work) {
    try {
      return CompletableFuture.supplyAsync(() -> attempt(work), thread).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private <T> T attempt(RepeatableWork<T> work) {
    if (closed) {
      throw new RejectedExecutionException("the journal is closed");
    }
    boolean opened = false;
    boolean begun = false;
    for (int attempt = 1; ; attempt++) {
      var away = left;
      if (away != null) {
        throw away;
      }
      try {
        Connection open = connection;
        if (open == null) {
          open = connect(attempt);
          connection = open;
          opened = true;
        }
        boolean again = begun;
        begun = true;
        T result = work.with(open, again);
        if (opened) {
          done(open);
        }
        return result;
      } catch (SQLException e) {
        Duration pause = pauseBeforeRetry(e, attempt);
        disconnect();
        if (pause == null || isLeftWithin(pause, isAway(e))) {
          throw lastTime(e);
        }
      } catch (IOException e) {
        throw refused(e);
      }
    }
  }

  private UserErrorException lastTime(SQLException e) {
    var refused = refused(e);
    if (closing.getCount() == 0 && isAway(e)) {
      left = refused;
    }
    return refused;
  }

  /**
   * Waits before work is done again. A program that is ending does not wait for a database that is
   * away; but one that is there has only been closed, as H2 closes its file itself at a signal.
   *
   * @return whether the work is not to be done again
   */
  private boolean isLeftWithin(Duration pause, boolean away) {
    try {
      if (away) {
        return closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
      }
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the thread of the journal", e);
    }
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        // it is broken, which is why it is closed
      }
    }
  }

  /**
   * The program is ending: from now on nothing is done again when the database is away, and nothing
   * is asked any more once it is found to be.
   */
  final void hurry() {
    closing.countDown();
  }

  /** The last work is under way: what is not answered within five seconds is given up. */
  final void cutSoon() {
    hurry();
    CompletableFuture.delayedExecutor(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::cut);
  }

  private void cut() {
    var open = connection;
    if (open != null) {
      try {
        cut(open);
      } catch (SQLException e) {
        // then it is cut already
      }
    }
  }

  /** Why the database was left as it was: it was away while this was closed. Null: it was not. */
  final @Nullable UserErrorException left() {
    return left;
  }

  @Override
  public final void close() {
    cutSoon();
    CompletableFuture.runAsync(
            () -> {
              closed = true;
              disconnect();
              leave();
            },
            thread)
        .join();
    thread.shutdown();
  }
}
