package dev.kintonesync.journal;

import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes files that people have asked for: each is whole, or as it was before. */
public final class OutputFile {
  private OutputFile() {}

  /** Writes what a file is to hold. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param file which is empty or not there yet, unless it is a device
     * @throws IOException when it cannot be written
     */
    void writeTo(Path file) throws IOException;
  }

  /**
   * Writes a file beside its place and puts it there when it is whole, with the rights of the file
   * that was there. What is no regular file, or may be written in a folder that may not, is written
   * as it is.
   *
   * @throws UserErrorException when it cannot be written
   */
  public static void write(Path file, Content content) {
    Path folder = file.toAbsolutePath().getParent();
    boolean inPlace =
        Files.exists(file)
            && (!Files.isRegularFile(file) || folder == null || !Files.isWritable(folder));
    try {
      if (inPlace) {
        content.writeTo(file);
      } else {
        beside(file, content);
      }
    } catch (IOException | UncheckedIOException e) {
      throw UserErrorException.unwritable(file, e);
    }
  }

  private static void beside(Path file, Content content) throws IOException {
    boolean replaces = Files.exists(file);
    Path place = replaces ? file.toRealPath() : file; // a link stays one
    Path half = place.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      if (replaces) {
        Files.createFile(half);
        takeRights(place, half);
      }
      content.writeTo(half);
      Files.move(half, place, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(half);
    }
  }

  private static void takeRights(Path from, Path to) throws IOException {
    if (from.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    }
  }
}
