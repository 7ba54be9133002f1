package dev.kintonesync.camel.run;

import dev.kintonesync.camel.batch.Hooks;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.SeenKeys;
import dev.kintonesync.sync.SimilarKeys;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a run has read from its source: finds doubles, and protects records from a mirror.
 */
final class SourceKeys {
  private final Rules rules;

  /** Every key that could be read, to find doubles; null where the last row of a key wins. */
  private final @Nullable SeenKeys seen;

  /** The keys in the form in which they protect records from a mirror; null without one. */
  private final @Nullable SeenKeys protecting;

  private @Nullable Position unread;

  private boolean corrected;

  /** Whether the hook before mapping has given a row another key. */
  private boolean keysAreMade;

  /** The first row that the hook has left out. */
  private @Nullable Position leftOut;

  /**
   * No key of a source yet.
   *
   * @param grouped whether records are made of several rows
   * @param taken told each time that the keys take more memory: how many bytes more
   */
  SourceKeys(Rules rules, boolean grouped, LongConsumer taken) {
    this.rules = rules;
    boolean lastWins = rules.duplicates() == Rules.Duplicates.LAST && !grouped;
    this.seen = lastWins ? null : new SeenKeys(taken);
    this.protecting = rules.mode() == Mode.MIRROR ? new SeenKeys(taken) : null;
  }

  /** A row was taken from the source, whatever becomes of it. */
  void taken(SourceRecord source) {
    String ref = source.ref();
    corrected |= ref != null && !RejectRetries.isMark(ref);
  }

  /** Whether rows have come back from a rejects file: then they are not all that the source has. */
  boolean areOfCorrectedRows() {
    return corrected;
  }

  /** Whether no row before had the key; true where nobody asks. */
  boolean isFirst(@Nullable String key) {
    return key == null || seen == null || seen.add(key);
  }

  /** The row at this position has a key that cannot be read. */
  void unread(Position position) {
    unread = unread == null ? position : unread;
  }

  /** Where the first row stands whose key could not be read; null when all could. */
  @Nullable Position unread() {
    return unread == null && keysAreMade ? leftOut : unread;
  }

  /** A row was read: its key protects the record from a mirror, whatever becomes of the row. */
  void met(SourceRecord source, Hooks.Prepared prepared, @Nullable String key, Mapping mapping) {
    if (key == null || prepared.problem() != null) {
      // of a row that a hook failed at, nobody knows which key it would have got
      unread(source.position());
    }
    if (key != null && protecting != null) {
      met(key, mapping);
      watchHook(source, prepared, key, mapping);
    }
  }

  /** A row was read that is not mapped since its key is known. */
  void met(String key, Mapping mapping) {
    if (protecting != null) {
      protecting.add(likeness(key, mapping));
    }
  }

  /**
   * A hook that gives rows other keys may have left a row out before that, and then its record is
   * not the one of its key.
   */
  private void watchHook(
      SourceRecord source, Hooks.Prepared prepared, String key, Mapping mapping) {
    if (prepared.leftOut()) {
      leftOut = leftOut == null ? source.position() : leftOut;
    } else if (!keysAreMade && prepared.values() != source.values()) {
      keysAreMade = !key.equals(mapping.map(source.values(), source.members()).key());
    }
  }

  /** Whether a key that was met protects the record of this key from a mirror. */
  boolean protects(String key, Mapping mapping) {
    return protecting == null || protecting.contains(likeness(key, mapping));
  }

  private String likeness(String key, Mapping mapping) {
    boolean exactly =
        mapping.key().type() != FieldType.SINGLE_LINE_TEXT
            || rules.similarKeys() == Rules.SimilarKeys.ALLOW;
    return exactly ? key : SimilarKeys.folded(key);
  }
}
