package dev.kintonesync.settings;

import org.jspecify.annotations.Nullable;

/**
 * Fields of the app that say by which run a record was last written.
 *
 * @param run the field that takes the name of the run; null: none
 * @param syncedAt the field that takes the time of the run; null: none
 */
public record RunFields(@Nullable String run, @Nullable String syncedAt) {

  /** No such fields. */
  public static final RunFields NONE = new RunFields(null, null);
}
