package dev.kintonesync.kintone;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between attempts: each is twice as long as the one before, up to a longest.
 *
 * @param first the pause after the first attempt
 * @param longest no pause is longer
 */
public record Backoff(Duration first, Duration longest) {
  /** A larger power of two would not fit into a long of milliseconds. */
  private static final int MOST_DOUBLINGS = 20;

  /**
   * Returns the pause after a number of attempts in vain; none after no attempt.
   *
   * @param attempts how many there were
   */
  public Duration after(int attempts) {
    if (attempts == 0) {
      return Duration.ZERO;
    }
    Duration doubled = first.multipliedBy(1L << Math.min(attempts - 1, MOST_DOUBLINGS));
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }

  /**
   * Returns a pause of which half is fixed and half is left to chance, so that those who were
   * turned away together do not come back together.
   *
   * @param attempts how many there were
   */
  public Duration jitteredAfter(int attempts) {
    long millis = after(attempts).toMillis();
    return millis == 0
        ? Duration.ZERO
        : Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }
}
