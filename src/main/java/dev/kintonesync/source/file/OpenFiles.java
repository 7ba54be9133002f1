package dev.kintonesync.source.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Which files of a folder some program has open to write them, as far as the operating system
 * tells: Linux of the processes that this one may look at (its own user's, or all for root),
 * Windows of all, any system where the program has locked the file.
 */
public final class OpenFiles {
  private static final Path PROCESSES = Path.of("/proc");
  private static final boolean WINDOWS =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  private final Set<Path> written;

  private OpenFiles(Set<Path> written) {
    this.written = written;
  }

  /** What is open now. */
  public static OpenFiles in(Path folder) {
    var written = new HashSet<Path>();
    try (var processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      Path real = folder.toRealPath();
      for (Path process : processes) {
        addWritten(process, real, written);
      }
    } catch (IOException | DirectoryIteratorException unknown) {
      // no Linux, or the folder is gone
    }
    return new OpenFiles(written);
  }

  private static void addWritten(Path process, Path folder, Set<Path> written) {
    try (var handles = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path handle : handles) {
        addWritten(process, handle, folder, written);
      }
    } catch (IOException | DirectoryIteratorException unknown) {
      // another user's, or it has just ended
    }
  }

  private static void addWritten(Path process, Path handle, Path folder, Set<Path> written) {
    try {
      Path file = Files.readSymbolicLink(handle);
      if (folder.equals(file.getParent()) && isWritable(process, handle)) {
        written.add(file);
      }
    } catch (IOException closed) {
      // a moment ago; those after it are still to be looked at
    }
  }

  /**
   * The last octal digit of the flags is 1 or 2 of a handle for writing. Source: proc(5), open(2).
   */
  private static boolean isWritable(Path process, Path handle) throws IOException {
    return Files.readAllLines(process.resolve("fdinfo").resolve(handle.getFileName())).stream()
        .filter(line -> line.startsWith("flags:"))
        .anyMatch(line -> line.endsWith("1") || line.endsWith("2"));
  }

  /** Whether a file of the folder is open to be written, or locked. */
  public boolean has(Path file) {
    try {
      return written.contains(file.toRealPath(LinkOption.NOFOLLOW_LINKS)) || isLocked(file);
    } catch (NoSuchFileException gone) {
      return false;
    } catch (FileSystemException e) {
      return WINDOWS; // where another program does not share it
    } catch (IOException unknown) {
      return false; // a file system without locks
    }
  }

  private static boolean isLocked(Path file) throws IOException {
    Set<OpenOption> reading =
        WINDOWS
            ? Set.of(StandardOpenOption.READ, unlessWritten())
            : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try (var channel = FileChannel.open(file, reading);
        var lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null;
    } catch (OverlappingFileLockException ours) {
      return true;
    }
  }

  /**
   * The option by which Windows does not open what another program may write. It is found by its
   * name, since the compilers of newer Javas warn of its class.
   */
  static OpenOption unlessWritten() {
    try {
      var options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return (OpenOption) Objects.requireNonNull(options.getField("NOSHARE_WRITE").get(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a Java without jdk.unsupported", e);
    }
  }
}
