package dev.kintonesync.journal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Makes folders and files that only their owner can read, where the file system knows owners; on
 * others (Windows) they inherit what their parent folder allows. What exists keeps its permissions.
 */
final class OwnerOnly {
  private static final FileAttribute<?> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private OwnerOnly() {}

  /** Makes the folder and those above it that are missing. */
  static void folders(Path folder) throws IOException {
    Files.createDirectories(folder, attributes(folder, FOLDER));
  }

  /** Makes one folder, which must not exist yet. */
  static void newFolder(Path folder) throws IOException {
    Files.createDirectory(folder, attributes(folder, FOLDER));
  }

  /** Makes the file, empty, unless it is there; returns whether this call has made it. */
  static boolean file(Path file) throws IOException {
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
