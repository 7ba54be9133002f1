package dev.kintonesync;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How tests wait for what is bound to come: for longer than the busiest machine needs, since a
 * limit costs nothing as long as all goes well.
 */
public final class Patience {
  /** When this has passed, it does not come. */
  public static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private Patience() {}

  /** Waits for a condition, which is looked at again and again. */
  public static ConditionFactory await() {
    return Awaitility.await().atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(BETWEEN_LOOKS);
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
