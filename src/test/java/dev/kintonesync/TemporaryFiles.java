package dev.kintonesync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The temporary files of this process. Tests that run meanwhile have theirs among them, which go
 * with what they are needed for; what was left behind would never go.
 */
public final class TemporaryFiles {
  private TemporaryFiles() {}

  /** Those that are there now. */
  public static Set<Path> now() throws IOException {
    String ours = "kintone-sync-" + ProcessHandle.current().pid() + "-";
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(ours))
          .collect(Collectors.toSet());
    }
  }

  /** None of those that have come since then stays. */
  public static void noneIsLeftSince(Set<Path> before) throws IOException {
    var come = now();
    come.removeAll(before);
    for (Path file : come) {
      Patience.await().alias(file + " is gone").until(() -> !Files.exists(file));
    }
  }
}
