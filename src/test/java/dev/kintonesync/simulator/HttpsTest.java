package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that check certificates speak with it once they trust its authority. */
class HttpsTest {
  private Simulator kintone;

  @BeforeEach
  void start() throws IOException {
    kintone = Simulator.startWithHttps(0, null);
  }

  @AfterEach
  void stop() {
    kintone.close();
  }

  private static SSLContext trusting(Simulator simulator) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("simulator", simulator.authority());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private HttpResponse<String> ask(SSLContext context, HttpRequest.Builder request, String host)
      throws IOException, InterruptedException {
    URI uri = URI.create("https://" + host + ":" + kintone.port() + "/simulator/settings");
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(request.uri(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void itIsReachedByAddressAndByName() throws Exception {
    assertThat(kintone.url()).isEqualTo("https://127.0.0.1:" + kintone.port());
    SSLContext context = trusting(kintone);
    for (String host : new String[] {"127.0.0.1", "localhost"}) {
      assertThat(ask(context, HttpRequest.newBuilder(), host).statusCode()).isEqualTo(200);
    }
    greet(context, InetAddress.getLocalHost().getHostName());
  }

  @Test
  void itsCertificateIsForNoOtherName() throws Exception {
    SSLContext context = trusting(kintone);
    assertThatThrownBy(() -> greet(context, "example.cybozu.com"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("example.cybozu.com");
  }

  /** A handshake on 127.0.0.1 with the server of a name, which must be in the certificate. */
  private void greet(SSLContext context, String name) throws IOException {
    try (Socket plain = new Socket("127.0.0.1", kintone.port());
        SSLSocket socket =
            (SSLSocket)
                context.getSocketFactory().createSocket(plain, name, kintone.port(), true)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
    }
  }

  @Test
  void theAuthorityOfOneIsNotThatOfAnother() throws Exception {
    try (Simulator other = Simulator.startWithHttps(0, null)) {
      SSLContext context = trusting(other);
      assertThatThrownBy(() -> ask(context, HttpRequest.newBuilder(), "localhost"))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void itsOwnPageMayChangeItAndAForeignOneMayNot() throws Exception {
    for (String origin : new String[] {"https", "http"}) {
      HttpRequest.Builder change =
          HttpRequest.newBuilder()
              .header("Origin", origin + "://localhost:" + kintone.port())
              .header("Content-Type", "application/json")
              .PUT(HttpRequest.BodyPublishers.ofString("{\"deployMs\":7}"));
      assertThat(ask(trusting(kintone), change, "localhost").statusCode())
          .isEqualTo(origin.equals("https") ? 200 : 403);
    }
  }
}
