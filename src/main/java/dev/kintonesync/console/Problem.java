package dev.kintonesync.console;

import dev.kintonesync.message.Message;
import dev.kintonesync.message.Text;
import dev.kintonesync.sync.Report;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people are told of a job: the first time, and then once a day as long as it holds. */
enum Problem {
  GUARD(Text.NOTICE_GUARD),
  REFUSED(Text.NOTICE_REFUSED),
  STOPPED(Text.NOTICE_STOPPED),
  LATE(Text.NOTICE_LATE),
  REJECTS(Text.NOTICE_REJECTS),
  OPEN_REJECTS(Text.NOTICE_OPEN_REJECTS);

  private static final Set<Text> GUARDS =
      EnumSet.of(
          Text.GUARD_MAX_REJECTED,
          Text.GUARD_IN_A_ROW,
          Text.GUARD_MAX_UPDATED,
          Text.GUARD_MAX_MISSING);

  private final Text headline;

  Problem(Text headline) {
    this.headline = headline;
  }

  /** What is wrong, in a line. */
  Message headline(String job) {
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
  static Set<Problem> after(Report report, @Nullable Message reason) {
    var problems = EnumSet.noneOf(Problem.class);
    switch (report.state()) {
      case STOPPED -> {
        if (reason != null && GUARDS.contains(reason.text())) {
          problems.add(GUARD);
        } else if (reason == null || reason.text() != Text.RUN_INTERRUPTED) {
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
  static Set<Problem> overAfterAGoodRun() {
    return EnumSet.of(GUARD, REFUSED, STOPPED, LATE);
  }
}
