package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Removed;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a run's batches, summed up.
 *
 * @param lastAt when the last of them was written; null when there is none
 * @param counts the sum of their counts
 * @param removals the records that they removed
 */
record BatchLines(@Nullable OffsetDateTime lastAt, Counts counts, Removed removals) {

  /** Writes the line of a batch; it replaces an earlier one of its number. */
  static int store(Connection connection, String run, int batch, Counts counts, Removed removals)
      throws SQLException {
    return Sql.put(
        connection,
        "batch",
        2,
        "run, number, at, read, inserted, updated, unchanged, superseded, rejected, unprocessed,"
            + " removed, deleted, flagged",
        run,
        batch,
        Sql.NOW,
        counts.read(),
        counts.inserted(),
        counts.updated(),
        counts.unchanged(),
        counts.superseded(),
        counts.rejected(),
        counts.unprocessed(),
        counts.removed(),
        removals.deleted(),
        removals.flagged());
  }

  /** Reads the lines of a run. */
  static BatchLines of(Connection connection, String run) throws SQLException {
    try (var query =
            Sql.prepare(
                connection,
                """
                SELECT MAX(at), COALESCE(SUM(read), 0), COALESCE(SUM(inserted), 0),
                  COALESCE(SUM(updated), 0), COALESCE(SUM(unchanged), 0),
                  COALESCE(SUM(superseded), 0), COALESCE(SUM(rejected), 0),
                  COALESCE(SUM(unprocessed), 0), COALESCE(SUM(removed), 0),
                  COALESCE(SUM(deleted), 0), COALESCE(SUM(flagged), 0)
                FROM batch WHERE run = ?
                """,
                run);
        var rows = query.executeQuery()) {
      rows.next();
      return new BatchLines(
          rows.getObject(1, OffsetDateTime.class),
          new Counts(
              rows.getLong(2),
              rows.getLong(3),
              rows.getLong(4),
              rows.getLong(5),
              rows.getLong(6),
              rows.getLong(7),
              rows.getLong(8),
              rows.getLong(9)),
          new Removed(rows.getLong(10), rows.getLong(11)));
    }
  }

  /** The report of a run that goes on, with its counts so far. */
  Report soFar(Report begun) {
    return with(begun, begun.state(), begun.reason(), begun.finishedAt());
  }

  /** The report of a run whose process has ended. */
  Report stopped(Report begun) {
    Instant last = lastAt == null ? begun.startedAt() : lastAt.toInstant();
    return with(begun, RunState.STOPPED, MessageCode.PROGRAM_ENDED_EARLY.with().toString(), last);
  }

  private Report with(
      Report begun, RunState state, @Nullable String reason, @Nullable Instant finishedAt) {
    return new Report(
        begun.run(),
        begun.job(),
        begun.source(),
        begun.app(),
        begun.mode(),
        begun.written(),
        state,
        reason,
        begun.startedAt(),
        finishedAt,
        begun.startedBy(),
        counts,
        begun.mirrored(),
        Math.max(begun.missing(), removals.all()),
        Math.max(begun.deleted(), removals.all()),
        Math.max(begun.flagged(), removals.flagged()),
        begun.conflicts(),
        begun.overEdits(),
        begun.retried(),
        begun.open(),
        begun.requests(),
        begun.understood(),
        begun.remarks(),
        begun.rejectsFile(),
        begun.rejectsDigest(),
        begun.changesFile());
  }
}
