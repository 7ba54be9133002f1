package dev.kintonesync.simulator.state;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Tells when the memory of this process is about to be full of what is kept, so that more of it can
 * be refused while reading, deleting and stopping still work.
 */
public final class MemoryGuard {
  private static final double MOST = 0.88;
  private static final long PAUSE = Duration.ofSeconds(10).toNanos();

  private final @Nullable MemoryPoolMXBean pool;
  private long collected = System.nanoTime() - PAUSE;

  private MemoryGuard(@Nullable MemoryPoolMXBean pool) {
    this.pool = pool;
  }

  /** Watches what lives long in the heap of this process. */
  public static MemoryGuard ofThisProcess() {
    return new MemoryGuard(
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(MemoryPoolMXBean::isCollectionUsageThresholdSupported)
            .filter(pool -> pool.getUsage().getMax() > 0)
            .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()))
            .orElse(null));
  }

  /**
   * Whether no more should be kept. What is in use right away may be garbage, so that near the
   * limit the garbage is collected before, at most every ten seconds.
   */
  public synchronized boolean isFull() {
    if (pool == null || pool.getUsage().getUsed() <= MOST * pool.getUsage().getMax()) {
      return false;
    }
    if (System.nanoTime() - collected > PAUSE) {
      System.gc();
      collected = System.nanoTime();
    }
    return pool.getCollectionUsage().getUsed() > MOST * pool.getUsage().getMax();
  }

  /** The memory that the process may use, in megabytes. */
  public static String megabytes() {
    return Long.toString(Runtime.getRuntime().maxMemory() >> 20);
  }
}
