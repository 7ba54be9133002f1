package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever comes in at the socket, the others are answered at once. */
@LogOfProcess.LookedAt
@Timeout(600)
class HostileClientsTest {
  private static final String POST = "POST /k/v1/records.json HTTP/1.1\r\nHost: x\r\n";

  private Simulator simulator;
  private SimulatorLog log;
  private Wire wire;
  private final List<Socket> sockets = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    log = new SimulatorLog();
    wire = Wire.withToken(simulator.url(), "any");
    simulator.app("a", "{\"M\":{\"type\":\"MULTI_LINE_TEXT\",\"code\":\"M\"}}");
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    simulator.close();
    log.close();
  }

  private Socket send(byte[] bytes) throws IOException {
    Socket socket = new Socket("127.0.0.1", simulator.port());
    sockets.add(socket);
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException refusedBeforeTheEnd) {
      return socket;
    }
    return socket;
  }

  private Socket send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void assertAnswersAtOnce() {
    assertAnswersAtOnce(0);
  }

  /**
   * Others are answered while these hang on.
   *
   * @param inFlight how many calls may be in flight besides
   */
  private void assertAnswersAtOnce(int inFlight) {
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      Wire.Answer answer = wire.post("/k/v1/records.json", "{'app':1,'records':[{}]}");
      assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
      assertThat(Integer.parseInt(answer.header("X-ConcurrencyLimit-Running")))
          .as("who has not sent all is not in flight")
          .isLessThanOrEqualTo(inFlight + 1);
    }
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
        .isLessThan(Patience.LIMIT.toSeconds());
    assertThat(log.complaints()).isEmpty();
  }

  @Test
  void garbageIsNobodysRequest() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] garbage = new byte[random.nextInt(5000)];
      random.nextBytes(garbage);
      send(garbage);
      String head = i % 2 == 0 ? POST : "GET /k/v1/records.json?app=1";
      Socket socket = send(head);
      try {
        socket.getOutputStream().write(garbage);
      } catch (SocketException refusedBeforeTheEnd) {
        continue;
      }
    }
    for (String line :
        List.of(
            "GET\r\n\r\n",
            "GET  HTTP/1.1\r\n\r\n",
            "GET mailto:x HTTP/1.1\r\n\r\n",
            "GET //// HTTP/1.1\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\n\r\n",
            "GET /k/v1/%zz.json HTTP/1.1\r\n\r\n",
            "GET /k/v1/records.json?app=%FF%FE HTTP/9.9\r\n\r\n",
            POST + "Content-Length: -1\r\n\r\n",
            POST + "Content-Length: 99999999999999999999\r\n\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\nxx",
            POST + "X: " + "y".repeat(400_000) + "\r\n\r\n")) {
      send(line);
    }
    assertAnswersAtOnce(1000);
  }

  @Test
  void sixHundredHalfRequestsHoldUpNobody() throws IOException {
    List<String> halves =
        List.of(
            "",
            "POST /k/v1/rec",
            POST + "Content-Le",
            POST
                + "X-Cybozu-API-Token: t\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n{\"app\":1,");
    for (int i = 0; i < 600; i++) {
      send(halves.get(i % halves.size()));
    }
    assertAnswersAtOnce();
  }

  @Test
  void slowWritersHoldUpNobodyAndAreAnswered() throws Exception {
    String body = "{\"app\":1,\"records\":[{\"M\":{\"value\":\"" + "m".repeat(200) + "\"}}]}";
    String request =
        POST
            + "X-Cybozu-API-Token: t\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    CountDownLatch underWay = new CountDownLatch(20);
    CountDownLatch goOn = new CountDownLatch(1);
    ExecutorService threads = Executors.newCachedThreadPool();
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Socket socket = send("");
      answers.add(
          CompletableFuture.supplyAsync(
              () -> byteByByte(socket, request, underWay, goOn), threads));
    }
    underWay.await();
    assertAnswersAtOnce();
    goOn.countDown();
    for (CompletableFuture<String> answer : answers) {
      assertThat(answer.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
          .startsWith("HTTP/1.1 200");
    }
    threads.shutdownNow();
  }

  private static String byteByByte(
      Socket socket, String request, CountDownLatch underWay, CountDownLatch goOn) {
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < request.length(); i++) {
        out.write(request.charAt(i));
        if (i == request.length() / 2) {
          underWay.countDown();
          goOn.await();
        }
      }
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoeverDoesNotReadItsAnswerHoldsUpNobody() throws IOException {
    String record = "{'M':{'value':'" + "m".repeat(60_000) + "'}}";
    wire.post(
        "/k/v1/records.json", "{'app':1,'records':[" + (record + ",").repeat(99) + record + "]}");
    for (int i = 0; i < 5; i++) {
      send("GET /k/v1/records.json?app=1 HTTP/1.1\r\nHost: x\r\nX-Cybozu-API-Token: t\r\n\r\n");
    }
    assertAnswersAtOnce(5);
  }

  @Test
  void fiftyMegabytesAreReadAndRefused() throws Exception {
    String head = "{\"app\":1,\"records\":[";
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    HttpClient http = HttpClient.newHttpClient();
    for (String[] body :
        new String[][] {
          {head, "[],"},
          {head, "{\"a\":{}},"},
          {head + "{\"M\":{\"value\":\"", "m"},
          {"", "\u0000"},
          {"", "["}
        }) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(simulator.url() + "/k/v1/records.json"))
              .header("X-Cybozu-API-Token", "t")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofInputStream(() -> repeating(50 << 20, body[0], body[1])))
              .build();
      answers.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    assertAnswersAtOnce(5);
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      HttpResponse<String> response = answer.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("CB_IJ01");
    }
    assertAnswersAtOnce(5);
  }

  private static InputStream repeating(int size, String head, String unit) {
    byte[] units = unit.repeat(10_000).getBytes(StandardCharsets.ISO_8859_1);
    InputStream beginning = new ByteArrayInputStream(head.getBytes(StandardCharsets.ISO_8859_1));
    return new SequenceInputStream(
        Collections.enumeration(
            Stream.concat(
                    Stream.of(beginning),
                    Stream.generate(() -> (InputStream) new ByteArrayInputStream(units))
                        .limit(size / units.length))
                .toList()));
  }

  @Test
  void anAnswerComesForEveryConnectionThatAsksAgain() throws IOException {
    Socket socket = send("");
    InputStream in = socket.getInputStream();
    for (int i = 0; i < 5; i++) {
      socket
          .getOutputStream()
          .write(
              "GET /simulator/settings HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
      StringBuilder answer = new StringBuilder();
      for (int c = 0; c >= 0 && answer.indexOf("}") < 0; ) {
        c = in.read();
        answer.append((char) c);
      }
      assertThat(answer.toString()).startsWith("HTTP/1.1 200");
    }
  }
}
