package dev.kintonesync.sync;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.Locale;

/**
 * How many source records had which outcome.
 *
 * @param read source records read; the sum of the others
 * @param removed source records whose record in Kintone was removed, deleted or flagged, because
 *     they say so ({@code delete-when}); what a mirror removes is no record of the source
 */
public record Counts(
    long read,
    long inserted,
    long updated,
    long unchanged,
    long superseded,
    long rejected,
    long unprocessed,
    long removed) {

  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

  /** Counts of source records none of which removes its record. */
  public Counts(
      long read,
      long inserted,
      long updated,
      long unchanged,
      long superseded,
      long rejected,
      long unprocessed) {
    this(read, inserted, updated, unchanged, superseded, rejected, unprocessed, 0);
  }

  /** These and those together. */
  public Counts plus(Counts more) {
    return new Counts(
        read + more.read,
        inserted + more.inserted,
        updated + more.updated,
        unchanged + more.unchanged,
        superseded + more.superseded,
        rejected + more.rejected,
        unprocessed + more.unprocessed,
        removed + more.removed);
  }

  /** Whether every record read has its outcome: read is the sum of the rest. */
  public boolean addUp() {
    return read == inserted + updated + unchanged + superseded + rejected + unprocessed + removed;
  }

  /**
   * Returns the counts as a phrase.
   *
   * @param removals the removed records, those that rows remove among them
   */
  public UserMessage inWords(Removed removals) {
    return inWords(removals, MessageCode.COUNTS_OTHERS_DELETED, MessageCode.COUNTS_OTHERS_FLAGGED);
  }

  /**
   * Returns the counts of a run that wrote nothing as a phrase.
   *
   * @param removals the records that would be removed, those that rows would remove among them
   */
  public UserMessage inWordsOfDry(Removed removals) {
    return inWords(
        removals, MessageCode.COUNTS_OTHERS_TO_DELETE, MessageCode.COUNTS_OTHERS_TO_FLAG);
  }

  private UserMessage inWords(
      Removed removals, MessageCode othersDeleted, MessageCode othersFlagged) {
    boolean flags = removals.flagged() > 0;
    var code =
        removed == 0
            ? MessageCode.COUNTS
            : flags ? MessageCode.COUNTS_WITH_FLAGGED : MessageCode.COUNTS_WITH_DELETED;
    var rows =
        code.with(
            number(read),
            number(inserted),
            number(updated),
            number(unchanged),
            number(superseded),
            number(rejected),
            number(unprocessed),
            number(removed));
    long others = removals.all() - removed;
    if (others <= 0) {
      return rows;
    }
    return (flags ? othersFlagged : othersDeleted).with(rows, number(others));
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /**
   * The same counts made to add up: what has no outcome counts as unprocessed, so that a report of
   * a run that went wrong can be written at all.
   */
  public Counts settledUp() {
    long settled = inserted + updated + unchanged + superseded + rejected + removed;
    long all = Math.max(read, settled);
    return new Counts(
        all, inserted, updated, unchanged, superseded, rejected, all - settled, removed);
  }
}
