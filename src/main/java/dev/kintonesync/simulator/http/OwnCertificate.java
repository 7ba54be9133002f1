package dev.kintonesync.simulator.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for this machine's own names, and the authority that signed it. Both are made anew
 * each time. The authority's key is forgotten at once, and no key is ever written anywhere: who
 * trusts the authority trusts this one certificate.
 */
public final class OwnCertificate {
  private static final Duration LIFE = Duration.ofDays(397); // the most that clients accept
  private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
  private static final String AUTHORITY = "Kintone simulator CA";
  private static final String SERVER = "Kintone simulator";

  private final X509Certificate authority;
  private final SSLContext context;

  private OwnCertificate(X509Certificate authority, SSLContext context) {
    this.authority = authority;
    this.context = context;
  }

  /** Makes one for {@code localhost}, this machine's name, and the loopback addresses. */
  public static OwnCertificate make() throws IOException {
    try {
      KeyPair signer = keys();
      KeyPair server = keys();
      String random = new BigInteger(32, new SecureRandom()).toString(16);
      byte[] issuer = name(AUTHORITY + " " + random);
      byte[] signerId = keyId(signer.getPublic());
      X509Certificate authority =
          signed(
              issuer,
              issuer,
              signer.getPublic(),
              signer.getPrivate(),
              extension("2.5.29.19", true, Der.sequence(Der.TRUE)),
              extension("2.5.29.15", true, Der.bits(2, (byte) 0x04)), // signs certificates
              extension("2.5.29.14", false, Der.octets(signerId)));
      X509Certificate leaf =
          signed(
              issuer,
              name(SERVER),
              server.getPublic(),
              signer.getPrivate(),
              extension("2.5.29.19", true, Der.sequence()),
              extension("2.5.29.15", true, Der.bits(7, (byte) 0x80)), // signs handshakes
              extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))),
              extension("2.5.29.35", false, Der.sequence(Der.of(0x80, signerId))),
              extension("2.5.29.17", false, Der.sequence(names())));
      return new OwnCertificate(authority, context(server.getPrivate(), leaf, authority));
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificate can be made: " + e.getMessage(), e);
    }
  }

  /** Who signed it; clients have to trust this. */
  public X509Certificate authority() {
    return authority;
  }

  SSLContext context() {
    return context;
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.text(commonName))));
  }

  private static byte[] keyId(PublicKey key) throws GeneralSecurityException {
    return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()), 20);
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.TRUE, Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static byte[][] names() throws IOException {
    List<byte[]> names = new ArrayList<>();
    names.add(Der.of(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)));
    String machine = machine();
    if (machine.matches("[A-Za-z0-9.-]+")) {
      names.add(Der.of(0x82, machine.getBytes(StandardCharsets.US_ASCII)));
    }
    for (String address : List.of("127.0.0.1", "::1")) {
      names.add(Der.of(0x87, InetAddress.getByName(address).getAddress()));
    }
    return names.toArray(byte[][]::new);
  }

  /** This machine's own name; {@code localhost} where it has none. */
  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "localhost";
    }
  }

  private static X509Certificate signed(
      byte[] issuer, byte[] subject, PublicKey key, PrivateKey signer, byte[]... extensions)
      throws GeneralSecurityException {
    Instant now = Instant.now();
    byte[] content =
        Der.sequence(
            Der.of(0xa0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(63, new SecureRandom()).add(BigInteger.ONE)),
            ECDSA_SHA256,
            issuer,
            Der.sequence(Der.time(now.minus(Duration.ofDays(1))), Der.time(now.plus(LIFE))),
            subject,
            key.getEncoded(),
            Der.of(0xa3, Der.sequence(extensions)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(signer);
    signature.update(content);
    byte[] whole = Der.sequence(content, ECDSA_SHA256, Der.bits(0, signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
  }

  private static SSLContext context(
      PrivateKey key, X509Certificate certificate, X509Certificate authority)
      throws GeneralSecurityException, IOException {
    char[] none = {};
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, none);
    store.setKeyEntry(SERVER, key, none, new Certificate[] {certificate, authority});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, none);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
