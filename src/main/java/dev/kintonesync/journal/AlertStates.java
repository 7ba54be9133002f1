package dev.kintonesync.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * When people were notified that a condition holds of a job, such as that it is late: once, and
 * then once a day as long as it holds.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class AlertStates {
  private static final Duration AGAIN = Duration.ofDays(1);

  private final Database database;

  AlertStates(Database database) {
    this.database = database;
  }

  /** Something holds of a job; returns whether it is to be told now. */
  public boolean holds(String job, String kind, Instant now) {
    var at = now.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC); // as databases keep it
    return database.call(
        (connection, again) -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT told_at FROM condition WHERE job = ? AND kind = ?",
                      job,
                      kind);
              var rows = query.executeQuery()) {
            boolean known = rows.next();
            if (known) {
              var told = rows.getObject(1, OffsetDateTime.class).toInstant();
              if (again && told.equals(at.toInstant())) {
                return true;
              } else if (now.isBefore(told.plus(AGAIN))) {
                return false;
              }
            }
            // where two programs come to this at once, one of them tells it
            return known
                ? Sql.update(
                        connection,
                        "UPDATE condition SET told_at = ?"
                            + " WHERE job = ? AND kind = ? AND told_at = ?",
                        at,
                        job,
                        kind,
                        rows.getObject(1, OffsetDateTime.class))
                    == 1
                : Sql.add(
                    connection, "condition", 2, "job, kind, since, told_at", job, kind, at, at);
          }
        });
  }

  /** Something does not hold of a job any more; returns whether it did. */
  public boolean ends(String job, String kind) {
    var held = new AtomicBoolean();
    return database.call(
        (connection, again) -> {
          if (Sql.finds(
              connection, "SELECT 1 FROM condition WHERE job = ? AND kind = ?", job, kind)) {
            held.set(true);
          } else {
            return again && held.get();
          }
          return Sql.update(
                  connection, "DELETE FROM condition WHERE job = ? AND kind = ?", job, kind)
              > 0;
        });
  }
}
