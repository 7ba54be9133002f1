package dev.kintonesync.camel.run;

import dev.kintonesync.camel.batch.BatchFilling;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Batch;
import java.util.List;

/** The batches that a run has handed out: each has a number and a line in the journal. */
final class HandedOut {
  private final RunContext run;
  private final Journal journal;
  private final BatchesInFlight inFlight;
  private int batches;
  private long rows;

  HandedOut(RunContext run, Journal journal, BatchesInFlight inFlight) {
    this.run = run;
    this.journal = journal;
    this.inFlight = inFlight;
  }

  /** How many batches there are. */
  synchronized int batches() {
    return batches;
  }

  /** How many source records they were made of. */
  synchronized long rows() {
    return rows;
  }

  /** Hands out a batch that has been filled. */
  synchronized Batch add(BatchFilling filled, Batch.Kind kind) {
    var batch = filled.batch(++batches, kind);
    long weight = filled.weight();
    try {
      if (!batch.records().isEmpty()) {
        // should the program be killed now, the journal knows how many records were on their way
        journal.handedOut(run.name(), batch.number(), batch.read());
      }
    } catch (UserErrorException e) {
      run.stop(e.reason());
      inFlight.takeBack(batch, weight);
      batch = new Batch(batches, List.of(), List.of(), 0, List.of(), 0, kind);
      weight = 0;
    }
    rows += batch.read();
    inFlight.filled(batches, weight);
    return batch;
  }

  /** Records that the source lacks, as one more batch of this run. */
  Batch ofMissing(List<String> missing) {
    long weight;
    try {
      weight = inFlight.await(missing);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    synchronized (this) {
      inFlight.handedOut(++batches, weight);
      return Batch.ofMissing(batches, missing);
    }
  }
}
