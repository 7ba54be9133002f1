package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.kafka.Backlog;
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
  private final Liveness liveness;

  JobStatusRows(Database database, Liveness liveness) {
    this.database = database;
    this.liveness = liveness;
  }

  /** What this process has to say of its jobs, in the place of all that it said before. */
  public void say(Collection<JobStatusRow> statusRows) {
    database.call(
        connection -> {
          for (var statusRow : statusRows) {
            Instant next = statusRow.next();
            UserMessage why = statusRow.why();
            var backlog = statusRow.backlog();
            Instant oldest = backlog == null ? null : backlog.oldest();
            Sql.put(
                connection,
                "standing",
                1,
                "job, process, next_at, why, run, progress, slow_because, backlog, oldest_at",
                statusRow.job(),
                liveness.number(),
                next == null ? null : next.atOffset(ZoneOffset.UTC),
                why == null ? null : MessageJson.write(why),
                statusRow.run(),
                statusRow.progress(),
                statusRow.slowBecause(),
                backlog == null ? null : backlog.messages(),
                oldest == null ? null : oldest.atOffset(ZoneOffset.UTC));
          }
          return Sql.update(
              connection,
              "DELETE FROM standing WHERE process = ? AND job <> ALL (?)",
              liveness.number(),
              statusRows.stream().map(JobStatusRow::job).toArray(String[]::new));
        });
  }

  /** The jobs that running programs have, by name. */
  public Map<String, JobStatusRow> all() {
    return database.call(
        connection -> {
          var statusRows = new LinkedHashMap<String, JobStatusRow>();
          var present = new LinkedHashMap<Long, Boolean>();
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT job, process, next_at, why, run, progress, slow_because,"
                          + " backlog, oldest_at FROM standing ORDER BY job");
              var rows = query.executeQuery()) {
            while (rows.next()) {
              long process = rows.getLong(2);
              Boolean there = present.get(process);
              if (there == null) {
                there = liveness.has(connection, process);
                present.put(process, there);
              }
              if (there) {
                statusRows.put(rows.getString(1), statusRow(rows));
              }
            }
          }
          return statusRows;
        });
  }

  private static JobStatusRow statusRow(ResultSet row) throws SQLException {
    var next = row.getObject(3, OffsetDateTime.class);
    return new JobStatusRow(
        row.getString(1),
        next == null ? null : next.toInstant(),
        why(row.getString(4)),
        row.getString(5),
        row.getDouble(6),
        row.getString(7),
        backlog(row));
  }

  private static @Nullable Backlog backlog(ResultSet row) throws SQLException {
    long messages = row.getLong(8);
    if (row.wasNull()) {
      return null;
    }
    var oldest = row.getObject(9, OffsetDateTime.class);
    return new Backlog(messages, oldest == null ? null : oldest.toInstant());
  }

  private static @Nullable UserMessage why(@Nullable String json) {
    try {
      return json == null ? null : MessageJson.read(json);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return null; // of a newer program, which knows sentences that this one does not
    }
  }
}
