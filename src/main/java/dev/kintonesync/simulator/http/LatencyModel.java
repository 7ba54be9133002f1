package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
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
  Reply slowly(Route route, Call call, Supplier<Reply> asked) throws InterruptedException {
    if (!domain.settings().serialWrites() || reads(route)) {
      return timed(route, call, asked);
    }
    Semaphore writer = writers.computeIfAbsent(appOf(call.body()), app -> new Semaphore(1, true));
    writer.acquire();
    try {
      return timed(route, call, asked);
    } finally {
      writer.release();
    }
  }

  private Reply timed(Route route, Call call, Supplier<Reply> asked) throws InterruptedException {
    long began = System.nanoTime();
    Reply reply = asked.get();
    double millis = millis(route, call);
    if (millis > 0) {
      long due = began + (long) (millis * 1_000_000);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
    }
    return reply;
  }

  private double millis(Route route, Call call) {
    DomainSettings settings = domain.settings();
    ObjectNode body = call.body();
    double fixed =
        settings.latencyMs() + (reads(route) ? 0 : records(body) * settings.latencyPerRecordMs());
    if (!settings.measured()) {
      return fixed;
    }
    return fixed
        + (reads(route)
            ? MeasuredTimes.read(call.answered())
            : MeasuredTimes.writeRequest() + domain.read(() -> writing(route.method(), body)));
  }

  private static boolean reads(Route route) {
    return route.method().equals("GET") || route.resource().equals("records/cursor");
  }

  /** How long the records of a write take, over all sub-requests. */
  private double writing(String method, JsonNode body) {
    App app = domain.app(body.path("app").asLong());
    Design live = app == null ? null : app.live();
    double millis = 0;
    if (live != null) {
      double each =
          method.equals("DELETE")
              ? MeasuredTimes.recordDeleted(live.form())
              : MeasuredTimes.recordWritten(live.form());
      millis = ownRecords(body) * each;
    }
    for (JsonNode request : body.path("requests")) {
      millis += writing(request.path("method").asText(), request.path("payload"));
    }
    return millis;
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
    int records = ownRecords(body);
    for (JsonNode request : body.path("requests")) {
      records += records(request.path("payload"));
    }
    return records;
  }

  private static int ownRecords(JsonNode body) {
    return body.has("record") ? 1 : body.path("records").size() + body.path("ids").size();
  }
}
