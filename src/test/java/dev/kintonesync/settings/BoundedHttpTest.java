package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.HostileServer;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What notices go to holds nobody up, and leads nowhere else. */
@Timeout(60)
class BoundedHttpTest {
  private HostileServer server;
  private BoundedHttp web;

  @BeforeEach
  void start() throws Exception {
    server = new HostileServer();
    web = new BoundedHttp(new HttpClientFactory(Network.DIRECT), Duration.ofSeconds(1));
  }

  @AfterEach
  void stop() {
    web.close();
    server.close();
  }

  @Test
  void anAnswerThatDripsIsGivenUp() {
    for (String head : new String[] {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "}) {
      server.answers(
          request -> true,
          (request, out) -> {
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            server.drip(out, "x", 20);
          });

      assertThatThrownBy(() -> web.send(new HttpPost(server.url())))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void ofAnAnswerWithoutEndTheBeginningIsRead() throws Exception {
    server.answers(
        request -> true,
        (request, out) -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
          server.drip(out, "x".repeat(10_000), 0);
        });

    assertThat(web.send(new HttpPost(server.url())).body()).hasSizeLessThan(1_100_000);
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    try (var other = new HostileServer()) {
      server.answers(
          request -> true,
          (request, out) ->
              out.write(
                  ("HTTP/1.1 307 Moved\r\nLocation: " + other.url() + "\r\n\r\n")
                      .getBytes(StandardCharsets.ISO_8859_1)));

      assertThat(web.send(new HttpPost(server.url())).status()).isEqualTo(307);
      assertThat(other.connections()).isZero();
    }
  }
}
