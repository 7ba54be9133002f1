package dev.kintonesync.cli;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.console.Overview;
import dev.kintonesync.console.StatusJson;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Configuration;
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
      throw new RefusedException(
          Text.NO_JOBS_TO_RUN.with(
              configuration.settings().home().resolve("application.properties")));
    }
    if (job != null && !configuration.jobNames().contains(job)) {
      configuration.job(job); // says which one may have been meant
    }
    try (var journal = Journal.open(command.home().journal())) {
      var statuses = overview(configuration, names, journal).jobs();
      if (json) {
        terminal.text(StatusJson.pretty(statuses, terminal.catalogue()));
      } else {
        statuses.forEach(status -> show(terminal, status));
      }
      return 0;
    }
  }

  /** How jobs of the configuration stand. */
  static Overview overview(Configuration configuration, List<String> names, Journal journal) {
    var jobs = names.stream().map(name -> configured(configuration, name)).toList();
    return new Overview(
        () -> jobs, configuration.settings().dailyCalls(), journal, Clock.systemUTC());
  }

  private static Overview.Configured configured(Configuration configuration, String name) {
    try {
      return new Overview.Configured(name, configuration.job(name), null);
    } catch (RefusedException e) {
      return new Overview.Configured(name, null, e.reason());
    }
  }

  private static void show(Terminal terminal, JobStatus status) {
    terminal.result(Text.STATUS_JOB.with(status.name(), state(status)));
    var standing = status.standing();
    if (standing != null && standing.slowBecause() != null) {
      terminal.detail(Text.STATUS_SLOW.with(standing.slowBecause()));
    }
    var why = status.why();
    if (why != null) {
      terminal.detail(why);
    }
    var lastGood = status.lastGood();
    if (status.late()) {
      terminal.detail(
          lastGood == null ? Text.STATUS_LATE_EVER.with() : Text.STATUS_LATE.with(time(lastGood)));
    }
    var last = status.last();
    if (last == null) {
      terminal.detail(Text.STATUS_NEVER.with());
    } else if (last.state() != RunState.RUNNING) {
      terminal.detail(
          Text.STATUS_LAST.with(
              time(last.startedAt()), words(last.state()), RunResult.inWords(last.counts())));
    }
    var files = status.waitingFiles();
    if (files != null && files > 0) {
      terminal.detail(Text.STATUS_FILES.with(files));
    }
    if (status.openRejects() > 0) {
      terminal.detail(Text.STATUS_REJECTS.with(status.openRejects(), status.name()));
    }
    var job = status.job();
    if (job != null) {
      terminal.detail(
          status.budget() == 0
              ? Text.STATUS_CALLS_UNLIMITED.with(status.calls(), job.app())
              : Text.STATUS_CALLS.with(status.calls(), status.budget(), job.app()));
    }
  }

  private static Message state(JobStatus status) {
    Instant next = status.next();
    return switch (status.state()) {
      case RUNNING -> running(status);
      case WAITING -> Text.STATUS_WAITING.with();
      case READY -> next == null ? Text.STATUS_WATCHES.with() : Text.STATUS_READY.with(time(next));
      case IDLE -> Text.STATUS_IDLE.with();
      case REFUSED -> Text.STATUS_REFUSED.with();
    };
  }

  private static Message running(JobStatus status) {
    Report run = status.last();
    Message counts = run == null ? Text.STATUS_NEVER.with() : RunResult.inWords(run.counts());
    var standing = status.standing();
    return standing == null || standing.run() == null
        ? Text.STATUS_RUNNING_ELSEWHERE.with(counts)
        : Text.STATUS_RUNNING.with((int) (standing.progress() * 100), counts);
  }

  private static Message words(RunState state) {
    return Text.valueOf("STATE_" + state.name()).with();
  }

  private static String time(Instant instant) {
    return TIME.format(instant.atZone(ZoneId.systemDefault()));
  }
}
