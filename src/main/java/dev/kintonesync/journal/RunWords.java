package dev.kintonesync.journal;

import dev.kintonesync.message.Message;
import java.util.List;

/**
 * What was said of runs beside their counts: why they ended early, and what else a person should
 * know. Reports have it in English alone.
 *
 * <p>Every method throws {@link dev.kintonesync.message.RefusedException} when the journal cannot
 * be read or written.
 */
public final class RunWords {
  private final Database database;

  RunWords(Database database) {
    this.database = database;
  }

  /** Keeps what was said of a run. */
  public void keep(String run, List<Message> words) {
    database.call(
        connection ->
            Journal.update(
                connection,
                "MERGE INTO run_words (run, words) KEY (run) VALUES (?, ?)",
                run,
                KeptMessage.write(words)));
  }

  /** What was said of a run; empty when nothing was, or when nobody kept it. */
  public List<Message> of(String run) {
    return database.call(
        connection -> {
          try (var query =
                  Journal.prepare(connection, "SELECT words FROM run_words WHERE run = ?", run);
              var rows = query.executeQuery()) {
            return rows.next() ? KeptMessage.readAll(rows.getString(1)) : List.of();
          }
        });
  }
}
