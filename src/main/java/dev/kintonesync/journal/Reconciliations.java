package dev.kintonesync.journal;

import dev.kintonesync.sync.Reconciliation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the last comparison of each job with its app found, and what people were last told of it.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class Reconciliations {
  private final Database database;

  Reconciliations(Database database) {
    this.database = database;
  }

  /** The last comparison of every job that was compared. */
  public Map<String, Reconciliation> all() {
    return database.call(
        connection -> {
          var all = new LinkedHashMap<String, Reconciliation>();
          try (var query =
                  Sql.prepare(connection, "SELECT job, found FROM reconciliation ORDER BY job");
              var rows = query.executeQuery()) {
            while (rows.next()) {
              all.put(rows.getString(1), ReportJson.reconciliation(rows.getString(2)));
            }
          }
          return all;
        });
  }

  /** The last comparison of a job; empty when it was not compared yet. */
  public Optional<Reconciliation> of(String job) {
    return database.call(connection -> read(connection, "found", job));
  }

  /** What people were last told of a job; empty when they were told nothing. */
  public Optional<Reconciliation> told(String job) {
    return database.call(connection -> read(connection, "told", job));
  }

  private static Optional<Reconciliation> read(Connection connection, String column, String job)
      throws SQLException, IOException {
    try (var query =
            Sql.prepare(
                connection, "SELECT " + column + " FROM reconciliation WHERE job = ?", job);
        var rows = query.executeQuery()) {
      @Nullable String json = rows.next() ? rows.getString(1) : null;
      return json == null ? Optional.empty() : Optional.of(ReportJson.reconciliation(json));
    }
  }

  /** A job was compared. */
  public void found(String job, Reconciliation found) {
    database.call(
        connection ->
            Sql.put(connection, "reconciliation", 1, "job, found", job, ReportJson.line(found)));
  }

  /** People are told of a comparison of a job. */
  public void tell(String job, Reconciliation found) {
    database.call(
        connection ->
            Sql.put(
                connection,
                "reconciliation",
                1,
                "job, found, told",
                job,
                ReportJson.line(found),
                ReportJson.line(found)));
  }
}
