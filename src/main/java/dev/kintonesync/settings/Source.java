package dev.kintonesync.settings;

import java.nio.file.Path;

/** Where the rows of a job come from. */
public sealed interface Source {

  /**
   * A folder into which files are dropped.
   *
   * @param folder an absolute path if the home is one
   */
  record Folder(Path folder) implements Source {}

  /**
   * One file, named on the command line.
   *
   * @param file as the caller named it
   */
  record OneFile(Path file) implements Source {}
}
