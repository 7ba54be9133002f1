package dev.kintonesync.cli;

import dev.kintonesync.message.Catalogue;
import dev.kintonesync.message.Message;
import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the commands speak: results on standard output, everything that is said to a person beside
 * them on standard error, both in the person's language.
 */
final class Terminal {
  private static final Logger log = LoggerFactory.getLogger(Terminal.class);
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  /** Set by {@code bin/kintone-sync}, which can tell: whether standard error is a terminal. */
  private static final String WATCHED = "kintone-sync.watched";

  private final PrintStream out;
  private final PrintStream err;
  private volatile Catalogue catalogue;

  Terminal(PrintStream out, PrintStream err, Catalogue catalogue) {
    this.out = out;
    this.err = err;
    this.catalogue = catalogue;
  }

  /** From now on speaks another language. */
  void speak(Catalogue language) {
    catalogue = language;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  PrintWriter out() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  PrintWriter err() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }

  /** A result, which a script may read. */
  void result(Message message) {
    out.println(catalogue.say(message));
  }

  /** Something a person should know now. */
  void say(Message message) {
    err.println(catalogue.say(message));
  }

  /** The same with the time of day, and in the log: for a program that runs for weeks. */
  void log(Message message) {
    err.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + " " + catalogue.say(message));
    log.info("{}", message);
  }

  /** An empty line among what is said. */
  void pause() {
    err.println();
  }

  /** Standard error as it is, for a progress bar or a log. */
  PrintStream stream() {
    return err;
  }

  /** Whether a person watches: only then a progress bar is drawn. */
  boolean isWatched() {
    String watched = System.getProperty(WATCHED);
    return watched == null ? isTerminal(System.console()) : Boolean.parseBoolean(watched);
  }

  /** Before Java 22 there is a console only on a terminal; from then on it has to be asked. */
  private static boolean isTerminal(@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
