package dev.kintonesync.form;

import dev.kintonesync.kintone.Limits;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that a job attaches to records: where they lie, and what becomes of those that a record
 * has. No path leads out of the folder, also not by a link.
 *
 * @param folder the folder below which the paths of the source lie
 * @param policy what becomes of the files of a record
 */
public record Attachments(Path folder, Policy policy) {
  private static final int BUFFER = 1 << 16;

  /** What becomes of the files of a record. */
  public enum Policy {
    /** A file replaces the one of its name; those that the source does not mention stay. */
    MERGE,
    /** The record has the files of the source and no others. */
    REPLACE,
    /** Files that are not there just so are added, and none ever goes. */
    APPEND
  }

  /**
   * A file of the folder.
   *
   * @param path below the folder, with slashes
   * @param file where it is, without links
   * @param name as Kintone is to show it
   * @param size in bytes
   */
  public record Found(String path, Path file, String name, long size) {

    /**
     * Opens it. What was found without links is not followed through one that was put there since,
     * in its place or in that of a folder above it.
     */
    private InputStream open() throws IOException {
      var content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
      if (!file.equals(file.toRealPath())) {
        content.close();
        throw new NoSuchFileException(path);
      }
      return content;
    }

    /**
     * The SHA-256 of its content, in hexadecimal digits.
     *
     * @throws ConversionException when it cannot be read any more
     */
    public String hash() throws ConversionException {
      var digest = sha256();
      try (var content = new DigestInputStream(open(), digest)) {
        byte[] buffer = new byte[BUFFER];
        while (content.read(buffer) >= 0) {
          // reading is all
        }
      } catch (IOException e) {
        throw new ConversionException(
            MessageCode.ATTACHMENT_UNREADABLE.with(path, String.valueOf(e.getMessage())));
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  /** The hash by which contents are compared. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /**
   * Looks at the folder before any row is read.
   *
   * @throws UserErrorException when it is not there or cannot be read
   */
  public void check() {
    if (!Files.isDirectory(folder) || !Files.isReadable(folder)) {
      throw new UserErrorException(MessageCode.ATTACHMENTS_DIR_UNUSABLE.with(folder));
    }
  }

  /**
   * The file that a source means by a path.
   *
   * @throws ConversionException when there is none that may be attached
   */
  public Found find(String path) throws ConversionException {
    for (String written : spellings(path)) {
      Found found = found(path, written);
      if (found != null) {
        return found;
      }
    }
    throw new ConversionException(MessageCode.ATTACHMENT_MISSING.with(path, folder));
  }

  /** Windows writes other separators, and a Mac takes kana apart in the names of files. */
  private static List<String> spellings(String path) {
    String slashes = path.replace('\\', '/');
    return List.of(
        path,
        slashes,
        Normalizer.normalize(slashes, Normalizer.Form.NFC),
        Normalizer.normalize(slashes, Normalizer.Form.NFD));
  }

  private @Nullable Found found(String path, String written) throws ConversionException {
    try {
      Path base = folder.toAbsolutePath().normalize();
      Path wanted = base.resolve(written).normalize();
      if (!wanted.startsWith(base) || Path.of(written).isAbsolute()) {
        throw new ConversionException(MessageCode.ATTACHMENT_OUTSIDE.with(path, folder));
      }
      Path file = wanted.toRealPath();
      if (!file.startsWith(base.toRealPath())) {
        throw new ConversionException(MessageCode.ATTACHMENT_OUTSIDE.with(path, folder));
      }
      return checked(base.relativize(wanted), file);
    } catch (NoSuchFileException | InvalidPathException e) {
      return null;
    } catch (IOException e) {
      throw new ConversionException(
          MessageCode.ATTACHMENT_UNREADABLE.with(path, String.valueOf(e.getMessage())));
    }
  }

  private static Found checked(Path path, Path file) throws IOException, ConversionException {
    String below = path.toString().replace('\\', '/');
    UserMessage problem = null;
    if (!Files.isRegularFile(file)) {
      problem = MessageCode.ATTACHMENT_NO_FILE.with(below);
    } else if (!Files.isReadable(file)) {
      problem = MessageCode.ATTACHMENT_UNREADABLE.with(below, MessageCode.NO_ACCESS.with());
    } else if (Files.size(file) > Limits.FILE_BYTES) {
      problem = MessageCode.ATTACHMENT_TOO_LARGE.with(below, Files.size(file), Limits.FILE_BYTES);
    }
    if (problem != null) {
      throw new ConversionException(problem);
    }
    String name = Normalizer.normalize(path.getFileName().toString(), Normalizer.Form.NFC);
    return new Found(below, file, name, Files.size(file));
  }
}
