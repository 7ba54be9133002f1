package dev.kintonesync.journal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.message.UserErrorException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rejected rows that are open, in the journal. Safe for several threads and processes.
 *
 * <p>Every method throws {@link UserErrorException} when the journal cannot be read or written.
 */
public final class OpenRejects {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> VALUES =
      new TypeReference<>() {};

  private final Database database;

  OpenRejects(Database database) {
    this.database = database;
  }

  /** Those of a job, the oldest first. */
  public List<OpenReject> of(String job) {
    return read("WHERE job = ? ORDER BY since, id", job);
  }

  /** Those of a job, the oldest first, no more than so many. */
  public List<OpenReject> of(String job, int most) {
    return read("WHERE job = ? ORDER BY since, id LIMIT ?", job, most);
  }

  /** Those of a job, without their cells and reasons, which may take much memory. */
  public List<OpenReject> withoutCells(String job) {
    return select(
        "job, id, record_key, '{}', '', run, since, tried, source_row", "WHERE job = ?", job);
  }

  /** Those of all jobs, job by job. */
  public List<OpenReject> all() {
    return read("ORDER BY job, since, id");
  }

  /** How many each job has that has any. */
  public Map<String, Integer> counts() {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(connection, "SELECT job, COUNT(*) FROM open_reject GROUP BY job");
              var rows = query.executeQuery()) {
            var counts = new LinkedHashMap<String, Integer>();
            while (rows.next()) {
              counts.put(rows.getString(1), rows.getInt(2));
            }
            return counts;
          }
        });
  }

  /** Keeps rows, in the place of earlier ones of the same id. */
  public void keep(Collection<OpenReject> rejects) {
    if (rejects.isEmpty()) {
      return;
    }
    database.call(
        connection -> {
          for (var reject : rejects) {
            Sql.update(
                connection,
                """
                MERGE INTO open_reject
                  (job, id, record_key, cells, reason, run, since, tried, source_row)
                KEY (job, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                reject.job(),
                reject.id(),
                reject.key(),
                JSON.writeValueAsString(reject.values()),
                reject.reason(),
                reject.run(),
                reject.since().atOffset(ZoneOffset.UTC),
                reject.tried(),
                reject.row());
          }
          return true;
        });
  }

  /** Forgets rows that have been applied or overtaken; returns how many were there. */
  public int close(String job, Collection<String> ids) {
    if (ids.isEmpty()) {
      return 0;
    }
    return database.call(
        connection -> {
          int closed = 0;
          for (String id : ids) {
            closed +=
                Sql.update(connection, "DELETE FROM open_reject WHERE job = ? AND id = ?", job, id);
          }
          return closed;
        });
  }

  private List<OpenReject> read(String which, Object... values) {
    return select(
        "job, id, record_key, cells, reason, run, since, tried, source_row", which, values);
  }

  private List<OpenReject> select(String columns, String which, Object... values) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection, "SELECT " + columns + " FROM open_reject " + which, values);
              var rows = query.executeQuery()) {
            var rejects = new ArrayList<OpenReject>();
            while (rows.next()) {
              rejects.add(
                  new OpenReject(
                      rows.getString(1),
                      rows.getString(2),
                      rows.getString(3),
                      JSON.readValue(rows.getString(4), VALUES),
                      rows.getString(5),
                      rows.getString(6),
                      rows.getLong(9),
                      rows.getObject(7, OffsetDateTime.class).toInstant(),
                      rows.getInt(8)));
            }
            return rejects;
          }
        });
  }
}
