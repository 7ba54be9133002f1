package dev.kintonesync.source.file;

import java.nio.file.Path;

/**
 * How another program says that a file is complete: by a second, mostly empty file beside it.
 *
 * @param pattern its name; {@code NAME} in it stands for the name of the file
 */
public record DoneFile(String pattern) {
  /** What stands for the name of the file. */
  public static final String NAME = "NAME";

  /** The second file of a file. */
  public Path of(Path file) {
    return file.resolveSibling(pattern.replace(NAME, String.valueOf(file.getFileName())));
  }

  /** Whether a name is that of such a second file, and not of an input. */
  public boolean matches(String name) {
    int at = pattern.indexOf(NAME);
    String before = pattern.substring(0, at);
    String after = pattern.substring(at + NAME.length());
    return name.length() > before.length() + after.length()
        && name.startsWith(before)
        && name.endsWith(after);
  }
}
