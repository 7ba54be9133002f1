package dev.kintonesync.source.file;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.PlainFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder of ours inside a folder into which others may write. Nothing is moved into it or made in
 * it through a link: where the operating system can, both folders are held open, so that they stay
 * what they are whatever their names are given to meanwhile; elsewhere they are looked at first.
 */
public final class OwnFolder implements Closeable {
  /** Files whose rows have their outcomes. */
  public static final String DONE = "done";

  /** Files of which no row can have one, each with the reason beside it. */
  public static final String FAILED = "failed";

  /** The rows that were rejected. */
  public static final String REJECTS = "rejects";

  /** The hidden file that is locked by whoever watches the folder. */
  public static final String LOCK = ".kintone-sync.lock";

  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final Path path;
  private final DirectoryStream<Path> outer;
  private final DirectoryStream<Path> inner;

  private OwnFolder(Path path, DirectoryStream<Path> outer, DirectoryStream<Path> inner) {
    this.path = path;
    this.outer = outer;
    this.inner = inner;
  }

  /**
   * Opens the folder, which is made when it is missing.
   *
   * @throws IOException when it cannot be made, or is a link or no folder
   */
  @SuppressWarnings("StreamResourceLeak") // they are closed with this
  public static OwnFolder in(Path parent, String name) throws IOException {
    Path path = parent.resolve(name);
    try {
      Files.createDirectory(path);
    } catch (FileAlreadyExistsException there) {
      if (!isFolder(path)) {
        throw new NotDirectoryException(path.toString());
      }
    }
    var outer = Files.newDirectoryStream(parent);
    try {
      var inner =
          outer instanceof SecureDirectoryStream<Path> held
              ? held.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS)
              : Files.newDirectoryStream(path);
      return new OwnFolder(path, outer, inner);
    } catch (IOException | RuntimeException e) {
      outer.close();
      throw e;
    }
  }

  /**
   * Why nothing may be moved into a watched folder's own folders, nor its lock be opened; null when
   * all that is there is ours.
   */
  public static @Nullable UserMessage objection(Path folder) {
    for (String name : List.of(DONE, FAILED, REJECTS)) {
      Path path = folder.resolve(name);
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isFolder(path)) {
        return MessageCode.FOLDER_NOT_OURS.with(folder, name);
      }
    }
    return lockObjection(folder);
  }

  /** Why the lock of a folder must not be opened; null when it may, or is not there. */
  public static @Nullable UserMessage lockObjection(Path folder) {
    try {
      return PlainFile.objection(folder.resolve(LOCK)) == null
          ? null
          : MessageCode.FOLDER_NOT_OURS.with(folder, LOCK);
    } catch (IOException missing) {
      return null; // or the folder is out of reach, which whoever opens it will see
    }
  }

  /** Also a junction of Windows is no folder of ours. */
  private static boolean isFolder(Path path) {
    try {
      var attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isDirectory() && !attributes.isOther();
    } catch (IOException gone) {
      return false;
    }
  }

  /** Where a file of the folder is. */
  public Path path(String name) {
    return path.resolve(name);
  }

  /**
   * Moves a file of the outer folder in here.
   *
   * @param as its new name
   * @throws FileAlreadyExistsException when there is one of that name
   */
  public void take(String name, String as) throws IOException {
    move(outer, path.resolveSibling(name), inner, path.resolve(as));
  }

  /** Moves a file from here into the outer folder; throws as {@link #take}. */
  public void giveBack(String name, String as) throws IOException {
    move(inner, path.resolve(name), outer, path.resolveSibling(as));
  }

  /** Moves a file from here into the outer folder, in the place of what has its name there. */
  public void show(String name, String as) throws IOException {
    if (outer instanceof SecureDirectoryStream<Path> to
        && inner instanceof SecureDirectoryStream<Path> from) {
      from.move(Path.of(name), to, Path.of(as)); // which replaces a link, and does not follow it
    } else {
      Files.move(path.resolve(name), path.resolveSibling(as), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void move(
      DirectoryStream<Path> from, Path file, DirectoryStream<Path> to, Path target)
      throws IOException {
    if (!(from instanceof SecureDirectoryStream<Path> held
        && to instanceof SecureDirectoryStream<Path> heldTarget)) {
      Files.move(file, target);
      return;
    }
    if (isThere(heldTarget, target.getFileName())) {
      throw new FileAlreadyExistsException(target.toString());
    }
    try {
      held.move(file.getFileName(), heldTarget, target.getFileName());
    } catch (AtomicMoveNotSupportedException e) {
      // it lies on a disk of its own, and nobody gives away the name of a mounted disk
      Files.move(file, target);
    }
  }

  private static boolean isThere(SecureDirectoryStream<Path> folder, Path name) throws IOException {
    try {
      folder
          .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes();
      return true;
    } catch (NoSuchFileException free) {
      return false;
    }
  }

  /**
   * Makes a new file.
   *
   * @param rights its readers are among those of the file that it is made of
   * @throws FileAlreadyExistsException when there is anything of that name
   */
  public OutputStream create(String name, FileRights rights) throws IOException {
    Path file = Path.of(name);
    var channel =
        inner instanceof SecureDirectoryStream<Path> held
            ? held.newByteChannel(file, NEW, rights.attributes())
            : Files.newByteChannel(path.resolve(file), NEW, rights.attributes());
    try {
      rights.settleGroup(
          inner instanceof SecureDirectoryStream<Path> held
              ? held.getFileAttributeView(
                  file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              : Files.getFileAttributeView(
                  path.resolve(file), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
      return Channels.newOutputStream(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try (outer) {
      inner.close();
    }
  }
}
