package dev.kintonesync.sync;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.time.Instant;

/**
 * What a run found that held a whole source against its app and wrote nothing.
 *
 * @param run the run
 * @param at when it ended
 * @param same whether both sides were compared to their ends and hold the same
 * @param equal records that are the same on both sides
 * @param different records with other values in Kintone
 * @param missing records that Kintone lacks
 * @param extra records that only Kintone has
 * @param notComparable rows that cannot be converted
 * @param extrasLookedFor whether records that only Kintone has were looked for
 */
public record Reconciliation(
    String run,
    Instant at,
    boolean same,
    long equal,
    long different,
    long missing,
    long extra,
    long notComparable,
    boolean extrasLookedFor) {

  /** What a comparison found; it would add what is missing, and remove what is there only. */
  public static Reconciliation of(Report report) {
    var counts = report.counts();
    boolean same =
        report.mirrored()
            && counts.inserted() == 0
            && counts.updated() == 0
            && counts.rejected() == 0
            && counts.unprocessed() == 0
            && report.deleted() == 0
            && report.missing() == 0;
    var ended = report.finishedAt();
    return new Reconciliation(
        report.run(),
        ended == null ? report.startedAt() : ended,
        same,
        counts.unchanged(),
        counts.updated(),
        counts.inserted(),
        report.deleted(),
        counts.rejected(),
        report.mirrored());
  }

  /** Whether as many records differ, in the same way, as another time. */
  public boolean differsAs(Reconciliation other) {
    return same == other.same
        && different == other.different
        && missing == other.missing
        && extra == other.extra
        && notComparable == other.notComparable;
  }

  /** Returns the figures as a phrase. */
  public UserMessage inWords() {
    return same
        ? MessageCode.RECONCILE_SAME.with(equal)
        : MessageCode.RECONCILE_COUNTS.with(equal, different, missing, extra, notComparable);
  }
}
