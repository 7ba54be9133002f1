package dev.kintonesync.journal;

import dev.kintonesync.message.UserMessage;
import java.util.List;

/**
 * The messages of runs: why they ended early, and their remarks. Reports have them in English only;
 * here they are kept so that they can be shown in any language.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class RunMessages {
  private final Database database;

  RunMessages(Database database) {
    this.database = database;
  }

  /** Keeps what was said of a run. */
  public void keep(String run, List<UserMessage> words) {
    database.call(
        connection ->
            Sql.put(connection, "run_words", 1, "run, words", run, MessageJson.write(words)));
  }

  /** What was said of a run; empty when nothing was, or when nobody kept it. */
  public List<UserMessage> of(String run) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(connection, "SELECT words FROM run_words WHERE run = ?", run);
              var rows = query.executeQuery()) {
            return rows.next() ? MessageJson.readAll(rows.getString(1)) : List.of();
          }
        });
  }
}
