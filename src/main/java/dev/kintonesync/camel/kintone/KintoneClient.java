package dev.kintonesync.camel.kintone;

import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Lets Camel's HTTP clients go as the network wants it, and ends exchanges that take too long. All
 * clients of one share its connections.
 */
public final class KintoneClient implements HttpClientConfigurer {
  /** The slowest line on which a file is sent or fetched: 1 GB takes 18 hours. */
  private static final long FILE_BYTES_PER_SECOND = 16_384;

  /** Below that an API that sends its rows as it finds them is not waited for. */
  private static final long API_BYTES_PER_SECOND = 1024;

  private static final Timeout STEP = Timeout.ofMinutes(3);

  private final HttpClientFactory clients;
  private final HttpClientConnectionManager connections;
  private final long bytesPerSecond;

  private KintoneClient(
      HttpClientFactory clients, HttpClientConnectionManager connections, long bytesPerSecond) {
    this.clients = clients;
    this.connections = connections;
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * Makes a client for requests to Kintone. Each answer must be complete within its timeout.
   *
   * @throws dev.kintonesync.message.UserErrorException when a file of certificates cannot be read,
   *     or opened with its password
   */
  public static KintoneClient of(Network network) {
    var clients = new HttpClientFactory(network);
    return new KintoneClient(clients, clients.connections(STEP), 0);
  }

  /**
   * Returns a client for files. A transfer may take any time as long as it keeps a minimum speed.
   */
  public KintoneClient forFiles() {
    return new KintoneClient(clients, connections, FILE_BYTES_PER_SECOND);
  }

  /** For pages of APIs, which lie on this side of the network. */
  public static KintoneClient ofApis() {
    var clients = new HttpClientFactory(Network.DIRECT);
    return new KintoneClient(clients, clients.connections(STEP), API_BYTES_PER_SECOND);
  }

  /** Cuts all connections, whatever goes on there. */
  public void cut() {
    connections.close(CloseMode.IMMEDIATE);
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    client.setConnectionManager(connections).setConnectionManagerShared(true);
    clients.prepare(client, bytesPerSecond);
  }
}
