package dev.kintonesync.sync;

/**
 * How many source records had which outcome.
 *
 * @param read source records read; the sum of the others
 */
public record Counts(
    long read,
    long inserted,
    long updated,
    long unchanged,
    long superseded,
    long rejected,
    long unprocessed) {

  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

  /** These and those together. */
  public Counts plus(Counts more) {
    return new Counts(
        read + more.read,
        inserted + more.inserted,
        updated + more.updated,
        unchanged + more.unchanged,
        superseded + more.superseded,
        rejected + more.rejected,
        unprocessed + more.unprocessed);
  }

  /** Whether every record read has its outcome: read is the sum of the rest. */
  public boolean addUp() {
    return read == inserted + updated + unchanged + superseded + rejected + unprocessed;
  }

  /**
   * The same counts made to add up: what has no outcome counts as unprocessed, so that a report of
   * a run that went wrong can be written at all.
   */
  public Counts settledUp() {
    long settled = inserted + updated + unchanged + superseded + rejected;
    long all = Math.max(read, settled);
    return new Counts(all, inserted, updated, unchanged, superseded, rejected, all - settled);
  }
}
