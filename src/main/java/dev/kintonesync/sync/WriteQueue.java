package dev.kintonesync.sync;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.Verb;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * The write requests of a plan that wait to be sent, in their order. After trouble they go out one
 * by one, and after more trouble with fewer records each. One thread at a time.
 */
final class WriteQueue {
  private final Target target;
  private final Deque<WriteRequest> waiting = new ArrayDeque<>();
  private List<WriteRequest> sent = List.of();
  private int answered;
  private boolean singly;
  private int recordsPerRequest;

  WriteQueue(Target target) {
    this.target = target;
    this.recordsPerRequest = target.sizes().recordsPerRequest();
  }

  boolean isOpen() {
    return !waiting.isEmpty();
  }

  /** Makes requests of the records and appends them: inserts first, then updates, then removals. */
  void add(Collection<PlannedRecord> records) {
    add(Verb.PUT, records.stream().filter(PlannedRecord::isUpserted).toList());
    for (Verb verb : List.of(Verb.POST, Verb.PUT, Verb.DELETE)) {
      add(
          verb,
          records.stream().filter(each -> each.verb() == verb && !each.isUpserted()).toList());
    }
  }

  private void add(Verb verb, List<PlannedRecord> records) {
    for (int from = 0; from < records.size(); from += recordsPerRequest) {
      int to = Math.min(from + recordsPerRequest, records.size());
      waiting.add(new WriteRequest(target, verb, records.subList(from, to)));
    }
  }

  /** Puts a request before all others. */
  void putBack(WriteRequest request) {
    waiting.addFirst(request);
  }

  /** Takes the requests that go out together now. */
  List<WriteRequest> next() {
    var next = new ArrayList<WriteRequest>();
    int most = singly ? 1 : target.limiter().requestsPerBulk(target.empty());
    while (next.size() < most && !waiting.isEmpty()) {
      next.add(waiting.removeFirst());
    }
    sent = List.copyOf(next);
    return sent;
  }

  /** Returns the requests that went out last, which this is the answer to, and counts it. */
  List<WriteRequest> answered(Answer answer) {
    var requests = sent;
    sent = List.of();
    answered += answer.isSilence() ? 0 : 1;
    return requests;
  }

  /** Returns how many times requests were answered, whatever the answer was. */
  int answered() {
    return answered;
  }

  /** From now on each request goes out alone. */
  void oneByOne() {
    singly = true;
  }

  /** Nobody knows what became of a request: the next ones go alone, and then get smaller. */
  void unanswered() {
    if (singly) {
      recordsPerRequest = Math.max(1, recordsPerRequest / 2);
    }
    singly = true;
  }
}
