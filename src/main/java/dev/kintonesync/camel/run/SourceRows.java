package dev.kintonesync.camel.run;

import dev.kintonesync.camel.batch.Hooks;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.TemporaryFileException;
import dev.kintonesync.sync.Report;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a run reads: those of its source, and rejected ones of earlier runs. A source that
 * breaks stops the run. One that refuses its very first row, as when a login is wrong that no
 * earlier question needed, refuses the run: nothing is written, and only a person can help.
 */
final class SourceRows implements AutoCloseable {
  /** From how many bytes on a file is read by a thread of its own; less is read as soon. */
  private static final long LARGE = 1_000_000;

  private final RunContext run;
  private final SourceReader reader;
  private final Iterator<SourceRecord> retried;
  private final Function<SourceRecord, Hooks.Prepared> beforeMapping;

  /** Whether there was a row: from then on something may have been written. */
  private boolean begun;

  /** A row to be tried again whose key was in flight. */
  private @Nullable SourceRecord putBack;

  /** What reads the rows; null: whoever asks for one. */
  private final @Nullable RowsAhead ahead;

  /** How much of the source had been read with the row that was handed out last. */
  private volatile long bytesRead;

  /** Rows of which none was read. */
  SourceRows(
      RunContext run,
      SourceReader reader,
      Iterator<SourceRecord> retried,
      Function<SourceRecord, Hooks.Prepared> beforeMapping) {
    this.run = run;
    this.reader = reader;
    this.retried = retried;
    this.beforeMapping = beforeMapping;
    // others wait for what a topic or a database hands out, and a part is not to be read in full
    boolean whole = reader instanceof SourceFileReader && !run.job().options().isPartial();
    this.ahead = whole && reader.totalBytes() >= LARGE ? new RowsAhead(reader, run.name()) : null;
  }

  /** Whether there is another rejected row of an earlier run that the source can read for now. */
  boolean hasRetried() {
    if (putBack == null && retried.hasNext() && !run.isStopped()) {
      putBack = unlessBroken(() -> reader.again(retried.next()));
    }
    return putBack != null;
  }

  /** The next rejected row of an earlier run, which {@link #hasRetried} has found. */
  SourceRecord nextRetried() {
    var first = Objects.requireNonNull(putBack, "there is another one");
    putBack = null;
    return first;
  }

  /** The row is the next one of {@link #nextRetried} once more. */
  void putBack(SourceRecord row) {
    putBack = row;
  }

  /** The next row of the source; null at its end, and when the run is to end. */
  @Nullable ReadRow read() {
    if (run.isStopped()) {
      return null;
    }
    var row = unlessBroken(this::next);
    bytesRead = row == null ? reader.bytesRead() : row.bytesRead();
    return row;
  }

  private @Nullable ReadRow next() {
    if (ahead == null) {
      return ReadRow.next(reader);
    }
    try {
      return ahead.next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      run.stop(MessageCode.RUN_INTERRUPTED.with());
      return null;
    }
  }

  /** How much of the source had been read with the row that was handed out last. */
  long bytesRead() {
    return bytesRead;
  }

  private <T> @Nullable T unlessBroken(Supplier<@Nullable T> reading) {
    try {
      var row = reading.get();
      begun |= row != null;
      return row;
    } catch (UserErrorException e) {
      var reason = run.item().naming(e.reason());
      if (begun) {
        run.stop(reason);
      } else {
        run.refuse(reason, false);
      }
      return null;
    } catch (TemporaryFileException e) {
      run.stop(e.reason());
      return null;
    } catch (RuntimeException e) {
      // a source that breaks ends; what was read of it so far still gets its outcome
      run.stop(
          MessageCode.SOURCE_BROKE.with(
              Report.inWords(run.source()), String.valueOf(e.getMessage())));
      return null;
    }
  }

  /** Whether the rows read so far are to be settled before more are read. */
  boolean pauses() {
    try {
      return ahead == null && reader.pauses();
    } catch (RuntimeException e) {
      return true; // the next read says why
    }
  }

  /** The row as the user's route before-mapping leaves it; null when the program is ending. */
  Hooks.@Nullable Prepared prepared(SourceRecord source) {
    try {
      return beforeMapping.apply(source);
    } catch (RejectedExecutionException e) {
      run.stop(MessageCode.RUN_INTERRUPTED.with());
      return null;
    }
  }

  /** The source is read no more, and may be closed. */
  @Override
  public void close() {
    if (ahead != null) {
      ahead.close();
    }
  }
}
