package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.file.OwnFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a folder from which files are read, for all processes that can reach it, also of
 * other installations and other computers. Who watches the folder holds it alone; those who read
 * one file named by hand hold it together. The operating system lets go of it when the process
 * ends, however it ends. The hidden file stays: to delete it would let two hold one lock each.
 */
final class FolderLock implements AutoCloseable {
  private static final String NAME = OwnFolder.LOCK;

  /** Whoever drops files must not make us write into a file elsewhere. */
  private static final OpenOption NO_LINK = LinkOption.NOFOLLOW_LINKS;

  /** Who holds it is told in a few lines. */
  private static final int MOST_LINES = 4096;

  /** Far behind the text: on Windows nobody else could read what is locked. */
  private static final long LOCKED_BYTE = 1 << 20;

  /**
   * One per folder and process: on POSIX systems closing any channel of a file lets go of every
   * lock that the process has on it.
   */
  private static final Map<Path, FolderLock> HERE = new HashMap<>();

  private final Path file;
  private final FileChannel channel;
  private final boolean shared;
  private final LeaseOwner owner;
  private int users;

  private FolderLock(Path file, FileChannel channel, boolean shared, LeaseOwner owner) {
    this.file = file;
    this.channel = channel;
    this.shared = shared;
    this.owner = owner;
  }

  /**
   * Takes the lock for somebody who watches the folder.
   *
   * @throws LeasedException when somebody else has it
   * @throws IOException when the file system knows no locks, the file cannot be written, or there
   *     is something else in its place, such as a link
   */
  static FolderLock alone(Path folder, LeaseOwner me) throws IOException {
    synchronized (HERE) {
      Path file = file(folder);
      FolderLock ours = HERE.get(file);
      if (ours != null) {
        throw new LeasedException(MessageCode.FOLDER_HELD.with(folder, ours.owner.words()));
      }
      return take(
          folder,
          file,
          FileChannel.open(
              file,
              StandardOpenOption.READ, // and so a pipe that was just put there holds nothing up
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              NO_LINK),
          false,
          me);
    }
  }

  /**
   * Takes the lock together with other processes of the same journal, which keep each other away by
   * other means.
   *
   * @throws LeasedException when somebody of another journal watches the folder
   * @throws IOException as {@link #alone} does
   */
  static FolderLock amongNodes(Path folder, LeaseOwner me) throws IOException {
    synchronized (HERE) {
      Path file = file(folder);
      FolderLock ours = joined(folder, file);
      if (ours != null) {
        return ours;
      }
      return take(
          folder,
          file,
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              NO_LINK),
          true,
          me);
    }
  }

  /** The shared lock that this process has already, with one more user; null when it has none. */
  private static @Nullable FolderLock joined(Path folder, Path file) {
    FolderLock ours = HERE.get(file);
    if (ours == null) {
      return null;
    } else if (!ours.shared) {
      throw new LeasedException(MessageCode.FOLDER_HELD.with(folder, ours.owner.words()));
    }
    ours.users++;
    return ours;
  }

  /**
   * Takes the lock for somebody who reads one file of the folder; empty where nobody has ever
   * watched the folder.
   *
   * @throws LeasedException when somebody watches the folder
   * @throws IOException when the file system knows no locks, or there is something else in its
   *     place, such as a link
   */
  static Optional<FolderLock> together(Path folder, LeaseOwner me) throws IOException {
    synchronized (HERE) {
      Path file = file(folder);
      FolderLock ours = joined(folder, file);
      if (ours != null) {
        return Optional.of(ours);
      }
      return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(take(folder, file, readable(file), true, me))
          : Optional.empty();
    }
  }

  private static Path file(Path folder) throws IOException {
    Path real = folder.toRealPath();
    Path file = real.resolve(NAME);
    if (OwnFolder.lockObjection(real) != null) {
      throw new FileSystemException(file.toString(), null, "no ordinary file");
    }
    return file;
  }

  private static FileChannel readable(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, NO_LINK);
    } catch (AccessDeniedException e) {
      return FileChannel.open(
          file, StandardOpenOption.READ, NO_LINK); // of another user: enough to share
    }
  }

  private static FolderLock take(
      Path folder, Path file, FileChannel channel, boolean shared, LeaseOwner me)
      throws IOException {
    try {
      if (channel.tryLock(LOCKED_BYTE, 1, shared) == null) {
        throw new LeasedException(MessageCode.FOLDER_HELD.with(folder, owner(channel)));
      }
      var lock = new FolderLock(file, channel, shared, me);
      lock.write(me.lines());
      HERE.put(file, lock);
      lock.users = 1;
      return lock;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A moment after it took hold, a process has not yet written who it is. */
  private static UserMessage owner(FileChannel channel) throws IOException {
    byte[] lines = Channels.newInputStream(channel.position(0)).readNBytes(MOST_LINES);
    return LeaseOwner.read(new String(lines, StandardCharsets.UTF_8))
        .filter(owner -> !owner.isGone())
        .map(LeaseOwner::words)
        .orElseGet(MessageCode.HOLDER_UNKNOWN::with);
  }

  private void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      channel.write(ByteBuffer.wrap(bytes), 0);
      channel.truncate(bytes.length);
    } catch (IOException | NonWritableChannelException e) {
      // a full disk, or the file of another user: held all the same, but nobody learns by whom
    }
  }

  @Override
  public void close() {
    synchronized (HERE) {
      if (--users == 0) {
        HERE.remove(file);
        write("");
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
