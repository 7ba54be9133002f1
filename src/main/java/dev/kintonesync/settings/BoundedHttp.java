package dev.kintonesync.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

/** Asks web servers, with patience for each step of the way and no repetition. */
public final class BoundedHttp implements AutoCloseable {
  private static final int LONGEST_ANSWER = 1_000_000;

  /** Less would be no line, or nobody who listens. */
  private static final int BYTES_PER_SECOND = 16_384;

  private final CloseableHttpClient client;
  private final int longest;

  /** What a server said. */
  public static final class Reply {
    private final int status;
    private final byte[] body;

    private Reply(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    /** Returns the HTTP status. */
    public int status() {
      return status;
    }

    /** Returns the body; of a longer one only the beginning. */
    public byte[] body() {
      return body;
    }
  }

  /**
   * Makes a client that reads short answers.
   *
   * @param patience for each part of an answer; for the whole exchange, unless it carries much
   */
  public BoundedHttp(HttpClientFactory clients, Duration patience) {
    this(clients, patience, LONGEST_ANSWER);
  }

  /**
   * Makes a client that reads answers up to a length.
   *
   * @param longest bytes that are read of an answer
   */
  public BoundedHttp(HttpClientFactory clients, Duration patience, int longest) {
    this.longest = longest;
    var limit = Timeout.of(patience);
    var builder = HttpClients.custom();
    clients.prepare(builder, BYTES_PER_SECOND);
    client =
        builder
            .setConnectionManager(clients.connections(limit))
            .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(limit).build())
            .build();
  }

  /**
   * Sends a request.
   *
   * @throws IOException when no answer comes; it names the host and nothing more of the address
   */
  public Reply send(ClassicHttpRequest request) throws IOException {
    return client.execute(
        request,
        response -> {
          byte[] body = EntityUtils.toByteArray(response.getEntity(), longest);
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
