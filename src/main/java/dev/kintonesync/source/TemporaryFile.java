package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is needed only while a source is read. Its name tells the process that made it:
 *
 * <pre>kintone-sync-PROCESS-HOST-SPACE-TOKEN-RANDOM.tmp</pre>
 *
 * <p>HOST is a checksum of the computer's name. SPACE tells apart the containers of a computer,
 * each of which counts its processes by itself. TOKEN tells a process from an earlier one that had
 * its number.
 */
public final class TemporaryFile {
  private static final Logger log = LoggerFactory.getLogger(TemporaryFile.class);
  private static final Pattern NAME =
      Pattern.compile("kintone-sync-(\\d{1,18})-([0-9a-f]+)-(\\d+)-[0-9a-f]+-\\d+(?:\\.tmp)?");
  private static final long PROCESS = ProcessHandle.current().pid();
  private static final String HOST = checksum(host());
  private static final String SPACE = space();
  private static final String TOKEN = Integer.toHexString(ThreadLocalRandom.current().nextInt());
  private static final String PREFIX =
      "kintone-sync-" + PROCESS + "-" + HOST + "-" + SPACE + "-" + TOKEN + "-";

  /** For so long a file of another container is taken for one that somebody reads. */
  private static final Duration LONG_AGO = Duration.ofDays(1);

  private TemporaryFile() {}

  /**
   * An empty one, which the caller deletes.
   *
   * @throws TemporaryFileException when the folder of temporary files is not there or not writable
   */
  public static Path create() throws IOException {
    try {
      return Files.createTempFile(PREFIX, ".tmp");
    } catch (FileSystemException e) {
      throw unwritable(e);
    }
  }

  /** The failure to write such a file. */
  static TemporaryFileException unwritable(IOException cause) {
    String folder = System.getProperty("java.io.tmpdir");
    return new TemporaryFileException(
        MessageCode.RUN_FOLDER_UNWRITABLE.with(folder, cause.toString()), cause);
  }

  /** The failure to read one that was written. */
  static TemporaryFileException unreadable(Path file, IOException cause) {
    return new TemporaryFileException(
        MessageCode.TEMPORARY_FILE_UNREADABLE.with(file, cause.toString()), cause);
  }

  /** An empty folder that only this user can read, which the caller deletes. */
  public static Path createFolder() throws IOException {
    return Files.createTempDirectory(PREFIX);
  }

  /**
   * Removes what processes of this user have left behind that were killed: it may be large, and
   * holds what was to be imported. What cannot be removed stays.
   */
  public static void removeLeftBehind() {
    var folder = Path.of(System.getProperty("java.io.tmpdir"));
    var left = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(folder, "kintone-sync-*")) {
      files.forEach(file -> addLeft(file, left));
      if (!left.isEmpty()) {
        removeOwn(left);
      }
    } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
      log.debug("temporary files stay: {}", e.toString());
    }
  }

  private static void addLeft(Path file, List<Path> left) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (name.matches()
        && !name.group().startsWith(PREFIX)
        && name.group(2).equals(HOST)
        && (name.group(3).equals(SPACE)
            ? isGone(Long.parseLong(name.group(1)))
            : isOfLongAgo(file))) {
      left.add(file);
    }
  }

  /** An earlier process may have had our number: in a container it is often the same. */
  private static boolean isGone(long process) {
    return process == PROCESS || ProcessHandle.of(process).isEmpty();
  }

  /**
   * Whether a file of another container is to be taken for left behind. The number of its process
   * says nothing here: the process may run, and share the folder with us. But a container that is
   * started anew counts as another one, too, and finds what was left behind in it.
   */
  private static boolean isOfLongAgo(Path file) {
    try {
      var written = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
      return written.isBefore(Instant.now().minus(LONG_AGO));
    } catch (IOException e) {
      return false; // it goes at this moment
    }
  }

  /** An administrator could remove those of other users, too. */
  private static void removeOwn(Iterable<Path> left) throws IOException {
    Path own = create();
    try {
      var user = Files.getOwner(own, LinkOption.NOFOLLOW_LINKS);
      left.forEach(file -> removeIfOf(user, file));
    } finally {
      Files.deleteIfExists(own);
    }
  }

  private static void removeIfOf(UserPrincipal user, Path file) {
    try {
      if (Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(user)) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          empty(file);
        }
        Files.deleteIfExists(file);
      }
    } catch (IOException | DirectoryIteratorException e) {
      log.debug("{} stays: {}", file, e.toString());
    }
  }

  private static void empty(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** The name of this computer, without asking the network for it. */
  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      // no Linux: there the folder of temporary files is each user's own
      return String.valueOf(System.getenv("COMPUTERNAME"));
    }
  }

  /** The number that Linux gives to the space in which processes have their numbers; else 0. */
  private static String space() {
    try {
      var space = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      String number = space.replaceAll("\\D", "");
      return number.isEmpty() ? "0" : number;
    } catch (IOException | UnsupportedOperationException e) {
      return "0";
    }
  }

  private static String checksum(String text) {
    var sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(sum.getValue());
  }
}
