package dev.kintonesync.simulator.http;

import dev.kintonesync.simulator.state.Domain;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The last requests, as many as the settings say and as fit into a sixteenth of the memory; the
 * oldest are forgotten first.
 */
public final class Recorder {
  private final Domain domain;
  private final long room = Runtime.getRuntime().maxMemory() / 16;
  private final Deque<RecordedRequest> requests = new ArrayDeque<>();
  private long weight;

  public Recorder(Domain domain) {
    this.domain = domain;
  }

  synchronized void add(RecordedRequest request) {
    requests.addLast(request);
    weight += request.weight();
    int most = domain.settings().recordedRequests();
    while (!requests.isEmpty() && (requests.size() > most || weight > room)) {
      weight -= requests.removeFirst().weight();
    }
  }

  /** The requests, oldest first. */
  public synchronized List<RecordedRequest> requests() {
    return List.copyOf(requests);
  }

  /** Forgets all requests. */
  public synchronized void clear() {
    requests.clear();
    weight = 0;
  }
}
