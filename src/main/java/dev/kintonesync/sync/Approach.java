package dev.kintonesync.sync;

/** What a plan does first with the records of a batch. */
public enum Approach {
  /** Their keys are looked up, and only what differs is written. */
  LOOK_UP,
  /** They are inserted; only those whose key Kintone finds taken are looked up. */
  INSERT,
  /** Kintone inserts or updates each by its key; nobody knows what it held before. */
  UPSERT
}
