package dev.kintonesync.cli;

import dev.kintonesync.message.Catalogue;
import dev.kintonesync.message.Message;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Where the commands speak: results on standard output, everything that is said to a person beside
 * them on standard error, both in the person's language.
 */
final class Terminal {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final PrintStream out;
  private final PrintStream err;
  private final Catalogue catalogue;

  Terminal(PrintStream out, PrintStream err, Catalogue catalogue) {
    this.out = out;
    this.err = err;
    this.catalogue = catalogue;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  /** A result, which a script may read. */
  void result(Message message) {
    out.println(catalogue.say(message));
  }

  /** Something a person should know now. */
  void say(Message message) {
    err.println(catalogue.say(message));
  }

  /** The same with the time of day, for a program that runs for weeks. */
  void log(Message message) {
    err.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + " " + catalogue.say(message));
  }

  /** An empty line among what is said. */
  void pause() {
    err.println();
  }

  /** Whether a person watches: only then a progress bar is drawn. */
  @SuppressWarnings("SystemConsoleNull") // from Java 22 on there is always one; it says what it is
  boolean isWatched() {
    return System.console() != null && System.getenv("TERM") != null;
  }
}
