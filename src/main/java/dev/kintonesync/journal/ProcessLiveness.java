package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tells whether the process that began a run is still there. Each process holds the lock of one
 * byte of a common file, and its runs carry the number of that byte; the operating system lets go
 * of the lock when the process ends, however it ends. Process numbers would not do: they are used
 * again, and two containers on one volume both have a process 1.
 */
final class ProcessLiveness implements Liveness {
  private static final String NAME = "journal.presence";

  /**
   * One per file and process: on POSIX systems closing any channel of a file lets go of every lock
   * that the process has on it.
   */
  private static final Map<Path, ProcessLiveness> HERE = new HashMap<>();

  /** The files that this process has locked as a whole. */
  private static final Set<Path> ALONE = new HashSet<>();

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;
  private int users;

  private ProcessLiveness(Path file) throws IOException {
    OwnerOnly.file(file);
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
    FileLock free = null;
    while (free == null) {
      free = channel.tryLock(ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE), 1, false);
    }
    this.lock = free;
  }

  /** This process, as seen by all who have the folder's journal open; closed once for each call. */
  static ProcessLiveness in(Path folder) throws IOException {
    synchronized (HERE) {
      Path real = folder.toRealPath().resolve(NAME);
      ProcessLiveness liveness = HERE.get(real);
      if (liveness == null) {
        liveness = new ProcessLiveness(real);
        HERE.put(real, liveness);
      }
      liveness.users++;
      return liveness;
    }
  }

  /**
   * The right to a journal in a folder that no process has open, until it is closed; empty when one
   * has, be it this one.
   */
  static Optional<Closeable> alone(Path folder) {
    synchronized (HERE) {
      try {
        Path real = folder.toRealPath().resolve(NAME);
        return HERE.containsKey(real) || ALONE.contains(real)
            ? Optional.empty()
            : lockedAsWhole(real);
      } catch (IOException e) {
        throw new UserErrorException(MessageCode.JOURNAL_UNUSABLE.with(folder, e), e);
      }
    }
  }

  private static Optional<Closeable> lockedAsWhole(Path file) throws IOException {
    OwnerOnly.file(file);
    var channel = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        channel.close();
        return Optional.empty();
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    ALONE.add(file);
    return Optional.of(() -> letGo(file, channel));
  }

  private static void letGo(Path file, FileChannel channel) throws IOException {
    synchronized (HERE) {
      ALONE.remove(file);
      channel.close();
    }
  }

  /** Whether a process has ever had a journal open where this one is, be it long ago. */
  static boolean wasBeside(Path journal) {
    return Files.exists(journal.resolveSibling(NAME));
  }

  @Override
  public long number() {
    return lock.position();
  }

  @Override
  public boolean has(Connection connection, long number) throws IOException {
    try (FileLock gone = channel.tryLock(number, 1, false)) {
      return gone == null;
    } catch (OverlappingFileLockException ours) {
      return true;
    }
  }

  /** The operating system knows. */
  @Override
  public void renew() {}

  /** A job has one service. */
  @Override
  public void serve() {}

  @Override
  public boolean confirms(Connection connection, long number) {
    return number == number();
  }

  /** The operating system holds its lock. */
  @Override
  public boolean isSure() {
    return true;
  }

  /** Not all file systems pass locks on to other computers. */
  @Override
  public boolean seesOtherComputers() {
    return false;
  }

  @Override
  public void cutSoon() {
    // it asks nobody
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
