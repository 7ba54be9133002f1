package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says whether a record is written: by the rules of its job, or by the plan that is applied. */
final class RecordRules {
  private final SyncRecord record;
  private final Target target;
  private final Differences differences;

  /**
   * A record that is not written.
   *
   * @param field the field at fault; null: none, or the record is unchanged
   * @param reason why it is rejected; null: it is unchanged
   */
  record Verdict(@Nullable String field, @Nullable UserMessage reason) {
    private static final Verdict UNCHANGED = new Verdict(null, null);
  }

  RecordRules(SyncRecord record, Target target, Differences differences) {
    this.record = record;
    this.target = target;
    this.differences = differences;
  }

  /**
   * Judges a record that was looked up.
   *
   * @param now the record as it is there; null: none
   * @param changes what would be written
   * @return why it is not written; null: it may be
   */
  @Nullable Verdict judge(@Nullable KintoneRecord now, Map<String, JsonNode> changes) {
    if (record.planned() != null) {
      return byPlan(record.planned(), now, changes);
    } else if (record.removed()) {
      return byRemoval(target.rules().removal().action(), now, changes);
    }
    return now == null ? absent() : present(now, changes);
  }

  /** Whether it is done already, or what has happened since it was planned forbids it. */
  private @Nullable Verdict byPlan(
      PlannedWrite planned, @Nullable KintoneRecord now, Map<String, JsonNode> changes) {
    if (planned.isDone(now, changes)) {
      return Verdict.UNCHANGED;
    }
    UserMessage objection = planned.objection(record.key(), target.key(), now);
    return objection == null ? null : new Verdict(null, objection);
  }

  private static @Nullable Verdict byRemoval(
      Removal.Action action, @Nullable KintoneRecord now, Map<String, JsonNode> changes) {
    boolean done =
        now == null
            || action == Removal.Action.REPORT
            || (action == Removal.Action.SET && changes.isEmpty());
    return done ? Verdict.UNCHANGED : null;
  }

  private @Nullable Verdict absent() {
    if (target.key().type() == FieldType.RECORD_NUMBER) {
      return ofKey(MessageCode.NO_SUCH_RECORD_NUMBER.with(record.key(), target.app()));
    } else if (target.rules().mode() != Mode.UPDATE) {
      return null;
    }
    return target.rules().missingKey() == Rules.MissingKey.SKIP
        ? Verdict.UNCHANGED
        : ofKey(MessageCode.KEY_NOT_IN_APP.with(record.key(), target.app()));
  }

  private @Nullable Verdict present(KintoneRecord now, Map<String, JsonNode> changes) {
    var rules = target.rules();
    if (changes.isEmpty()) {
      return Verdict.UNCHANGED;
    } else if (rules.mode() == Mode.INSERT) {
      String fields = String.join(", ", changes.keySet());
      return rules.existing() == Rules.Existing.UNCHANGED
          ? Verdict.UNCHANGED
          : ofKey(MessageCode.KEY_IS_THERE.with(record.key(), target.app(), fields));
    } else if (rules.handEdits() == Rules.HandEdits.REJECT && differences.overEdit(now) != null) {
      return new Verdict(
          null, MessageCode.EDITED_BY_HAND.with(record.key(), String.valueOf(now.modifier())));
    }
    return null;
  }

  private Verdict ofKey(UserMessage reason) {
    return new Verdict(target.key().code(), reason);
  }
}
