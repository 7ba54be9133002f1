package dev.kintonesync.sync;

/**
 * How many records were removed, whether rows of the source say so or a mirror found them missing.
 *
 * @param deleted records that are gone
 * @param flagged records that stay, with a field set as {@code mirror.missing = set} says
 */
public record Removed(long deleted, long flagged) {

  public static final Removed NONE = new Removed(0, 0);

  /** These and those together. */
  public Removed plus(Removed more) {
    return new Removed(deleted + more.deleted, flagged + more.flagged);
  }

  /** Returns the deleted and the flagged records together. */
  public long all() {
    return deleted + flagged;
  }
}
