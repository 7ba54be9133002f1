package dev.kintonesync.journal;

import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of watched folders that were read and moved away, as they were when they were read: a
 * program that still writes to one of them can be noticed.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class FilesRead {
  private final Database database;

  FilesRead(Database database) {
    this.database = database;
  }

  /**
   * A file that was read.
   *
   * @param path where it is now
   * @param name its name when it was read
   * @param size in bytes
   * @param modified when it was last written, to the microsecond, which every database keeps
   * @param at when it was moved
   */
  public record FileRead(Path path, String name, long size, Instant modified, Instant at) {
    public FileRead {
      modified = modified.truncatedTo(ChronoUnit.MICROS);
    }

    /** Whether that time of the last change is the one that is remembered. */
    public boolean wasModified(Instant time) {
      return !modified.equals(time.truncatedTo(ChronoUnit.MICROS));
    }
  }

  /** The files of a job that are remembered. */
  public List<FileRead> of(String job) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT path, name, size, modified, at FROM file_read WHERE job = ?",
                      job);
              var rows = query.executeQuery()) {
            var files = new ArrayList<FileRead>();
            while (rows.next()) {
              files.add(
                  new FileRead(
                      Path.of(rows.getString(1)),
                      rows.getString(2),
                      rows.getLong(3),
                      rows.getObject(4, OffsetDateTime.class).toInstant(),
                      rows.getObject(5, OffsetDateTime.class).toInstant()));
            }
            return files;
          }
        });
  }

  /** Remembers a file that was moved. */
  public void add(String job, FileRead file) {
    database.call(
        connection ->
            Sql.put(
                connection,
                "file_read",
                1,
                "path, job, name, size, modified, at",
                file.path().toString(),
                job,
                file.name(),
                file.size(),
                file.modified().atOffset(ZoneOffset.UTC),
                file.at().atOffset(ZoneOffset.UTC)));
  }

  /** Forgets a file. */
  public void remove(Path path) {
    database.call(
        connection ->
            Sql.update(connection, "DELETE FROM file_read WHERE path = ?", path.toString()));
  }
}
