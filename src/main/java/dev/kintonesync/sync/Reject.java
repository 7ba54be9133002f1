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
 */
public record Reject(
    SourceRecord source, @Nullable String key, @Nullable String field, UserMessage reason) {}
