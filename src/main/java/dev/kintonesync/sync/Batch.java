package dev.kintonesync.sync;

import java.util.List;

/**
 * The source records planned together. No key stands in it twice.
 *
 * @param number the batch's number in its run, from 1
 * @param records what can be planned
 * @param rejects what could not be mapped or checked; rejected before any call
 * @param superseded how many source records a later row of the same key in this batch replaced
 */
public record Batch(int number, List<SyncRecord> records, List<Reject> rejects, int superseded) {

  public Batch {
    records = List.copyOf(records);
    rejects = List.copyOf(rejects);
  }

  /** How many source records were read for it. */
  public int read() {
    return records.size() + rejects.size() + superseded;
  }

  /** What is told of it when it could not even be planned: nothing of it was sent. */
  public BatchResult unprocessed() {
    var counts = new Counts(read(), 0, 0, 0, superseded, rejects.size(), records.size());
    return new BatchResult(number, counts, rejects, List.of(), 0, 0);
  }
}
