package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The rejected rows that are open, in the journal. A row that was dismissed is none of them as long
 * as its values stay the same. Safe for several threads and processes.
 *
 * <p>Every method throws {@link UserErrorException} when the journal cannot be read or written.
 */
public final class OpenRejects {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> VALUES =
      new TypeReference<>() {};
  private static final TypeReference<List<Map<String, @Nullable Object>>> MEMBERS =
      new TypeReference<>() {};

  private final Database database;

  OpenRejects(Database database) {
    this.database = database;
  }

  /** Those of a job, the oldest first. */
  public List<OpenReject> of(String job) {
    return read("AND job = ? ORDER BY since, id", job);
  }

  /** Those of a job, the oldest first, no more than so many. */
  public List<OpenReject> of(String job, int most) {
    return of(job, 0, most);
  }

  /**
   * Those of a job, the oldest first, no more than so many.
   *
   * @param from how many are passed over
   */
  public List<OpenReject> of(String job, long from, int most) {
    return read("AND job = ? ORDER BY since, id LIMIT ? OFFSET ?", job, most, from);
  }

  /** Those of a job that a run rejected last, of the rows of its file from one to another. */
  public List<OpenReject> of(String job, String run, long first, long last) {
    return read("AND job = ? AND run = ? AND source_row BETWEEN ? AND ?", job, run, first, last);
  }

  /** Those of a job, without their cells and reasons, which may take much memory. */
  public List<OpenReject> withoutCells(String job) {
    return select(
        "job, id, record_key, '{}', '', run, since, tried, source_row, bad_column, NULL, 0",
        "AND job = ?",
        job);
  }

  /** The one of a job with this id; empty when it is not open any more. */
  public Optional<OpenReject> find(String job, String id) {
    return read("AND job = ? AND id = ?", job, id).stream().findFirst();
  }

  /** Those of all jobs, job by job. */
  public List<OpenReject> all() {
    return read("ORDER BY job, since, id");
  }

  /** How many each job has that has any. */
  public Map<String, Integer> counts() {
    return counts("");
  }

  /** How many each job has that have no key that can be read: no later row closes them. */
  public Map<String, Integer> countsWithoutKey() {
    return counts(" AND record_key IS NULL");
  }

  private Map<String, Integer> counts(String which) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT job, COUNT(*) FROM open_reject WHERE NOT dismissed"
                          + which
                          + " GROUP BY job");
              var rows = query.executeQuery()) {
            var counts = new LinkedHashMap<String, Integer>();
            while (rows.next()) {
              counts.put(rows.getString(1), rows.getInt(2));
            }
            return counts;
          }
        });
  }

  /**
   * Keeps rows, in the place of earlier ones of the same id, but those that were dismissed as they
   * are; returns the ids of those that are kept.
   */
  public Set<String> keep(Collection<OpenReject> rejects) {
    if (rejects.isEmpty()) {
      return Set.of();
    }
    return database.call(
        connection -> {
          var kept = new HashSet<String>();
          for (var reject : rejects) {
            if (isDismissed(connection, reject)) {
              continue;
            }
            kept.add(reject.id());
            Sql.put(
                connection,
                "open_reject",
                2,
                "job, id, record_key, cells, reason, run, since, tried, source_row, bad_column,"
                    + " members, member_at_fault, dismissed",
                reject.job(),
                reject.id(),
                reject.key(),
                JSON.writeValueAsString(reject.values()),
                MessageJson.write(reject.reason()),
                reject.run(),
                reject.since().atOffset(ZoneOffset.UTC),
                reject.tried(),
                reject.row(),
                reject.column(),
                reject.members().isEmpty() ? null : JSON.writeValueAsString(reject.members()),
                reject.memberAtFault(),
                false);
          }
          return kept;
        });
  }

  private static boolean isDismissed(Connection connection, OpenReject reject)
      throws SQLException, IOException {
    try (var query =
            Sql.prepare(
                connection,
                "SELECT cells, members FROM open_reject WHERE job = ? AND id = ? AND dismissed",
                reject.job(),
                reject.id());
        var rows = query.executeQuery()) {
      if (!rows.next() || !JSON.readValue(rows.getString(1), VALUES).equals(reject.values())) {
        return false;
      }
      var members = members(rows.getString(2)); // an earlier program kept none
      return members.isEmpty() || members.equals(reject.members());
    }
  }

  private static List<Map<String, @Nullable Object>> members(@Nullable String kept)
      throws IOException {
    return kept == null ? List.of() : JSON.readValue(kept, MEMBERS);
  }

  /** A row is not tried again until its values change; returns whether it was open. */
  public boolean dismiss(String job, String id) {
    return database.call(
        (connection, again) -> {
          int dismissed =
              Sql.update(
                  connection,
                  "UPDATE open_reject SET dismissed = TRUE"
                      + " WHERE job = ? AND id = ? AND NOT dismissed",
                  job,
                  id);
          return dismissed == 1
              || (again
                  && Sql.finds(
                      connection,
                      "SELECT 1 FROM open_reject WHERE job = ? AND id = ? AND dismissed",
                      job,
                      id));
        });
  }

  /**
   * None of the rows of a job is tried again until its values change.
   *
   * @param count how many there are, as far as the person knows who decides
   * @return whether so many were open; else nothing is done
   */
  public boolean dismissAll(String job, int count) {
    var agreed = new AtomicBoolean();
    return database.call(
        (connection, again) -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT COUNT(*) FROM open_reject WHERE job = ? AND NOT dismissed",
                      job);
              var rows = query.executeQuery()) {
            int open = rows.next() ? rows.getInt(1) : 0;
            if (again && open == 0) {
              return agreed.get();
            } else if (open != count || count == 0) {
              return false;
            }
          }
          agreed.set(true);
          Sql.update(
              connection,
              "UPDATE open_reject SET dismissed = TRUE WHERE job = ? AND NOT dismissed",
              job);
          return true;
        });
  }

  /** The ids of the rows of a job that were dismissed. */
  public Set<String> dismissed(String job) {
    return database.call(
        connection -> {
          var ids = new HashSet<String>();
          try (var query =
                  Sql.prepare(
                      connection, "SELECT id FROM open_reject WHERE job = ? AND dismissed", job);
              var rows = query.executeQuery()) {
            while (rows.next()) {
              ids.add(rows.getString(1));
            }
          }
          return ids;
        });
  }

  /** Forgets rows that have been applied or overtaken. */
  public void close(String job, Collection<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    database.call(
        connection -> {
          for (String id : ids) {
            Sql.update(connection, "DELETE FROM open_reject WHERE job = ? AND id = ?", job, id);
          }
          return true;
        });
  }

  private List<OpenReject> read(String which, Object... values) {
    return select(
        "job, id, record_key, cells, reason, run, since, tried, source_row, bad_column, members,"
            + " member_at_fault",
        which,
        values);
  }

  private List<OpenReject> select(String columns, String which, Object... values) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT " + columns + " FROM open_reject WHERE NOT dismissed " + which,
                      values);
              var rows = query.executeQuery()) {
            var rejects = new ArrayList<OpenReject>();
            while (rows.next()) {
              rejects.add(
                  new OpenReject(
                      rows.getString(1),
                      rows.getString(2),
                      rows.getString(3),
                      JSON.readValue(rows.getString(4), VALUES),
                      reason(rows.getString(5)),
                      rows.getString(6),
                      rows.getLong(9),
                      rows.getObject(7, OffsetDateTime.class).toInstant(),
                      rows.getInt(8),
                      rows.getString(10),
                      members(rows.getString(11)),
                      rows.getInt(12)));
            }
            return rejects;
          }
        });
  }

  /** Older versions kept the sentence itself, in the language of their run. */
  private static UserMessage reason(String kept) {
    if (!kept.startsWith("{")) {
      return MessageCode.EXAMPLE.with(kept);
    }
    try {
      return MessageJson.read(kept);
    } catch (IllegalArgumentException | JsonProcessingException e) {
      return MessageCode.EXAMPLE.with(kept); // a newer program's sentence
    }
  }
}
