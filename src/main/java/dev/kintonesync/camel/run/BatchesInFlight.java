package dev.kintonesync.camel.run;

import dev.kintonesync.camel.batch.BatchFilling;
import dev.kintonesync.camel.batch.KeysInFlight;
import dev.kintonesync.camel.batch.MemoryBudget;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.SyncRecord;
import dev.kintonesync.sync.Weight;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * What the batches of a run hold until they are settled: their places among those in flight, their
 * keys, and memory. Safe for several threads.
 */
final class BatchesInFlight {
  private final RunContext run;
  private final KeysInFlight keys;
  private final MemoryBudget.Share memory;
  private final Semaphore slots;

  /** What batches have taken of the memory and not given back, by their numbers. */
  private final Map<Integer, Long> weights = new ConcurrentHashMap<>();

  /** What the batch before took: the next one will need as much, or be cut short. */
  private long expected;

  /** What is taken for the batch that is being filled, and not used by a record of it yet. */
  private long reserved;

  /**
   * None of a run yet.
   *
   * @param most batches that may be unsettled at once
   */
  BatchesInFlight(RunContext run, KeysInFlight keys, MemoryBudget.Share memory, int most) {
    this.run = run;
    this.keys = keys;
    this.memory = memory;
    this.slots = new Semaphore(most);
  }

  /** Waits until one more batch may be filled. */
  void await() throws InterruptedException {
    slots.acquire();
    HeapGrowth.limit();
    memory.take(0, 0); // a row to be rejected is in memory before anybody knows
  }

  /**
   * Waits until one more batch may be in flight, and nobody else has these keys in work.
   *
   * @return its weight
   */
  long await(List<String> itsKeys) throws InterruptedException {
    long weight = itsKeys.size() * Math.max(Weight.UNSEEN, run.heaviestFound());
    slots.acquire();
    memory.take(weight, 0);
    keys.awaitAndClaim(itsKeys, run);
    return weight;
  }

  /**
   * Takes a record into a batch; false when its memory or its key is not to be had now, and the
   * batch has something already that others may wait for.
   */
  boolean take(BatchFilling filling, SyncRecord record) throws InterruptedException {
    long weight =
        Math.max(
            Weight.of(record, run.looksUp()), Weight.of(record.source()) + run.heaviestFound());
    if (filling.rows() == 0) {
      reserved = memory.take(weight, expected);
    } else if (weight > reserved) {
      if (!memory.tryTake(weight - reserved)) {
        return false;
      }
      reserved = weight;
    }
    if (!filling.contains(record.key()) && !keys.claim(record.key(), run)) {
      if (filling.rows() > 0) {
        return false;
      }
      keys.awaitAndClaim(List.of(record.key()), run);
    }
    reserved -= weight;
    filling.put(record, weight);
    return true;
  }

  /** Whether nobody has a key in work, or waits for it. */
  boolean isFree(String key) {
    return keys.isFree(key);
  }

  /**
   * Takes the memory of a row that has its outcome already, whether there is any or not.
   *
   * @return its weight
   */
  long takeAnyway(SourceRecord row) {
    long weight = Weight.of(row);
    memory.takeAnyway(weight);
    return weight;
  }

  /** A batch of this weight is not handed out after all; what it has taken is free. */
  void takeBack(Batch batch, long weight) {
    keys.release(batch.records().stream().map(SyncRecord::key).toList());
    memory.giveBack(weight);
  }

  /** The batch that was filled is handed out, and has this weight. */
  void filled(int number, long weight) {
    memory.giveBack(reserved);
    reserved = 0;
    expected = weight;
    handedOut(number, weight);
  }

  /** A batch of this weight is handed out. */
  void handedOut(int number, long weight) {
    weights.put(number, weight);
  }

  /**
   * A batch is settled: its keys are free, and another one may be handed out.
   *
   * @param kept what is still held of it in memory, until it is written down
   */
  void settled(Batch batch, long kept) {
    keys.release(batch.records().stream().map(SyncRecord::key).toList());
    weights.computeIfPresent(
        batch.number(),
        (number, weight) -> {
          long still = Math.min(kept, weight);
          memory.giveBack(weight - still);
          return still;
        });
    slots.release();
  }

  /** Nothing of a settled batch is held any more. */
  void written(int number) {
    Long weight = weights.remove(number);
    memory.giveBack(weight == null ? 0 : weight);
  }

  /** The run is over, and nothing of it is in memory. */
  void close() {
    memory.close();
  }
}
