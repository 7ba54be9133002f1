package dev.kintonesync;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.pollinterval.IterativePollInterval;

/**
 * How tests wait for what is bound to come: for longer than the busiest machine needs, since a
 * limit costs nothing as long as all goes well.
 */
public final class Patience {
  /** When this has passed, it does not come. */
  public static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Duration FIRST_LOOKS = Duration.ofMillis(5);
  private static final Duration LATER_LOOKS = Duration.ofMillis(40);

  private Patience() {}

  /**
   * Waits for a condition, which is looked at again and again: often at first, and then so that
   * looking takes no time from what is waited for.
   */
  public static ConditionFactory await() {
    return Awaitility.await()
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(IterativePollInterval.iterative(Patience::later, FIRST_LOOKS));
  }

  private static Duration later(Duration interval) {
    var longer = interval.multipliedBy(3).dividedBy(2);
    return longer.compareTo(LATER_LOOKS) < 0 ? longer : LATER_LOOKS;
  }

  /** Waits for the next element of a queue. */
  public static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within " + LIMIT.toMinutes() + " minutes");
    }
    return next;
  }
}
