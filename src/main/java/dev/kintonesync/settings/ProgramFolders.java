package dev.kintonesync.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folders of a home in which the program and what it remembers lie. */
final class ProgramFolders {
  private static final List<String> NAMES =
      List.of("lib", "bin", "routes", "kamelets", "journal", "runs", "logs");

  private ProgramFolders() {}

  /**
   * The first of them that a folder is, contains or lies in, also by way of links; null when it has
   * nothing to do with any. They need not be there yet.
   */
  static @Nullable Path meeting(Path folder, Path home) {
    Path real = real(folder);
    for (String name : NAMES) {
      Path ours = home.resolve(name);
      Path realOurs = real(ours);
      if (real.startsWith(realOurs) || realOurs.startsWith(real)) {
        return ours;
      }
    }
    return null;
  }

  /** The path without links, of which the last parts may be missing. */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    for (Path there = absolute; there != null; there = there.getParent()) {
      try {
        return there.toRealPath().resolve(there.relativize(absolute)).normalize();
      } catch (IOException missing) {
        // its parent may be there
      }
    }
    return absolute;
  }
}
