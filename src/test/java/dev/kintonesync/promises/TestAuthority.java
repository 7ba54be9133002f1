package dev.kintonesync.promises;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority of our own, made by the JDK's keytool, with a server and a client that it knows: one
 * for all tests of a process, as the keytool is started ten times for it.
 */
public final class TestAuthority {
  public static final String PASSWORD = "changeit";

  /** Its keys protect nothing, so nobody has to be slowed down who would guess the password. */
  private static final List<String> QUICK =
      List.of(
          "-J-XX:TieredStopAtLevel=1",
          "-J-XX:+UseSerialGC",
          "-J-Dkeystore.pkcs12.keyPbeIterationCount=1",
          "-J-Dkeystore.pkcs12.certPbeIterationCount=1",
          "-J-Dkeystore.pkcs12.macIterationCount=1");

  private final Path folder;

  /** The one of this process, which is made when it is asked for first. */
  public static TestAuthority ofThisProcess() {
    return Made.AUTHORITY;
  }

  private static final class Made {
    private static final TestAuthority AUTHORITY = authority();

    private static TestAuthority authority() {
      try {
        Path folder = Files.createTempDirectory("authority");
        folder.toFile().deleteOnExit();
        var authority = new TestAuthority(folder);
        try (var files = Files.list(folder)) {
          files.forEach(file -> file.toFile().deleteOnExit());
        }
        return authority;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Makes all keys and certificates. */
  private TestAuthority(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    pair("ca", "CN=Test CA", "-ext", "bc:c");
    keytool("ca", "-exportcert", "-rfc", "-file", "ca.pem");
    certified("server", "CN=127.0.0.1", "san=ip:127.0.0.1");
    certified("client", "CN=sync", "eku=clientAuth");
  }

  /** The authority's own certificate. */
  public Path pem() {
    return folder.resolve("ca.pem");
  }

  /** The certificate of 127.0.0.1 and its key. */
  public Path server() {
    return folder.resolve("server.p12");
  }

  /** The client's certificate and key. */
  public Path client() {
    return folder.resolve("client.p12");
  }

  /** A server with the certificate of 127.0.0.1, which may want to see the client's. */
  public HttpsServer server(boolean wantsClient) throws IOException, GeneralSecurityException {
    var context = context();
    var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            var wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(wantsClient);
            parameters.setSSLParameters(wanted);
          }
        });
    return server;
  }

  /** TLS for a server with the certificate of 127.0.0.1. */
  public SSLContext context() throws IOException, GeneralSecurityException {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store("server"), PASSWORD.toCharArray());
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", store("ca").getCertificate("ca"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private KeyStore store(String name) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(folder.resolve(name + ".p12"))) {
      store.load(file, PASSWORD.toCharArray());
    }
    return store;
  }

  private void certified(String name, String subject, String extension)
      throws IOException, InterruptedException {
    pair(name, subject);
    keytool(name, "-certreq", "-file", name + ".csr");
    keytool(
        "ca",
        "-gencert",
        "-rfc",
        "-ext",
        extension,
        "-infile",
        name + ".csr",
        "-outfile",
        name + ".pem");
    Files.writeString(
        folder.resolve(name + ".chain"),
        Files.readString(folder.resolve(name + ".pem")) + Files.readString(pem()));
    keytool(name, "-importcert", "-noprompt", "-file", name + ".chain");
  }

  private void pair(String name, String subject, String... more)
      throws IOException, InterruptedException {
    keytool(
        name,
        Stream.concat(
                Stream.of("-genkeypair", "-keyalg", "EC", "-dname", subject, "-validity", "3650"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private void keytool(String name, String... arguments) throws IOException, InterruptedException {
    var command =
        Stream.of(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()),
                QUICK.stream(),
                Stream.of(arguments),
                List.of(
                    "-alias",
                    name,
                    "-keystore",
                    name + ".p12",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD)
                    .stream())
            .flatMap(each -> each)
            .toList();
    Path log = folder.resolve("keytool.log");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new AssertionError(command + ": " + Files.readString(log));
    }
  }
}
