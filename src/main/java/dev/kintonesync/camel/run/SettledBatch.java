package dev.kintonesync.camel.run;

import dev.kintonesync.journal.RunFolder;
import dev.kintonesync.journal.ZippedChanges;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.Removed;
import dev.kintonesync.sync.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written down of a settled batch. It may have to wait for batches before it, and so
 * holds no more than that; the changes as the file has them, which is a small part of what they
 * take as objects.
 *
 * @param number the batch's number in its run
 * @param kind where its records come from
 * @param read how many records of the source it had
 * @param counts how many records had which outcome
 * @param removals how many records were removed
 * @param rejects the rejected records, in the order of the source
 * @param changes a part of {@code changes.jsonl.gz}
 * @param whole all of the result, where rejected rows are kept for later runs; null elsewhere
 */
record SettledBatch(
    int number,
    Batch.Kind kind,
    long read,
    Counts counts,
    Removed removals,
    List<Reject> rejects,
    ZippedChanges changes,
    @Nullable BatchResult whole) {

  /**
   * Of a batch.
   *
   * @param whole whether all of the result is needed
   */
  static SettledBatch of(BatchResult result, boolean whole) {
    return new SettledBatch(
        result.batch().number(),
        result.batch().kind(),
        result.batch().read(),
        result.counts(),
        result.removals(),
        result.rejects(),
        RunFolder.zipped(result.changes()),
        whole ? result : null);
  }

  /** Returns the bytes that it takes in memory; the largest number when the whole batch is kept. */
  long weight() {
    return whole != null
        ? Long.MAX_VALUE
        : changes.weight() + rejects.stream().mapToLong(each -> Weight.of(each.source())).sum();
  }
}
