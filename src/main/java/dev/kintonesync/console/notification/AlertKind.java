package dev.kintonesync.console.notification;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Report;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A condition of a job that people are notified of: at first, then once a day while it holds. */
enum AlertKind {
  GUARD(MessageCode.NOTICE_GUARD),
  REFUSED(MessageCode.NOTICE_REFUSED),
  STOPPED(MessageCode.NOTICE_STOPPED),
  LATE(MessageCode.NOTICE_LATE),
  APPROVAL(MessageCode.NOTICE_APPROVAL),
  NOT_COMPARED(MessageCode.NOTICE_NOT_COMPARED),
  REJECTS(MessageCode.NOTICE_REJECTS),
  OPEN_REJECTS(MessageCode.NOTICE_OPEN_REJECTS);

  private final MessageCode headline;

  AlertKind(MessageCode headline) {
    this.headline = headline;
  }

  /** What is wrong, in a line. */
  UserMessage headline(String job) {
    return headline.with(job);
  }

  /** As the journal knows it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What is wrong after a run. A run that somebody broke off is no problem.
   *
   * @param reason why it ended early; null when it did not
   */
  static Set<AlertKind> after(Report report, @Nullable UserMessage reason) {
    var problems = EnumSet.noneOf(AlertKind.class);
    switch (report.state()) {
      case STOPPED -> {
        if (Guard.of(reason) != null) {
          problems.add(GUARD);
        } else if (reason == null || reason.text() != MessageCode.RUN_INTERRUPTED) {
          problems.add(STOPPED);
        }
      }
      case REFUSED -> problems.add(REFUSED);
      case COMPLETED_WITH_REJECTS -> problems.add(REJECTS);
      case COMPLETED, RUNNING -> {}
    }
    if (report.open() > 0) {
      problems.add(OPEN_REJECTS);
    }
    return problems;
  }

  /** What a run that came to its end has put right, whatever else it may have found. */
  static Set<AlertKind> overAfterAGoodRun() {
    return EnumSet.of(GUARD, REFUSED, STOPPED, LATE);
  }
}
