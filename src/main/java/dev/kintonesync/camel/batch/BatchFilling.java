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

/**
 * A batch while it is being filled. The last record of a key replaces those before it.
 *
 * <p>Where nearly all records are known, it goes on as if one batch came after the other, up to
 * {@link #STRETCHES} of them: so a few records among many known ones are sent together, and not few
 * at a time. All outcomes are as they would be in batches of their own.
 */
public final class BatchFilling {
  private static final int STRETCHES = 10;

  private final Sizes sizes;
  private final Map<String, SyncRecord> records = new LinkedHashMap<>();
  private final List<Reject> rejects = new ArrayList<>();
  private final List<SourceRecord> leftOut = new ArrayList<>();

  /** The keys of records that were known as they were read, in this stretch. */
  private final Set<String> confirmed = new HashSet<>();

  /** The keys of records to be planned or rejected in the stretches before. */
  private final Set<String> before = new HashSet<>();

  private boolean full;
  private int confirmedBefore;
  private int superseded;
  private int rows;
  private long bytes;
  private long weight;

  /**
   * When a batch is full.
   *
   * @param records how many rows a stretch has, and how many of a batch may have no outcome yet
   * @param keysPerLookup how many records are looked up together: a batch that has so many of them,
   *     or a multiple, ends there if half as many more would be too heavy or too long
   * @param bytes rough size of their text
   * @param weight what they take in memory
   */
  public record Sizes(int records, int keysPerLookup, long bytes, long weight) {}

  public BatchFilling(Sizes sizes) {
    this.sizes = sizes;
  }

  /** Whether the batch is to be handed out before another record comes. */
  public boolean isFull() {
    return full
        || open() >= sizes.records()
        || bytes >= sizes.bytes()
        || weight >= sizes.weight()
        || isNextLookupTooLarge();
  }

  /** A lookup costs as much whatever it holds, so one that would stay half empty is for later. */
  private boolean isNextLookupTooLarge() {
    int halves = 2 * (records.size() / sizes.keysPerLookup());
    return halves > 0
        && records.size() % sizes.keysPerLookup() == 0
        && (weight + weight / halves > sizes.weight() || bytes + bytes / halves > sizes.bytes());
  }

  /** How many records have no outcome yet. */
  private int open() {
    return records.size() + rejects.size() + leftOut.size();
  }

  /** Whether there is a record of this key to be planned. */
  public boolean contains(String key) {
    return records.containsKey(key);
  }

  /**
   * Whether a further record of a key is for another batch: one before it would be lost with what
   * only that one says, as of objects that name different fields.
   */
  public boolean isDoneWith(SyncRecord further) {
    SyncRecord present = records.get(further.key());
    return before.contains(further.key())
        || (present != null
            && !present.removed()
            && !further.removed()
            && !further.values().keySet().containsAll(present.values().keySet()));
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
    count(size, 0);
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
    count(0, 0);
  }

  private void count(SourceRecord source, long takes) {
    count(source.size(), takes);
  }

  private void count(long size, long takes) {
    rows++;
    bytes += size;
    weight += takes;
    if (rows % sizes.records() == 0) {
      endStretch();
    }
  }

  private void endStretch() {
    full = rows >= STRETCHES * sizes.records() || STRETCHES * open() >= sizes.records();
    before.addAll(records.keySet());
    for (Reject reject : rejects) {
      if (reject.key() != null) {
        before.add(reject.key());
      }
    }
    confirmedBefore += confirmed.size();
    confirmed.clear();
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
        confirmedBefore + confirmed.size(),
        kind);
  }
}
