package dev.kintonesync.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A lease as the journal has it.
 *
 * @param claim tells it from an earlier or later one of the same source
 * @param liveness the number of the process that has it
 * @param owner that process, as others are told of it
 * @param seenAt when it was last heard of, where only one computer uses the journal
 */
record LeaseRow(long claim, long liveness, LeaseOwner owner, Instant seenAt) {

  /** The lease of a source; null when nobody has it. */
  static @Nullable LeaseRow of(Connection connection, String source) throws SQLException {
    try (PreparedStatement query =
            Sql.prepare(
                connection,
                """
                SELECT claim, presence, process, host, since, command, seen_at
                FROM held WHERE source = ?
                """,
                source);
        var rows = query.executeQuery()) {
      return rows.next()
          ? new LeaseRow(
              rows.getLong(1),
              rows.getLong(2),
              new LeaseOwner(
                  rows.getLong(3),
                  rows.getString(4),
                  rows.getObject(5, OffsetDateTime.class).toInstant(),
                  rows.getString(6)),
              rows.getObject(7, OffsetDateTime.class).toInstant())
          : null;
    }
  }
}
