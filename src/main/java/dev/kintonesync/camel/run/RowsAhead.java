package dev.kintonesync.camel.run;

import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.ToLongFunction;
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
  private final ToLongFunction<SourceRecord> checksum;
  private final Thread thread = new Thread(this::read, "read-ahead");

  /** What is handed out; of the thread that asks for rows. */
  private Lot lot = new Lot(new ArrayDeque<>(), null, false);

  /** What was read behind it; null while it is being read. */
  private @Nullable Lot next;

  private boolean closed;

  /**
   * A row as it was read.
   *
   * @param size of its text, in characters
   * @param checksum of the row; {@link dev.kintonesync.form.RowChecksum#NONE} where nobody needs it
   * @param bytesRead how much of the source had been read with it
   */
  record Row(SourceRecord source, long size, long checksum, long bytesRead) {
    /** The next row of a reader; null at its end. */
    static @Nullable Row of(SourceReader reader, ToLongFunction<SourceRecord> checksum) {
      if (!reader.hasNext()) {
        return null;
      }
      SourceRecord source = reader.next();
      return new Row(source, source.size(), checksum.applyAsLong(source), reader.bytesRead());
    }
  }

  /**
   * Rows that were read together.
   *
   * @param broken what the reader threw behind them; null when it threw nothing
   * @param last whether no lot follows
   */
  private record Lot(Queue<Row> rows, @Nullable Throwable broken, boolean last) {}

  /**
   * Begins to read.
   *
   * @param reader to be closed by the caller, after this
   */
  RowsAhead(SourceReader reader, ToLongFunction<SourceRecord> checksum) {
    this.reader = reader;
    this.checksum = checksum;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * The next row; null at the end of the source. Where the reader threw something, so does this.
   */
  @Nullable Row next() throws InterruptedException {
    Row row = lot.rows().poll();
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
    var rows = new ArrayDeque<Row>();
    long text = 0;
    try {
      while (rows.size() < MOST_ROWS && text < MOST_TEXT) {
        Row row = Row.of(reader, checksum);
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
