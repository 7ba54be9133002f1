package dev.kintonesync.console;

import dev.kintonesync.settings.HttpWay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

/** Asks web servers, with patience for each step of the way and no repetition. */
final class Web implements AutoCloseable {
  private static final int LONGEST_ANSWER = 1_000_000;

  private final CloseableHttpClient client;

  /** What a server said. */
  static final class Reply {
    private final int status;
    private final byte[] body;

    private Reply(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    /** Of HTTP. */
    int status() {
      return status;
    }

    /** At most its first megabyte. */
    byte[] body() {
      return body;
    }
  }

  /**
   * Goes a way.
   *
   * @param patience for a connection, and for each part of an answer
   */
  Web(HttpWay way, Duration patience) {
    var limit = Timeout.of(patience);
    var builder = HttpClients.custom();
    way.prepare(builder);
    client =
        builder
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setTlsSocketStrategy(
                        ClientTlsStrategyBuilder.create().setSslContext(way.tls()).buildClassic())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(limit)
                            .setSocketTimeout(limit)
                            .build())
                    .build())
            .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(limit).build())
            .build();
  }

  /**
   * Sends a request.
   *
   * @throws IOException when no answer comes; it names the host and nothing more of the address
   */
  Reply send(ClassicHttpRequest request) throws IOException {
    return client.execute(
        request,
        response -> {
          byte[] body = EntityUtils.toByteArray(response.getEntity(), LONGEST_ANSWER);
          return new Reply(response.getCode(), body == null ? new byte[0] : body);
        });
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
