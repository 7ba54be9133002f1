package dev.kintonesync.journal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What is to be sent to people and has not been yet: kept until it has been, also when the program
 * ends meanwhile.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
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
   * @param notification what, as its maker wrote it
   * @param madeAt since when it is to be sent
   * @param attempts how often that was tried in vain
   * @param survived after how many of these attempts the program that made it was still there
   */
  public record OutboxMessage(
      String id, String channel, String notification, Instant madeAt, int attempts, int survived) {}

  /** Something is to be sent from an instant on. */
  public void add(String channel, String notification, Instant now) {
    var at = now.atOffset(ZoneOffset.UTC);
    String id = UUID.randomUUID().toString();
    database.call(
        connection ->
            Sql.add(
                connection,
                "outbox",
                1,
                "id, channel, notice, made_at, attempts, next_at",
                id,
                channel,
                notification,
                at,
                0,
                at));
  }

  /** The ways on which something is to be sent now. */
  public Set<String> dueChannels(Instant now) {
    return database.call(
        connection -> {
          var channels = new HashSet<String>();
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT DISTINCT channel FROM outbox WHERE next_at <= ?",
                      now.atOffset(ZoneOffset.UTC));
              var rows = query.executeQuery()) {
            while (rows.next()) {
              channels.add(rows.getString(1));
            }
          }
          return channels;
        });
  }

  /** What is to be sent now on one way, the oldest first; not all at once. */
  public List<OutboxMessage> due(String channel, Instant now) {
    return database.call(
        connection -> {
          var letters = new ArrayList<OutboxMessage>();
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT id, channel, notice, made_at, attempts, survived FROM outbox"
                          + " WHERE channel = ? AND next_at <= ? ORDER BY made_at, id LIMIT "
                          + AT_A_TIME,
                      channel,
                      now.atOffset(ZoneOffset.UTC));
              var rows = query.executeQuery()) {
            while (rows.next()) {
              letters.add(
                  new OutboxMessage(
                      rows.getString(1),
                      rows.getString(2),
                      rows.getString(3),
                      rows.getObject(4, OffsetDateTime.class).toInstant(),
                      rows.getInt(5),
                      rows.getInt(6)));
            }
          }
          return letters;
        });
  }

  /**
   * It is tried now, and unless it is removed, to be tried again from an instant on; returns
   * whether the caller may try it: another program may have been quicker.
   */
  public boolean take(OutboxMessage letter, Instant next) {
    var at = next.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC); // as databases keep it
    return database.call(
        (connection, again) -> {
          int taken =
              Sql.update(
                  connection,
                  "UPDATE outbox SET attempts = ?, next_at = ? WHERE id = ? AND attempts = ?",
                  letter.attempts() + 1,
                  at,
                  letter.id(),
                  letter.attempts());
          return taken == 1
              || (again
                  && Sql.finds(
                      connection,
                      "SELECT 1 FROM outbox WHERE id = ? AND attempts = ? AND next_at = ?",
                      letter.id(),
                      letter.attempts() + 1,
                      at));
        });
  }

  /** An attempt has failed, or was broken off, and the program is still there. */
  public void survived(OutboxMessage letter) {
    database.call(
        connection ->
            Sql.update(
                connection,
                "UPDATE outbox SET survived = ? WHERE id = ? AND survived = ?",
                letter.survived() + 1,
                letter.id(),
                letter.survived()));
  }

  /** What is to be sent now on one way is not tried before an instant. */
  public void hold(String channel, Instant now, Instant next) {
    database.call(
        connection ->
            Sql.update(
                connection,
                "UPDATE outbox SET next_at = ? WHERE channel = ? AND next_at <= ?",
                next.atOffset(ZoneOffset.UTC),
                channel,
                now.atOffset(ZoneOffset.UTC)));
  }

  /** It was sent, or is not worth it any more. */
  public void remove(OutboxMessage letter) {
    database.call(
        connection -> Sql.update(connection, "DELETE FROM outbox WHERE id = ?", letter.id()));
  }
}
