package dev.kintonesync.journal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The form of a job's app as it was when the job last ran well.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class Forms {
  private final Database database;

  Forms(Database database) {
    this.database = database;
  }

  /**
   * A form.
   *
   * @param revision by Kintone's count
   * @param fields in whatever form they are compared by
   */
  public record Kept(long revision, String fields) {}

  /** The form that a job last ran well with; null when it never did. */
  public @Nullable Kept of(String job, String domain, String app) {
    return database
        .call(
            connection -> {
              try (var query =
                      Sql.prepare(
                          connection,
                          "SELECT revision, fields FROM form WHERE job = ? AND domain = ? AND app ="
                              + " ?",
                          job,
                          domain,
                          app);
                  var rows = query.executeQuery()) {
                return rows.next()
                    ? Optional.of(new Kept(rows.getLong(1), rows.getString(2)))
                    : Optional.<Kept>empty();
              }
            })
        .orElse(null);
  }

  /** The job has run well with this form. */
  public void keep(String job, String domain, String app, Kept form) {
    database.call(
        connection ->
            Sql.put(
                connection,
                "form",
                3,
                "job, domain, app, revision, fields",
                job,
                domain,
                app,
                form.revision(),
                form.fields()));
  }
}
