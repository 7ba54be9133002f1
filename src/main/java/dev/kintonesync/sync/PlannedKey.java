package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.KintoneRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run that writes nothing has planned for the key of a record: by rows before it, and by
 * itself. Where all is written it knows nothing.
 */
final class PlannedKey {
  private final SyncRecord record;
  private final Target target;
  private final Differences differences;

  /** What rows before it have planned; null: there are none. */
  private final @Nullable PlannedState before;

  private @Nullable PlannedState after;

  /** What Kintone holds, whatever is planned. */
  private @Nullable KintoneRecord held;

  PlannedKey(SyncRecord record, Target target, Differences differences) {
    this.record = record;
    this.target = target;
    this.differences = differences;
    var states = target.planned();
    this.before = states == null ? null : states.of(record.key());
  }

  /**
   * The record as it would be now, after what rows before it have planned.
   *
   * @param now the record that Kintone holds; null: none
   */
  @Nullable KintoneRecord over(@Nullable KintoneRecord now) {
    held = now;
    return before == null || compares() ? now : before.over(now, target.form(), target.caller());
  }

  /** Whether source and app are compared: then the last row of a key stands for all of them. */
  private boolean compares() {
    var states = target.planned();
    return states != null && states.compares();
  }

  /** Whether no row before it has this key. */
  boolean isFirst() {
    return before == null;
  }

  /** Whether it stands for a row before it, which was counted for the key. */
  boolean takesThePlace() {
    return before != null && compares();
  }

  /** As what the row before it was counted, for which it stands now; null: there is none. */
  @Nullable Outcome overtaken() {
    return before != null && compares() ? before.counted() : null;
  }

  /**
   * Plans a step, and with it what becomes of all that rows before it have planned.
   *
   * @param written what it would write; null: it removes the record
   * @return what all of it comes to
   */
  Change plan(Outcome step, @Nullable Map<String, JsonNode> written) {
    var earlier = before != null && compares() ? before.onlyCounted() : before;
    boolean anew = earlier != null && earlier.removed() && earlier.values() == null;
    var state =
        PlannedState.after(
            earlier, written, held, step, target.form(), target.rules().refresh()::covers);
    after = state;
    return change(step, state, earlier == null ? held : earlier.base(held))
        .as(state.turn(), anew && state.values() != null);
  }

  private Change change(Outcome step, PlannedState state, @Nullable KintoneRecord base) {
    if (step == Outcome.DELETED && base != null) {
      return differences.removal(base);
    } else if (state.values() == null) {
      return Change.nothing(record.key(), state.turn());
    } else if (base == null) {
      return differences.change(Outcome.INSERTED, null, state.values(), null, null);
    }
    return differences.change(Outcome.UPDATED, base, state.values(), base.id(), null);
  }

  /** Later rows of the key come after what is planned for it now. */
  void remember(PlannedStates states) {
    if (after != null) {
      states.keep(record.key(), after);
    }
  }
}
