package dev.kintonesync.cli;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.sync.Report;
import java.time.Duration;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * How long writes to an app may take, as the latest run tells that wrote enough of its records.
 *
 * @param seconds how long they would take
 * @param written how many records that run wrote
 */
record Pace(long seconds, long written) {
  /** A run that wrote fewer records says little about the pace of the app. */
  private static final long WORTH_MEASURING = 200;

  private static final int RUNS_LOOKED_AT = 50;

  /**
   * Estimates how long a number of writes takes.
   *
   * @return null when no run tells, or nothing is to be written
   */
  static @Nullable Pace of(Journal journal, String app, long changes) {
    var measured =
        journal.runs(RUNS_LOOKED_AT).stream()
            .filter(run -> run.app().equals(app) && run.written() && run.finishedAt() != null)
            .filter(run -> written(run) >= WORTH_MEASURING)
            .max(Comparator.comparing(Report::startedAt))
            .orElse(null);
    if (measured == null || changes == 0) {
      return null;
    }
    long written = written(measured);
    var took = Duration.between(measured.startedAt(), measured.finishedAt());
    return new Pace(Math.max(1, took.toMillis() * changes / written / 1000), written);
  }

  private static long written(Report run) {
    return run.counts().inserted() + run.counts().updated() + run.deleted();
  }
}
