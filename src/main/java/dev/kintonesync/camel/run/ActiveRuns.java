package dev.kintonesync.camel.run;

import dev.kintonesync.journal.Lease;
import dev.kintonesync.journal.RunFolder;
import dev.kintonesync.message.UserMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The runs of this process that have not reported yet, with their folders and their leases. */
public final class ActiveRuns {
  private final Clock clock;
  private final Object beginning = new Object();
  private final Map<RunContext, RunFolder> active = new ConcurrentHashMap<>();
  private final Map<RunContext, Lease> leases = new ConcurrentHashMap<>();

  public ActiveRuns(Clock clock) {
    this.clock = clock;
  }

  /** Does something while no run is in work and none begins; false when one is in work. */
  public boolean whileNoneIsInWork(Runnable something) {
    synchronized (beginning) {
      if (!active.isEmpty()) {
        return false;
      }
      something.run();
      return true;
    }
  }

  /** The runs that have not reported yet. */
  public Set<RunContext> all() {
    return Set.copyOf(active.keySet());
  }

  /** Registers a run that begins, with its open folder. */
  void add(RunContext run, RunFolder folder) {
    synchronized (beginning) {
      active.put(run, folder);
    }
  }

  /** The run holds this lease until it has reported. */
  void hold(RunContext run, Lease lease) {
    leases.put(run, lease);
  }

  /** The folder of a run that has not reported yet. */
  RunFolder folder(RunContext run) {
    var folder = active.get(run);
    if (folder == null) {
      throw new IllegalStateException("run " + run.name() + " has already reported");
    }
    return folder;
  }

  /** A run has reported, or never began. */
  void remove(RunContext run) {
    var lease = leases.remove(run);
    if (lease != null) {
      lease.close();
    }
    synchronized (active) {
      active.remove(run);
      active.notifyAll();
    }
  }

  /** Ends the runs that go on, with what is confirmed until then; returns whether all reported. */
  public boolean abandon(UserMessage reason, Duration lastCalls) throws InterruptedException {
    var deadline = clock.instant().plus(lastCalls);
    active.keySet().forEach(run -> run.abandon(reason));
    synchronized (active) {
      while (!active.isEmpty() && clock.instant().isBefore(deadline)) {
        active.wait(Math.max(1, Duration.between(clock.instant(), deadline).toMillis()));
      }
      return active.isEmpty();
    }
  }
}
