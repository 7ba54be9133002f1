package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/** What was asked of the simulator since it started or was reset. */
public final class Statistics {
  private final Map<String, Map<String, Long>> requests = new TreeMap<>();
  private final Map<String, Long> subRequests = new TreeMap<>();
  private final Map<String, Long> notSimulated = new TreeMap<>();
  private final Map<Long, Long> calls = new TreeMap<>();
  private final Map<Long, Long> callsOfDay = new TreeMap<>();
  private LocalDate day = LocalDate.MIN;
  private long inserted;
  private long updated;
  private long deleted;
  private long read;
  private int running;
  private int peak;

  /** A call begins; answers how many are in flight with it. */
  public synchronized int begin() {
    peak = Math.max(peak, ++running);
    return running;
  }

  /** A call that began has been answered. */
  public synchronized void end() {
    running--;
  }

  /** How many calls are in flight. */
  public synchronized int running() {
    return running;
  }

  /** Counts a call by its route and by what was answered. */
  public synchronized void answered(String route, String status) {
    requests.computeIfAbsent(route, r -> new TreeMap<>()).merge(status, 1L, Long::sum);
  }

  /** Counts a request inside a bulkRequest. */
  public synchronized void subRequest(String route) {
    subRequests.merge(route, 1L, Long::sum);
  }

  /** Counts a call that the simulator does not know. */
  public synchronized void notSimulated(String call) {
    notSimulated.merge(call, 1L, Long::sum);
  }

  /** Counts one call of an app, made on this day, as Kintone's daily limit counts it. */
  public synchronized void called(long app, LocalDate today) {
    calls.merge(app, 1L, Long::sum);
    begin(today);
    callsOfDay.merge(app, 1L, Long::sum);
  }

  /** How many calls of an app were counted on this day. */
  public synchronized long calls(long app, LocalDate today) {
    begin(today);
    return callsOfDay.getOrDefault(app, 0L);
  }

  private void begin(LocalDate today) {
    if (!today.equals(day)) {
      callsOfDay.clear();
      day = today;
    }
  }

  /** Counts records that were answered. */
  public synchronized void read(int records) {
    read += records;
  }

  synchronized void committed(Transaction transaction) {
    inserted += transaction.inserted();
    updated += transaction.updated();
    deleted += transaction.deleted();
  }

  /** The counts as the control answers them. */
  public synchronized ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode byRoute = json.putObject("requests");
    requests.forEach(
        (route, statuses) -> {
          ObjectNode byStatus = byRoute.putObject(route);
          statuses.forEach(byStatus::put);
        });
    ObjectNode subs = json.putObject("subRequests");
    subRequests.forEach(subs::put);
    ObjectNode unknown = json.putObject("notSimulated");
    notSimulated.forEach(unknown::put);
    json.putObject("records")
        .put("inserted", inserted)
        .put("updated", updated)
        .put("deleted", deleted)
        .put("read", read);
    json.put("running", running).put("peakRunning", peak);
    ObjectNode counted = json.putObject("calls");
    calls.forEach((app, count) -> counted.put(Long.toString(app), count));
    return json;
  }

  synchronized void clear() {
    requests.clear();
    subRequests.clear();
    notSimulated.clear();
    calls.clear();
    callsOfDay.clear();
    inserted = 0;
    updated = 0;
    deleted = 0;
    read = 0;
    peak = running;
  }
}
