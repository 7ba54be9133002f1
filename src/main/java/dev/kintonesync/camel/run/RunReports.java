package dev.kintonesync.camel.run;

import dev.kintonesync.form.FormerForm;
import dev.kintonesync.journal.Forms;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OldRuns;
import dev.kintonesync.journal.PublishedRejects;
import dev.kintonesync.journal.RunFolder;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what became of runs: in their folders, in the journal, and beside their sources. */
public final class RunReports {
  private static final Logger log = LoggerFactory.getLogger(RunReports.class);

  private final Path runsFolder;
  private final PublishedRejects published;
  private final Journal journal;
  private final Clock clock;

  public RunReports(Path runsFolder, PublishedRejects published, Journal journal, Clock clock) {
    this.runsFolder = runsFolder;
    this.published = published;
    this.journal = journal;
    this.clock = clock;
  }

  /** Makes the folder of a run that begins. */
  RunFolder newFolder(String job, Instant now) {
    return RunFolder.create(runsFolder, job, now, ZoneId.systemDefault());
  }

  /** Runs that a killed program left behind get the report that it could not write. */
  public void closeAbandoned() {
    for (var report : journal.abandoned()) {
      try (var folder = RunFolder.reopen(runsFolder, report.run(), ZoneId.systemDefault())) {
        folder.report(report);
      } catch (UserErrorException e) {
        // a program that was only cut off takes the folder of a run away that did nothing
        if (Files.isDirectory(runsFolder.resolve(report.run()))) {
          throw e;
        }
      }
      log.warn("run {} ended with its program: {}", report.run(), report.counts());
    }
  }

  /** Waits until every batch handed out is settled, then writes the report of a run. */
  RunResult report(RunContext run, RunFolder folder) throws InterruptedException {
    var work = run.work();
    try {
      String rejectsFile = null;
      if (work != null) {
        work.awaitSettled();
        work.keepConfirmed();
        work.close();
        UserMessage notes = work.batches().notes();
        if (notes != null) {
          run.remark(notes);
        }
        work.remarks().forEach(run::remark);
        if (work.batches().leftOut() > 0) {
          run.remark(MessageCode.ROWS_LEFT_OUT.with(work.batches().leftOut()));
        }
        if (work.haveRepeats()) {
          folder.keepLastChanges();
        }
        run.assertions().judgePlan(folder.changesFile());
        UserMessage objection = run.isStopped() ? null : run.item().objection();
        if (objection != null) {
          run.stop(objection);
        }
        rejectsFile = run.holdsItsLease() ? publish(work.rejects(), run) : null;
      }
      var counts = run.counts();
      if (!counts.addUp()) {
        run.stop(MessageCode.COUNTS_DO_NOT_ADD_UP.with(counts));
      }
      boolean does = run.job().options().writes() && !run.job().options().isPartial();
      if (!run.isStopped() && (does || run.hasNothingToApprove(state(run)))) {
        run.item().settled();
        rememberForm(run);
      }
      Path changes = folder.changesFile();
      var report =
          run.report(
              changes == null ? stateWithoutChanges(run) : state(run),
              clock.instant(),
              rejectsFile,
              changes == null ? null : changes.toString());
      folder.report(report);
      journal.ended(report);
      tidyUp(report, folder);
      return RunResult.of(report, run);
    } catch (RuntimeException e) {
      if (work == null) {
        throw e;
      }
      return unwritten(run, work, folder, e);
    }
  }

  /** What is missing when this fails changes nothing of what became of the run. */
  private void tidyUp(Report report, RunFolder folder) {
    try {
      folder.log(report.state().word() + (report.reason() == null ? "" : ": " + report.reason()));
      dropFilesBefore(report);
    } catch (RuntimeException e) {
      log.warn("run {} is written down, but not all of its folder", report.run(), e);
    }
  }

  /**
   * Of runs one after the other that repeat each other, only the newest keeps its folder and its
   * rejects file, which has the same rows. The journal keeps them all.
   */
  private void dropFilesBefore(Report report) {
    journal
        .runBefore(report)
        .filter(report::repeats)
        .ifPresent(before -> OldRuns.deleteFiles(runsFolder, published, before));
  }

  /** Forgets a run that says nothing new. */
  void forget(String run) {
    OldRuns.forget(journal, runsFolder, run);
  }

  /** Remembers the form, so that a later run can name a field that has been removed. */
  private void rememberForm(RunContext run) {
    var job = run.job();
    String domain = String.valueOf(job.connection().baseUrl());
    var target = run.required().target();
    var form = target.form();
    var kept = journal.forms().of(job.name(), domain, job.app());
    var before = kept == null ? null : FormerForm.read(job.name(), kept.revision(), kept.fields());
    journal
        .forms()
        .keep(
            job.name(),
            domain,
            job.app(),
            new Forms.Kept(form.revision(), FormerForm.text(form, target.mapping(), before)));
  }

  /**
   * The disk became full, for instance. Records may have been written to Kintone by then: the run
   * has stopped, its source is kept, and the next run finds out what is done. The run is over in
   * the journal, as far as that can be reached, and holds nothing any more.
   */
  private RunResult unwritten(
      RunContext run, RunSession work, RunFolder folder, RuntimeException failure) {
    run.stop(
        failure instanceof UserErrorException refused
            ? refused.reason()
            : MessageCode.RUN_FAILED.with(String.valueOf(failure)));
    log.error("run {} cannot be written down", run.name(), failure);
    var report = run.report(RunState.STOPPED, clock.instant(), null, null);
    for (Runnable step :
        List.<Runnable>of(work::close, () -> journal.ended(report), () -> folder.report(report))) {
      try {
        step.run();
      } catch (RuntimeException e) {
        log.warn("run {}: {}", run.name(), RootCause.words(e));
      }
    }
    return RunResult.of(report, run);
  }

  /** Whether a run was refused for the same reason as the one before it. */
  boolean isRefusedAgain(Report report) {
    return report.state() == RunState.REFUSED
        && journal.runs(report.job(), 2).stream()
            .filter(before -> !before.run().equals(report.run()))
            .anyMatch(
                before ->
                    before.state() == RunState.REFUSED
                        && Objects.equals(before.reason(), report.reason())
                        && before.source().equals(report.source()));
  }

  /**
   * A job that cannot even begin, such as one without a token, has a run that says so, unless its
   * last run said the same.
   */
  public Report refused(String job, UserMessage reason) {
    var now = clock.instant();
    try (var folder = newFolder(job, now)) {
      var report = Report.refused(folder.name(), job, now, MessageBundle.ENGLISH.say(reason));
      // first, so that whoever sees the run sees why in their language
      journal.runMessages().keep(report.run(), List.of(reason));
      journal.begun(report);
      folder.report(report);
      journal.ended(report);
      if (isRefusedAgain(report)) {
        forget(report.run());
      }
      return report;
    }
  }

  private static RunState state(RunContext run) {
    var ending = run.ending();
    if (ending != null) {
      return ending.state();
    }
    return run.counts().rejected() > 0 ? RunState.COMPLETED_WITH_REJECTS : RunState.COMPLETED;
  }

  /**
   * The state of a run that has changed no record. Whether a token may write is found out by the
   * first write only: where that is refused before any row has its outcome and any file is sent,
   * the run has not begun.
   */
  private static RunState stateWithoutChanges(RunContext run) {
    var ending = run.ending();
    var counts = run.counts();
    boolean lacksTheRight =
        ending != null && ending.reason().text() == MessageCode.WRITE_NOT_PERMITTED;
    boolean begun =
        counts.read() > counts.superseded() + counts.unprocessed()
            || run.counters().removed() > 0
            || run.counters().requests().uploads() > 0;
    return lacksTheRight && !begun ? RunState.REFUSED : state(run);
  }

  /** Puts a copy of the run folder's rejects where the people who know the source will look. */
  private @Nullable String publish(RejectsFile rejects, RunContext run) {
    if (rejects.count() == 0) {
      return null;
    }
    if (!run.item().rejectsAreNamed() && !run.job().options().writes()) {
      return rejects.file().toAbsolutePath().toString(); // a plan leaves nothing beside the source
    }
    try {
      return run.item().publish(rejects.file()).toString();
    } catch (IOException e) {
      log.warn("the rejects of {} stay in {}: {}", run.source(), rejects.file(), e.toString());
      return rejects.file().toAbsolutePath().toString();
    }
  }
}
