package dev.kintonesync.promises;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import dev.kintonesync.simulator.http.SentDate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A place on the way to the simulator where a test may let something happen just before a request
 * arrives: what others do between our key lookup and our write.
 */
public final class Crossing implements AutoCloseable {
  private static final Set<String> NOT_FORWARDED =
      Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");

  /** One for all: each has a thread of its own, which nothing ends. */
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final String target;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Predicate<String> poison = body -> false;
  private volatile int poisonStatus;
  private volatile String lostHeader = "";
  private volatile int lostStatus;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AtomicInteger crossed = new AtomicInteger();
  private final List<Event> events = new CopyOnWriteArrayList<>();

  private static final class Event {
    private final String method;
    private final String path;
    private final Runnable happens;
    private final boolean after;
    private int times;

    private Event(String method, String path, int times, boolean after, Runnable happens) {
      this.after = after;
      this.method = method;
      this.path = path;
      this.times = times;
      this.happens = happens;
    }
  }

  /** A place on the way to this address. */
  public Crossing(String target) throws IOException {
    this(target, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  /** The same behind a server of one's own, which speaks TLS. */
  public Crossing(String target, HttpServer server) {
    this.target = target;
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::cross);
    server.start();
  }

  /** Where requests are to be sent. */
  public String url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How many requests were forwarded. */
  public int crossed() {
    return crossed.get();
  }

  /** Lets something happen before each of the next requests of this kind arrives. */
  public void before(String method, String path, int times, Runnable happens) {
    events.add(new Event(method, path, times, false, happens));
  }

  /** Lets something happen when each of the next requests of this kind is carried out. */
  public void after(String method, String path, int times, Runnable happens) {
    events.add(new Event(method, path, times, true, happens));
  }

  /** Answers every request with such a body or query by an empty page; Kintone never sees it. */
  void breaksOn(Predicate<String> body, int status) {
    poison = body;
    poisonStatus = status;
  }

  /** Does not forward a header, or with a status other than 0 no request that has it. */
  public void losesHeader(String name, int status) {
    lostHeader = name;
    lostStatus = status;
  }

  /** The requests as they came in: method and address, such as {@code GET /k/v1/app.json?id=1}. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  private void cross(HttpExchange exchange) throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    lines.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    if (lostStatus != 0 && exchange.getRequestHeaders().containsKey(lostHeader)) {
      exchange.sendResponseHeaders(lostStatus, -1);
      exchange.close();
      return;
    }
    String query = exchange.getRequestURI().getRawQuery();
    String asked = query == null ? "" : URLDecoder.decode(query, StandardCharsets.UTF_8);
    if (poison.test(new String(sent, StandardCharsets.UTF_8) + asked)) {
      exchange.sendResponseHeaders(poisonStatus, -1);
      exchange.close();
      return;
    }
    String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
    String method = override == null ? exchange.getRequestMethod() : override;
    happens(exchange, method, false);
    crossed.incrementAndGet();
    var request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(sent));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))
                  && !name.equalsIgnoreCase(lostHeader)) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      var answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      happens(exchange, method, true);
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                  exchange.getResponseHeaders().put(name, values);
                }
              });
      answer
          .headers()
          .firstValue("Date")
          .ifPresent(date -> SentDate.setIn(exchange.getResponseHeaders(), date));
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private void happens(HttpExchange exchange, String method, boolean after) {
    for (var event : events) {
      boolean due;
      synchronized (event) {
        due =
            event.times > 0
                && event.after == after
                && method.equals(event.method)
                && exchange.getRequestURI().getPath().endsWith(event.path)
                && event.times-- > 0;
      }
      if (due) {
        event.happens.run();
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
