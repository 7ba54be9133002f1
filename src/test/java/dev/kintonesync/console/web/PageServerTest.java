package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the server of the page takes from callers that mean no good. */
class PageServerTest {
  private static final String ASK = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

  private final List<Socket> sockets = new ArrayList<>();
  private final List<String> answered = new ArrayList<>();
  private PageServer server;

  private void serve(Duration patience) throws Exception {
    server =
        new PageServer(
            "127.0.0.1",
            0,
            patience,
            asked -> {
              synchronized (answered) {
                answered.add(asked.path() + " " + asked.query() + " " + asked.body());
              }
              return PageResponse.text(200, "here");
            });
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** The status of the next answer, or nothing when the connection is closed. */
  private static String status(Socket socket) throws IOException {
    byte[] start = socket.getInputStream().readNBytes(12);
    return start.length == 12 ? new String(start, StandardCharsets.US_ASCII).substring(9) : "";
  }

  private String statusOf(String request) throws IOException {
    var socket = connect();
    send(socket, request);
    return status(socket);
  }

  @Test
  void aRequestHasALimitedSize() throws Exception {
    serve(Duration.ofSeconds(20));
    String post = "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: ";
    assertThat(statusOf(post + "10000\r\n\r\n" + "x".repeat(10_000))).isEqualTo("200");
    assertThat(statusOf(post + "10001\r\n\r\n" + "x".repeat(10_001))).isEqualTo("413");
    assertThat(
            statusOf(
                "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2711\r\n"
                    + "x".repeat(10_001)))
        .isEqualTo("413");
    assertThat(statusOf("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: h\r\n\r\n"))
        .isEqualTo("414");
    assertThat(statusOf("GET / HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(9000) + "\r\n\r\n"))
        .isEqualTo("431");
    assertThat(answered).hasSize(1);
  }

  @Test
  void whatCannotBeReadIsRefused() throws Exception {
    serve(Duration.ofSeconds(20));
    assertThat(statusOf("GET /?a=%zz HTTP/1.1\r\nHost: h\r\n\r\n")).isEqualTo("400");
    assertThat(statusOf("nonsense\r\n\r\n")).isEqualTo("400");
    assertThat(
            statusOf(
                "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\nx"))
        .isEqualTo("400");
    assertThat(answered).isEmpty();
  }

  @Test
  void aRequestThatDoesNotArriveIsGivenUp() throws Exception {
    serve(Duration.ofMillis(200));
    for (String part :
        List.of(
            "",
            "GET / HTTP/1.1\r\nHost: h\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx")) {
      var socket = connect();
      send(socket, part);
      assertThat(status(socket)).as(part).isEmpty();
    }
  }

  @Test
  @Timeout(60)
  void aRequestThatComesByteByByteIsGivenUpToo() throws Exception {
    serve(Duration.ofMillis(200));
    var socket = connect();
    var closed = new CountDownLatch(1);
    new Thread(
            () -> {
              try {
                status(socket);
              } catch (IOException e) {
                // reset: closed as well
              }
              closed.countDown();
            })
        .start();
    send(socket, "GET / HTTP/1.1\r\nX: ");
    while (!closed.await(20, TimeUnit.MILLISECONDS)) {
      try {
        send(socket, "x");
      } catch (IOException e) {
        break;
      }
    }
    assertThat(answered).isEmpty();
  }

  @Test
  void callersThatOnlyWaitKeepNobodyOut() throws Exception {
    serve(Duration.ofMinutes(10));
    for (int i = 0; i < 3 * PageServer.MOST_CONNECTIONS; i++) {
      send(connect(), "GET / HTTP/1.1\r\n");
    }
    assertThat(statusOf(ASK)).isEqualTo("200");
    int closed = 0;
    for (Socket socket : sockets.subList(0, 2 * PageServer.MOST_CONNECTIONS)) {
      closed += status(socket).isEmpty() ? 1 : 0;
    }
    assertThat(closed).isEqualTo(2 * PageServer.MOST_CONNECTIONS);
  }

  @Test
  void severalRequestsOfAConnectionAreAnswered() throws Exception {
    serve(Duration.ofSeconds(20));
    var socket = connect();
    send(socket, ASK + ASK);
    String both = "";
    while (both.split("here", -1).length < 3) {
      both += (char) socket.getInputStream().read();
    }
    assertThat(both.split("200 OK", -1)).hasSize(3);
    assertThat(answered).containsExactly("/x {} ", "/x {} ");
  }

  @Test
  void noFormIsReadAndNoUploadIsKept() throws Exception {
    serve(Duration.ofSeconds(20));
    String body =
        "--b\r\n"
            + "Content-Disposition: form-data; name=\"f\"; filename=\"../evil\"\r\n\r\n"
            + "x\r\n"
            + "--b--\r\n";
    assertThat(
            statusOf(
                "POST /x HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                    + ("Content-Length: " + body.length() + "\r\n\r\n" + body)))
        .isEqualTo("200");
    assertThat(answered).containsExactly("/x {} " + body);
    assertThat(Files.exists(Path.of("file-uploads"))).isFalse();
  }
}
