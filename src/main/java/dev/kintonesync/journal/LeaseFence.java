package dev.kintonesync.journal;

import java.time.Duration;

/**
 * Tells a run whether what this process has leased is still its own. A process that was frozen for
 * longer than its lease wakes up in the midst of its work; before it writes, it has to ask.
 *
 * <p>The answer is the journal's, by the clock of its database. It holds from then on for a quarter
 * of the lease; an answer that took longer to arrive, because the process was frozen once more, is
 * asked for again.
 */
public final class LeaseFence {
  private final Database database;
  private final Liveness liveness;
  private final long node;
  private final Duration margin;

  LeaseFence(Database database, Liveness liveness, long node, Duration margin) {
    this.database = database;
    this.liveness = liveness;
    this.node = node;
    this.margin = margin;
  }

  /** The number under which this process has leased it. */
  long node() {
    return node;
  }

  /**
   * Whether nobody else can have what is leased. Waits while the journal cannot be reached.
   *
   * @throws dev.kintonesync.message.UserErrorException when it cannot be reached for long
   */
  public boolean holds() {
    if (!liveness.seesOtherComputers()) {
      return true; // the operating system holds the locks of a frozen process
    }
    while (true) {
      long asked = System.nanoTime();
      if (!database.call(connection -> liveness.confirms(connection, node))) {
        return false;
      }
      if (System.nanoTime() - asked < margin.toNanos()) {
        return true;
      }
    }
  }
}
