package dev.kintonesync.simulator.state;

import java.util.HashMap;
import java.util.Map;

/**
 * The records that calls in flight have written to. A call holds them from its write until its
 * answer, so that writers who meet at one record get the lock errors of the real one.
 */
public final class RowLocks {
  private record Row(long app, long record) {}

  private final Map<Row, Thread> holders = new HashMap<>();

  /** Takes a record for this thread's call; false when another call holds it. */
  public synchronized boolean hold(long app, long record) {
    return holders.computeIfAbsent(new Row(app, record), row -> Thread.currentThread())
        == Thread.currentThread();
  }

  /** Lets go of all that this thread's call holds. */
  public synchronized void release() {
    holders.values().removeIf(holder -> holder == Thread.currentThread());
  }
}
