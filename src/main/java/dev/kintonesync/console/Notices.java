package dev.kintonesync.console;

import static java.util.stream.Collectors.joining;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.ReportJson;
import dev.kintonesync.message.Catalogue;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Notifying;
import dev.kintonesync.settings.Notifying.Channel;
import dev.kintonesync.sync.Report;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what people are told after a run or when one is missing, and puts it into words that a
 * clerk understands. What is to be sent goes to the journal's outbox.
 */
final class Notices {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
  private static final int EXAMPLES = 3;
  private static final int CELLS = 4;

  private final Journal journal;
  private final Function<String, Notifying> notifying;
  private final RunFiles files;
  private final Catalogue catalogue;
  private final Clock clock;

  /**
   * The notices of all jobs.
   *
   * @param notifying who is told of a job, and how
   * @param runs the folder of all run folders
   * @param catalogue the language of people
   */
  Notices(
      Journal journal,
      Function<String, Notifying> notifying,
      Path runs,
      Catalogue catalogue,
      Clock clock) {
    this.journal = journal;
    this.notifying = notifying;
    this.files = new RunFiles(runs);
    this.catalogue = catalogue;
    this.clock = clock;
  }

  /**
   * A run has ended.
   *
   * @param reason why it ended early; null when it did not
   */
  void ran(Report report, @Nullable Message reason) {
    if (!report.written()) {
      return;
    }
    Instant now = clock.instant();
    String job = report.job();
    if (report.counts().read() > 0 || !Overview.isGood(report)) {
      record(report);
    }
    var problems = Problem.after(report, reason);
    var conditions = journal.conditions();
    boolean recovered = false;
    if (Overview.isGood(report)) {
      for (Problem over : Problem.overAfterAGoodRun()) {
        recovered |= conditions.ends(job, over.word());
      }
      for (Problem over : List.of(Problem.REJECTS, Problem.OPEN_REJECTS)) {
        if (!problems.contains(over)) {
          recovered |= conditions.ends(job, over.word());
        }
      }
    }
    Problem told = null;
    for (Problem problem : problems) {
      if (conditions.holds(job, problem.word(), now) && told == null) {
        told = problem;
      }
    }
    if (told != null) {
      send(job, told.headline(job), aboutRun(report, reason, told));
    } else if (recovered && problems.isEmpty()) {
      send(job, Text.NOTICE_RECOVERED.with(job), aboutRun(report, null, null));
    }
  }

  /**
   * A job cannot even begin, or still cannot.
   *
   * @param report of the run that says so
   */
  void couldNotBegin(Report report, Message reason) {
    String job = report.job();
    if (journal.conditions().holds(job, Problem.REFUSED.word(), clock.instant())) {
      record(report);
      send(job, Problem.REFUSED.headline(job), aboutRun(report, reason, Problem.REFUSED));
    }
  }

  private void record(Report report) {
    if (notifying.apply(report.job()).app() != null) {
      journal.outbox().add(word(Channel.APP), ReportJson.line(report), clock.instant());
    }
  }

  /** A job has had no good run for too long. */
  void late(JobStatus status) {
    if (!journal.conditions().holds(status.name(), Problem.LATE.word(), clock.instant())) {
      return;
    }
    var lines = new ArrayList<Message>();
    var good = status.lastGood();
    lines.add(good == null ? Text.NOTICE_NEVER.with() : Text.NOTICE_SINCE.with(time(good)));
    var why = status.why();
    if (why != null) {
      lines.add(why);
    }
    lines.add(Text.NOTICE_DO_LATE.with());
    send(status.name(), Problem.LATE.headline(status.name()), lines);
  }

  private List<Message> aboutRun(
      Report report, @Nullable Message reason, @Nullable Problem problem) {
    var counts = report.counts();
    var lines = new ArrayList<Message>();
    lines.add(Text.NOTICE_RUN.with(report.run(), time(report.startedAt())));
    if (!report.source().isEmpty()) {
      lines.add(Text.NOTICE_SOURCE.with(report.source()));
    }
    lines.add(
        Text.COUNTS.with(
            counts.read(),
            counts.inserted(),
            counts.updated(),
            counts.unchanged(),
            counts.superseded(),
            counts.rejected(),
            counts.unprocessed()));
    if (reason != null) {
      lines.add(reason);
    }
    if (counts.rejected() > 0) {
      addExamples(report, lines);
    }
    lines.add(toDo(report, problem));
    return lines;
  }

  private void addExamples(Report report, List<Message> lines) {
    var rows = files.rejectedRows(report.run(), EXAMPLES, catalogue).first();
    if (!rows.isEmpty()) {
      lines.add(Text.NOTICE_EXAMPLES.with());
    }
    rows.forEach(row -> lines.add(Text.NOTICE_EXAMPLE.with(cells(row.values()), row.reason())));
    if (report.rejectsFile() != null) {
      lines.add(Text.NOTICE_FILE.with(report.rejectsFile()));
    }
  }

  private static String cells(Map<String, String> values) {
    return values.entrySet().stream()
        .limit(CELLS)
        .map(cell -> Shown.name(cell.getKey()) + "=" + Shown.name(cell.getValue()))
        .collect(joining(", "));
  }

  private static Message toDo(Report report, @Nullable Problem problem) {
    if (problem == null) {
      return Text.NOTICE_DO_NOTHING.with();
    }
    return switch (problem) {
      case GUARD -> Text.NOTICE_DO_GUARD.with(report.job());
      case REFUSED -> Text.NOTICE_DO_REFUSED.with();
      case STOPPED -> Text.NOTICE_DO_STOPPED.with();
      case LATE -> Text.NOTICE_DO_LATE.with();
      case REJECTS ->
          report.rejectsFile() == null
              ? Text.NOTICE_DO_REJECTS_OF_SOURCE.with()
              : Text.NOTICE_DO_REJECTS.with();
      case OPEN_REJECTS -> Text.NOTICE_DO_OPEN_REJECTS.with(report.job());
    };
  }

  private void send(String job, Message headline, List<Message> lines) {
    String text = lines.stream().map(catalogue::say).collect(joining("\n"));
    String notice = new Notice(job, catalogue.say(headline), text).json();
    var ways = notifying.apply(job);
    if (ways.mail() != null) {
      journal.outbox().add(word(Channel.MAIL), notice, clock.instant());
    }
    if (ways.webhook() != null) {
      journal.outbox().add(word(Channel.WEBHOOK), notice, clock.instant());
    }
  }

  static String word(Channel channel) {
    return channel.name();
  }

  private static String time(Instant instant) {
    return TIME.format(instant.atZone(ZoneId.systemDefault()));
  }
}
