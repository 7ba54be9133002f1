package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.LookupSources;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way through a plan: what Kintone held when it was last looked up, what is to be
 * sent, and at the end its outcome. It may be planned anew several times.
 */
final class PlannedRecord {
  private final SyncRecord record;
  private final Target target;
  private final Differences differences;
  private final RecordRules rules;

  /** The values of the source; the files in them are this record's own. */
  private final Map<String, JsonNode> values;

  private @Nullable KintoneRecord stored;
  private Map<String, JsonNode> changes = Map.of();

  private final PlannedKey planned;
  private final Settlement settlement;

  private @Nullable DoubtfulWrite doubt;
  private final RecordAttempts tries = new RecordAttempts();

  /** How it goes until somebody looks up what is there. */
  private Approach approach = Approach.LOOK_UP;

  private boolean lacking;
  private boolean counted;

  PlannedRecord(SyncRecord record, Target target, LookupSources sources) {
    this.record = record;
    this.target = target;
    this.differences = new Differences(record, target, sources);
    this.rules = new RecordRules(record, target, differences);
    this.planned = new PlannedKey(record, target, differences);
    this.settlement = new Settlement(record, differences, planned);
    var files = target.mapping().fileFields();
    this.values = files.isEmpty() ? record.values() : FileCell.copied(files, record.values());
  }

  /** What a run that writes nothing has planned for its key. */
  PlannedKey planned() {
    return planned;
  }

  String key() {
    return record.key();
  }

  /** What the next write is to send: all values for an insert, the differing ones for an update. */
  Map<String, JsonNode> changes() {
    return changes;
  }

  /** What the source says. */
  Map<String, JsonNode> values() {
    return values;
  }

  /** The files in {@link #changes()} will get their keys. */
  void copyChanges(List<Field> fields) {
    changes = FileCell.copied(fields, changes);
  }

  /** {@link #changes()}, cell by cell. */
  SentCells sent() {
    return new SentCells(target.form(), changes);
  }

  /** The value that the source has for a field; nothing when it does not mention the field. */
  JsonNode wanted(Field field) {
    return record.values().getOrDefault(field.code(), MissingNode.getInstance());
  }

  /**
   * The keys of lookup fields whose copies in a record that is there are to follow the other apps.
   */
  void refreshedKeys(KintoneRecord now, BiConsumer<Field, JsonNode> keys) {
    differences.refreshedKeys(now, keys);
  }

  /** Whether the next write is an insert. */
  boolean toInsert() {
    return stored == null && !isUpserted();
  }

  /** Whether nobody has looked up what is there: it was sent, or is, on a guess. */
  boolean isUnseen() {
    return approach != Approach.LOOK_UP;
  }

  /** Whether the next write inserts or updates by the key. */
  boolean isUpserted() {
    return approach == Approach.UPSERT;
  }

  /** Whether its source says nothing of the record that is there. */
  boolean mayGoUnseen() {
    return !record.removed() && record.revision() == null && record.planned() == null;
  }

  /** It is sent without having been looked up: to be inserted, or upserted. */
  void goesUnseen(Approach how, UserMessage words) {
    if (how == Approach.INSERT) {
      found(null, words);
      approach = how;
      return;
    }
    approach = how;
    changes = new LinkedHashMap<>(values);
    changes.remove(target.key().code());
    var problem = differences.problemUnseen(changes);
    if (problem != null) {
      reject(problem.field(), problem.message());
    }
  }

  /** What the next write does with the record. */
  Verb verb() {
    if (stored == null) {
      return isUpserted() ? Verb.PUT : Verb.POST;
    }
    return deletes() ? Verb.DELETE : Verb.PUT;
  }

  private boolean deletes() {
    if (record.planned() != null) {
      return record.planned().verb() == Verb.DELETE;
    }
    return record.removed() && target.rules().removal().action() == Removal.Action.DELETE;
  }

  /** Whether the source says that the record is to be removed, in whichever way. */
  boolean removes() {
    return record.removed();
  }

  /** Whether it is a record that the source lacks, or flags. */
  boolean lacking() {
    return lacking;
  }

  /** Whether a guard has counted its update; it counts once, however often it is planned. */
  boolean countedAsUpdate() {
    boolean before = counted;
    counted = true;
    return before;
  }

  /** The record as last looked up; only for records that are there. */
  KintoneRecord stored() {
    if (stored == null) {
      throw new IllegalStateException("record " + record.key() + " is to be inserted");
    }
    return stored;
  }

  boolean settled() {
    return settlement.outcome() != Outcome.UNPROCESSED;
  }

  /** What has become of it. */
  Settlement settlement() {
    return settlement;
  }

  Decision decision() {
    return new Decision(
        record.source(),
        values,
        stored,
        settlement.outcome(),
        settlement.change(),
        settlement.rejected() == null ? null : settlement.rejected().reason());
  }

  /** What the next write is to do, for whoever may object. */
  Intent intent() {
    String id = stored == null || stored.id().isEmpty() ? null : stored.id();
    return new Intent(verb(), record.key(), id, changes);
  }

  /** Somebody objected to its removal. */
  void stays() {
    changes = Map.of();
    settlement.unchanged();
  }

  /** What has gone wrong with it so far. */
  RecordAttempts tries() {
    return tries;
  }

  /**
   * A key lookup answered: decides between insert, update and unchanged, and settles writes whose
   * answer was lost.
   *
   * @param now the record as it is there now, or null when there is none
   * @param words Kintone's last words about it, for the case that it was planned anew too often
   */
  void found(@Nullable KintoneRecord now, UserMessage words) {
    approach = Approach.LOOK_UP;
    var differing = differences.toWrite(now, values);
    if (doubt != null && hasArrived(doubt, now, differing)) {
      settleDoubt(doubt, now);
      return;
    }
    UserMessage taken = tries.lostRace();
    if (taken != null && now == null) {
      // Kintone says that the key is taken, and the lookup does not show by whom
      reject(target.key().code(), MessageCode.KEY_HELD_BY_UNSEEN_RECORD.with(record.key(), taken));
      return;
    }
    tries.found(stored, now);
    stored = now;
    changes = differing;
    lacking = record.removed() && now != null;
    if (!settledByRules(now) && differences.hasMoved(now)) {
      reject(
          null,
          MessageCode.REVISION_MOVED.with(
              record.key(),
              String.valueOf(record.revision()),
              now == null ? MessageCode.NO_RECORD_THERE.with() : now.revision()));
    } else if (!settled() && tries.areTooMany()) {
      reject(null, MessageCode.PLANNED_TOO_OFTEN.with(RecordAttempts.MOST, words));
    } else if (!settled()) {
      check();
    }
    if (settlement.outcome() == Outcome.UNCHANGED) {
      foundUnchanged(now, differing);
    }
  }

  private void foundUnchanged(@Nullable KintoneRecord now, Map<String, JsonNode> differing) {
    if (now != null) {
      settlement.unchanged(now);
    }
    if (now != null && differing.isEmpty()) {
      settlement.confirmed(now.id(), now.revision());
    }
    if (target.writes()) {
      stored = null; // nobody asks for it any more, and others may be large
    }
    if (planned.takesThePlace()) {
      settlement.unchangedAfterAll();
    }
  }

  /**
   * Whether an earlier run has seen Kintone hold these values, and nobody has saved the record
   * since: then it is unchanged, and settled.
   */
  boolean isConfirmedBefore() {
    return settlement.isConfirmedBefore(target.confirmed());
  }

  /** Whether there is nothing to write, or the rules of the job forbid it. */
  private boolean settledByRules(@Nullable KintoneRecord now) {
    var verdict = rules.judge(now, changes);
    if (verdict == null) {
      return false;
    }
    if (verdict.reason() == null) {
      changes = Map.of();
      settlement.unchanged();
    } else {
      reject(verdict.field(), verdict.reason());
    }
    return true;
  }

  /** What Kintone would refuse in any case is not sent. */
  private void check() {
    if (record.removed()) {
      return;
    }
    var problem = differences.problem(stored, values, changes);
    if (problem != null) {
      reject(problem.field(), problem.message());
    }
  }

  /** Whether what is there now is what the write in doubt would have left. */
  private boolean hasArrived(
      DoubtfulWrite write, @Nullable KintoneRecord now, Map<String, JsonNode> differing) {
    return deletes() ? now == null : now != null && write.hasLeft(now, differing);
  }

  private void settleDoubt(DoubtfulWrite write, @Nullable KintoneRecord now) {
    if (now == null) {
      settleWrite(write.before(), write.sent(), null, null);
      return;
    }
    if (write.upserted()) {
      // a record that has been saved since it was added was there before
      settleUnseen(write.sent(), now.id(), now.revision(), now.revision() == 1);
    } else {
      settleWrite(write.before(), write.sent(), now.id(), now.revision());
    }
    settlement.confirmed(now.id(), now.revision());
  }

  /** Whether the source's files of a field are compared with those of the record. */
  boolean compares(Field field, KintoneRecord now) {
    return !record.removed() && record.planned() == null && differences.isOurs(field, now);
  }

  /** What is to be written would be; nothing is sent. */
  void onlyPlanned() {
    if (target.planned() == null) {
      settleWrite(stored, changes, stored == null ? null : stored.id(), null);
    } else {
      boolean gone = stored != null && deletes();
      settlement.planned(
          stored == null ? Outcome.INSERTED : gone ? Outcome.DELETED : Outcome.UPDATED,
          gone ? null : changes);
    }
  }

  /**
   * The write that was sent is confirmed.
   *
   * @param revision the revision that it left; null where there is no record any more
   */
  void confirmed(String id, @Nullable Long revision) {
    settleWrite(stored, changes, id, revision);
    settlement.confirmed(id, revision);
  }

  /**
   * The write by the key that was sent is confirmed.
   *
   * @param inserted whether there was no record of the key
   */
  void upserted(String id, long revision, boolean inserted) {
    settleUnseen(changes, id, revision, inserted);
    settlement.confirmed(id, revision);
  }

  private void settleUnseen(
      Map<String, JsonNode> sent, String id, long revision, boolean inserted) {
    var how = inserted ? Outcome.INSERTED : Outcome.UPDATED;
    settlement.written(how, null, inserted ? values : sent, id, revision);
  }

  /**
   * The write that was sent may have been applied; only a key lookup can tell.
   *
   * @param answeredWrites how many writes of the plan have been answered until now
   */
  void inDoubt(int answeredWrites) {
    tries.inDoubt(answeredWrites);
    doubt = new DoubtfulWrite(stored, changes, isUpserted());
  }

  /** The first cell of a table of the source with a value; null: there is none. */
  @Nullable TableCell wanted(Field table, Field inner, Predicate<JsonNode> value) {
    return TableCell.first(wanted(table), table.code(), inner.code(), value);
  }

  /** Rejects the record for a cell of a table that is called by this name. */
  void rejectAt(TableCell cell, String name, UserMessage reason) {
    settlement.rejected(cell.reject(record, target.mapping(), name, reason));
  }

  void reject(@Nullable String field, UserMessage reason) {
    settlement.rejected(new Reject(record.source(), record.key(), field, reason));
  }

  private void settleWrite(
      @Nullable KintoneRecord before,
      Map<String, JsonNode> written,
      @Nullable String id,
      @Nullable Long revision) {
    if (before != null && deletes()) {
      settlement.deleted(before);
    } else {
      var how = before == null ? Outcome.INSERTED : Outcome.UPDATED;
      settlement.written(how, before, written, id, revision);
    }
  }
}
