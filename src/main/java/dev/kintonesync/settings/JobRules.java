package dev.kintonesync.settings;

import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.source.SourceBounds;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Refresh;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Rules;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads by which rules a job writes, and refuses rules that do not go together. */
final class JobRules {
  private final String name;
  private final Statements statements;

  JobRules(String name, Statements statements) {
    this.name = name;
    this.statements = statements;
  }

  Rules rules() {
    Mode mode = value(Reference.MODE);
    Rules.Flag deleteWhen = said(Reference.DELETE_WHEN);
    Removal removal = said(Reference.MIRROR_MISSING);
    refuseUnless(
        deleteWhen == null || removal != null,
        Reference.DELETE_WHEN,
        Text.DELETE_WHEN_NEEDS_MISSING.with(Reference.MIRROR_MISSING.key(name)));
    refuseUnless(mode == Mode.INSERT, Reference.EXISTING, onlyIn(Mode.INSERT));
    refuseUnless(mode == Mode.UPDATE, Reference.MISSING_KEY, onlyIn(Mode.UPDATE));
    refuseUnless(mode == Mode.MIRROR, Reference.MIRROR_SCOPE, onlyIn(Mode.MIRROR));
    refuseUnless(mode == Mode.MIRROR, Reference.MIRROR_MAX_MISSING, onlyIn(Mode.MIRROR));
    refuseUnless(
        mode == Mode.MIRROR || deleteWhen != null, Reference.MIRROR_MISSING, onlyIn(Mode.MIRROR));
    refuseUnless(
        mode != Mode.INSERT || value(Reference.REFRESH_LOOKUP_FIELDS).equals(Refresh.NONE),
        Reference.REFRESH_LOOKUP_FIELDS,
        Text.NOT_IN_MODE.with(mode.word()));
    Set<String> ifEmpty = said(Reference.IF_EMPTY);
    Set<String> onInsert = said(Reference.ON_INSERT);
    return new Rules(
        mode,
        value(Reference.EXISTING),
        value(Reference.MISSING_KEY),
        value(Reference.DUPLICATES),
        value(Reference.EMPTY),
        ifEmpty == null ? Set.of() : ifEmpty,
        onInsert == null ? Set.of() : onInsert,
        value(Reference.HAND_EDITS),
        value(Reference.SIMILAR_KEYS),
        value(Reference.REFRESH_LOOKUP_FIELDS),
        deleteWhen,
        removal == null ? Removal.REPORT : removal,
        said(Reference.MIRROR_SCOPE),
        value(Reference.MIRROR_MAX_MISSING));
  }

  Job.Bounds bounds() {
    return new Job.Bounds(
        new Guards.Limits(value(Reference.MAX_REJECTED), value(Reference.MAX_UPDATED)),
        value(Reference.EMPTY_COLUMN) == Rules.Empty.CLEAR,
        new SourceBounds(
            value(Reference.SOURCE_MAX_ROWS),
            value(Reference.SOURCE_MAX_BYTES),
            value(Reference.SOURCE_MAX_TIME)));
  }

  private static Message onlyIn(Mode mode) {
    return Text.ONLY_IN_MODE.with(mode.word());
  }

  /** A rule that can never hold is a mistake that its author should hear of. */
  private void refuseUnless(boolean fits, Property<?> property, Message why) {
    var statement = statements.about(property.key(name));
    if (statement != null && !fits) {
      throw new RefusedException(
          Text.RULE_OUT_OF_PLACE.with(statement.place(), statement.spoken(), why));
    }
  }

  private <T> @Nullable T said(Property<T> property) {
    return statements.value(property, property.key(name));
  }

  private <T> T value(Property<T> property) {
    return Objects.requireNonNull(said(property), property.name());
  }
}
