package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceBounds;
import dev.kintonesync.sync.Assertion;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Rules;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads by which rules a job writes, and refuses rules that do not go together. */
final class JobRules {
  private final String name;
  private final ConfigEntries entries;

  JobRules(String name, ConfigEntries entries) {
    this.name = name;
    this.entries = entries;
  }

  Rules rules() {
    Mode mode = value(PropertyCatalog.MODE);
    Rules.Flag deleteWhen = said(PropertyCatalog.DELETE_WHEN);
    Removal removal = said(PropertyCatalog.MIRROR_MISSING);
    refuseUnless(
        deleteWhen == null || removal != null,
        PropertyCatalog.DELETE_WHEN,
        MessageCode.DELETE_WHEN_NEEDS_MISSING.with(PropertyCatalog.MIRROR_MISSING.key(name)));
    refuseUnless(mode == Mode.INSERT, PropertyCatalog.EXISTING, onlyIn(Mode.INSERT));
    refuseUnless(mode == Mode.UPDATE, PropertyCatalog.MISSING_KEY, onlyIn(Mode.UPDATE));
    refuseUnless(mode == Mode.MIRROR, PropertyCatalog.MIRROR_SCOPE, onlyIn(Mode.MIRROR));
    refuseUnless(mode == Mode.MIRROR, PropertyCatalog.MIRROR_MAX_MISSING, onlyIn(Mode.MIRROR));
    refuseUnless(
        mode == Mode.MIRROR || deleteWhen != null,
        PropertyCatalog.MIRROR_MISSING,
        onlyIn(Mode.MIRROR));
    refuseUnless(
        mode != Mode.INSERT || value(PropertyCatalog.REFRESH_LOOKUP_FIELDS).isNone(),
        PropertyCatalog.REFRESH_LOOKUP_FIELDS,
        MessageCode.NOT_IN_MODE.with(mode.word()));
    boolean snapshot = value(PropertyCatalog.DIFF) == Rules.Diff.SNAPSHOT;
    refuseUnless(
        snapshot,
        PropertyCatalog.SNAPSHOT_FULL,
        MessageCode.ONLY_WITH.with(PropertyCatalog.DIFF.key(name), "snapshot"));
    refuseUnless(
        !snapshot || value(PropertyCatalog.REFRESH_LOOKUP_FIELDS).isNone(),
        PropertyCatalog.DIFF,
        notWith(PropertyCatalog.REFRESH_LOOKUP_FIELDS));
    refuseUnless(
        !snapshot || said(PropertyCatalog.ATTACHMENTS_DIR) == null,
        PropertyCatalog.DIFF,
        notWith(PropertyCatalog.ATTACHMENTS_DIR));
    refuseUnless(
        !snapshot || said(PropertyCatalog.REVISION_COLUMN) == null,
        PropertyCatalog.DIFF,
        notWith(PropertyCatalog.REVISION_COLUMN));
    refuseUnlessNativeFits(mode);
    Set<String> ifEmpty = said(PropertyCatalog.IF_EMPTY);
    Set<String> onInsert = said(PropertyCatalog.ON_INSERT);
    return new Rules(
        mode,
        value(PropertyCatalog.EXISTING),
        value(PropertyCatalog.MISSING_KEY),
        value(PropertyCatalog.DUPLICATES),
        value(PropertyCatalog.EMPTY),
        ifEmpty == null ? Set.of() : ifEmpty,
        onInsert == null ? Set.of() : onInsert,
        value(PropertyCatalog.HAND_EDITS),
        value(PropertyCatalog.SIMILAR_KEYS),
        value(PropertyCatalog.REFRESH_LOOKUP_FIELDS),
        deleteWhen,
        removal == null ? Removal.REPORT : removal,
        said(PropertyCatalog.MIRROR_SCOPE),
        value(PropertyCatalog.MIRROR_MAX_MISSING),
        snapshot ? value(PropertyCatalog.SNAPSHOT_FULL) : null,
        value(PropertyCatalog.ENGINE),
        value(PropertyCatalog.UNDO));
  }

  /** What depends on the record that is there cannot go without reading it. */
  private void refuseUnlessNativeFits(Mode mode) {
    var engine = value(PropertyCatalog.ENGINE);
    refuseUnless(
        engine == Rules.Engine.AUTO,
        PropertyCatalog.UNDO,
        MessageCode.ONLY_WITH.with(PropertyCatalog.ENGINE.key(name), "auto"));
    if (engine != Rules.Engine.NATIVE) {
      return;
    }
    refuseUnless(mode == Mode.UPSERT, PropertyCatalog.ENGINE, onlyIn(Mode.UPSERT));
    refuseNativeWith(PropertyCatalog.IF_EMPTY, said(PropertyCatalog.IF_EMPTY) != null);
    refuseNativeWith(PropertyCatalog.ON_INSERT, said(PropertyCatalog.ON_INSERT) != null);
    refuseNativeWith(PropertyCatalog.DELETE_WHEN, said(PropertyCatalog.DELETE_WHEN) != null);
    refuseNativeWith(
        PropertyCatalog.REVISION_COLUMN, said(PropertyCatalog.REVISION_COLUMN) != null);
    refuseNativeWith(
        PropertyCatalog.ATTACHMENTS_DIR, said(PropertyCatalog.ATTACHMENTS_DIR) != null);
    refuseNativeWith(
        PropertyCatalog.HAND_EDITS, value(PropertyCatalog.HAND_EDITS) == Rules.HandEdits.REJECT);
    refuseNativeWith(
        PropertyCatalog.REFRESH_LOOKUP_FIELDS,
        !value(PropertyCatalog.REFRESH_LOOKUP_FIELDS).isNone());
    refuseNativeWith(PropertyCatalog.MAX_UPDATED, !value(PropertyCatalog.MAX_UPDATED).isNever());
    refuseNativeWith(
        PropertyCatalog.APPROVAL, value(PropertyCatalog.APPROVAL) == Job.Approval.REQUIRED);
  }

  private void refuseNativeWith(Property<?> other, boolean said) {
    refuseUnless(!said, PropertyCatalog.ENGINE, notWith(other));
  }

  Job.Bounds bounds() {
    List<Assertion> assertions = said(PropertyCatalog.ASSERT);
    return new Job.Bounds(
        new Guards.Limits(value(PropertyCatalog.MAX_REJECTED), value(PropertyCatalog.MAX_UPDATED)),
        value(PropertyCatalog.EMPTY_COLUMN) == Rules.Empty.CLEAR,
        new SourceBounds(
            value(PropertyCatalog.SOURCE_MAX_ROWS),
            value(PropertyCatalog.SOURCE_MAX_BYTES),
            value(PropertyCatalog.SOURCE_MAX_TIME)),
        value(PropertyCatalog.APPROVAL) == Job.Approval.REQUIRED && value(PropertyCatalog.WRITE),
        assertions == null ? List.of() : assertions);
  }

  private UserMessage notWith(Property<?> other) {
    return MessageCode.NOT_WITH.with(other.key(name));
  }

  private static UserMessage onlyIn(Mode mode) {
    return MessageCode.ONLY_IN_MODE.with(mode.word());
  }

  /** A rule that can never hold is a mistake that its author should hear of. */
  private void refuseUnless(boolean fits, Property<?> property, UserMessage why) {
    var entry = entries.about(property.key(name));
    if (entry != null && !fits) {
      throw new UserErrorException(
          MessageCode.RULE_OUT_OF_PLACE.with(entry.place(), entry.spoken(), why));
    }
  }

  private <T> @Nullable T said(Property<T> property) {
    return entries.value(property, property.key(name));
  }

  private <T> T value(Property<T> property) {
    return Objects.requireNonNull(said(property), property.name());
  }
}
