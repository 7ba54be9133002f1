package dev.kintonesync.journal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** What is known of operations, as a table of the journal. */
final class OperationTable implements OperationRepository {
  private final Database database;

  OperationTable(Database database) {
    this.database = database;
  }

  @Override
  public @Nullable Kept find(String id) {
    return database.call(
        connection -> {
          try (var query =
                  Journal.prepare(
                      connection,
                      "SELECT digest, revisions, begun_at, answer FROM operation WHERE id = ?",
                      id);
              var rows = query.executeQuery()) {
            return rows.next()
                ? new Kept(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getObject(3, OffsetDateTime.class).toInstant(),
                    rows.getString(4))
                : null;
          }
        });
  }

  @Override
  public boolean begin(String id, Kept intent) {
    return database.call(
        connection -> {
          int begun =
              Journal.update(
                  connection,
                  """
                  INSERT INTO operation (id, digest, revisions, begun_at)
                  SELECT CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR),
                    CAST(? AS TIMESTAMP(9) WITH TIME ZONE)
                  WHERE NOT EXISTS (SELECT 1 FROM operation WHERE id = ?)
                  """,
                  id,
                  intent.digest(),
                  intent.revisions(),
                  intent.begunAt().atOffset(ZoneOffset.UTC),
                  id);
          Journal.reachDisk(connection);
          return begun > 0;
        });
  }

  @Override
  public void complete(String id, String answer) {
    change("UPDATE operation SET answer = ? WHERE id = ?", answer, id);
  }

  @Override
  public void forget(String id) {
    change("DELETE FROM operation WHERE id = ?", id);
  }

  @Override
  public void forgetCompleted(Instant before) {
    change(
        "DELETE FROM operation WHERE answer IS NOT NULL AND begun_at < ?",
        before.atOffset(ZoneOffset.UTC));
  }

  private void change(String sql, Object... values) {
    database.call(connection -> Journal.update(connection, sql, values));
  }
}
