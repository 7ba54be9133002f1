package dev.kintonesync.journal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that people gave to a job on the page, so that they can be told what became of them.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class ReceivedFiles {
  /** So many of a job are kept. */
  static final int MOST = 50;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<String>> IDS = new TypeReference<>() {};

  private final Database database;

  ReceivedFiles(Database database) {
    this.database = database;
  }

  /**
   * A file that was received.
   *
   * @param id tells it apart from others
   * @param job the job that reads it
   * @param name what its sender calls it; empty of rows that were corrected on the page
   * @param file where it is read, as runs name their source
   * @param rows how many rows it has
   * @param rejects the ids of the open rejects that it corrects, where its sender named them
   * @param at when it came
   */
  public record Received(
      String id,
      String job,
      String name,
      String file,
      long rows,
      List<String> rejects,
      Instant at) {
    public Received {
      rejects = List.copyOf(rejects);
    }
  }

  /** The newest files of a job, newest first. */
  public List<Received> of(String job, int most) {
    return database.call(
        connection -> {
          var files = new ArrayList<Received>();
          try (var query =
                  Sql.prepare(
                      connection,
                      """
                      SELECT id, job, name, file, source_rows, rejects, at FROM received_file
                      WHERE job = ? ORDER BY at DESC, id LIMIT ?
                      """,
                      job,
                      most);
              var rows = query.executeQuery()) {
            while (rows.next()) {
              files.add(
                  new Received(
                      rows.getString(1),
                      rows.getString(2),
                      rows.getString(3),
                      rows.getString(4),
                      rows.getLong(5),
                      JSON.readValue(rows.getString(6), IDS),
                      rows.getObject(7, OffsetDateTime.class).toInstant()));
            }
          }
          return files;
        });
  }

  /** What senders call their files, by the place at which runs name them as their source. */
  public Map<String, String> names() {
    return database.call(
        connection -> {
          var names = new HashMap<String, String>();
          try (var query = Sql.prepare(connection, "SELECT file, name FROM received_file");
              var rows = query.executeQuery()) {
            while (rows.next()) {
              names.put(rows.getString(1), rows.getString(2));
            }
          }
          return names;
        });
  }

  /**
   * A file is about to be put where its job reads it; what is said of it is on the disk when this
   * returns. The oldest ones of the job are forgotten.
   */
  public void add(Received received) {
    database.call(
        connection -> {
          Sql.put(
              connection,
              "received_file",
              1,
              "id, job, name, file, source_rows, rejects, at",
              received.id(),
              received.job(),
              received.name(),
              received.file(),
              received.rows(),
              JSON.writeValueAsString(received.rejects()),
              received.at().atOffset(ZoneOffset.UTC));
          Sql.update(
              connection,
              """
              DELETE FROM received_file WHERE job = ? AND id NOT IN
                (SELECT id FROM received_file WHERE job = ? ORDER BY at DESC, id LIMIT ?)
              """,
              received.job(),
              received.job(),
              MOST);
          return database.reachDisk();
        });
  }

  /** A file was not taken after all. */
  public void forget(String id) {
    database.call(
        connection -> Sql.update(connection, "DELETE FROM received_file WHERE id = ?", id));
  }
}
