package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.DomainSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How long answers take. What is asked is done first and waited for afterwards, so that a client
 * that gives up early leaves a change behind, as with the real one.
 */
final class LatencyModel {
  private static final long HANG_SECONDS = 600;

  private final Domain domain;
  private final Map<Long, Semaphore> writers = new ConcurrentHashMap<>();

  LatencyModel(Domain domain) {
    this.domain = domain;
  }

  /** Does what is asked, as slowly as the settings say. */
  Reply slowly(Route route, ObjectNode body, Supplier<Reply> asked) throws InterruptedException {
    DomainSettings settings = domain.settings();
    boolean writes = !route.method().equals("GET");
    if (!settings.serialWrites() || !writes) {
      return timed(settings, writes, body, asked);
    }
    Semaphore writer = writers.computeIfAbsent(appOf(body), app -> new Semaphore(1, true));
    writer.acquire();
    try {
      return timed(settings, true, body, asked);
    } finally {
      writer.release();
    }
  }

  private static Reply timed(
      DomainSettings settings, boolean writes, ObjectNode body, Supplier<Reply> asked)
      throws InterruptedException {
    Reply reply = asked.get();
    double millis =
        settings.latencyMs() + (writes ? records(body) * settings.latencyPerRecordMs() : 0);
    if (millis > 0) {
      TimeUnit.MICROSECONDS.sleep((long) (millis * 1000));
    }
    return reply;
  }

  /** Waits longer than any client does; the server's end interrupts it. */
  void hang() throws InterruptedException {
    TimeUnit.SECONDS.sleep(HANG_SECONDS);
  }

  /** The app a call writes to; the first one of a bulkRequest. */
  private static long appOf(ObjectNode body) {
    return body.path("app")
        .asLong(body.path("requests").path(0).path("payload").path("app").asLong());
  }

  private static int records(JsonNode body) {
    int records = body.has("record") ? 1 : body.path("records").size() + body.path("ids").size();
    for (JsonNode request : body.path("requests")) {
      records += records(request.path("payload"));
    }
    return records;
  }
}
