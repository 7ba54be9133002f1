package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that people have asked for: each is whole, or as it was before. */
public final class OutputFile {
  private OutputFile() {}

  /** Writes what a file is to hold. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param file which is not there yet, unless it is a device
     * @throws IOException when it cannot be written
     */
    void writeTo(Path file) throws IOException;
  }

  /**
   * Writes a file beside its place and puts it there when it is whole. What is no regular file, or
   * may be written in a folder that may not, is written as it is.
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
      throw new UserErrorException(MessageCode.RUN_FOLDER_UNWRITABLE.with(file, e), e);
    }
  }

  private static void beside(Path file, Content content) throws IOException {
    Path place = Files.exists(file) ? file.toRealPath() : file; // a link stays one
    Path half = place.resolveSibling(place.getFileName() + ".part");
    try {
      Files.deleteIfExists(half);
      content.writeTo(half);
      Files.move(half, place, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(half);
    }
  }
}
