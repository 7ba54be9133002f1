package dev.kintonesync.cli;

import dev.kintonesync.camel.JobRunner;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.KeptPlans;
import dev.kintonesync.journal.OldRuns;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.settings.Job;
import dev.kintonesync.setup.PlanReport;
import java.nio.file.Path;
import java.util.List;

/**
 * What the next runs of a job would do, for those who look at the page before they let a job run:
 * each plan lies in the folder of its run, as the document that can be applied and as one HTML
 * file. The last ones of each job are kept.
 */
final class LookFirst {
  private final JobRunner runner;
  private final Journal journal;
  private final Path runs;
  private final MessageBundle bundle;

  /**
   * Plans for one program.
   *
   * @param runs the folder of all run folders
   * @param bundle of what the HTML files say at first
   */
  LookFirst(JobRunner runner, Journal journal, Path runs, MessageBundle bundle) {
    this.runner = runner;
    this.journal = journal;
    this.runs = runs;
    this.bundle = bundle;
  }

  /** Plans what waits of a job that runs by itself, when none of its own runs is under way. */
  List<RunResult> plan(Job job) throws InterruptedException {
    var planned = runner.planBetween(job, KeptPlans.MOST);
    for (var run : planned) {
      keep(job, run);
    }
    journal.keptPlans().of(job.name()).stream()
        .skip(KeptPlans.MOST)
        .forEach(old -> OldRuns.forget(journal, runs, old));
    return planned;
  }

  private void keep(Job job, RunResult run) {
    String id = run.report().run(); // by which the page knows whether it was applied
    if (run.form() != null) {
      PlanDocument.write(PlanDocument.of(runs, id), id, job, run, PlanReport.of(run, 0), journal);
      ChangesPage.write(
          PlanDocument.page(runs, id), ChangesPage.Subject.PLAN, job, run, journal, bundle);
    }
    journal.keptPlans().keep(job.name(), id);
  }
}
