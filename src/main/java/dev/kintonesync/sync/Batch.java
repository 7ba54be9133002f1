package dev.kintonesync.sync;

import dev.kintonesync.source.SourceRecord;
import java.util.List;
import java.util.Map;

/**
 * The source records planned together. No key stands in it twice.
 *
 * @param number the batch's number in its run, from 1
 * @param records what can be planned
 * @param rejects what could not be mapped or checked; rejected before any call
 * @param superseded how many source records another row of the same key replaced
 * @param leftOut what a route of the user's took out before it was mapped; counts as unchanged
 * @param confirmed how many source records were known as they were read: an earlier run has seen
 *     Kintone hold them; they count as unchanged
 * @param kind where the records come from
 */
public record Batch(
    int number,
    List<SyncRecord> records,
    List<Reject> rejects,
    int superseded,
    List<SourceRecord> leftOut,
    int confirmed,
    Kind kind) {

  /** Where the records of a batch come from. */
  public enum Kind {
    /** The source of the run: only these are counted. */
    SOURCE,
    /** Rejected rows of earlier runs. */
    RETRIED,
    /** The app: records that the source lacks. */
    MISSING
  }

  /** A batch of source records. */
  public Batch(int number, List<SyncRecord> records, List<Reject> rejects, int superseded) {
    this(number, records, rejects, superseded, List.of(), 0, Kind.SOURCE);
  }

  /** A batch of records that the source lacks. */
  public static Batch ofMissing(int number, List<String> keys) {
    var records = keys.stream().map(SyncRecord::missing).toList();
    return new Batch(number, records, List.of(), 0, List.of(), 0, Kind.MISSING);
  }

  public Batch {
    records = List.copyOf(records);
    rejects = List.copyOf(rejects);
    leftOut = List.copyOf(leftOut);
  }

  /** How many source records were read for it. */
  public int read() {
    return kind != Kind.SOURCE ? 0 : records.size() + rejects.size() + superseded + unchanged();
  }

  /** How many source records have nothing to be planned and count as unchanged. */
  int unchanged() {
    return leftOut.size() + confirmed;
  }

  /** Whether a record of it is to be removed. */
  boolean removes() {
    return records.stream().anyMatch(SyncRecord::removed);
  }

  /** What is told of it when it could not even be planned: nothing of it was sent. */
  public BatchResult unprocessed() {
    var counts = new Counts(read(), 0, 0, unchanged(), superseded, rejects.size(), records.size());
    return new BatchResult(
        this,
        kind == Kind.SOURCE ? counts : Counts.NONE,
        rejects,
        List.of(),
        Map.of(),
        records.stream().map(SyncRecord::key).toList(),
        0,
        Removed.NONE,
        0,
        0);
  }
}
