package dev.kintonesync.simulator.query;

import org.jspecify.annotations.Nullable;

/** The typed values of a record, or of one row of a table. */
public interface QueryRow {

  /**
   * The value of a field by its code, null when empty. By type: {@code Long} for {@code $id} and
   * RECORD_NUMBER; {@code BigDecimal} for NUMBER and CALC; {@code LocalDate}, {@code LocalTime} and
   * {@code Instant} for DATE, TIME and the three kinds of datetime; {@code Collection<String>} for
   * CHECK_BOX, MULTI_SELECT, CATEGORY, FILE (anything, but empty when there is no file) and the
   * selections of users, organisations, groups and assignees (their codes); {@code String} for all
   * else (CREATOR and MODIFIER: the user's code). Of the field of a related record the code comes
   * without the table's.
   */
  @Nullable Object value(String code);

  /**
   * The text of a field in which {@code like} searches. It comes from an index that follows writes
   * with a delay, so it may be older than {@link #value}; for FILE, names and contents.
   */
  String searchText(String code);
}
