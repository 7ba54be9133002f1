package dev.kintonesync.console.web;

import dev.kintonesync.journal.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that began with a link, each as a file of its owner's alone that is called as the
 * digest of its token: nobody can read a token from it. Its time is when the session was last seen.
 * What cannot be kept ends with the program.
 */
final class KeptSessions {
  private static final Logger log = LoggerFactory.getLogger(KeptSessions.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int LONGEST = 100;

  private final Path folder;
  private final Clock clock;

  KeptSessions(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Keeps a session that begins. */
  void keep(String token, Sessions.Session session) {
    try {
      OwnerOnly.folders(folder.resolveSibling(""));
      OwnerOnly.folders(folder);
      forgetEnded();
      Path file = file(token);
      OwnerOnly.file(file);
      Files.writeString(file, session.begun().toString());
      Files.setLastModifiedTime(file, FileTime.from(session.seen()));
    } catch (IOException e) {
      log.warn("a session of the setup is not kept: {}", e.toString());
    }
  }

  /** The session of a token; null: none is kept. */
  Sessions.@Nullable Session find(String token) {
    if (token.isEmpty() || token.length() > LONGEST) {
      return null;
    }
    try {
      return read(file(token));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException | RuntimeException e) {
      log.warn("a session of the setup cannot be read: {}", e.toString());
      return null;
    }
  }

  private static Sessions.Session read(Path file) throws IOException {
    return new Sessions.Session(
        Role.SETUP,
        true,
        Instant.parse(Files.readString(file)),
        Files.getLastModifiedTime(file).toInstant());
  }

  /** A session was seen; known to the minute. */
  void seen(String token, Instant now) {
    Path file = file(token);
    try {
      if (now.isAfter(Files.getLastModifiedTime(file).toInstant().plus(EVERY))) {
        Files.setLastModifiedTime(file, FileTime.from(now));
      }
    } catch (IOException e) {
      log.debug("when a session was seen is not kept: {}", e.toString());
    }
  }

  /** A session has ended. */
  void forget(String token) {
    try {
      Files.deleteIfExists(file(token));
    } catch (IOException e) {
      log.warn("a session of the setup stays: {}", e.toString());
    }
  }

  private void forgetEnded() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (clock
            .instant()
            .isAfter(Files.getLastModifiedTime(file).toInstant().plus(Sessions.IDLE))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private Path file(String token) {
    return folder.resolve(SetupLinks.digest(token));
  }
}
