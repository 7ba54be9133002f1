package dev.kintonesync.simulator.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults that wait for their calls, each with what is left of it. */
public final class Faults {
  private static final class Pending {
    private final Fault fault;
    private int seen;

    Pending(Fault fault) {
      this.fault = fault;
    }
  }

  private final List<Pending> pending = new ArrayList<>();

  /** Lets a fault wait for its calls, behind those that wait already. */
  public synchronized void add(Fault fault) {
    pending.add(new Pending(fault));
  }

  /** Forgets all that still wait. */
  public synchronized void clear() {
    pending.clear();
  }

  /**
   * The fault of this call, or null. Every fault that matches counts the call; the first that is
   * due is answered.
   *
   * @param inBulk whether the call is a sub-request of a bulkRequest, which only a STATUS spoils
   */
  synchronized @Nullable Fault next(String method, String path, boolean inBulk) {
    Fault due = null;
    for (Pending waiting : List.copyOf(pending)) {
      Fault fault = waiting.fault;
      if (!fault.matches(method, path) || (inBulk && fault.kind() != Fault.Kind.STATUS)) {
        continue;
      }
      if (waiting.seen >= fault.skip()) {
        if (due != null) {
          continue;
        }
        due = fault;
      }
      waiting.seen++;
      if (waiting.seen >= fault.skip() + fault.count()) {
        pending.remove(waiting);
      }
    }
    return due;
  }
}
