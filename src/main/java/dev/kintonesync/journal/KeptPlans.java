package dev.kintonesync.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * The runs whose plans were asked for on the page, and are kept for people to look at. A run that
 * is forgotten is no longer among them.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class KeptPlans {
  /** So many are kept of a job. */
  public static final int MOST = 5;

  private final Database database;

  KeptPlans(Database database) {
    this.database = database;
  }

  /** The runs of a job, newest first. */
  public List<String> of(String job) {
    return database.call(
        connection -> {
          var runs = new ArrayList<String>();
          try (var query =
                  Sql.prepare(
                      connection,
                      """
                      SELECT name FROM run
                      WHERE job = ? AND name IN (SELECT run FROM kept_plan WHERE job = ?)
                      ORDER BY started_at DESC, name DESC
                      """,
                      job,
                      job);
              var rows = query.executeQuery()) {
            while (rows.next()) {
              runs.add(rows.getString(1));
            }
          }
          return runs;
        });
  }

  /** A run has left a plan of its job. */
  public void keep(String job, String run) {
    database.call(connection -> Sql.put(connection, "kept_plan", 1, "run, job", run, job));
  }
}
