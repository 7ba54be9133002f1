package dev.kintonesync.cli;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.JournalLocation;
import dev.kintonesync.message.UserErrorException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * A journal that is being opened while the routes are read: each takes about as long as the other,
 * and neither needs the other.
 */
final class OpeningJournal implements Supplier<Journal>, AutoCloseable {
  private final FutureTask<Journal> opening;

  private OpeningJournal(FutureTask<Journal> opening) {
    this.opening = opening;
  }

  /** Begins to open a journal. */
  static OpeningJournal begin(JournalLocation location, String command, Terminal terminal) {
    var opening = new FutureTask<>(() -> OpenedJournal.at(location, command, terminal));
    var thread = new Thread(opening, "open-journal");
    thread.setDaemon(true);
    thread.start();
    return new OpeningJournal(opening);
  }

  /**
   * Waits for the journal.
   *
   * @throws UserErrorException when it cannot be opened
   */
  @Override
  public Journal get() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return opening.get();
        } catch (InterruptedException e) {
          interrupted = true; // a journal that nobody knows of would not be closed
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Closes the journal, if it was opened. */
  @Override
  public void close() {
    Journal journal;
    try {
      journal = get();
    } catch (RuntimeException e) {
      return; // it is not open, and somebody has been told why
    }
    journal.close();
  }
}
