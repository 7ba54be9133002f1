package dev.kintonesync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to open a journal, which one process has at a time: to make its database, to change its
 * schema and to give it a password are several steps each, and two processes at them would come
 * into each other's way. The operating system takes the right back from a process that is killed.
 * The file says on which computer the journal was last opened.
 */
final class OpeningLock implements AutoCloseable {
  /** A lock on a file is the process's, so threads of one need another. */
  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private static final int LONGEST_HOST = 1024;

  private final FileChannel channel;
  private final boolean wasHere;

  private OpeningLock(FileChannel channel, boolean wasHere) {
    this.channel = channel;
    this.wasHere = wasHere;
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
      var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        channel.lock(); // until the channel is closed
        return new OpeningLock(channel, wasHere(channel));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      IN_THIS_PROCESS.unlock();
      throw e;
    }
  }

  private static boolean wasHere(FileChannel channel) throws IOException {
    return Arrays.equals(Channels.newInputStream(channel).readNBytes(LONGEST_HOST), here());
  }

  private static byte[] here() {
    return LeaseOwner.thisHost().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whether it was on this computer that the journal was last opened, as its name says. Not all
   * file systems pass locks on to other computers, so what locks say holds for this one alone.
   */
  boolean wasHere() {
    return wasHere;
  }

  /** The journal is open; to be called before another process may open it. */
  void opened() throws IOException {
    if (!wasHere) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(here()), 0);
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
