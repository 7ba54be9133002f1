package dev.kintonesync.journal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The calls that were made to apps, by the days of Kintone. */
final class DailyCalls {
  private final Database database;

  DailyCalls(Database database) {
    this.database = database;
  }

  /** Calls were made. */
  void add(String domain, String app, Instant when, long calls) {
    database.call(
        connection ->
            Sql.update(
                connection,
                """
                MERGE INTO calls USING (VALUES
                  (CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS DATE), CAST(? AS BIGINT))
                ) more (domain, app, kintone_day, calls)
                ON calls.domain = more.domain AND calls.app = more.app
                  AND calls.kintone_day = more.kintone_day
                WHEN MATCHED THEN UPDATE SET calls = calls.calls + more.calls
                WHEN NOT MATCHED THEN INSERT VALUES
                  (more.domain, more.app, more.kintone_day, more.calls)
                """,
                domain,
                app,
                kintoneDay(when),
                calls));
  }

  /** The calls of a day, by every process. */
  long of(String domain, String app, Instant when) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection,
                      "SELECT calls FROM calls WHERE domain = ? AND app = ? AND kintone_day = ?",
                      domain,
                      app,
                      kintoneDay(when));
              var rows = query.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0L;
          }
        });
  }

  /** Forgets the days before an instant. */
  void forget(Instant before) {
    database.call(
        connection ->
            Sql.update(connection, "DELETE FROM calls WHERE kintone_day < ?", kintoneDay(before)));
  }

  private static LocalDate kintoneDay(Instant when) {
    return when.atOffset(ZoneOffset.UTC).toLocalDate();
  }
}
