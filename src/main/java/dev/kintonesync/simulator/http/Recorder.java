package dev.kintonesync.simulator.http;

import dev.kintonesync.simulator.state.Domain;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last requests, as many as the settings say; the oldest are forgotten first. Their parameters
 * are kept as long as all of them together are of a bearable size.
 */
public final class Recorder {
  /** A few bulkRequests of the largest kind; a long run must not fill the memory. */
  private static final long MOST_CHARACTERS = 8 << 20;

  private final Domain domain;

  /** Older ones, without their parameters. */
  private final Deque<RecordedRequest> bare = new ArrayDeque<>();

  private final Deque<RecordedRequest> full = new ArrayDeque<>();
  private long characters;

  public Recorder(Domain domain) {
    this.domain = domain;
  }

  synchronized void add(RecordedRequest request) {
    full.addLast(request);
    characters += request.text().length();
    while (characters > MOST_CHARACTERS && !full.isEmpty()) {
      RecordedRequest oldest = full.removeFirst();
      characters -= oldest.text().length();
      bare.addLast(oldest.withoutText());
    }
    while (bare.size() + full.size() > domain.settings().recordedRequests()) {
      if (bare.isEmpty()) {
        characters -= full.removeFirst().text().length();
      } else {
        bare.removeFirst();
      }
    }
  }

  /** The requests, oldest first. */
  public synchronized List<RecordedRequest> requests() {
    List<RecordedRequest> all = new ArrayList<>(bare);
    all.addAll(full);
    return all;
  }

  public synchronized void clear() {
    bare.clear();
    full.clear();
    characters = 0;
  }
}
