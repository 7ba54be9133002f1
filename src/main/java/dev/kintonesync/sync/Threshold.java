package dev.kintonesync.sync;

/**
 * How many of a run's records are too many: a share of all, a number, or never.
 *
 * @param percent of all records, above 0; 0 when it is a number
 * @param number of records; {@link Long#MAX_VALUE} for never
 */
public record Threshold(double percent, long number) {

  /** No number is too many. */
  public static final Threshold NEVER = new Threshold(0, Long.MAX_VALUE);

  /** More than this share of all records is too many. */
  public static Threshold percent(double percent) {
    return new Threshold(percent, 0);
  }

  /** More than this number of records is too many. */
  public static Threshold number(long number) {
    return new Threshold(0, number);
  }

  /** Whether somebody has to count at all. */
  public boolean isNever() {
    return percent == 0 && number == Long.MAX_VALUE;
  }

  /**
   * How many are bearable.
   *
   * @param all records that there are
   * @param least what a share is never below: a tenth of ten rows would be one
   */
  public long of(long all, long least) {
    return percent > 0 ? Math.max(least, (long) Math.floor(all * percent / 100)) : number;
  }

  /** As it is written in properties. */
  @Override
  public String toString() {
    if (isNever()) {
      return "off";
    }
    if (percent == 0) {
      return String.valueOf(number);
    }
    boolean whole = percent == Math.rint(percent);
    return (whole ? String.valueOf((long) percent) : String.valueOf(percent)) + "%";
  }
}
