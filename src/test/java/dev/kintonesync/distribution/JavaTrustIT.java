package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Java's own options name whom it trusts, and what they name cannot be read. */
class JavaTrustIT {
  @TempDir Path folder;
  private ServerSocket kintone;

  /** Whoever connects is not answered: the certificates are needed before that. */
  @BeforeEach
  void listen() throws IOException {
    kintone = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    kintone.close();
  }

  @ParameterizedTest
  @CsvSource({
    "trust.p12, s3cret, the password is wrong",
    "trust.p12, secret, it contains no certificate",
    "none.p12, secret, the file cannot be opened",
    "codes.csv, secret, it is no PKCS #12 file"
  })
  void thatIsSaidInOneSentenceAtOnce(String store, String password, String why) throws Exception {
    var installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    empty(folder.resolve("trust.p12"));
    Path codes = Files.writeString(folder.resolve("codes.csv"), "postal_code\n0600001\n");
    String option = " -Djavax.net.ssl.trustStore";
    installation
        .with("KINTONE_API_TOKEN", "t")
        .with(
            "JAVA_OPTS",
            "-XX:TieredStopAtLevel=1"
                + (option + "=" + folder.resolve(store))
                + (option + "Password=" + password));
    var ended =
        installation.run(
            "import",
            codes.toString(),
            "--app=1",
            "--update-key=postal_code",
            "--base-url=https://127.0.0.1:" + kintone.getLocalPort(),
            "--lang=en");
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.err())
        .contains(folder.resolve(store) + " cannot be read: " + why, "JAVA_OPTS")
        .doesNotContain("waiting for", "does not answer", "xception", "X509", "s3cret");
    assertThat(ended.err().lines()).filteredOn(line -> line.contains(store)).hasSize(1);
  }

  private static void empty(Path file) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var out = Files.newOutputStream(file)) {
      store.store(out, "secret".toCharArray());
    }
  }
}
