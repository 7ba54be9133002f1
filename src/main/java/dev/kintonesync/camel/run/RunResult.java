package dev.kintonesync.camel.run;

import dev.kintonesync.form.Form;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.file.FileIdentity;
import dev.kintonesync.sync.Decision;
import dev.kintonesync.sync.Reconciliation;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run that has reported.
 *
 * @param report its counts
 * @param reason why it stopped or was refused; null when it reached the end of its source
 * @param remarks what a person should know besides
 * @param understood what its file was taken for; null of other sources
 * @param firstRows how the first rows are read, of a run that only plans
 * @param firstRejects the first rejected rows, of a run that only plans
 * @param sourceAtFault whether it was refused because of the source item itself
 * @param sourceIsKept whether it was not to be let go in any case: a part of it was read, or
 *     nothing was to be written
 * @param decisions what was decided about the only key that was looked at; empty when all were
 * @param notBefore until when another run of the source would end in the same way; null when nobody
 *     knows
 * @param identity what the source was when it was read; null when it was not opened
 * @param formRevision the revision of the form that it found; null when it could not be read
 * @param form the form that it planned by; null when it could not be read
 * @param job the job that ran; null where another process ran it
 */
public record RunResult(
    Report report,
    @Nullable UserMessage reason,
    List<UserMessage> remarks,
    @Nullable UserMessage understood,
    List<UnderstoodRow> firstRows,
    List<Reject> firstRejects,
    boolean sourceAtFault,
    boolean sourceIsKept,
    List<Decision> decisions,
    @Nullable Instant notBefore,
    @Nullable FileIdentity identity,
    @Nullable Long formRevision,
    @Nullable Form form,
    @Nullable Job job) {

  /** What a run came to. */
  static RunResult of(Report report, RunContext run) {
    var ending = run.ending();
    return new RunResult(
        report,
        ending == null ? null : ending.reason(),
        run.remarks(),
        run.understood(),
        run.firstRows(),
        run.firstRejects(),
        ending != null && ending.sourceAtFault(),
        run.job().options().isPartial() || !report.written(),
        run.decisions(),
        ending == null ? null : ending.notBefore(),
        run.item().identity(),
        run.formRevision(),
        run.work() == null ? null : run.app().form(),
        run.job());
  }

  /** What becomes of the source item. */
  public enum Disposition {
    TO_DONE,
    TO_FAILED,
    STAYS
  }

  /**
   * Done when every row has its outcome, failed when none can ever have one; otherwise it stays.
   */
  public Disposition disposition() {
    return switch (report.state()) {
      case COMPLETED, COMPLETED_WITH_REJECTS ->
          sourceIsKept ? Disposition.STAYS : Disposition.TO_DONE;
      case REFUSED -> sourceAtFault ? Disposition.TO_FAILED : Disposition.STAYS;
      case RUNNING, STOPPED -> Disposition.STAYS;
    };
  }

  /** The same run of a source that could not be taken to where it goes, and is still there. */
  public RunResult ofKeptSource() {
    return new RunResult(
        report,
        reason,
        remarks,
        understood,
        firstRows,
        firstRejects,
        sourceAtFault,
        true,
        decisions,
        notBefore,
        identity,
        formRevision,
        form,
        job);
  }

  /** Whether it made a plan that waits until a person lets it happen. */
  public boolean awaitsApproval() {
    return job != null && job.awaitsApproval() && !report.written() && !early();
  }

  /** Whether it read no source but a plan document. */
  public boolean hasAppliedAPlan() {
    return job != null && job.source() instanceof Source.PlanFile;
  }

  /** Whether it held its whole source against the app, and wrote nothing. */
  public boolean compares() {
    return job != null && job.options().compares();
  }

  /** Whether it ended before the end of its source. */
  public boolean early() {
    return report.state() == RunState.STOPPED || report.state() == RunState.REFUSED;
  }

  /** Whether only a person can let it pass. */
  public boolean needsPerson() {
    return report.state().needsPerson(reason);
  }

  /** The counts as a phrase; of a run that wrote nothing, what would be. */
  public UserMessage counts() {
    var counts = report.inWords();
    return report.written() || early() ? counts : MessageCode.PLANNED.with(counts);
  }

  /** One sentence about the run: job, source, how it ended, counts. */
  public UserMessage summary() {
    var counts = counts();
    if (reason != null && report.state() == RunState.REFUSED && sourceAtFault) {
      var text =
          report.ofFile() ? MessageCode.RUN_SOURCE_UNREADABLE : MessageCode.RUN_SOURCE_NOT_IMPORTED;
      return text.with(report.job(), report.sourceInWords(), reason);
    }
    if (reason == null && compares()) {
      return MessageCode.RECONCILED.with(report.job(), Reconciliation.of(report).inWords());
    }
    return reason == null
        ? MessageCode.RUN_COMPLETED.with(report.job(), report.sourceInWords(), counts)
        : MessageCode.RUN_ENDED_EARLY.with(report.job(), report.sourceInWords(), reason, counts);
  }
}
