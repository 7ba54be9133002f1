package dev.kintonesync.journal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What is to be sent to people and has not been yet: kept until it has been, also when the program
 * ends meanwhile.
 *
 * <p>Every method throws {@link dev.kintonesync.message.RefusedException} when the journal cannot
 * be read or written.
 */
public final class Outbox {
  private static final int AT_A_TIME = 20;

  private final Database database;

  Outbox(Database database) {
    this.database = database;
  }

  /**
   * What is to be sent.
   *
   * @param id tells it from others
   * @param channel on which way
   * @param notice what, as its maker wrote it
   * @param madeAt since when it is to be sent
   * @param attempts how often that was tried in vain
   */
  public record Letter(String id, String channel, String notice, Instant madeAt, int attempts) {}

  /** Something is to be sent from an instant on. */
  public void add(String channel, String notice, Instant now) {
    var at = now.atOffset(ZoneOffset.UTC);
    database.call(
        connection ->
            Journal.update(
                connection,
                "INSERT INTO outbox (id, channel, notice, made_at, attempts, next_at)"
                    + " VALUES (?, ?, ?, ?, 0, ?)",
                UUID.randomUUID().toString(),
                channel,
                notice,
                at,
                at));
  }

  /** What is to be sent now on one way, the oldest first; not all at once. */
  public List<Letter> due(String channel, Instant now) {
    return database.call(
        connection -> {
          var letters = new ArrayList<Letter>();
          try (var query =
                  Journal.prepare(
                      connection,
                      "SELECT id, channel, notice, made_at, attempts FROM outbox"
                          + " WHERE channel = ? AND next_at <= ? ORDER BY made_at, id LIMIT "
                          + AT_A_TIME,
                      channel,
                      now.atOffset(ZoneOffset.UTC));
              var rows = query.executeQuery()) {
            while (rows.next()) {
              letters.add(
                  new Letter(
                      rows.getString(1),
                      rows.getString(2),
                      rows.getString(3),
                      rows.getObject(4, OffsetDateTime.class).toInstant(),
                      rows.getInt(5)));
            }
          }
          return letters;
        });
  }

  /** It is tried now, and unless it is removed, to be tried again from an instant on. */
  public void later(Letter letter, Instant next) {
    database.call(
        connection ->
            Journal.update(
                connection,
                "UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE id = ?",
                next.atOffset(ZoneOffset.UTC),
                letter.id()));
  }

  /** What is to be sent now on one way is not tried before an instant. */
  public void hold(String channel, Instant now, Instant next) {
    database.call(
        connection ->
            Journal.update(
                connection,
                "UPDATE outbox SET next_at = ? WHERE channel = ? AND next_at <= ?",
                next.atOffset(ZoneOffset.UTC),
                channel,
                now.atOffset(ZoneOffset.UTC)));
  }

  /** It was sent, or is not worth it any more. */
  public void remove(Letter letter) {
    database.call(
        connection -> Journal.update(connection, "DELETE FROM outbox WHERE id = ?", letter.id()));
  }
}
