package dev.kintonesync.camel.run;

import dev.kintonesync.source.SourceReader;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a source on a thread of its own, so that reading and what is done with the rows
 * go side by side. While the rows of one lot are handed out the next lot is read, and no more: so
 * no more than two lots, or two rows that are larger than one, are in memory. For one thread at a
 * time.
 */
final class RowsAhead implements AutoCloseable {
  private static final int MOST_ROWS = 500;

  /** Characters; a single row may have more. */
  private static final long MOST_TEXT = 1 << 16;

  private final SourceReader reader;

  /** Begins with the first row that is asked for. */
  private final Thread thread;

  /** What is handed out; of the thread that asks for rows. */
  private Lot lot = new Lot(new ArrayDeque<>(), null, false);

  /** What was read behind it; null while it is being read. */
  private @Nullable Lot next;

  private boolean closed;

  /**
   * Rows that were read together.
   *
   * @param broken what the reader threw behind them; null when it threw nothing
   * @param last whether no lot follows
   */
  private record Lot(Queue<ReadRow> rows, @Nullable Throwable broken, boolean last) {}

  /**
   * Reads nothing yet.
   *
   * @param reader to be closed by the caller, after this
   * @param run the name of the run, which the thread has too
   */
  RowsAhead(SourceReader reader, String run) {
    this.reader = reader;
    this.thread = new Thread(this::read, "read-" + run);
    thread.setDaemon(true);
  }

  /**
   * The next row; null at the end of the source. Where the reader threw something, so does this.
   */
  @Nullable ReadRow next() throws InterruptedException {
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
    ReadRow row = lot.rows().poll();
    while (row == null && !lot.last()) {
      lot = takeNext();
      row = lot.rows().poll();
    }
    if (row == null && lot.broken() instanceof Error error) {
      throw error;
    }
    if (row == null && lot.broken() instanceof RuntimeException broken) {
      throw broken;
    }
    return row;
  }

  private synchronized Lot takeNext() throws InterruptedException {
    Lot taken = next;
    while (taken == null) {
      wait();
      taken = next;
    }
    next = null;
    notifyAll();
    return taken;
  }

  private void read() {
    boolean last = false;
    while (!last && isWanted()) {
      var made = lot();
      last = made.last();
      put(made);
    }
  }

  /** Waits until the lot before was taken; false when nobody wants another one any more. */
  private synchronized boolean isWanted() {
    try {
      while (next != null && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the thread that reads ahead", e);
    }
    return !closed;
  }

  private synchronized void put(Lot made) {
    next = made;
    notifyAll();
  }

  private Lot lot() {
    var rows = new ArrayDeque<ReadRow>(MOST_ROWS);
    long text = 0;
    try {
      while (rows.size() < MOST_ROWS && text < MOST_TEXT) {
        ReadRow row = ReadRow.next(reader);
        if (row == null) {
          return new Lot(rows, null, true);
        }
        rows.add(row);
        text += row.size();
      }
      return new Lot(rows, null, false);
    } catch (RuntimeException | Error e) {
      return new Lot(rows, e, true);
    }
  }

  /** Returns when the reader is used no more. What was read ahead is dropped. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the lot that is being read is a small one
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
