package dev.kintonesync.journal;

import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.Starter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Reports that tests write. */
final class SampleReports {
  static final Instant START = Instant.parse("2026-11-21T17:31:14Z");
  static final Counts COUNTS = new Counts(21, 1, 2, 3, 4, 5, 6);

  private SampleReports() {}

  static Report running(String run, String job, Instant startedAt) {
    return report(run, job, RunState.RUNNING, startedAt, Counts.NONE, 11);
  }

  static Report running(String run) {
    return running(run, "customers", START);
  }

  static Report completed(String run, Counts counts) {
    return completed(run, "customers", START, counts, 11);
  }

  static Report completed(String run, String job, Instant startedAt, Counts counts, long open) {
    return report(run, job, RunState.COMPLETED, startedAt, counts, open);
  }

  /** A run with a rejects file that is published. */
  static Report rejecting(String run, Instant at, String source, Counts counts, Path published) {
    return report(
        run,
        "customers",
        source,
        RunState.COMPLETED_WITH_REJECTS,
        at,
        counts,
        0,
        published.toString());
  }

  private static Report report(
      String run, String job, RunState state, Instant startedAt, Counts counts, long open) {
    return report(run, job, "inbox/顧客.csv", state, startedAt, counts, open, null);
  }

  private static Report report(
      String run,
      String job,
      String source,
      RunState state,
      Instant startedAt,
      Counts counts,
      long open,
      String rejectsFile) {
    boolean ended = state != RunState.RUNNING;
    return new Report(
        run,
        job,
        source,
        "42",
        "upsert",
        true,
        state,
        null,
        startedAt,
        ended ? startedAt.plusSeconds(60) : null,
        new Starter(Starter.By.TERMINAL, "alice"),
        counts,
        true,
        6,
        7,
        2,
        8,
        9,
        10,
        open,
        new Report.Requests(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        "Read as JSON.",
        List.of("a remark"),
        rejectsFile,
        null,
        ended ? "/runs/" + run + "/changes.jsonl.gz" : null);
  }
}
