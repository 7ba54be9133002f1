package dev.kintonesync.promises;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A place on the way to the simulator where a test may let something happen just before a request
 * arrives: what others do between our key lookup and our write.
 */
final class Crossing implements AutoCloseable {
  private static final Set<String> NOT_FORWARDED =
      Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");

  private final String target;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile String poison = "\0";
  private volatile int poisonStatus;
  private final List<Event> events = new CopyOnWriteArrayList<>();

  private static final class Event {
    private final String method;
    private final String path;
    private final Runnable happens;
    private int times;

    private Event(String method, String path, int times, Runnable happens) {
      this.method = method;
      this.path = path;
      this.times = times;
      this.happens = happens;
    }
  }

  Crossing(String target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::cross);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Lets something happen before each of the next requests of this kind arrives. */
  void before(String method, String path, int times, Runnable happens) {
    events.add(new Event(method, path, times, happens));
  }

  /**
   * Answers every request that contains a text with a page of this status; Kintone never sees it.
   */
  void breaksOn(String text, int status) {
    poison = text;
    poisonStatus = status;
  }

  private void cross(HttpExchange exchange) throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    if (new String(sent, StandardCharsets.UTF_8).contains(poison)) {
      exchange.sendResponseHeaders(poisonStatus, -1);
      exchange.close();
      return;
    }
    String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
    String method = override == null ? exchange.getRequestMethod() : override;
    for (var event : events) {
      boolean due;
      synchronized (event) {
        due =
            event.times > 0
                && method.equals(event.method)
                && exchange.getRequestURI().getPath().endsWith(event.path)
                && event.times-- > 0;
      }
      if (due) {
        event.happens.run();
      }
    }
    var request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(sent));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                  exchange.getResponseHeaders().put(name, values);
                }
              });
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
