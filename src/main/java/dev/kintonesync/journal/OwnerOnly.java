package dev.kintonesync.journal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes folders and files that only their owner can read, where the file system knows owners; on
 * others (Windows) they inherit what their parent folder allows.
 */
public final class OwnerOnly {
  private static final FileAttribute<?> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private OwnerOnly() {}

  /** Makes the folder and those above it that are missing; one that is there is closed. */
  public static void folders(Path folder) throws IOException {
    Files.createDirectories(folder, attributes(folder, FOLDER));
    close(folder);
  }

  /**
   * Takes all rights to a file or folder from everybody but its owner.
   *
   * @return whether they have none now; false where only another user or nobody can change that
   */
  public static boolean close(Path path) throws IOException {
    var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return true;
    }
    Set<PosixFilePermission> now = view.readAttributes().permissions();
    if (OWNERS.containsAll(now)) {
      return true;
    }
    now.retainAll(OWNERS);
    try {
      view.setPermissions(now);
    } catch (FileSystemException e) {
      return false; // it belongs to another user
    }
    return OWNERS.containsAll(view.readAttributes().permissions()); // some file systems keep none
  }

  /** Makes one folder, which must not exist yet. */
  static void newFolder(Path folder) throws IOException {
    Files.createDirectory(folder, attributes(folder, FOLDER));
  }

  /** Makes the file, empty, unless it is there; returns whether this call has made it. */
  public static boolean file(Path file) throws IOException {
    try {
      Files.createFile(file, attributes(file, FILE));
      return true;
    } catch (FileAlreadyExistsException there) {
      return false; // of an earlier run, or of another process a moment ago: as good
    }
  }

  /**
   * Opens the file to write at its end. A plain stream and no channel: a channel is closed beneath
   * all its users when one of their threads is interrupted.
   */
  static FileOutputStream append(Path file) throws IOException {
    file(file);
    return new FileOutputStream(file.toFile(), true);
  }

  private static FileAttribute<?>[] attributes(Path path, FileAttribute<?> wanted) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix ? new FileAttribute<?>[] {wanted} : new FileAttribute<?>[0];
  }
}
