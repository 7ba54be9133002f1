package dev.kintonesync.source;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which files of a folder are input, and in which order. */
public final class WaitingFiles {
  private static final Set<String> NOT_INPUT = Set.of("thumbs.db", "desktop.ini");

  private WaitingFiles() {}

  /** Whether it is one: files of editors, mail programs and half finished copies are not. */
  public static boolean isInput(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !lower.startsWith("~$")
        && !lower.startsWith(".")
        && !lower.endsWith(".tmp")
        && !lower.endsWith(".part")
        && !NOT_INPUT.contains(lower);
  }

  /**
   * The files of a folder that are input, oldest first, then by name.
   *
   * @throws RefusedException when the folder cannot be read
   */
  public static List<Path> in(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file) && isInput(String.valueOf(file.getFileName())))
          .sorted(
              Comparator.comparingLong((Path file) -> file.toFile().lastModified())
                  .thenComparing(Path::getFileName))
          .toList();
    } catch (IOException e) {
      throw new RefusedException(
          Text.FOLDER_NOT_USABLE.with(folder, String.valueOf(e.getMessage())), e);
    }
  }
}
