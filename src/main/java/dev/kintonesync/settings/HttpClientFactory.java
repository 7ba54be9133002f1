package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP clients for a {@link Network}: with its trusted authorities, its client certificate
 * and its proxy. Such a client never repeats a request by itself.
 */
public final class HttpClientFactory {
  private static final Timeout CONNECT = Timeout.ofSeconds(10);
  private static final int LONGEST_LINE = 32_768;
  private static final int MOST_HEADERS = 200;
  private static final int MOST_CONNECTIONS = 100;

  private final Network network;

  /** Null: that of Java. */
  private final @Nullable SSLContext own;

  /**
   * Reads the certificates that the network names. Those of Java are read once, when they are
   * needed or {@link #expectTls expected}.
   *
   * @throws UserErrorException when a file of certificates cannot be read, or opened with its
   *     password
   */
  public HttpClientFactory(Network network) {
    this.network = network;
    this.own =
        network.certificate() == null && network.authorities() == null ? null : read(network);
  }

  /** Begins to read the certificates of Java beside whatever else goes on. */
  public static void expectTls() {
    OfJava.begin();
  }

  /**
   * Whom to trust and what to show, for any protocol over TLS.
   *
   * @throws UserErrorException when the certificates of Java cannot be read
   */
  public SSLContext tls() {
    if (own != null) {
      return own;
    }
    try {
      return OfJava.TLS.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof UserErrorException refused ? refused : e;
    }
  }

  /**
   * Connections of this way. What stands before the body of an answer has limits, so that no server
   * can fill the memory with it.
   *
   * @param limit for a connection to be made, and for each step on it
   */
  public HttpClientConnectionManager connections(Timeout limit) {
    var lines =
        Http1Config.custom().setMaxLineLength(LONGEST_LINE).setMaxHeaderCount(MOST_HEADERS).build();
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setTlsSocketStrategy(new TlsWhenNeeded())
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(lines).build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom().setConnectTimeout(CONNECT).setSocketTimeout(limit).build())
        .setMaxConnPerRoute(MOST_CONNECTIONS)
        .setMaxConnTotal(2 * MOST_CONNECTIONS)
        .build();
  }

  /**
   * Leads a client through the proxy, where there is one. An exchange ends with the response
   * timeout of its request, whatever the server does.
   *
   * @param bytesPerSecond while so many come or go, an exchange may take longer; 0: it may not
   */
  public void prepare(HttpClientBuilder client, long bytesPerSecond) {
    client
        .addExecInterceptorFirst("time-limit", new TimeLimit(bytesPerSecond))
        // HttpClient would repeat a POST answered 429 or 503 behind our back
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableRedirectHandling();
    URI proxy = network.proxy();
    if (proxy == null) {
      return;
    }
    var host = new HttpHost(proxy.getScheme(), proxy.getHost(), proxy.getPort());
    client.setProxy(host);
    var login = network.proxyLogin();
    if (login != null) {
      var provider = new BasicCredentialsProvider();
      provider.setCredentials(
          new AuthScope(host),
          new UsernamePasswordCredentials(login.name(), login.password().toCharArray()));
      client.setDefaultCredentialsProvider(provider);
    }
  }

  /** Asks for the certificates when the first connection over TLS is made: HTTP needs none. */
  private final class TlsWhenNeeded implements TlsSocketStrategy {
    private @Nullable TlsSocketStrategy made;

    @Override
    public SSLSocket upgrade(
        Socket socket, String target, int port, Object attachment, HttpContext context)
        throws IOException {
      return made().upgrade(socket, target, port, attachment, context);
    }

    private synchronized TlsSocketStrategy made() {
      TlsSocketStrategy strategy = made;
      if (strategy == null) {
        strategy = ClientTlsStrategyBuilder.create().setSslContext(tls()).buildClassic();
        made = strategy;
      }
      return strategy;
    }
  }

  /** With the authorities that Java trusts. */
  private static final class OfJava {
    static final CompletableFuture<SSLContext> TLS =
        CompletableFuture.supplyAsync(() -> read(Network.DIRECT), OfJava::start);

    /** Loads this class, which does it. */
    static void begin() {}

    private static void start(Runnable reading) {
      var thread = new Thread(reading, "certificates");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static SSLContext read(Network network) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys(network.certificate()), trust(network.authorities()), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java speaks TLS", e);
    }
  }

  private static KeyManager @Nullable [] keys(Network.@Nullable Certificate certificate)
      throws GeneralSecurityException {
    if (certificate == null) {
      return null;
    }
    char[] password = certificate.password().toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    try (var file = Files.newInputStream(certificate.file())) {
      store.load(file, password);
      keys.init(store, password); // the key in it may have another one
      return keys.getKeyManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw new UserErrorException(
          MessageCode.CERTIFICATE_UNREADABLE.with(certificate.file(), why(e).with()), e);
    }
  }

  /** A wrong password shows as a file that cannot be read as well. */
  static MessageCode why(Exception e) {
    if (e instanceof UnrecoverableKeyException
        || e.getCause() instanceof UnrecoverableKeyException) {
      return MessageCode.CERTIFICATE_PASSWORD_WRONG;
    }
    return e instanceof FileSystemException
        ? MessageCode.CERTIFICATE_UNOPENED
        : MessageCode.CERTIFICATE_NOT_PKCS12;
  }

  /** Those of the Java runtime, and those that are added to them. */
  private static TrustManager[] trust(@Nullable Path authorities) throws GeneralSecurityException {
    if (authorities == null) {
      return JavaTrust.managers();
    }
    Collection<? extends Certificate> added;
    try (var file = Files.newInputStream(authorities)) {
      added = CertificateFactory.getInstance("X.509").generateCertificates(file);
    } catch (IOException | GeneralSecurityException e) {
      throw new UserErrorException(
          MessageCode.AUTHORITIES_UNREADABLE.with(
              authorities,
              (e instanceof FileSystemException
                      ? MessageCode.CERTIFICATE_UNOPENED
                      : MessageCode.NO_CERTIFICATE)
                  .with()),
          e);
    }
    if (added.isEmpty()) {
      throw new UserErrorException(
          MessageCode.AUTHORITIES_UNREADABLE.with(authorities, MessageCode.NO_CERTIFICATE.with()));
    }
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate : added) {
        store.setCertificateEntry("added-" + count++, certificate);
      }
      for (X509Certificate certificate : JavaTrust.authorities(JavaTrust.managers())) {
        store.setCertificateEntry("own-" + count++, certificate);
      }
      return JavaTrust.managers(store);
    } catch (IOException e) {
      throw new IllegalStateException("an empty store has nothing to read", e);
    }
  }
}
