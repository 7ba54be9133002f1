package dev.kintonesync.camel.run;

import dev.kintonesync.form.RowChecksum;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.PlannedStates;
import dev.kintonesync.sync.RecordSnapshot;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.Target;
import org.jspecify.annotations.Nullable;

/**
 * Rows that need not be mapped, since they say what they said when an earlier run has seen Kintone
 * hold it, and nobody has saved their records since. For one thread at a time.
 */
final class KnownRows {
  private final RunContext run;
  private final RowChecksum checksum;
  private final RecordSnapshot confirmed;
  private final @Nullable PlannedStates planned;
  private final Rules rules;

  private KnownRows(RunContext run, RowChecksum checksum, RecordSnapshot confirmed, Target target) {
    this.run = run;
    this.checksum = checksum;
    this.confirmed = confirmed;
    this.planned = target.planned();
    this.rules = target.rules();
  }

  /**
   * Makes what knows the rows of a run.
   *
   * @return null where nothing is confirmed, or where a row does not tell its values by itself
   */
  static @Nullable KnownRows of(RunContext run, Target target) {
    var confirmed = target.confirmed();
    var checksum = confirmed == null ? null : target.mapping().checksum();
    return confirmed == null || checksum == null
        ? null
        : new KnownRows(run, checksum, confirmed, target);
  }

  /**
   * The checksum by which later runs know a row.
   *
   * @return {@link RowChecksum#NONE} where it would not tell its values
   */
  long checksum(SourceRecord source) {
    return source.ref() == null ? checksum.of(source.values()) : RowChecksum.NONE;
  }

  /**
   * The key of a row that is known; null of all others, and of those behind another row of their
   * key that is not settled yet.
   *
   * @param asRead its {@link #checksum}
   */
  @Nullable String key(SourceRecord source, long asRead, BatchesInFlight inFlight) {
    if (asRead == RowChecksum.NONE || run.wantsFirstRows() || rules.removes(source.values())) {
      return null;
    }
    String key = checksum.keyOf(source.values());
    // in this order: what was in flight is remembered before its key is free
    boolean known =
        key != null
            && inFlight.isFree(key)
            && confirmed.holds(key, asRead)
            && (planned == null || !planned.isPlanned(key));
    return known ? key : null;
  }

  /** The next row of a key that was rejected is planned: it closes what is open of the key. */
  void rejected(String key) {
    confirmed.forget(key);
  }
}
