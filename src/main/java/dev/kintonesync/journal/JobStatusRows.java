package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kintonesync.message.UserMessage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the jobs stand that running programs have, as these programs say it from time to time. What a
 * program said counts as long as it is there.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class JobStatusRows {
  private final Database database;
  private final ProcessLiveness presence;

  JobStatusRows(Database database, ProcessLiveness presence) {
    this.database = database;
    this.presence = presence;
  }

  /** What this process has to say of its jobs, in the place of all that it said before. */
  public void say(Collection<JobStatusRow> standings) {
    database.call(
        connection -> {
          for (var standing : standings) {
            Instant next = standing.next();
            UserMessage why = standing.why();
            Database.update(
                connection,
                """
                MERGE INTO standing (job, process, next_at, why, run, progress, slow_because)
                KEY (job) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                standing.job(),
                presence.number(),
                next == null ? null : next.atOffset(ZoneOffset.UTC),
                why == null ? null : MessageJson.write(why),
                standing.run(),
                standing.progress(),
                standing.slowBecause());
          }
          return Database.update(
              connection,
              "DELETE FROM standing WHERE process = ? AND NOT ARRAY_CONTAINS(?, job)",
              presence.number(),
              standings.stream().map(JobStatusRow::job).toArray(String[]::new));
        });
  }

  /** The jobs that running programs have, by name. */
  public Map<String, JobStatusRow> all() {
    return database.call(
        connection -> {
          var standings = new LinkedHashMap<String, JobStatusRow>();
          var present = new LinkedHashMap<Long, Boolean>();
          try (var query =
                  Database.prepare(
                      connection,
                      "SELECT job, process, next_at, why, run, progress, slow_because"
                          + " FROM standing ORDER BY job");
              var rows = query.executeQuery()) {
            while (rows.next()) {
              long process = rows.getLong(2);
              Boolean there = present.get(process);
              if (there == null) {
                there = presence.has(process);
                present.put(process, there);
              }
              if (there) {
                standings.put(rows.getString(1), standing(rows));
              }
            }
          }
          return standings;
        });
  }

  private static JobStatusRow standing(ResultSet row) throws SQLException {
    var next = row.getObject(3, OffsetDateTime.class);
    return new JobStatusRow(
        row.getString(1),
        next == null ? null : next.toInstant(),
        why(row.getString(4)),
        row.getString(5),
        row.getDouble(6),
        row.getString(7));
  }

  private static @Nullable UserMessage why(@Nullable String json) {
    try {
      return json == null ? null : MessageJson.read(json);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return null; // of a newer program, which knows sentences that this one does not
    }
  }
}
