package dev.kintonesync.camel.run;

import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Reject;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rejected rows of a job that are open, while one run of it goes on. {@link #settled} is for
 * one thread at a time.
 */
interface KeptRejects {

  /** Returns the rows of earlier runs that this run tries again, as the source once had them. */
  Iterator<SourceRecord> rows();

  /** Whether what became of a batch is of interest here. */
  boolean areKept();

  /** Returns how many rows of earlier runs are tried again. */
  int tried();

  /** Returns how many rows of the job are open now. */
  int open();

  /**
   * A batch has its outcomes: what of it is applied is closed, what is rejected is kept.
   *
   * @param columns the column at fault; null where no single one is
   */
  void settled(BatchResult result, Function<Reject, @Nullable String> columns);
}
