package dev.kintonesync.console;

import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.Starter;
import java.time.Instant;
import java.util.List;

/** Reports of runs that nobody made. */
public final class SampleRuns {
  private SampleRuns() {}

  /** A run of ten rows, of which one is rejected, that took a minute. */
  public static Report of(String job, RunState state, Instant startedAt) {
    return of(startedAt.toString().replaceAll("\\W", "") + "-" + job, job, state, startedAt);
  }

  /** A run that found ten rows unchanged. */
  public static Report idle(String job, Instant startedAt) {
    String run = startedAt.toString().replaceAll("\\W", "") + "-idle-" + job;
    var counts = new Counts(10, 0, 0, 10, 0, 0, 0);
    return of(run, job, RunState.COMPLETED, startedAt, true, counts);
  }

  /** One that was to write nothing. */
  public static Report dry(String job, RunState state, Instant startedAt) {
    String run = startedAt.toString().replaceAll("\\W", "") + "-dry-" + job;
    return of(run, job, state, startedAt, false);
  }

  public static Report of(String run, String job, RunState state, Instant startedAt) {
    return of(run, job, state, startedAt, true);
  }

  private static Report of(
      String run, String job, RunState state, Instant startedAt, boolean written) {
    return of(run, job, state, startedAt, written, new Counts(10, 3, 2, 4, 0, 1, 0));
  }

  private static Report of(
      String run, String job, RunState state, Instant startedAt, boolean written, Counts counts) {
    return new Report(
        run,
        job,
        "inbox/" + job + ".csv",
        "42",
        "upsert",
        written,
        state,
        state == RunState.STOPPED ? "Kintone is away." : null,
        startedAt,
        startedAt.plusSeconds(60),
        new Starter(Starter.By.FOLDER, null),
        counts,
        false,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        Report.Requests.NONE,
        null,
        List.of(),
        null,
        null,
        null);
  }

  /** A run of another source than a folder, with rejected rows. */
  public static Report ofSource(String source, RunState state, Instant startedAt) {
    var run = of("customers", state, startedAt);
    return new Report(
        run.run(),
        run.job(),
        source,
        run.app(),
        run.mode(),
        true,
        state,
        run.reason(),
        run.startedAt(),
        run.finishedAt(),
        run.startedBy(),
        run.counts(),
        false,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        Report.Requests.NONE,
        null,
        List.of(),
        "/var/lib/kintone-sync/rejects/customers.csv",
        null,
        null);
  }
}
