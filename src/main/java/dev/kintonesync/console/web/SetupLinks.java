package dev.kintonesync.console.web;

import dev.kintonesync.journal.OwnerOnly;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links by which whoever works in the home of the program gets into its setup, once and soon. A
 * link is known by a file that is called as the digest of its token, so that any process of the
 * home may make one for the page of another; nobody can read a token from it.
 */
public final class SetupLinks {
  static final Duration VALID = Duration.ofMinutes(15);

  private static final Logger log = LoggerFactory.getLogger(SetupLinks.class);
  private static final int BYTES = 16;
  private static final int LONGEST = 100;

  private final Path folder;
  private final Clock clock;

  /**
   * The links of a home.
   *
   * @param home the folder of the properties
   */
  public SetupLinks(Path home, Clock clock) {
    this.folder = home.resolve("drafts").resolve("links");
    this.clock = clock;
  }

  /**
   * Makes a link.
   *
   * @param page where the page is served on this machine
   * @throws UserErrorException when it cannot be kept
   */
  public URI to(URI page) {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Path file = file(token);
    try {
      OwnerOnly.folders(folder.resolveSibling(""));
      OwnerOnly.folders(folder);
      forgetExpired();
      OwnerOnly.file(file);
      Files.writeString(file, clock.instant().plus(VALID).toString());
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.OUTPUT_NOT_WRITABLE.with(file), e);
    }
    return page.resolve("/setup?link=" + token);
  }

  /** Whether a token is that of a link that nobody has used and whose time is not over. */
  boolean use(String token) {
    if (token.isEmpty() || token.length() > LONGEST) {
      return false;
    }
    Path file = file(token);
    try {
      Instant end = Instant.parse(Files.readString(file));
      Files.delete(file); // of two at once, one fails
      return clock.instant().isBefore(end);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | RuntimeException e) {
      log.warn("a link of the setup cannot be used: {}", e.toString());
      return false;
    }
  }

  private void forgetExpired() throws IOException {
    try (DirectoryStream<Path> links = Files.newDirectoryStream(folder)) {
      for (Path link : links) {
        Instant made = Files.getLastModifiedTime(link).toInstant();
        if (clock.instant().isAfter(made.plus(VALID))) {
          Files.deleteIfExists(link);
        }
      }
    }
  }

  /** Where the sessions are kept that begin with these links. */
  KeptSessions sessions() {
    return new KeptSessions(folder.resolveSibling("sessions"), clock);
  }

  private Path file(String token) {
    return folder.resolve(digest(token));
  }

  /** What a token is called where nobody is to read it. */
  static String digest(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
