package dev.kintonesync.journal;

import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The table of the runs: one row each, with its report and the process that it runs in. The counts
 * of a run that is under way are in its {@link BatchLines}.
 */
final class RunTable {
  /** Ended runs before a time, each with its report and that of the newest run of its job. */
  private static final String OLD =
      """
      SELECT run.name, run.report, newest.report FROM run LEFT JOIN run newest ON newest.name =
        (SELECT name FROM run other WHERE other.job = run.job AND NOT other.dry
         ORDER BY started_at DESC, name DESC LIMIT 1)
      WHERE NOT run.running AND run.started_at < ? AND (newest.name IS NULL OR newest.name <> run.name)
      ORDER BY run.started_at, run.name
      """;

  private final Database database;
  private final Liveness liveness;

  RunTable(Database database, Liveness liveness) {
    this.database = database;
    this.liveness = liveness;
  }

  /** Adds the run of a report, in this process. */
  void begun(Report report) {
    database.call(connection -> store(connection, report, liveness.number()));
  }

  /**
   * Adds the run of a report, if this process still has that number: whoever finds the number gone
   * from then on finds the run, too. Else there is no such run, also not from an attempt whose
   * answer was lost and that another process has marked as abandoned.
   */
  boolean begun(Report report, long number) {
    return database.call(
        connection -> {
          store(connection, report, number);
          boolean holds = liveness.confirms(connection, number);
          if (!holds) {
            Sql.update(connection, "DELETE FROM run WHERE name = ?", report.run());
          }
          return holds;
        });
  }

  /**
   * Notes a run's last report, and waits for the disk. One that another process has marked as
   * abandoned stays as it is.
   */
  void ended(Report report) {
    database.call(
        connection -> {
          int ended =
              Sql.update(
                  connection,
                  "UPDATE run SET running = FALSE, dry = ?, report = ? WHERE name = ? AND running",
                  report.dry(),
                  ReportJson.line(report),
                  report.run());
          if (ended == 0 && isUnknown(connection, report.run())) {
            store(connection, report, liveness.number());
          }
          return database.reachDisk();
        });
  }

  private static boolean isUnknown(Connection connection, String run) throws SQLException {
    return !Sql.finds(connection, "SELECT 1 FROM run WHERE name = ?", run);
  }

  /** Whether the run has not ended, and its process is there. */
  boolean isUnderWay(String run) {
    return database.call(
        connection -> {
          try (var query =
                  Sql.prepare(
                      connection, "SELECT process FROM run WHERE name = ? AND running", run);
              var rows = query.executeQuery()) {
            return rows.next() && liveness.has(connection, rows.getLong(1));
          }
        });
  }

  /**
   * Marks as stopped the runs that stand as running although their process is gone; returns those
   * that this call marked.
   */
  List<Report> markAbandoned() {
    // by run, also those of an attempt of which we never heard
    var marked = new LinkedHashMap<String, Report>();
    return database.call(
        connection -> {
          try (var query =
                  connection.prepareStatement(
                      "SELECT report, process FROM run WHERE running ORDER BY started_at, name");
              var rows = query.executeQuery()) {
            while (rows.next()) {
              if (!liveness.has(connection, rows.getLong(2))) {
                Report begun = ReportJson.read(rows.getString(1));
                Report stopped = BatchLines.of(connection, begun.run()).stopped(begun);
                marked.put(begun.run(), stopped);
                if (!mark(connection, stopped)) {
                  marked.remove(begun.run());
                }
              }
            }
          }
          var ours = new ArrayList<Report>();
          for (Report stopped : marked.values()) {
            if (stands(connection, stopped)) {
              ours.add(stopped);
            }
          }
          return ours;
        });
  }

  /** The ended runs before that instant that nobody needs any more: see {@link Journal#old}. */
  List<String> old(Instant before) {
    return database.call(
        connection -> {
          var names = new ArrayList<String>();
          try (var query = Sql.prepare(connection, OLD, before.atOffset(ZoneOffset.UTC));
              var rows = query.executeQuery()) {
            while (rows.next()) {
              boolean rejects = ReportJson.read(rows.getString(2)).counts().rejected() > 0;
              String newest = rows.getString(3);
              if (!rejects || newest == null || ReportJson.read(newest).open() == 0) {
                names.add(rows.getString(1));
              }
            }
          }
          return names;
        });
  }

  /** Removes a run that has ended, with its batches and what was said of it. */
  void forget(String run) {
    database.call(
        connection -> {
          Sql.update(connection, "DELETE FROM batch WHERE run = ?", run);
          Sql.update(connection, "DELETE FROM run_words WHERE run = ?", run);
          Sql.update(connection, "DELETE FROM kept_plan WHERE run = ?", run);
          return Sql.update(connection, "DELETE FROM run WHERE name = ? AND NOT running", run);
        });
  }

  /**
   * The reports of runs; one that is under way has its counts so far.
   *
   * @param which the statement from {@code WHERE} or {@code ORDER BY} on
   * @param values of its parameters
   */
  List<Report> select(String which, Object... values) {
    return database.call(
        connection -> {
          var reports = new ArrayList<Report>();
          try (var query =
                  Sql.prepare(connection, "SELECT report, running FROM run " + which, values);
              var rows = query.executeQuery()) {
            while (rows.next()) {
              Report report = ReportJson.read(rows.getString(1));
              reports.add(
                  rows.getBoolean(2)
                      ? BatchLines.of(connection, report.run()).soFar(report)
                      : report);
            }
          }
          return reports;
        });
  }

  private static int store(Connection connection, Report report, long number) throws SQLException {
    return Sql.put(
        connection,
        "run",
        1,
        "name, job, started_at, running, process, dry, report",
        report.run(),
        report.job(),
        report.startedAt().atOffset(ZoneOffset.UTC),
        report.state() == RunState.RUNNING,
        number,
        report.dry(),
        ReportJson.line(report));
  }

  private boolean mark(Connection connection, Report stopped) throws SQLException {
    return Sql.update(
            connection,
            "UPDATE run SET running = FALSE, report = ? WHERE name = ? AND running",
            ReportJson.line(stopped),
            stopped.run())
        == 1;
  }

  private static boolean stands(Connection connection, Report stopped) throws SQLException {
    return Sql.finds(
        connection,
        "SELECT 1 FROM run WHERE name = ? AND NOT running AND report = ?",
        stopped.run(),
        ReportJson.line(stopped));
  }
}
