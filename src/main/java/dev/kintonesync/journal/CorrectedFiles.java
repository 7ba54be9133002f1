package dev.kintonesync.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * The files of corrected rows that were taken from people and whose run has not come to its end:
 * they are still run when the service that has taken them was killed.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class CorrectedFiles {
  private final Database database;

  CorrectedFiles(Database database) {
    this.database = database;
  }

  /**
   * A file that has been taken.
   *
   * @param file where it is, as {@code RUN/FILE} below the folder of runs
   * @param job the job whose rows it has
   */
  public record Taken(String file, String job) {}

  /** The files that are still to be run. */
  public List<Taken> all() {
    return database.call(
        connection -> {
          var all = new ArrayList<Taken>();
          try (var query =
                  Sql.prepare(connection, "SELECT file, job FROM corrected_file ORDER BY file");
              var rows = query.executeQuery()) {
            while (rows.next()) {
              all.add(new Taken(rows.getString(1), rows.getString(2)));
            }
          }
          return all;
        });
  }

  /** A file is about to be taken; it is on the disk when this returns. */
  public void keep(Taken taken) {
    database.call(
        connection -> {
          Sql.put(connection, "corrected_file", 1, "file, job", taken.file(), taken.job());
          return database.reachDisk();
        });
  }

  /** A file has been run, or is given back. */
  public void forget(String file) {
    database.call(
        connection -> Sql.update(connection, "DELETE FROM corrected_file WHERE file = ?", file));
  }
}
