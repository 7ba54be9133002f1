package dev.kintonesync.sync;

import java.util.Locale;

/** What stops a run that would do too much at once; a person may let one run pass it. */
public enum Guard {
  /** More rows are rejected than are bearable. */
  MAX_REJECTED,
  /** More records would be updated than are bearable. */
  MAX_UPDATED,
  /** A mirror would remove more records than are bearable. */
  MAX_MISSING;

  /** As it is written in options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
