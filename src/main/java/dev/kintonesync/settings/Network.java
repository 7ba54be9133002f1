package dev.kintonesync.settings;

import dev.kintonesync.kintone.Credentials.Login;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What lies between us and Kintone.
 *
 * @param proxy the HTTP proxy that requests go through, scheme, host and port; null: none
 * @param proxyLogin who we are to the proxy; null: it does not ask
 * @param certificate the certificate that we show; null: none
 * @param authorities a PEM file of authorities that are trusted besides those of the Java runtime;
 *     null: none
 */
public record Network(
    @Nullable URI proxy,
    @Nullable Login proxyLogin,
    @Nullable Certificate certificate,
    @Nullable Path authorities) {

  /** A direct connection: no proxy, no client certificate, the authorities of Java. */
  public static final Network DIRECT = new Network(null, null, null, null);

  /** Returns this network without the client certificate, for servers other than Kintone. */
  public Network withoutCertificate() {
    return new Network(proxy, proxyLogin, null, authorities);
  }

  /** A client certificate with its key in a PKCS #12 file. The password is never printed. */
  public record Certificate(Path file, String password) {
    @Override
    public String toString() {
      return file + ":***";
    }
  }
}
