package dev.kintonesync.cli;

import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Scanner;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the commands speak: results on standard output, everything that is said to a person beside
 * them on standard error, both in the person's language. What is drawn, such as a progress bar, is
 * one line that is wiped before anything else is said.
 */
final class Terminal {
  private static final Logger log = LoggerFactory.getLogger(Terminal.class);
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  /** Room for the ^C that a terminal shows where the cursor stands. */
  private static final int CTRL_C = 2;

  private static final int USUAL_COLUMNS = 80;

  private static final Set<String> YES = Set.of("y", "yes", "はい");

  private final PrintStream out;
  private final PrintStream err;
  private final int columns;
  private volatile MessageBundle bundle;
  private int drawn;
  private boolean withoutResults;
  private boolean withoutRemarks;

  /**
   * A terminal.
   *
   * @param out results
   * @param err everything else
   * @param bundle the language spoken at first
   * @param columns how wide the terminal is that shows {@code err}; 0 where nobody watches
   */
  Terminal(PrintStream out, PrintStream err, MessageBundle bundle, int columns) {
    this.out = out;
    this.err = err;
    this.bundle = bundle;
    this.columns = columns;
  }

  /**
   * How wide the terminal of this process is, as {@code bin/kintone-sync} has found out: it alone
   * can tell whether standard error is one. Without it, whether there is one at all; 0: none.
   */
  static int columnsOfThisProcess() {
    return Integer.getInteger(
        "kintone-sync.columns", isTerminal(System.console()) ? USUAL_COLUMNS : 0);
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

  /** From now on speaks another language. */
  void speak(MessageBundle language) {
    bundle = language;
  }

  MessageBundle bundle() {
    return bundle;
  }

  PrintWriter out() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  PrintWriter err() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }

  /** Standard error as it is, for a log. */
  PrintStream stream() {
    return err;
  }

  /**
   * From now on prints less; errors and JSON are always printed.
   *
   * @param results whether results in words are left out
   * @param remarks whether remarks and the progress bar are left out
   */
  void restrict(boolean results, boolean remarks) {
    withoutResults = results;
    withoutRemarks = remarks;
  }

  /** A result, which a script may read. */
  void result(UserMessage message) {
    if (!withoutResults) {
      print(out, bundle.say(message));
    }
  }

  /** A result for a program, JSON or properties; on a terminal it can do no harm. */
  void text(String text) {
    print(out, Shown.output(text));
  }

  /** A part of the result before it. */
  void detail(UserMessage message) {
    if (!withoutResults) {
      print(out, "    " + bundle.say(message));
    }
  }

  /** Something a person may like to know beside the result. */
  void remark(UserMessage message) {
    if (!withoutRemarks) {
      say(message);
    }
  }

  /** Something a person should know now. */
  void say(UserMessage message) {
    print(err, bundle.say(message));
  }

  /** Asks a person, and waits for the answer; false where nobody watches. */
  boolean agrees(UserMessage question) {
    if (columns == 0) {
      return false;
    }
    say(question);
    var answer = new Scanner(System.in, StandardCharsets.UTF_8);
    return answer.hasNextLine() && YES.contains(answer.nextLine().strip().toLowerCase(Locale.ROOT));
  }

  /** Prints a message with the time of day and logs it, for programs that run for weeks. */
  void log(UserMessage message) {
    String time = LocalTime.now(ZoneId.systemDefault()).format(CLOCK);
    print(err, time + " " + bundle.say(message));
    log.info("{}", message);
  }

  /** An empty line among what is said. */
  void pause() {
    print(err, "");
  }

  private synchronized void print(PrintStream stream, String line) {
    stopDrawing();
    stream.println(line);
  }

  /** Whether a person watches: only then is anything drawn. */
  boolean isWatched() {
    return columns > 0 && !withoutRemarks;
  }

  /** Shows a line in place of the one drawn before, as much of it as fits. */
  synchronized void draw(String line) {
    var shown = new StringBuilder("\r");
    int width = 0;
    for (int letter : Shown.text(line).codePoints().toArray()) {
      width += width(letter);
      if (width > columns - 1 - CTRL_C) {
        width -= width(letter);
        break;
      }
      shown.appendCodePoint(letter);
    }
    shown.append(" ".repeat(Math.max(0, drawn - width)));
    drawn = Math.max(drawn, width);
    err.print(shown);
    err.flush();
  }

  /** Wipes what is drawn. */
  synchronized void stopDrawing() {
    if (drawn > 0) {
      err.print("\r" + " ".repeat(drawn + CTRL_C) + "\r");
      err.flush();
      drawn = 0;
    }
  }

  /**
   * Letters beyond Europe's are taken as two columns wide: a line that is too short does no harm.
   */
  private static int width(int letter) {
    return letter < 0x1100 ? 1 : 2;
  }
}
