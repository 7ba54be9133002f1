package dev.kintonesync.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to open a journal, which one process has at a time: to make its database, to change its
 * schema and to give it a password are several steps each, and two processes at them would come
 * into each other's way. The operating system takes the right back from a process that is killed.
 */
final class OpeningLock implements AutoCloseable {
  /** A lock on a file is the process's, so threads of one need another. */
  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private final FileChannel channel;

  private OpeningLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the right to open the journal in a folder.
   *
   * @throws IOException when the file for it cannot be made
   */
  static OpeningLock of(Path folder) throws IOException {
    Path file = folder.resolve("journal.opening");
    IN_THIS_PROCESS.lock();
    try {
      OwnerOnly.file(file);
      var channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        channel.lock(); // until the channel is closed
        return new OpeningLock(channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      IN_THIS_PROCESS.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }
}
