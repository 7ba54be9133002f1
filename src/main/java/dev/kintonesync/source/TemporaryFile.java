package dev.kintonesync.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is needed only while a source is read. Its name tells the process that made it. */
public final class TemporaryFile {
  private static final String PREFIX = "kintone-sync-" + ProcessHandle.current().pid() + "-";

  private TemporaryFile() {}

  /** An empty one, which the caller deletes. */
  public static Path create() throws IOException {
    return Files.createTempFile(PREFIX, ".tmp");
  }
}
