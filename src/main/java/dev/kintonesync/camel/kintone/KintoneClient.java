package dev.kintonesync.camel.kintone;

import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

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

  private final Way way;
  private final long bytesPerSecond;

  private KintoneClient(Way way, long bytesPerSecond) {
    this.way = way;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** The connections of all clients that share them. They are made when one is needed. */
  private static final class Way {
    private final Network network;
    private @Nullable HttpClientFactory clients;
    private @Nullable HttpClientConnectionManager connections;
    private boolean isCut;

    Way(Network network) {
      this.network = network;
    }

    /** Reads the certificates, which takes its time. */
    synchronized HttpClientFactory clients() {
      HttpClientFactory made = clients;
      if (made == null) {
        made = new HttpClientFactory(network);
        clients = made;
      }
      return made;
    }

    synchronized HttpClientConnectionManager connections() {
      HttpClientConnectionManager made = connections;
      if (made == null) {
        made = clients().connections(STEP);
        connections = made;
        if (isCut) {
          made.close(CloseMode.IMMEDIATE); // whoever comes too late is not let through
        }
      }
      return made;
    }

    synchronized void cut() {
      isCut = true;
      if (connections != null) {
        connections.close(CloseMode.IMMEDIATE);
      }
    }
  }

  /**
   * Makes a client for requests to Kintone. Each answer must be complete within its timeout.
   *
   * @throws dev.kintonesync.message.UserErrorException when a file of certificates cannot be read,
   *     or opened with its password
   */
  public static KintoneClient of(Network network) {
    var way = new Way(network);
    way.clients(); // what is wrong with a file is said at the start
    return new KintoneClient(way, 0);
  }

  /**
   * Returns a client for files. A transfer may take any time as long as it keeps a minimum speed.
   */
  public KintoneClient forFiles() {
    return new KintoneClient(way, FILE_BYTES_PER_SECOND);
  }

  /** For pages of APIs, which lie on this side of the network. */
  public static KintoneClient ofApis() {
    return new KintoneClient(new Way(Network.DIRECT), API_BYTES_PER_SECOND);
  }

  /** The connections of its clients. */
  public HttpClientConnectionManager connections() {
    return way.connections();
  }

  /** Cuts all connections, whatever goes on there. */
  public void cut() {
    way.cut();
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    client.setConnectionManager(way.connections()).setConnectionManagerShared(true);
    way.clients().prepare(client, bytesPerSecond);
  }
}
