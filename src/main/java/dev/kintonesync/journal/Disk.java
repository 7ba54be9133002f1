package dev.kintonesync.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Has the disk take what the operating system still holds of a file, whichever process has written
 * it. Not for threads that are interrupted: an interrupt closes the channel beneath all users.
 */
final class Disk implements AutoCloseable {
  /**
   * One per file and process: on POSIX systems closing any channel of a file lets go of every lock
   * that the process has on it, and H2 has one.
   */
  private static final Map<Path, Disk> HERE = new HashMap<>();

  private final Path file;
  private final FileChannel channel;
  private int users;

  private Disk(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
  }

  /** The disk below a file that is there; closed once for each call. */
  static Disk of(Path file) throws IOException {
    synchronized (HERE) {
      Path real = file.toRealPath();
      Disk disk = HERE.get(real);
      if (disk == null) {
        disk = new Disk(real);
        HERE.put(real, disk);
      }
      disk.users++;
      return disk;
    }
  }

  /** Returns when the disk has all that was written to the file so far. */
  void reach() throws IOException {
    channel.force(false); // with its length, which is all that reading it needs
  }

  @Override
  public void close() {
    synchronized (HERE) {
      if (--users == 0) {
        HERE.remove(file);
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
