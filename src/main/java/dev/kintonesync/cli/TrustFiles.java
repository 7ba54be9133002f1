package dev.kintonesync.cli;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * An authority written down for the clients that have to trust it: as PEM for curl and Node.js, and
 * as a trust store for Java. It is no secret; its key is in neither.
 */
final class TrustFiles {
  private static final String PASSWORD = "simulator"; // Java wants one; there is nothing to hide
  private static final int LINE = 64;

  private final Path pem;
  private final Path store;

  private TrustFiles(Path pem, Path store) {
    this.pem = pem;
    this.store = store;
  }

  /** Writes both files, the trust store beside the PEM with the ending {@code .p12}. */
  static TrustFiles write(Path file, X509Certificate authority) {
    Path pem = file.toAbsolutePath().normalize();
    Path store = pem.resolveSibling(pem.getFileName() + ".p12");
    try {
      String text =
          Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(authority.getEncoded());
      Files.writeString(
          pem,
          "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n",
          StandardCharsets.US_ASCII);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("simulator", authority);
      try (OutputStream out = Files.newOutputStream(store)) {
        trusted.store(out, PASSWORD.toCharArray());
      }
      return new TrustFiles(pem, store);
    } catch (IOException | GeneralSecurityException e) {
      throw new UserErrorException(MessageCode.CA_FILE_NOT_WRITTEN.with(pem, e), e);
    }
  }

  /** Says how each client is told to trust the server of a URL. */
  void say(Terminal terminal, String url) {
    terminal.result(MessageCode.SIMULATOR_TRUST_CURL.with(pem, url));
    terminal.result(MessageCode.SIMULATOR_TRUST_NODE.with(pem));
    terminal.result(MessageCode.SIMULATOR_TRUST_PYTHON.with(pem));
    terminal.result(MessageCode.SIMULATOR_TRUST_JAVA.with(store, PASSWORD));
  }
}
