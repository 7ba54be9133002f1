package dev.kintonesync.sync;

import java.util.Locale;

/** What a job does with records that are there and records that are not. */
public enum Mode {
  /** Adds what is missing, updates what differs. */
  UPSERT,
  /** Adds what is missing, and leaves alone what is there. */
  INSERT,
  /** Updates what differs, and adds nothing. */
  UPDATE,
  /** As {@link #UPSERT}; then treats the records that the source lacks. */
  MIRROR;

  /** As it is written in properties and reports. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
