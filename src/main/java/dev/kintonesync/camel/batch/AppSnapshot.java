package dev.kintonesync.camel.batch;

import dev.kintonesync.form.Field;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.FormerForm;
import dev.kintonesync.form.NumberPrecision;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.SimilarKeys;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an app before the first record is planned.
 *
 * @param form its live form
 * @param key the update key of the job
 * @param precision how it keeps numbers
 * @param similar how the keys that it holds look
 * @param appCode what stands before its record numbers, empty for nothing; null: not known, since
 *     no record number was read
 * @param empty whether it holds no record that we can see
 * @param unseen why other apps that its lookup fields copy from cannot be read, by their ids; only
 *     of those that the job is to refresh, or all where nothing is written
 * @param former its form when the job last ran well; null: not known
 */
public record AppSnapshot(
    Form form,
    Field key,
    NumberPrecision precision,
    SimilarKeys similar,
    @Nullable String appCode,
    boolean empty,
    Map<String, UserMessage> unseen,
    @Nullable FormerForm former) {

  /** Returns this snapshot with the other apps that cannot be read, and why. */
  AppSnapshot without(Map<String, UserMessage> sources) {
    return new AppSnapshot(
        form, key, precision, similar, appCode, empty, Map.copyOf(sources), former);
  }
}
