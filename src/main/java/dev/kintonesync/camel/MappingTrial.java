package dev.kintonesync.camel;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.MappedRow;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.MappingOptions;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a source go to the fields of an app, as far as a job says it by now.
 *
 * @param form of the app
 * @param mapping null where it is not complete yet
 * @param problem why it is not
 * @param options what else decides how a value is converted
 */
public record MappingTrial(
    Form form, @Nullable Mapping mapping, @Nullable UserMessage problem, MappingOptions options) {

  /** What a row becomes; only where the mapping is complete. */
  public @Nullable MappedRow row(SourceRecord row) {
    return mapping == null ? null : mapping.map(row.values(), row.members());
  }

  /** What one pair of the map makes of a row, whatever else is missing. */
  public MappedRow pair(Assignment pair, SourceRecord row) {
    return Mapping.ofPair(form, pair, row.values(), options);
  }
}
