package dev.kintonesync.simulator.http;

import dev.kintonesync.simulator.state.Domain;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last requests, as many as the settings say; the oldest are forgotten first. */
public final class Recorder {
  private final Domain domain;
  private final Deque<RecordedRequest> requests = new ArrayDeque<>();

  public Recorder(Domain domain) {
    this.domain = domain;
  }

  synchronized void add(RecordedRequest request) {
    requests.addLast(request);
    while (requests.size() > domain.settings().recordedRequests()) {
      requests.removeFirst();
    }
  }

  /** The requests, oldest first. */
  public synchronized List<RecordedRequest> requests() {
    return List.copyOf(requests);
  }

  public synchronized void clear() {
    requests.clear();
  }
}
