package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities that Java trusts: its own, or those of the file that its options name. Where it
 * cannot read that file, Java itself takes its own ones or trusts nobody, and says so with the
 * first certificate that it meets, in words that name neither the file nor the options.
 */
final class JavaTrust {
  private static final String OPTION = "javax.net.ssl.trustStore";

  /** Others, such as those of Windows, read no file, whatever is named. */
  private static final Set<String> TYPES_OF_FILES = Set.of("PKCS12", "JKS", "JCEKS");

  private JavaTrust() {}

  /**
   * What judges certificates by these authorities.
   *
   * @throws UserErrorException when they cannot be read, or there are none
   */
  static TrustManager[] managers() throws GeneralSecurityException {
    if (namesFile() && !Files.isReadable(file())) {
      throw unreadable(MessageCode.CERTIFICATE_UNOPENED.with()); // Java would take another one
    }
    TrustManager[] managers;
    try {
      managers = managers(null);
    } catch (KeyStoreException e) {
      throw unreadable(
          e.getCause() instanceof IOException cause
              ? HttpClientFactory.why(cause).with()
              : RootCause.words(e));
    }
    if (authorities(managers).isEmpty()) {
      throw unreadable(MessageCode.NO_CERTIFICATE.with());
    }
    return managers;
  }

  /**
   * What judges certificates.
   *
   * @param store the authorities; null: those of Java
   */
  static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** The authorities by which certificates are judged. */
  static List<X509Certificate> authorities(TrustManager[] managers) {
    return Arrays.stream(managers)
        .filter(X509TrustManager.class::isInstance)
        .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
        .toList();
  }

  private static UserErrorException unreadable(Object why) {
    return new UserErrorException(MessageCode.JAVA_TRUST_UNREADABLE.with(file(), why));
  }

  /** Without a name Java looks for its own files, of which there may be one or another. */
  private static boolean namesFile() {
    String named = System.getProperty(OPTION);
    String type = System.getProperty(OPTION + "Type", KeyStore.getDefaultType());
    return named != null
        && !named.equals("NONE")
        && TYPES_OF_FILES.contains(type.toUpperCase(Locale.ROOT));
  }

  private static Path file() {
    String named = System.getProperty(OPTION);
    return named == null
        ? Path.of(System.getProperty("java.home"), "lib", "security", "cacerts")
        : Path.of(named);
  }
}
