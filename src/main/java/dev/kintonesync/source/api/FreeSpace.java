package dev.kintonesync.source.api;

import dev.kintonesync.message.MessageCode;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The room that others need on the disk of a temporary file: a twentieth of it, a gigabyte at the
 * most.
 */
final class FreeSpace {
  private static final long MOST = 1L << 30;
  private static final int SHARE = 20;

  private final Path folder;
  private final Free free;
  private final long floor;

  /** Tells how many bytes are free. */
  @FunctionalInterface
  interface Free {
    long bytes() throws IOException;
  }

  /**
   * The room in a folder.
   *
   * @param total how many bytes its disk has
   */
  FreeSpace(Path folder, long total, Free free) {
    this.folder = folder;
    this.free = free;
    this.floor = Math.min(MOST, total / SHARE);
  }

  /** The room beside a file. */
  static FreeSpace beside(Path file) throws IOException {
    FileStore store = Files.getFileStore(file);
    return new FreeSpace(
        file.toAbsolutePath().resolveSibling(""), store.getTotalSpace(), store::getUsableSpace);
  }

  /**
   * Looks whether there is room.
   *
   * @throws BrokenAnswerException when there is less than others need
   */
  void require() throws IOException {
    long now = free.bytes();
    if (now < floor) {
      throw new BrokenAnswerException(MessageCode.API_DISK_FULL.with(now >> 20, folder));
    }
  }
}
