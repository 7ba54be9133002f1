package dev.kintonesync.cli;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.JournalLocation;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the run history for commands. One process at a time may open it, and a database elsewhere
 * may be slow: a wait that is worth a line is told when it has begun, and when it is over.
 */
final class OpenedJournal {
  private static final Logger log = LoggerFactory.getLogger(OpenedJournal.class);

  /** A database that is away or damaged is known as that sooner, and then told in one sentence. */
  private static final Duration SHORT = Duration.ofSeconds(10);

  private OpenedJournal() {}

  /** Opens it for a command that leases nothing. */
  static Journal at(JournalLocation location, Terminal terminal) {
    return at(location, "", terminal);
  }

  /**
   * Opens it for a program that leases sources.
   *
   * @param command the command of this process, as other processes report it
   */
  static Journal at(JournalLocation location, String command, Terminal terminal) {
    long begun = System.nanoTime();
    var ticker = Executors.newSingleThreadScheduledExecutor(OpenedJournal::thread);
    var told =
        ticker.schedule(
            () -> say(terminal, MessageCode.JOURNAL_WAITS.with(location)),
            SHORT.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      var journal = Journal.open(location, command, Clock.systemUTC());
      if (!told.cancel(false)) {
        var waited = Duration.ofNanos(System.nanoTime() - begun);
        say(terminal, MessageCode.JOURNAL_GOES_ON.with(Progress.clock(waited)));
      }
      return journal;
    } finally {
      ticker.shutdownNow();
    }
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "journal-notice");
    thread.setDaemon(true);
    return thread;
  }

  private static void say(Terminal terminal, UserMessage message) {
    log.info("{}", message);
    terminal.say(message);
  }
}
