package dev.kintonesync.cli;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.Nodes.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many of the jobs this service takes where several services share a journal: as many as the
 * others, give or take one. A job that nobody wants is taken by anybody. Not safe for several
 * threads.
 */
final class JobShare {
  /** So long a job may wait for a service that has fewer. */
  private static final Duration FREE = Duration.ofSeconds(8);

  /** A job that was given back and that nobody else took stays for so long. */
  private static final Duration UNWANTED = Duration.ofMinutes(10);

  private final Journal journal;
  private final Map<String, Instant> free = new HashMap<>();
  private final Map<String, Instant> givenBack = new HashMap<>();
  private List<Node> nodes = List.of();
  private int fair = Integer.MAX_VALUE;

  JobShare(Journal journal) {
    this.journal = journal;
  }

  /** Whether other services may take jobs of this one. */
  boolean isShared() {
    return journal.nodes().areShared();
  }

  /**
   * Looks at who is there.
   *
   * @param jobs how many there are for all services together
   */
  void look(int jobs) {
    nodes = journal.nodes().all();
    int services = Math.max(1, nodes.size());
    fair = isShared() ? (jobs + services - 1) / services : Integer.MAX_VALUE;
  }

  /**
   * Whether this service may try to get a job.
   *
   * @param mine how many it has
   */
  boolean mayTake(String job, int mine, Instant now) {
    if (mine < fair) {
      free.remove(job);
      return true;
    }
    if (!journal.leases().isFree(job)) {
      free.remove(job);
      return false;
    }
    return !now.isBefore(free.computeIfAbsent(job, name -> now).plus(FREE));
  }

  /**
   * Whether this service is to give a job back, since another has fewer.
   *
   * @param mine how many it has
   */
  boolean hasTooMany(int mine) {
    return nodes.stream().filter(node -> !node.own()).anyMatch(node -> mine - node.jobs() >= 2);
  }

  /** Which of its jobs it may give back. */
  List<String> returnable(Collection<String> jobs, Instant now) {
    return jobs.stream()
        .filter(
            job -> {
              var before = givenBack.get(job);
              return before == null || before.plus(UNWANTED).isBefore(now);
            })
        .toList();
  }

  /** A job was given back. */
  void gaveBack(String job, Instant now) {
    givenBack.put(job, now);
    free.put(job, now);
  }
}
