package dev.kintonesync.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

/**
 * When files were last written; equal as long as nobody writes them.
 *
 * @param times of each file; the beginning of time for one that is not there
 */
record WrittenTimes(List<FileTime> times) {
  static WrittenTimes of(List<Path> files) {
    return new WrittenTimes(files.stream().map(WrittenTimes::time).toList());
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
