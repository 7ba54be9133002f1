package dev.kintonesync.journal;

import dev.kintonesync.sync.RecordSnapshot;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What earlier runs of jobs have confirmed: the keys in a file by job, and a line in the journal
 * that says which file holds and since when.
 *
 * <p>A run that writes takes the line away before its first record and puts it back at its end. So
 * a run that was killed leaves no snapshot, and neither does one on another machine: its file is
 * not the one that the line names.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class Snapshots {
  private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

  private static final int BUFFER = 1 << 16;
  private static final String COLUMNS =
      "job, identity, file, changed_since, last_id, records, looked_up_at";

  private final Database database;
  private final Path folder;

  Snapshots(Database database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  /**
   * As of when a snapshot holds.
   *
   * @param identity app, key, form and whatever else a snapshot is void without
   * @param file the name of the file with its keys
   * @param changedSince records that others have saved since have this updated time or a later one;
   *     null: the app was empty
   * @param lastId no record had a higher id
   * @param records how many records there were, without those that the run has deleted
   * @param lookedUpAt when all keys were looked up last
   */
  public record State(
      String identity,
      String file,
      @Nullable Instant changedSince,
      long lastId,
      long records,
      Instant lookedUpAt) {}

  /** The snapshot of a job, if there is one. */
  public Optional<State> of(String job) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT " + COLUMNS + " FROM record_snapshot WHERE job = ?",
                      job);
              var rows = query.executeQuery()) {
            return rows.next() ? Optional.of(state(rows)) : Optional.empty();
          }
        });
  }

  private static State state(ResultSet row) throws SQLException {
    Long since = row.getObject(4, Long.class);
    return new State(
        row.getString(2),
        row.getString(3),
        since == null ? null : Instant.ofEpochSecond(since),
        row.getLong(5),
        row.getLong(6),
        Instant.ofEpochSecond(row.getLong(7)));
  }

  /** The job has none any more. It is on the disk when this returns. */
  public void takeAway(String job) {
    database.call(
        connection -> {
          Sql.update(connection, "DELETE FROM record_snapshot WHERE job = ?", job);
          return database.reachDisk();
        });
  }

  /** The snapshot of a job holds from now on. */
  public void putBack(String job, State state) {
    Instant since = state.changedSince();
    database.call(
        connection ->
            Sql.put(
                connection,
                "record_snapshot",
                1,
                COLUMNS,
                job,
                state.identity(),
                state.file(),
                since == null ? null : since.getEpochSecond(),
                state.lastId(),
                state.records(),
                state.lookedUpAt().getEpochSecond()));
  }

  /**
   * Reads the keys of a snapshot.
   *
   * @param memory asked for the bytes that it takes in memory; without them, nothing is read
   * @return empty when the file is not on this machine, too large or damaged
   */
  public Optional<RecordSnapshot> read(State state, LongPredicate memory) {
    Path file = folder.resolve(state.file());
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
      return RecordSnapshot.read(in, memory);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      log.warn("the snapshot {} cannot be read: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /**
   * Writes the keys of a job's snapshot into a file of its own, and deletes the job's files of
   * before.
   *
   * @return the name of the file
   */
  public String write(String job, RecordSnapshot snapshot) throws IOException {
    OwnerOnly.folders(folder);
    String name = job + "." + UUID.randomUUID();
    Path part = folder.resolve(name + ".part");
    try (var file = OwnerOnly.append(part);
        var out = new DataOutputStream(new BufferedOutputStream(file, BUFFER))) {
      snapshot.write(out);
      out.flush();
      file.getFD().sync();
    }
    Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    deleteOthers(job, name);
    return name;
  }

  private void deleteOthers(String job, String name) throws IOException {
    try (var files =
        Files.newDirectoryStream(
            folder, file -> file.getFileName().toString().startsWith(job + "."))) {
      for (Path file : files) {
        if (!file.getFileName().toString().equals(name)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
