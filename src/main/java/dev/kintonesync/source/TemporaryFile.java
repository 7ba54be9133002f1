package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is needed only while a source is read. Its name tells the process that made it. */
public final class TemporaryFile {
  private static final String PREFIX = "kintone-sync-" + ProcessHandle.current().pid() + "-";

  private TemporaryFile() {}

  /**
   * An empty one, which the caller deletes.
   *
   * @throws UncheckedIOException when the folder of temporary files is not there or not writable,
   *     which is not the fault of what is read
   */
  public static Path create() throws IOException {
    try {
      return Files.createTempFile(PREFIX, ".tmp");
    } catch (FileSystemException e) {
      String folder = System.getProperty("java.io.tmpdir");
      throw new UncheckedIOException(
          MessageCode.RUN_FOLDER_UNWRITABLE.with(folder, e).toString(), e);
    }
  }
}
