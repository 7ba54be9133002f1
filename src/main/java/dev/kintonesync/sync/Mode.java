package dev.kintonesync.sync;

/** What a job does with records that are there and records that are not. */
public enum Mode {
  /** Adds what is missing, updates what differs. */
  UPSERT
}
