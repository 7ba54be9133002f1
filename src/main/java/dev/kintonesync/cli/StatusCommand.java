package dev.kintonesync.cli;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.console.StatusJson;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.Nodes.Node;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Schedule;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code status}: how the jobs stand, also beside a running service. */
@Command(name = "status", customSynopsis = "kintone-sync status [JOB]", sortOptions = false)
final class StatusCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "JOB")
  private @Nullable String job;

  @Option(names = "--json")
  private boolean json;

  @Override
  public Integer call() {
    var command = Program.command(main);
    var configuration = Program.configure(command, Map.of());
    var terminal = command.terminal();
    var names = job == null ? configuration.jobNames() : List.of(job);
    if (names.isEmpty()) {
      throw new UserErrorException(
          MessageCode.NO_JOBS_TO_RUN.with(
              configuration.settings().home().resolve("application.properties")));
    }
    if (job != null && !configuration.jobNames().contains(job)) {
      configuration.job(job); // says which one may have been meant
    }
    try (var journal = OpenedJournal.at(configuration.settings().journal(), command.terminal())) {
      var statuses = overview(configuration, names, journal).jobs();
      if (json) {
        terminal.text(StatusJson.pretty(statuses, terminal.bundle()));
      } else {
        statuses.forEach(status -> show(terminal, journal, status));
        journal.nodes().all().forEach(node -> show(terminal, node));
      }
      return 0;
    }
  }

  /** How jobs of the configuration stand. */
  static JobOverview overview(Configuration configuration, List<String> names, Journal journal) {
    var jobs = names.stream().map(name -> configured(configuration, name)).toList();
    return new JobOverview(
        () -> jobs,
        configuration.settings().dailyCalls(),
        journal,
        configuration.settings().runs(),
        Clock.systemUTC());
  }

  private static JobOverview.Configured configured(Configuration configuration, String name) {
    try {
      return new JobOverview.Configured(name, configuration.job(name), null);
    } catch (UserErrorException e) {
      return new JobOverview.Configured(name, null, e.reason());
    }
  }

  private static void show(Terminal terminal, Node node) {
    terminal.result(
        MessageCode.STATUS_NODE.with(node.host(), node.process(), time(node.since()), node.jobs()));
  }

  private static void show(Terminal terminal, Journal journal, JobStatus status) {
    terminal.result(MessageCode.STATUS_JOB.with(status.name(), state(status)));
    var statusRow = status.statusRow();
    if (statusRow != null && statusRow.slowBecause() != null) {
      terminal.detail(MessageCode.STATUS_SLOW.with(statusRow.slowBecause()));
    }
    var why = status.why();
    if (why != null) {
      terminal.detail(why);
    }
    var lastGood = status.lastGood();
    if (status.late()) {
      terminal.detail(
          lastGood == null
              ? MessageCode.STATUS_LATE_EVER.with()
              : MessageCode.STATUS_LATE.with(time(lastGood)));
    }
    var last = status.last();
    if (last == null) {
      terminal.detail(MessageCode.STATUS_NEVER.with());
    } else if (last.state() != RunState.RUNNING) {
      terminal.detail(
          MessageCode.STATUS_LAST.with(
              time(last.startedAt()), words(last.state()), last.inWords()));
      var reason = last.reason() == null ? null : RunsCommand.reason(journal, last);
      if (reason != null && !status.isBlocked() && !isSame(reason, why)) {
        terminal.detail(reason);
      }
    }
    var found = status.reconciled();
    if (found != null) {
      terminal.detail(MessageCode.STATUS_RECONCILED.with(time(found.at()), found.inWords()));
    }
    var backlog = status.backlog();
    if (backlog != null) {
      terminal.detail(
          MessageCode.TOPIC_BACKLOG.with(
              backlog.messages(), backlog.age(Instant.now()).toSeconds()));
    }
    var files = status.waitingFiles();
    if (files != null && files > 0) {
      terminal.detail(MessageCode.STATUS_FILES.with(files));
    }
    Integer open = status.openRejects();
    if (open != null && open > 0) {
      terminal.detail(MessageCode.STATUS_REJECTS.with(open, status.name()));
    }
    if (status.rejectsWithoutKey() > 0) {
      terminal.detail(MessageCode.OPEN_REJECTS_WITHOUT_KEY.with(status.rejectsWithoutKey()));
    }
    var job = status.job();
    if (job != null) {
      terminal.detail(
          status.budget() == 0
              ? MessageCode.STATUS_CALLS_UNLIMITED.with(status.calls(), job.app())
              : MessageCode.STATUS_CALLS.with(status.calls(), status.budget(), job.app()));
    }
  }

  private static boolean isSame(UserMessage reason, @Nullable UserMessage other) {
    return other != null && reason.toString().equals(other.toString());
  }

  private static UserMessage state(JobStatus status) {
    Instant next = status.next();
    return switch (status.state()) {
      case RUNNING -> running(status);
      case STARTING -> MessageCode.STATUS_STARTING.with();
      case WAITING -> MessageCode.STATUS_WAITING.with();
      case NEEDS_YOU -> MessageCode.STATUS_NEEDS_YOU.with();
      case READY ->
          next != null
              ? MessageCode.STATUS_READY.with(time(next))
              : status.backlog() == null ? waits(status.job()) : MessageCode.STATUS_FOLLOWS.with();
      case IDLE ->
          (status.runsOnRequest() ? MessageCode.STATUS_ON_REQUEST : MessageCode.STATUS_IDLE).with();
      case REFUSED -> MessageCode.STATUS_REFUSED.with();
    };
  }

  private static UserMessage waits(@Nullable Job job) {
    var schedule = job == null ? null : job.schedule();
    return schedule != null && schedule.timing() instanceof Schedule.Following following
        ? MessageCode.STATUS_AFTER.with(following.job())
        : MessageCode.STATUS_WATCHES.with();
  }

  private static UserMessage running(JobStatus status) {
    Report run = status.last();
    UserMessage counts = run == null ? MessageCode.STATUS_NEVER.with() : run.inWords();
    var statusRow = status.statusRow();
    return statusRow == null || statusRow.run() == null || statusRow.backlog() != null
        ? MessageCode.STATUS_RUNNING_ELSEWHERE.with(counts)
        : MessageCode.STATUS_RUNNING.with((int) (statusRow.progress() * 100), counts);
  }

  /** A state as people read it. */
  static UserMessage words(RunState state) {
    return MessageCode.valueOf("STATE_" + state.name()).with();
  }

  private static String time(Instant instant) {
    return TIME.format(instant.atZone(ZoneId.systemDefault()));
  }
}
