package dev.kintonesync.sync;

/** What became of a source record. Every source record read has exactly one. */
public enum Outcome {
  /** It was not in Kintone and is there now. */
  INSERTED,
  /** It was there with other values and has ours now. */
  UPDATED,
  /** It was there, its row says that it is to go, and it is gone. Counts as removed. */
  DELETED,
  /** It was there with our values; nothing was written. */
  UNCHANGED,
  /** A later row of the same key stood in the same batch, so this one was never sent. */
  SUPERSEDED,
  /** It cannot be applied, and a person is told why. */
  REJECTED,
  /** Not confirmed when the run stopped; it may have been applied. The next run finds out. */
  UNPROCESSED
}
