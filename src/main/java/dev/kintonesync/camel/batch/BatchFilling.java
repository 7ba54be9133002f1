package dev.kintonesync.camel.batch;

import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.SyncRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A batch while it is being filled. The last record of a key replaces those before it. */
public final class BatchFilling {
  private final Sizes sizes;
  private final Map<String, SyncRecord> records = new LinkedHashMap<>();
  private final List<Reject> rejects = new ArrayList<>();
  private final List<SourceRecord> leftOut = new ArrayList<>();

  /** The keys of records that were known as they were read. */
  private final Set<String> confirmed = new HashSet<>();

  private int superseded;
  private int rows;
  private long bytes;
  private long weight;

  /**
   * When a batch is full.
   *
   * @param records source records
   * @param bytes rough size of their text
   * @param weight what they take in memory
   */
  public record Sizes(int records, long bytes, long weight) {}

  public BatchFilling(Sizes sizes) {
    this.sizes = sizes;
  }

  /** Whether the batch is to be handed out before another record comes. */
  public boolean isFull() {
    return rows >= sizes.records() || bytes >= sizes.bytes() || weight >= sizes.weight();
  }

  /** Whether there is a record of this key to be planned. */
  public boolean contains(String key) {
    return records.containsKey(key);
  }

  /** Adds a record to be planned; it supersedes an earlier one of its key. */
  public void put(SyncRecord record, long takes) {
    if (records.remove(record.key()) != null || confirmed.remove(record.key())) {
      superseded++;
    }
    records.put(record.key(), record);
    count(record.source(), takes);
  }

  /**
   * Counts a record that was known as it was read; no record of its key is to be planned.
   *
   * @param size of its text, in characters
   */
  public void confirm(String key, long size) {
    if (!confirmed.add(key)) {
      superseded++;
    }
    rows++;
    bytes += size;
  }

  /** Adds a row that is rejected already. */
  public void reject(Reject reject, long takes) {
    rejects.add(reject);
    count(reject.source(), takes);
  }

  /** Adds a row that a route of the user's takes out. */
  public void leaveOut(SourceRecord source, long takes) {
    leftOut.add(source);
    count(source, takes);
  }

  /** Counts a row that one before it supersedes. */
  public void supersede() {
    superseded++;
    rows++;
  }

  private void count(SourceRecord source, long takes) {
    rows++;
    bytes += source.size();
    weight += takes;
  }

  /** How many source records it has. */
  public int rows() {
    return rows;
  }

  /** What it takes in memory. */
  public long weight() {
    return weight;
  }

  /** The batch as it is now. */
  public Batch batch(int number, Batch.Kind kind) {
    return new Batch(
        number,
        List.copyOf(records.values()),
        rejects,
        superseded,
        leftOut,
        confirmed.size(),
        kind);
  }
}
