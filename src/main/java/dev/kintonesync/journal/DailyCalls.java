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

  /**
   * Calls were made. An update counts on from what is there at that moment, whoever writes beside
   * it; of two that insert the first row of a day, the second does not and begins anew.
   */
  void add(String domain, String app, Instant when, long calls) {
    var day = kintoneDay(when);
    database.call(
        connection -> {
          int updated =
              Sql.update(
                  connection,
                  """
                  UPDATE calls SET calls = calls + ?
                  WHERE domain = ? AND app = ? AND kintone_day = ?
                  """,
                  calls,
                  domain,
                  app,
                  day);
          return updated > 0
              ? updated
              : Sql.update(
                  connection,
                  "INSERT INTO calls (domain, app, kintone_day, calls) VALUES (?, ?, ?, ?)",
                  domain,
                  app,
                  day,
                  calls);
        });
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
