package dev.kintonesync.journal;

import dev.kintonesync.sync.FileHashes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers the hashes of the files that the records of an app hold, and of those of sources. */
final class SentFiles implements FileHashes {
  private final Database database;
  private final String domain;
  private final String app;

  SentFiles(Database database, String domain, String app) {
    this.database = database;
    this.domain = domain;
    this.app = app;
  }

  @Override
  public @Nullable String of(String id, Attached file) {
    Optional<String> hash =
        database.call(
            connection -> {
              try (var query =
                      Sql.prepare(
                          connection,
                          """
                          SELECT hash FROM attached_file
                          WHERE domain = ? AND app = ? AND record = ? AND field = ?
                            AND name = ? AND size = ?
                          """,
                          domain,
                          app,
                          id,
                          file.field(),
                          file.name(),
                          file.size());
                  var rows = query.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
              }
            });
    return hash.orElse(null);
  }

  @Override
  public void keep(String id, Attached file, String hash) {
    database.call(
        connection ->
            Sql.put(
                connection,
                "attached_file",
                6,
                "domain, app, record, field, name, size, hash",
                domain,
                app,
                id,
                file.field(),
                file.name(),
                file.size(),
                hash));
  }

  @Override
  public @Nullable String of(Local file) {
    Optional<String> hash =
        database.call(
            connection -> {
              try (var query =
                      Sql.prepare(
                          connection,
                          """
                          SELECT hash FROM local_file
                          WHERE path = ? AND size = ? AND modified = ?
                          """,
                          file.path(),
                          String.valueOf(file.size()),
                          file.modified().toString());
                  var rows = query.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
              }
            });
    return hash.orElse(null);
  }

  @Override
  public void keep(Local file, String hash) {
    database.call(
        connection ->
            Sql.put(
                connection,
                "local_file",
                1,
                "path, size, modified, hash",
                file.path(),
                String.valueOf(file.size()),
                file.modified().toString(),
                hash));
  }

  @Override
  public void forget(String id, Attached file) {
    database.call(
        connection ->
            Sql.update(
                connection,
                """
                DELETE FROM attached_file
                WHERE domain = ? AND app = ? AND record = ? AND field = ? AND name = ? AND size = ?
                """,
                domain,
                app,
                id,
                file.field(),
                file.name(),
                file.size()));
  }
}
