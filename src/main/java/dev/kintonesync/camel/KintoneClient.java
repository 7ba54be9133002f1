package dev.kintonesync.camel;

import dev.kintonesync.settings.HttpWay;
import dev.kintonesync.settings.Network;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.jspecify.annotations.Nullable;

/** Lets Camel's HTTP clients go to Kintone as the network wants it. */
final class KintoneClient extends SSLContextParameters implements HttpClientConfigurer {
  private final HttpWay way;

  /**
   * Reads the certificates.
   *
   * @throws dev.kintonesync.message.RefusedException when a file of certificates cannot be read, or
   *     opened with its password
   */
  KintoneClient(Network network) {
    this.way = new HttpWay(network);
  }

  @Override
  public void configureHttpClient(HttpClientBuilder client) {
    way.prepare(client);
  }

  @Override
  public SSLContext createSSLContext(@Nullable CamelContext context) {
    return way.tls();
  }
}
