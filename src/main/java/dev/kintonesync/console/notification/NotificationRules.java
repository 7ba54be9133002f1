package dev.kintonesync.console.notification;

import static java.util.stream.Collectors.joining;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.console.RunFiles;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.ReportJson;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.NotificationSettings;
import dev.kintonesync.settings.NotificationSettings.Channel;
import dev.kintonesync.sync.Reconciliation;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.File;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which notifications follow from a run, or from a run that is missing, and puts them into
 * the journal's outbox.
 */
final class NotificationRules {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
  private static final int EXAMPLES = 3;
  private static final int CELLS = 4;

  /** So many rejected rows are looked through for people to tell. */
  private static final int ROWS = 2_000;

  private static final int MOST_SENDERS = 50;
  private static final int EXAMPLES_OF_SENDER = 20;

  private final Journal journal;
  private final Advice advice;
  private final Function<String, NotificationSettings> notifying;
  private final RunFiles files;
  private final MessageBundle bundle;
  private final Clock clock;
  private final Supplier<@Nullable URI> page;

  /**
   * The notices of all jobs.
   *
   * @param jobs the jobs by name; null of one that cannot run
   * @param notifying who is told of a job, and how
   * @param runs the folder of all run folders
   * @param bundle the language of people
   * @param page where the page is that people can open; null: there is none, or nobody knows
   */
  NotificationRules(
      Journal journal,
      Function<String, @Nullable Job> jobs,
      Function<String, NotificationSettings> notifying,
      Path runs,
      MessageBundle bundle,
      Clock clock,
      Supplier<@Nullable URI> page) {
    this.journal = journal;
    this.advice = new Advice(journal, jobs);
    this.notifying = notifying;
    this.files = new RunFiles(runs);
    this.bundle = bundle;
    this.clock = clock;
    this.page = page;
  }

  /**
   * A run has ended.
   *
   * @param reason why it ended early; null when it did not
   * @param planned whether it belongs to a job whose runs only make plans
   */
  void ran(Report report, @Nullable UserMessage reason, boolean planned) {
    if (planned && reason == null && !report.written()) {
      awaitsApproval(report);
      return;
    } else if (!planned && !report.written()) {
      return;
    }
    tell(
        report,
        reason,
        AlertKind.after(report, reason),
        EnumSet.of(AlertKind.REJECTS, AlertKind.OPEN_REJECTS));
  }

  /**
   * A plan was applied: that says nothing of the rejected rows of the job's source, which stay as
   * they are.
   *
   * @param reason why the run ended early; null when it did not
   */
  void applied(Report report, @Nullable UserMessage reason) {
    var problems = AlertKind.after(report, reason);
    if (!journal.openRejects().of(report.job(), 1).isEmpty()) {
      problems.add(AlertKind.OPEN_REJECTS);
    }
    tell(report, reason, problems, Set.of());
  }

  /**
   * Tells people of a run that wrote.
   *
   * @param problems what is wrong after it
   * @param rows of the problems with rows those that are over where the run does not have them
   */
  private void tell(
      Report report, @Nullable UserMessage reason, Set<AlertKind> problems, Set<AlertKind> rows) {
    Instant now = clock.instant();
    String job = report.job();
    if (!JobOverview.isGood(report) || (report.counts().read() > 0 && !repeats(report))) {
      record(report);
    }
    tellSenders(report);
    var alertStates = journal.alertStates();
    boolean recovered = false;
    if (JobOverview.isGood(report)) {
      for (AlertKind over : AlertKind.overAfterAGoodRun()) {
        recovered |= alertStates.ends(job, over.word());
      }
      for (AlertKind over : rows) {
        if (!problems.contains(over)) {
          recovered |= alertStates.ends(job, over.word());
        }
      }
    }
    if (JobOverview.isGood(report)) {
      alertStates.ends(job, AlertKind.APPROVAL.word());
    }
    AlertKind told = null;
    for (AlertKind problem : problems) {
      if (alertStates.holds(job, problem.word(), now) && told == null) {
        told = problem;
      }
    }
    if (told != null) {
      send(job, told.headline(job), aboutRun(report, reason, told));
    } else if (recovered && problems.isEmpty()) {
      send(job, MessageCode.NOTICE_RECOVERED.with(job), aboutRun(report, null, null));
    }
  }

  /**
   * A run has made a plan that waits until a person lets it happen. A file is planned once, any
   * other source again and again.
   */
  private void awaitsApproval(Report report) {
    String job = report.job();
    var kind = AlertKind.APPROVAL;
    if (journal.alertStates().holds(job, kind.word(), clock.instant()) || report.ofFile()) {
      send(job, kind.headline(job), aboutRun(report, null, kind));
    }
  }

  /**
   * A source was held against its app: people are told when the differences are not those of which
   * they were told last; none at first.
   *
   * @param reason why the run ended early; null when it did not
   */
  void compared(Report report, @Nullable UserMessage reason) {
    String job = report.job();
    var unknown = AlertKind.NOT_COMPARED;
    if (reason != null) {
      if (reason.text() != MessageCode.RUN_INTERRUPTED
          && journal.alertStates().holds(job, unknown.word(), clock.instant())) {
        send(job, unknown.headline(job), aboutRun(report, reason, unknown));
      }
      return;
    }
    journal.alertStates().ends(job, unknown.word());
    var found = Reconciliation.of(report);
    var before = journal.reconciliations().told(job);
    if (before.map(found::differsAs).orElse(found.same())) {
      return;
    }
    var headline =
        (found.same() ? MessageCode.NOTICE_SAME_AGAIN : MessageCode.NOTICE_DIFFERENT).with(job);
    var lines = new ArrayList<UserMessage>();
    lines.add(MessageCode.NOTICE_RUN.with(report.run(), time(report.startedAt())));
    lines.add(MessageCode.NOTICE_SOURCE.with(report.sourceInWords()));
    lines.add(found.inWords());
    before.ifPresent(
        told -> lines.add(MessageCode.NOTICE_BEFORE.with(time(told.at()), told.inWords())));
    lines.add(
        found.same()
            ? MessageCode.NOTICE_DO_NOTHING.with()
            : MessageCode.NOTICE_DO_DIFFERENT.with(job));
    addLink("run", report.run(), lines);
    send(job, headline, lines);
    if (notifying.apply(job).app() != null) {
      String sentence = bundle.say(headline) + "\n" + bundle.say(found.inWords());
      journal
          .outbox()
          .add(word(Channel.APP), RunLogApp.withoutCounts(report, sentence), clock.instant());
    }
    journal.reconciliations().tell(job, found);
  }

  /** Whether the log app has a run that says the same. */
  private boolean repeats(Report report) {
    return journal.runBefore(report).filter(report::repeats).isPresent();
  }

  /**
   * Whose rows of a file were rejected is told of their own rows, each time that a file was read.
   */
  private void tellSenders(Report report) {
    var mail = notifying.apply(report.job()).mail();
    var senders = mail == null ? null : mail.senders();
    if (senders == null
        || report.counts().rejected() == 0
        || !JobOverview.isGood(report)
        || !report.ofFile()) {
      return;
    }
    var theirs = new LinkedHashMap<String, List<RunFiles.RejectedRow>>();
    for (var row : files.rejectedRows(report.run(), RunFiles.Part.first(ROWS), bundle).first()) {
      String address = row.values().getOrDefault(senders.column(), "").strip();
      if (senders.allow(address) && (theirs.containsKey(address) || theirs.size() < MOST_SENDERS)) {
        theirs.computeIfAbsent(address, one -> new ArrayList<>()).add(row);
      }
    }
    theirs.forEach((address, rows) -> tellSender(report, address, rows));
  }

  private void tellSender(Report report, String address, List<RunFiles.RejectedRow> rows) {
    var lines = new ArrayList<UserMessage>();
    lines.add(MessageCode.NOTICE_SOURCE.with(new File(report.source()).getName()));
    rows.stream()
        .limit(EXAMPLES_OF_SENDER)
        .forEach(
            row -> lines.add(MessageCode.NOTICE_EXAMPLE.with(cells(row.values()), row.reason())));
    addLink("job", report.job(), lines);
    String text = lines.stream().map(bundle::say).collect(joining("\n"));
    var headline = bundle.say(MessageCode.NOTICE_YOUR_ROWS.with(report.job(), rows.size()));
    journal
        .outbox()
        .add(
            word(Channel.MAIL),
            new Notification(report.job(), headline, text, address).json(),
            clock.instant());
  }

  /**
   * A job cannot even begin, or still cannot.
   *
   * @param report of the run that says so
   */
  void couldNotBegin(Report report, UserMessage reason) {
    String job = report.job();
    if (journal.alertStates().holds(job, AlertKind.REFUSED.word(), clock.instant())) {
      record(report);
      send(job, AlertKind.REFUSED.headline(job), aboutRun(report, reason, AlertKind.REFUSED));
    }
  }

  private void record(Report report) {
    if (notifying.apply(report.job()).app() != null) {
      journal.outbox().add(word(Channel.APP), ReportJson.line(report), clock.instant());
    }
  }

  /** A job still waits for a person, whom its last run has told; told again once a day. */
  void stillNeedsYou(JobStatus status) {
    var why = status.why();
    var last = status.last();
    boolean stopped = last != null && last.state() == RunState.STOPPED;
    var kind =
        status.guard() != null ? AlertKind.GUARD : stopped ? AlertKind.STOPPED : AlertKind.REFUSED;
    if (why != null && journal.alertStates().holds(status.name(), kind.word(), clock.instant())) {
      var lines = new ArrayList<>(List.of(why));
      addLink("job", status.name(), lines);
      send(status.name(), kind.headline(status.name()), lines);
    }
  }

  /** A job has had no good run for too long. */
  void late(JobStatus status) {
    if (!journal.alertStates().holds(status.name(), AlertKind.LATE.word(), clock.instant())) {
      return;
    }
    var lines = new ArrayList<UserMessage>();
    var good = status.lastGood();
    lines.add(
        good == null ? MessageCode.NOTICE_NEVER.with() : MessageCode.NOTICE_SINCE.with(time(good)));
    var why = status.why();
    if (why != null) {
      lines.add(why);
    }
    lines.add(MessageCode.NOTICE_DO_LATE.with());
    addLink("job", status.name(), lines);
    send(status.name(), AlertKind.LATE.headline(status.name()), lines);
  }

  private List<UserMessage> aboutRun(
      Report report, @Nullable UserMessage reason, @Nullable AlertKind problem) {
    var counts = report.counts();
    var lines = new ArrayList<UserMessage>();
    lines.add(MessageCode.NOTICE_RUN.with(report.run(), time(report.startedAt())));
    if (!report.source().isEmpty()) {
      lines.add(MessageCode.NOTICE_SOURCE.with(sourceName(report)));
    }
    lines.add(report.inWords());
    if (reason != null) {
      lines.add(reason);
    }
    if (counts.rejected() > 0) {
      addExamples(report, lines);
    }
    lines.add(advice.of(report, reason, problem));
    if (problem == AlertKind.REJECTS
        || problem == AlertKind.STOPPED
        || problem == AlertKind.APPROVAL) {
      addLink("run", report.run(), lines);
    } else if (problem != null) {
      addLink("job", report.job(), lines); // what can be done about it is done there
    }
    return lines;
  }

  /** A file that somebody gave to the job on the page is called as its sender calls it. */
  private Object sourceName(Report report) {
    String given = journal.receivedFiles().names().getOrDefault(report.source(), "");
    return given.isEmpty() ? report.sourceInWords() : given;
  }

  private void addLink(String kind, String name, List<UserMessage> lines) {
    URI address = page.get();
    if (address != null) {
      String place = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
      lines.add(MessageCode.NOTICE_LINK.with(address.resolve("/") + "#" + kind + "/" + place));
    }
  }

  private void addExamples(Report report, List<UserMessage> lines) {
    var rows = files.rejectedRows(report.run(), RunFiles.Part.first(EXAMPLES), bundle).first();
    if (!rows.isEmpty()) {
      lines.add(MessageCode.NOTICE_EXAMPLES.with());
    }
    rows.forEach(
        row -> lines.add(MessageCode.NOTICE_EXAMPLE.with(cells(row.values()), row.reason())));
    if (report.rejectsFile() != null) {
      lines.add(MessageCode.NOTICE_FILE.with(report.rejectsFile()));
    }
  }

  private static String cells(Map<String, String> values) {
    return values.entrySet().stream()
        .limit(CELLS)
        .map(cell -> Shown.name(cell.getKey()) + "=" + Shown.name(cell.getValue()))
        .collect(joining(", "));
  }

  private void send(String job, UserMessage headline, List<UserMessage> lines) {
    String text = lines.stream().map(bundle::say).collect(joining("\n"));
    String notification = new Notification(job, bundle.say(headline), text).json();
    var ways = notifying.apply(job);
    if (ways.mail() != null && !ways.mail().to().isEmpty()) {
      journal.outbox().add(word(Channel.MAIL), notification, clock.instant());
    }
    if (ways.webhook() != null) {
      journal.outbox().add(word(Channel.WEBHOOK), notification, clock.instant());
    }
  }

  static String word(Channel channel) {
    return channel.name();
  }

  private static String time(Instant instant) {
    return TIME.format(instant.atZone(ZoneId.systemDefault()));
  }
}
