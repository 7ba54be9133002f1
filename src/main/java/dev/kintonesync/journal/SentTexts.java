package dev.kintonesync.journal;

import dev.kintonesync.sync.RichTexts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers the rich texts of an app by their hashes: what was sent, and what came back. */
final class SentTexts implements RichTexts {
  private final Database database;
  private final String domain;
  private final String app;

  private record Remembered(String sent, @Nullable String cameBack) {}

  SentTexts(Database database, String domain, String app) {
    this.database = database;
    this.domain = domain;
    this.app = app;
  }

  @Override
  public boolean isAsSent(String id, String field, String text, String stored, boolean untouched) {
    var remembered = of(id, field);
    if (remembered.isEmpty() || !remembered.get().sent().equals(hash(text))) {
      return false;
    }
    String cameBack = remembered.get().cameBack();
    if (cameBack != null) {
      return cameBack.equals(hash(stored));
    }
    if (untouched) {
      keep(id, field, hash(text), hash(stored));
    }
    return untouched;
  }

  @Override
  public void sent(String id, String field, String text) {
    keep(id, field, hash(text), null);
  }

  private Optional<Remembered> of(String id, String field) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      """
                      SELECT sent, came_back FROM rich_text
                      WHERE domain = ? AND app = ? AND record = ? AND field = ?
                      """,
                      domain,
                      app,
                      id,
                      field);
              var rows = query.executeQuery()) {
            return rows.next()
                ? Optional.of(new Remembered(rows.getString(1), rows.getString(2)))
                : Optional.empty();
          }
        });
  }

  private void keep(String id, String field, String sent, @Nullable String cameBack) {
    database.call(
        connection ->
            Sql.put(
                connection,
                "rich_text",
                4,
                "domain, app, record, field, sent, came_back",
                domain,
                app,
                id,
                field,
                sent,
                cameBack));
  }

  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
