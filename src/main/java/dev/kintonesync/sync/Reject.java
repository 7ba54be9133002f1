package dev.kintonesync.sync;

import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A source record that was not applied, and why.
 *
 * @param source the record with all its rows
 * @param key its key, or null when it has none that can be read
 * @param field the field at fault, or null when it is not about one field
 * @param reason what is wrong, in Kintone's own words where Kintone refused it
 * @param column the column at fault in a row of a table; null: the one that fills the field
 * @param row the index of the row at fault among the rows of the record
 */
public record Reject(
    SourceRecord source,
    @Nullable String key,
    @Nullable String field,
    UserMessage reason,
    @Nullable String column,
    int row) {

  /** A reject that is about no row of a table. */
  public Reject(
      SourceRecord source, @Nullable String key, @Nullable String field, UserMessage reason) {
    this(source, key, field, reason, null, source.problemRow());
  }

  /** The number by which people know the row at fault in its source. */
  public long number() {
    return source.place(row).number();
  }
}
