package dev.kintonesync.journal;

import java.util.Optional;

/**
 * Where the next poll of a job begins. A checkpoint is that of one question: when what is asked, or
 * where the answers go, has changed, it says nothing any more.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class Checkpoints {
  private final Database database;

  Checkpoints(Database database) {
    this.database = database;
  }

  /**
   * What a job came to.
   *
   * @param question what was asked, in whatever form it is compared by
   * @param value how far it was answered
   */
  public record Reached(String question, String value) {}

  /** The checkpoint of a job, if it ever came to one. */
  public Optional<Reached> of(String job) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection, "SELECT question, reached FROM checkpoint WHERE job = ?", job);
              var rows = query.executeQuery()) {
            return rows.next()
                ? Optional.of(new Reached(rows.getString(1), rows.getString(2)))
                : Optional.empty();
          }
        });
  }

  /**
   * Every row up to the checkpoint has its outcome, and the journal has its batch. It is on the
   * disk when this returns.
   */
  public void advance(String job, Reached reached) {
    database.call(
        connection -> {
          Sql.put(
              connection,
              "checkpoint",
              1,
              "job, question, reached, advanced_at",
              job,
              reached.question(),
              reached.value(),
              Sql.NOW);
          return database.reachDisk();
        });
  }

  /** A job comes to none any more. It is on the disk when this returns. */
  public void forget(String job) {
    database.call(
        connection -> {
          Sql.update(connection, "DELETE FROM checkpoint WHERE job = ?", job);
          return database.reachDisk();
        });
  }
}
