package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.HostileServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An exchange ends with its time, whatever the server does; a file has as much as it needs. */
@org.junit.jupiter.api.Timeout(60)
class TimeLimitTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  private HostileServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HostileServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static CloseableHttpClient client(long millis, long bytesPerSecond) {
    var clients = new HttpClientFactory(Network.DIRECT);
    var builder = HttpClients.custom();
    clients.prepare(builder, bytesPerSecond);
    return builder
        .setConnectionManager(clients.connections(Timeout.ofMinutes(10)))
        .setDefaultRequestConfig(
            RequestConfig.custom().setResponseTimeout(Timeout.ofMilliseconds(millis)).build())
        .build();
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private byte[] get(String url, long millis, long bytesPerSecond) throws IOException {
    try (var client = client(millis, bytesPerSecond)) {
      return client.execute(
          new HttpGet(url), answer -> EntityUtils.toByteArray(answer.getEntity()));
    }
  }

  @Test
  void aFileThatNobodyTakesIsGivenUp() throws Exception {
    server.readsNoBodies();
    server.answers(request -> true, (request, out) -> server.hang());
    for (long rate : new long[] {0, 16_384}) {
      var upload = new HttpPost(server.url());
      upload.setEntity(new ByteArrayEntity(new byte[50_000_000], null));
      try (var client = client(1000, rate)) {
        assertThatThrownBy(() -> client.execute(upload, answer -> answer.getCode()))
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessageContaining("within 1 s");
      }
    }
  }

  @Test
  void aFileThatDripsIsGivenUp() {
    server.answers(
        request -> true,
        (request, out) -> {
          write(out, OK + "Content-Length: 100000000\r\n\r\n");
          server.drip(out, "x", 20);
        });

    assertThatThrownBy(() -> get(server.url(), 500, 16_384))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("less than 8192 bytes");
  }

  @Test
  void aFileThatGetsOnMayTakeManyTimes() throws Exception {
    server.answers(
        request -> true,
        (request, out) -> {
          write(out, OK + "Content-Length: 4000000\r\n\r\n");
          server.drip(out, "x".repeat(50_000), 100); // eight seconds, which are eight times
        });

    assertThat(get(server.url(), 1000, 16_384)).hasSize(4_000_000);
  }

  @Test
  void aHandshakeThatDripsIsGivenUp() {
    // the first bytes of a record of TLS that is never whole
    server.answers(request -> true, (request, out) -> server.hang());
    server.greets("\u0016\u0003\u0003\u003f\u00ff\u0002", 20);

    assertThatThrownBy(() -> get(server.url().replace("http:", "https:"), 1000, 0))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void anAnswerThatIsNotReadToItsEndIsCutOff() throws Exception {
    server.answers(
        request -> true,
        (request, out) -> {
          write(out, OK + "Content-Length: 100000000000\r\n\r\n");
          server.drip(out, "x".repeat(100_000), 0);
        });
    try (var client = client(600_000, 0)) {
      int status = client.execute(new HttpGet(server.url()), answer -> answer.getCode());
      assertThat(status).isEqualTo(200);
    }
    assertThat(server.written()).isLessThan(100_000_000);
  }
}
