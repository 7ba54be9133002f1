package dev.kintonesync.console.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server that no caller can keep from answering others: a request has a limited size and a
 * limited time to arrive, and when there are too many connections, the one that has been waited for
 * longest is closed, or else the oldest. A request holds no thread until it is there whole.
 */
final class PageServer implements AutoCloseable {
  /** The longest body of an ordinary request, in bytes. */
  static final int LONGEST_BODY = 10_000;

  /** How many connections may be open at once. */
  static final int MOST_CONNECTIONS = 256;

  private static final Logger log = LoggerFactory.getLogger(PageServer.class);
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** How long a caller may take no more of an answer. */
  private static final Duration STANDSTILL = Duration.ofMinutes(1);

  private final ToIntFunction<PageRequest> longest;
  private final Function<PageRequest, PageResponse> answers;
  private final Duration patience;
  private final @Nullable Uploads uploads;
  private final Vertx vertx;
  private final HttpServer server;

  // of the one thread of events
  private final Set<HttpConnection> open = new LinkedHashSet<>();
  private final Map<HttpConnection, Long> waitedForSince = new LinkedHashMap<>();

  /** Listens, and takes no files. */
  PageServer(
      String address, int port, Duration patience, Function<PageRequest, PageResponse> answers)
      throws Exception {
    this(address, port, patience, head -> LONGEST_BODY, answers, null);
  }

  /**
   * Listens.
   *
   * @param port 0: any free one
   * @param patience how long a request may take to arrive, and how long a connection may be idle
   * @param longest how many bytes the body of a request may have, of which only the head is there
   * @param answers answers a request, on a thread that may wait
   * @param uploads takes the files that are uploaded; null: none are taken
   * @throws java.net.BindException when the port is taken
   */
  PageServer(
      String address,
      int port,
      Duration patience,
      ToIntFunction<PageRequest> longest,
      Function<PageRequest, PageResponse> answers,
      @Nullable Uploads uploads)
      throws Exception {
    this.longest = longest;
    this.uploads = uploads;
    this.answers = answers;
    this.patience = patience;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(4)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS)
                    .setIdleTimeout((int) STANDSTILL.toSeconds()))
            .connectionHandler(this::opened)
            .requestHandler(this::take);
    try {
      server.listen(port, address).toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      close();
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
    long look = Math.min(LOOK.toMillis(), patience.toMillis());
    vertx.setPeriodic(look, timer -> closeThoseWaitedForTooLong());
  }

  int port() {
    return server.actualPort();
  }

  private void opened(HttpConnection connection) {
    if (open.size() >= MOST_CONNECTIONS) {
      var longest = waitedForSince.keySet().iterator();
      close(longest.hasNext() ? longest.next() : open.iterator().next());
    }
    open.add(connection);
    waitedForSince.put(connection, System.nanoTime());
    connection.closeHandler(closed -> forget(connection));
  }

  private void close(HttpConnection connection) {
    forget(connection);
    connection.close();
  }

  private void forget(HttpConnection connection) {
    open.remove(connection);
    waitedForSince.remove(connection);
  }

  private void closeThoseWaitedForTooLong() {
    long now = System.nanoTime();
    waitedForSince.entrySet().stream()
        .filter(one -> now - one.getValue() > patience.toNanos())
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::close);
  }

  private void take(HttpServerRequest request) {
    if (uploads != null && uploads.concerns(request)) {
      receive(uploads, request);
      return;
    }
    var body = Buffer.buffer();
    int most = longest(request);
    request.handler(
        part -> {
          if (body.length() + part.length() <= most) {
            body.appendBuffer(part);
          } else if (!request.response().ended()) {
            send(request, PageResponse.text(413, "too much").with("Connection", "close"));
          }
        });
    request.endHandler(
        end -> {
          if (!request.response().ended()) {
            answer(request, body);
          }
        });
  }

  private int longest(HttpServerRequest request) {
    try {
      return longest.applyAsInt(asked(request, Buffer.buffer()));
    } catch (IllegalArgumentException e) {
      return LONGEST_BODY; // its address cannot be read, which is its answer
    }
  }

  private void answer(HttpServerRequest request, Buffer body) {
    waitedForSince.remove(request.connection());
    vertx
        .executeBlocking(() -> answer(asked(request, body)), false)
        .onSuccess(answer -> send(request, answer))
        .onFailure(e -> send(request, failed(e)));
  }

  /** A file may take longer to come than the patience; only a standstill ends it. */
  private void receive(Uploads receiver, HttpServerRequest request) {
    try {
      receiver
          .receive(
              vertx,
              request,
              asked(request, Buffer.buffer()),
              () -> waitedForSince.remove(request.connection()))
          .onSuccess(answer -> send(request, answer))
          .onFailure(
              e -> {
                log.warn("an upload failed: {}", e.toString());
                send(request, failed(e));
              });
    } catch (IllegalArgumentException e) {
      send(request, failed(e));
    }
  }

  private static PageResponse failed(Throwable failure) {
    boolean unreadable = failure instanceof IllegalArgumentException;
    return unreadable ? PageResponse.text(400, "unreadable") : PageResponse.text(500, "");
  }

  private PageResponse answer(PageRequest asked) {
    try {
      return answers.apply(asked);
    } catch (RuntimeException e) {
      log.error("{} {} failed", asked.method(), asked.path(), e);
      return PageResponse.text(500, "failed");
    }
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException when its address cannot be read
   */
  private static PageRequest asked(HttpServerRequest request, Buffer body) {
    var query = new HashMap<String, String>();
    request.params().forEach(entry -> query.put(entry.getKey(), entry.getValue()));
    String path = request.path();
    if (path == null) {
      throw new IllegalArgumentException("no path");
    }
    return new PageRequest(
        request.method().name(),
        path,
        query,
        request.headers()::get,
        body.toString(),
        request.remoteAddress().hostAddress(),
        null);
  }

  private void send(HttpServerRequest request, PageResponse answer) {
    var response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    var connection = request.connection();
    response.endHandler(
        end -> {
          if (open.contains(connection)) {
            waitedForSince.put(connection, System.nanoTime());
          }
        });
    response.setStatusCode(answer.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, answer.type());
    answer.allHeaders().forEach(response::putHeader);
    var file = answer.file();
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else if (file == null) {
      response.end(Buffer.buffer(answer.body()));
    } else {
      response.sendFile(file.toString()).onFailure(gone -> connection.close());
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
