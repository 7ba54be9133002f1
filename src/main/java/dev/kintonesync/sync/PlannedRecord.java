package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.kintone.StoredRecord;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way through a plan: what Kintone held when it was last looked up, what is to be
 * sent, and at the end its outcome. It may be planned anew several times.
 */
final class PlannedRecord {
  /** How often a record is planned anew because others write it too, before it is rejected. */
  static final int ATTEMPTS = 5;

  private final SyncRecord record;
  private final Target target;

  private @Nullable StoredRecord stored;
  private Map<String, JsonNode> changes = Map.of();

  private @Nullable Doubt doubt;
  private @Nullable Message lostRace;
  private int attempts;
  private int doubts;
  private int answeredBefore;

  private @Nullable Outcome outcome;
  private @Nullable Reject reject;
  private @Nullable Change change;

  /**
   * A write that was sent and may have been applied: what was there before it, and what it sent.
   */
  private record Doubt(@Nullable StoredRecord before, Map<String, JsonNode> sent) {}

  PlannedRecord(SyncRecord record, Target target) {
    this.record = record;
    this.target = target;
  }

  String key() {
    return record.key();
  }

  /** What the next write is to send: all values for an insert, the differing ones for an update. */
  Map<String, JsonNode> changes() {
    return changes;
  }

  /** Whether the next write is an insert. */
  boolean toInsert() {
    return stored == null;
  }

  /** The record as last looked up; only for records that are there. */
  StoredRecord stored() {
    if (stored == null) {
      throw new IllegalStateException("record " + record.key() + " is to be inserted");
    }
    return stored;
  }

  boolean settled() {
    return outcome != null;
  }

  @Nullable Outcome outcome() {
    return outcome;
  }

  @Nullable Reject rejected() {
    return reject;
  }

  @Nullable Change change() {
    return change;
  }

  int attempts() {
    return attempts;
  }

  /**
   * A key lookup answered: decides between insert, update and unchanged, and settles writes whose
   * answer was lost.
   *
   * @param now the record as it is there now, or null when there is none
   * @param words Kintone's last words about it, for the case that it was planned anew too often
   */
  void found(@Nullable StoredRecord now, Message words) {
    var differing = now == null ? record.values() : differing(now);
    if (doubt != null && now != null && differing.isEmpty() && movedSince(doubt, now)) {
      settleWrite(doubt.before(), doubt.sent(), now.id());
      return;
    }
    if (now == null && target.key().type() == FieldType.RECORD_NUMBER) {
      reject(target.key().code(), Text.NO_SUCH_RECORD_NUMBER.with(record.key(), target.app()));
      return;
    }
    if (lostRace != null && now == null) {
      // Kintone says that the key is taken, and the lookup does not show by whom
      reject(target.key().code(), Text.KEY_HELD_BY_UNSEEN_RECORD.with(record.key(), lostRace));
      return;
    }
    if (now != null && stored != null && now.revision() != stored.revision()) {
      attempts++;
    } else if (lostRace != null || (now == null && stored != null)) {
      attempts++;
    }
    lostRace = null;
    stored = now;
    changes = differing;
    if (now != null && differing.isEmpty()) {
      outcome = Outcome.UNCHANGED;
    } else if (attempts > ATTEMPTS) {
      reject(null, Text.PLANNED_TOO_OFTEN.with(ATTEMPTS, words));
    } else {
      check();
    }
  }

  /** What Kintone would refuse in any case is not sent: a required field left empty. */
  private void check() {
    var problems =
        toInsert()
            ? target.mapping().checkInsert(record.values())
            : target.mapping().checkUpdate(changes);
    if (!problems.isEmpty()) {
      reject(problems.get(0).field(), problems.get(0).message());
    }
  }

  private static boolean movedSince(Doubt doubt, StoredRecord now) {
    return doubt.before() == null || now.revision() > doubt.before().revision();
  }

  private Map<String, JsonNode> differing(StoredRecord now) {
    var differing = new LinkedHashMap<String, JsonNode>();
    record
        .values()
        .forEach(
            (code, ours) -> {
              Field field = target.form().field(code);
              if (field != null
                  && !code.equals(target.key().code())
                  && !field.same(ours, now.value(code))) {
                differing.put(code, ours);
              }
            });
    return differing;
  }

  /** The write that was sent is confirmed. */
  void confirmed(String id) {
    settleWrite(stored, changes, id);
  }

  /**
   * The write that was sent may have been applied; only a key lookup can tell.
   *
   * @param answeredWrites how many writes of the plan have been answered until now
   */
  void inDoubt(int answeredWrites) {
    answeredBefore = doubts == 0 ? answeredWrites : answeredBefore;
    doubts++;
    doubt = new Doubt(stored, changes);
  }

  /** Whether writes of other records were answered since this one went unanswered first. */
  boolean othersAnswered(int answeredWrites) {
    return answeredWrites > answeredBefore;
  }

  int doubts() {
    return doubts;
  }

  /** An insert was refused at the key: another record has it now. */
  void lostRace(Message words) {
    lostRace = words;
  }

  void reject(@Nullable String field, Message reason) {
    outcome = Outcome.REJECTED;
    reject = new Reject(record.source(), record.key(), field, reason);
  }

  void unprocessed() {
    outcome = Outcome.UNPROCESSED;
  }

  private void settleWrite(
      @Nullable StoredRecord before, Map<String, JsonNode> written, String id) {
    outcome = before == null ? Outcome.INSERTED : Outcome.UPDATED;
    var fields = new LinkedHashMap<String, Change.Values>();
    written.forEach(
        (code, after) ->
            fields.put(code, new Change.Values(before == null ? null : before.value(code), after)));
    String modifier = before == null ? null : before.modifier();
    String overEdit = modifier == null || modifier.equals(target.caller()) ? null : modifier;
    change = new Change(outcome, record.key(), id, overEdit, fields);
  }
}
