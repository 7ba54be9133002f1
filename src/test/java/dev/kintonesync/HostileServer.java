package dev.kintonesync;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A server that keeps to no rule of HTTP: a test says which bytes it answers. What the test does
 * not take goes on to a decent server. A connection serves one request.
 */
public final class HostileServer implements AutoCloseable {
  private final ServerSocket socket;
  private final @Nullable String decent;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong written = new AtomicLong();
  private volatile Predicate<Request> taken;
  private volatile boolean unread;
  private volatile Greeting greeting = out -> {};
  private volatile Script script = (request, out) -> {};

  private interface Greeting {
    void write(OutputStream out) throws IOException;
  }

  /** What the server does with a request. */
  @FunctionalInterface
  public interface Script {
    /** Writes until it is done, or the other side has gone. */
    void answer(Request request, OutputStream out) throws IOException;
  }

  /** A request as it came in: as what it counts, its address, its headers and its body. */
  public record Request(
      String method, String target, Map<String, String> headers, byte[] body, String decent) {

    private HttpResponse<byte[]> sendOn(HttpClient client) throws IOException {
      boolean disguised = headers.containsKey("x-http-method-override");
      var request =
          HttpRequest.newBuilder(URI.create(decent + target))
              .method(disguised ? "POST" : method, HttpRequest.BodyPublishers.ofByteArray(body));
      for (String name :
          List.of(
              "content-type", "x-cybozu-api-token", "accept-language", "x-http-method-override")) {
        if (headers.containsKey(name)) {
          request.header(name, headers.get(name));
        }
      }
      try {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  /** Without a decent server: all requests are taken. */
  public HostileServer() throws IOException {
    this(null);
  }

  /** Before a decent server. */
  public HostileServer(@Nullable String decent) throws IOException {
    this.decent = decent;
    this.taken = request -> decent == null;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** Where it listens. */
  public String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** The requests of this kind get this answer. */
  public void answers(Predicate<Request> which, Script with) {
    taken = which;
    script = with;
  }

  /** Bodies of the requests that it answers stay where they are: nobody reads them. */
  public void readsNoBodies() {
    unread = true;
  }

  /** Before it reads anything, it writes this, a byte after the other, and then over again. */
  public void greets(String bytes, long pause) {
    greeting =
        out -> {
          for (int at = 0; at < bytes.length(); at++) {
            out.write(bytes.charAt(at));
          }
          drip(out, "\u0000", pause);
        };
  }

  /** The requests that came in and were read. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** How many bytes of answers were taken from it. */
  public long written() {
    return written.get();
  }

  /** How many connections there were. */
  public int connections() {
    return connections.size();
  }

  /** Lets a request through, as if nothing were wrong with the answer. */
  public int commit(Request request) throws IOException {
    return request.sendOn(client).statusCode();
  }

  /** Writes something again and again, with a pause of so many milliseconds, until nobody reads. */
  public void drip(OutputStream out, String text, long pause) throws IOException {
    try {
      do {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      } while (!closed.await(pause, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Does nothing until the test is over. */
  public void hang() throws IOException {
    try {
      closed.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        var connection = socket.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream());
      var out = counting(connection.getOutputStream());
      greeting.write(out);
      var head = head(in);
      var request = request(head, new byte[0]);
      boolean ours = taken.test(request);
      if (!(ours && unread)) {
        request = request(head, body(in, head.headers));
      }
      requests.add(request);
      if (ours) {
        script.answer(request, out);
      } else {
        var answer = request.sendOn(client);
        String line = "HTTP/1.1 " + answer.statusCode() + " \r\nContent-Type: application/json";
        out.write(
            (line + "\r\nConnection: close\r\nContent-Length: " + answer.body().length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.write(answer.body());
      }
      out.flush();
    } catch (IOException e) {
      // the other side has gone, which is what most tests wait for
    }
  }

  private OutputStream counting(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        out.write(b);
        written.incrementAndGet();
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        written.addAndGet(count);
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }
    };
  }

  private record Head(String method, String target, Map<String, String> headers) {}

  private static Head head(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("no request");
      }
      bytes.write(read);
    }
    var lines = bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n");
    var headers = new TreeMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    var words = lines[0].split(" ");
    String method = headers.getOrDefault("x-http-method-override", words[0]);
    return new Head(method, words[1], headers);
  }

  private Request request(Head head, byte[] body) {
    return new Request(head.method, head.target, head.headers, body, String.valueOf(decent));
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.containsKey("content-length")) {
      return in.readNBytes(Integer.parseInt(headers.get("content-length")));
    }
    var body = new ByteArrayOutputStream();
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      int length;
      do {
        length = Integer.parseInt(line(in), 16);
        body.write(in.readNBytes(length));
        line(in);
      } while (length > 0);
    }
    return body.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
      line.append((char) read);
    }
    return line.toString().strip();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
      for (var connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
