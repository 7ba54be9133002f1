package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.KintoneRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a record: its outcome, with what changed or why it was rejected, and as what
 * the snapshot may remember it.
 */
final class Settlement {
  private final SyncRecord record;
  private final Differences differences;
  private final PlannedKey planned;

  /** The record as Kintone was seen to hold the source's values in it; null: it was not. */
  private @Nullable Confirmed confirmed;

  private boolean confirmedBefore;

  private @Nullable String unchangedId;

  private Outcome outcome = Outcome.UNPROCESSED;
  private @Nullable Reject reject;
  private @Nullable Change change;

  private record Confirmed(String id, long revision) {}

  Settlement(SyncRecord record, Differences differences, PlannedKey planned) {
    this.record = record;
    this.differences = differences;
    this.planned = planned;
  }

  /** What has become of the record; {@link Outcome#UNPROCESSED} while it is open. */
  Outcome outcome() {
    return outcome;
  }

  /** Why it was rejected; null: it was not. */
  @Nullable Reject rejected() {
    return reject;
  }

  /** What was changed in it; null: nothing. */
  @Nullable Change change() {
    return change;
  }

  /** As what the row before it, for which it stands now, was counted; null: there is none. */
  @Nullable Outcome overtaken() {
    return outcome == Outcome.UNPROCESSED || outcome == Outcome.REJECTED
        ? null
        : planned.overtaken();
  }

  void rejected(Reject rejected) {
    outcome = Outcome.REJECTED;
    reject = rejected;
  }

  void unchanged() {
    outcome = Outcome.UNCHANGED;
  }

  /** It stays as the record that was found. */
  void unchanged(KintoneRecord found) {
    unchangedId = found.id().isEmpty() ? null : found.id();
  }

  /** Kintone's id of the record that was found and stays; null of any other. */
  @Nullable String unchangedId() {
    return outcome == Outcome.UNCHANGED ? unchangedId : null;
  }

  /** A record that is settled as unchanged stands for a row before it, whose change is undone. */
  void unchangedAfterAll() {
    change = planned.plan(Outcome.UNCHANGED, Map.of());
  }

  /** It was removed. */
  void deleted(KintoneRecord before) {
    outcome = Outcome.DELETED;
    change = differences.removal(before);
  }

  /**
   * It was added or updated.
   *
   * @param before what was there; null: nothing was, or nobody has looked
   * @param values what was written
   * @param id Kintone's record id; null for an insert that was only planned
   * @param revision the revision that the write left; null where it was only planned
   */
  void written(
      Outcome how,
      @Nullable KintoneRecord before,
      Map<String, JsonNode> values,
      @Nullable String id,
      @Nullable Long revision) {
    outcome = how;
    change = differences.change(how, before, values, id, revision);
  }

  /**
   * It would be written, after all that rows before it have planned.
   *
   * @param values what it would write; null: it would be removed
   */
  void planned(Outcome how, @Nullable Map<String, JsonNode> values) {
    outcome = how;
    change = planned.plan(how, values);
  }

  /**
   * Kintone was seen to hold the source's values.
   *
   * @param revision the revision that holds them; null where there is no record any more
   */
  void confirmed(String id, @Nullable Long revision) {
    confirmed = revision == null ? null : new Confirmed(id, revision);
  }

  /**
   * Settles the record as unchanged if an earlier run has seen Kintone hold these values, and
   * nobody has saved the record since.
   *
   * @param snapshot what was seen; null: nothing is remembered
   * @return whether that is so
   */
  boolean isConfirmedBefore(@Nullable RecordSnapshot snapshot) {
    confirmedBefore =
        snapshot != null
            && planned.isFirst()
            && !record.removed()
            && snapshot.holds(record.key(), record.contents());
    if (confirmedBefore) {
      outcome = Outcome.UNCHANGED;
    }
    return confirmedBefore;
  }

  /** Takes what is known of the record now into the snapshot, or out of it. */
  void remember(RecordSnapshot snapshot) {
    // what Kintone makes of a rich text is seen when the record is read, with the next run
    boolean unseen = change != null && !change.richTexts().isEmpty();
    if (confirmed != null && !record.removed() && !unseen) {
      snapshot.keep(record.key(), record.contents(), confirmed.id(), confirmed.revision());
    } else if (!confirmedBefore) {
      snapshot.forget(record.key());
    }
  }
}
