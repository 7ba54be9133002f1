package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.CellWriter;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.StoredRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of apps what happened to a record. As with the real one, only calls that act
 * on a single record are told; what is written many at a time, or in a bulkRequest, is not.
 */
public final class Webhooks {
  /** What a listener can be told. */
  public enum Event {
    ADD_RECORD,
    UPDATE_RECORD,
    ADD_RECORD_COMMENT,
    UPDATE_STATUS
  }

  private static final int HIGHEST_PORT = 65_535;
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

  private record Listener(long app, URI url, Set<Event> events) {}

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** One thread, so that a listener is told in order. */
  private final Executor sender = Executors.newSingleThreadExecutor(Webhooks::thread);

  /** Made when there is something to send: it keeps a thread of its own. */
  private @Nullable HttpClient http;

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "simulator-webhooks");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Sends the events of an app to a URL from now on; whether it answers does not matter.
   *
   * @throws IllegalArgumentException when the URL is not the whole address of a web server
   */
  public void add(long app, String url, Set<Event> events) {
    listeners.add(new Listener(app, address(url), Set.copyOf(events)));
  }

  private static URI address(String url) {
    try {
      URI uri = URI.create(url);
      HttpRequest.newBuilder(uri); // which refuses what it could not send to
      if (uri.getPort() != 0 && uri.getPort() <= HIGHEST_PORT) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("url is not the address of a web server: " + url, e);
    }
    throw new IllegalArgumentException("url has a port that there cannot be: " + url);
  }

  void clear() {
    listeners.clear();
  }

  /** Whether anybody wants to know. */
  boolean has(long app, Event event) {
    return listeners.stream().anyMatch(l -> l.app() == app && l.events().contains(event));
  }

  /** How many listeners an app has. */
  long count(long app) {
    return listeners.stream().filter(listener -> listener.app() == app).count();
  }

  /** Tells the listeners of an app; a record that is gone again is not told of. */
  void send(Domain domain, Event event, long appId, long recordId) {
    send(appId, event, domain.read(() -> body(domain, event, appId, recordId)));
  }

  /** Tells the listeners of an app of a comment; without the record, whose number is enough. */
  void sendComment(Domain domain, long appId, long recordId, long comment, ObjectNode json) {
    ObjectNode body =
        domain.read(
            () -> {
              App app = domain.app(appId);
              Design design = app == null ? null : app.live();
              return design == null ? null : head(Event.ADD_RECORD_COMMENT, appId, design);
            });
    if (body != null) {
      body.put("recordId", Long.toString(recordId));
      body.set("comment", json);
      body.put("url", "/k/%d/show#record=%d&comment=%d".formatted(appId, recordId, comment));
    }
    send(appId, Event.ADD_RECORD_COMMENT, body);
  }

  private void send(long appId, Event event, @Nullable ObjectNode body) {
    if (body == null) {
      return;
    }
    for (Listener listener : listeners) {
      if (listener.app() == appId && listener.events().contains(event)) {
        sender.execute(() -> send(listener.url(), body.toString()));
      }
    }
  }

  private synchronized HttpClient client() {
    if (http == null) {
      http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }
    return http;
  }

  private void send(URI url, String body) {
    try {
      client()
          .send(
              HttpRequest.newBuilder(url)
                  .timeout(Duration.ofSeconds(10))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      LOG.debug("{} was not told", url, e);
    } catch (RuntimeException e) {
      LOG.error("{} cannot be told", url, e); // the others are told all the same
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable ObjectNode body(Domain domain, Event event, long appId, long recordId) {
    App app = domain.app(appId);
    Design design = app == null ? null : app.live();
    StoredRecord record = app == null ? null : app.record(recordId);
    if (app == null || design == null || record == null) {
      return null;
    }
    ObjectNode body = head(event, appId, design);
    body.set("record", new CellWriter(domain, app, design).record(record, Set.of()));
    body.put("recordTitle", Long.toString(recordId));
    body.put("url", "/k/%d/show#record=%d".formatted(appId, recordId));
    return body;
  }

  private static ObjectNode head(Event event, long appId, Design design) {
    ObjectNode body = Reply.object();
    body.put("id", UUID.randomUUID().toString());
    body.put("type", event.name());
    body.putObject("app")
        .put("id", Long.toString(appId))
        .put("name", design.settings().path("name").asText());
    return body;
  }
}
