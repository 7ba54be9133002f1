package dev.kintonesync.cli;

import picocli.CommandLine.Option;

/** What a command prints: words for a person, one JSON document for a program, or errors only. */
final class OutputOptions {
  @Option(names = "--json")
  private boolean json;

  @Option(names = {"-q", "--quiet"})
  private boolean quiet;

  /** Whether the result is printed as JSON. */
  boolean json() {
    return json;
  }

  /** Whether only errors are printed. */
  boolean isQuiet() {
    return quiet && !json;
  }

  /** Has the terminal print no more than was asked for. */
  void applyTo(Terminal terminal) {
    applyTo(terminal, false);
  }

  /**
   * The same for a command with a format of its own.
   *
   * @param forPrograms whether results in words are left out for it
   */
  void applyTo(Terminal terminal, boolean forPrograms) {
    terminal.restrict(json || quiet || forPrograms, quiet);
  }
}
