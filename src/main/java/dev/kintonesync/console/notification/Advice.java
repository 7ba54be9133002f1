package dev.kintonesync.console.notification;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Report;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a person who is told of a run is asked to do; true of the source and the schedule. */
final class Advice {
  private final Journal journal;
  private final Function<String, @Nullable Job> jobs;

  /**
   * The advice for all jobs.
   *
   * @param jobs the jobs by name; null of one that cannot run
   */
  Advice(Journal journal, Function<String, @Nullable Job> jobs) {
    this.journal = journal;
    this.jobs = jobs;
  }

  /**
   * What is to be done after a run.
   *
   * @param reason why it ended early; null when it did not
   * @param problem what people are told of; null: that all is well again
   */
  UserMessage of(Report report, @Nullable UserMessage reason, @Nullable AlertKind problem) {
    if (problem == null) {
      return MessageCode.NOTICE_DO_NOTHING.with();
    }
    return switch (problem) {
      case GUARD -> {
        var guard = Guard.of(reason);
        yield MessageCode.NOTICE_DO_GUARD.with(report.job(), guard == null ? "" : guard.word());
      }
      case REFUSED -> afterRefusal(report);
      case APPROVAL -> MessageCode.NOTICE_DO_APPROVAL.with(report.run());
      case NOT_COMPARED -> MessageCode.NOTICE_DO_NOT_COMPARED.with();
      case STOPPED ->
          report.state().needsPerson(reason)
              ? afterRefusal(report)
              : runsOnRequest(report)
                  ? MessageCode.NOTICE_DO_STOPPED_ON_REQUEST.with(report.job())
                  : MessageCode.NOTICE_DO_STOPPED.with();
      case LATE -> MessageCode.NOTICE_DO_LATE.with();
      case REJECTS ->
          report.rejectsFile() == null || !report.ofFile()
              ? MessageCode.NOTICE_DO_REJECTS_OF_SOURCE.with(report.run())
              : MessageCode.NOTICE_DO_REJECTS.with();
      case OPEN_REJECTS ->
          journal.openRejects().of(report.job(), 1).stream().anyMatch(open -> open.row() > 0)
              ? MessageCode.NOTICE_DO_OPEN_REJECTS_OF_FILES.with(report.job())
              : MessageCode.NOTICE_DO_OPEN_REJECTS.with(report.job());
    };
  }

  /** A folder keeps the file, anything else is read again. */
  private UserMessage afterRefusal(Report report) {
    var job = jobs.apply(report.job());
    if (job == null && report.source().isEmpty()) {
      return MessageCode.NOTICE_DO_REFUSED.with();
    }
    boolean file = job == null ? report.ofFile() : job.source().watched() != null;
    var continues = job == null ? MessageCode.CONTINUES_WHEN_CORRECTED.with() : job.continues();
    return file
        ? MessageCode.NOTICE_DO_REFUSED_FILE.with()
        : MessageCode.NOTICE_DO_REFUSED_SOURCE.with(report.job(), continues);
  }

  private boolean runsOnRequest(Report report) {
    var job = jobs.apply(report.job());
    return job != null && !job.runsByItself();
  }
}
