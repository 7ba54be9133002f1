package dev.kintonesync.promises;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A small HTTP API of somebody else's, whose answers a test scripts. */
final class RehearsedApi implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Script script = call -> call.answer(200, "[]");

  /** What the API does with a request. */
  @FunctionalInterface
  interface Script {
    void run(Call call) throws IOException;
  }

  /** A request that came in, its header names in lower case. */
  record Asked(String path, Map<String, String> query, Map<String, String> headers) {}

  /** One request and the way to answer it. */
  record Call(Asked asked, int number, HttpExchange exchange) {

    String parameter(String name) {
      return asked.query().get(name);
    }

    Call header(String name, String value) {
      exchange.getResponseHeaders().add(name, value);
      return this;
    }

    void answer(int status, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
      exchange.close();
    }

    /** Promises a whole body, sends a part of it, and cuts the connection. */
    void cutOff(String part) throws IOException {
      exchange.sendResponseHeaders(200, part.length() + 1000L);
      exchange.getResponseBody().write(part.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      throw new IOException("cut"); // the server closes the connection
    }
  }

  RehearsedApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    String query = exchange.getRequestURI().getRawQuery();
    var parameters =
        query == null
            ? Map.<String, String>of()
            : Arrays.stream(query.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> decoded(pair[0]), pair -> decoded(pair[1])));
    var request = new Asked(exchange.getRequestURI().getPath(), parameters, headers);
    asked.add(request);
    try {
      script.run(new Call(request, asked.size(), exchange));
    } finally {
      exchange.close();
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  RehearsedApi answers(Script next) {
    script = next;
    asked.clear();
    return this;
  }

  List<Asked> asked() {
    return List.copyOf(asked);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/customers";
  }

  /** The rows from one number to another as a JSON list. */
  static String rows(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(RehearsedApi::row)
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String row(int number) {
    return "{\"code\": \"K%d\", \"name\": \"名前 %d\", \"amount\": %d.50}"
        .formatted(number, number, number);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
