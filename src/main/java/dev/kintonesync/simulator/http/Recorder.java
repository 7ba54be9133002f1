package dev.kintonesync.simulator.http;

import dev.kintonesync.simulator.state.Domain;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The last requests, as many as the settings say and as fit into a sixteenth of the memory; the
 * oldest are forgotten first.
 */
public final class Recorder {
  private final Domain domain;
  private final long room = Runtime.getRuntime().maxMemory() / 16;
  private final Deque<RecordedRequest> requests = new ArrayDeque<>();
  private long weight;
  private long last;

  public Recorder(Domain domain) {
    this.domain = domain;
  }

  /** Adds a request, which is told its number: they count from 1 and are never given again. */
  synchronized void add(LongFunction<RecordedRequest> numbered) {
    RecordedRequest request = numbered.apply(++last);
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

  /** The number of the last request, 0 before the first. */
  synchronized long last() {
    return last;
  }

  /** The last requests, newest first. */
  synchronized List<RecordedRequest> newest(int most) {
    List<RecordedRequest> newest = new ArrayList<>();
    Iterator<RecordedRequest> backwards = requests.descendingIterator();
    while (backwards.hasNext() && newest.size() < most) {
      newest.add(backwards.next());
    }
    return newest;
  }

  /** The request of a number; null when it is forgotten. */
  synchronized @Nullable RecordedRequest find(long number) {
    return requests.stream().filter(r -> r.number() == number).findFirst().orElse(null);
  }

  /** Forgets all requests. */
  public synchronized void clear() {
    requests.clear();
    weight = 0;
  }
}
