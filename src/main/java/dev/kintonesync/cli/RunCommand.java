package dev.kintonesync.cli;

import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Schedule;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.Starter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code run}: all jobs until stopped; {@code run JOB --once}: what waits now, and an exit code.
 */
@Command(
    name = "run",
    customSynopsis = "kintone-sync run [--dev] [JOB [--once [OPTION...]]]",
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  /** What jobs wait for is looked at again after so long. */
  private static final DateTimeFormatter NEXT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private static final Duration AGAIN = Duration.ofSeconds(3);

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "JOB")
  private @Nullable String job;

  @Option(names = "--once")
  private boolean once;

  @Option(names = "--dev")
  private boolean dev;

  @Option(names = "--limit", paramLabel = "N")
  private @Nullable Long limit;

  @Option(names = "--accept", paramLabel = "GUARD", split = ",")
  private List<String> accepted = JobOptions.none();

  @Override
  public Integer call() throws Exception {
    var command = Program.command(main);
    var configuration = Program.configure(command, Map.of());
    if (once) {
      return runOnce(command, configuration);
    }
    if (limit != null || !accepted.isEmpty()) {
      throw new UserErrorException(MessageCode.ONLY_WITH_ONCE.with());
    }
    var names = names(configuration);
    var terminal = command.terminal();
    var remarks = new NewRemarks();
    try (var program =
        Program.start(
            command,
            configuration,
            Program.Kind.SERVICE,
            finished -> tell(terminal, finished, remarks.of(finished)))) {
      var running = new RunningJobs(command, program, configuration, names, job == null);
      // first, so that a run which ends at once is told, and a refusal comes before any run
      program.publisher().tell(configuration, running::jobs, running::notifying, terminal);
      try (var requested = new RequestedRuns(program, terminal, running);
          var offer =
              new SetupOffer(command, program, configuration.settings().setupPassword(), true)) {
        // and so that a job which takes long to begin is seen as one
        var page =
            program
                .publisher()
                .servePage(
                    configuration.settings(),
                    running::jobs,
                    null,
                    requested,
                    offer,
                    terminal.bundle());
        boolean idle =
            names.isEmpty() && !KintoneSync.hasCustomRoutes(command.home().customRoutes());
        if (idle) {
          terminal.log(noJobs(configuration));
        }
        running.begin();
        if (page != null) {
          terminal.say(page);
        }
        var link = idle ? offer.link() : null;
        if (link != null) {
          terminal.say(link);
        }
        while (true) { // until a signal comes
          Thread.sleep(AGAIN.toMillis());
          running.goOn();
          if (dev) {
            program.application().loadChangedRoutes().forEach(terminal::log);
          }
          program.forgetOldRuns();
        }
      }
    }
  }

  /** How a job runs that has begun. */
  static UserMessage begins(Job job, @Nullable Instant first) {
    String source = job.source().name();
    var schedule = job.schedule();
    if (schedule != null && schedule.timing() instanceof Schedule.Following following) {
      return MessageCode.JOB_FOLLOWS.with(job.name(), source, following.job());
    }
    return schedule == null || first == null
        ? MessageCode.JOB_WATCHES.with(job.name(), source)
        : MessageCode.JOB_POLLS.with(
            job.name(),
            source,
            schedule.timing().written(),
            NEXT.format(first.atZone(schedule.zone())));
  }

  /** Why a job writes nothing. */
  static UserMessage writesNothing(Job job) {
    return (job.bounds().approval() ? MessageCode.NEEDS_APPROVAL : MessageCode.WRITES_NOTHING)
        .with(job.name());
  }

  private static void tell(Terminal terminal, RunResult finished, List<UserMessage> remarks) {
    terminal.log(finished.summary());
    if (finished.awaitsApproval()) {
      var report = finished.report();
      terminal.log(MessageCode.APPROVAL_WAITS.with(report.job(), report.run()));
    }
    if (finished.understood() != null) {
      terminal.log(finished.understood());
    }
    remarks.forEach(terminal::log);
    String rejects = finished.report().rejectsFile();
    if (rejects != null) {
      terminal.log(MessageCode.REJECTS_ARE_IN.with(rejects));
    }
  }

  private int runOnce(Main command, Configuration configuration) throws InterruptedException {
    if (job == null) {
      throw new UserErrorException(MessageCode.ONCE_NEEDS_A_JOB.with());
    }
    var configured = configured(command, configuration, job);
    var options =
        new RunOptions(
            configured.options().writes(),
            JobOptions.limit(limit),
            JobOptions.accepted(accepted),
            null,
            Starter.user());
    var named = configured.with(options);
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      program.publisher().tellAtTheEnd(configuration, job, command.terminal());
      List<RunResult> finished;
      try {
        finished = program.runWaitingOnTerminal(named);
      } catch (LeasedException e) {
        return ServiceRequest.run(program, command, named.name(), options).follow(e);
      }
      if (finished.isEmpty()) {
        command.terminal().say(MessageCode.NOTHING_WAITS.with(job));
      }
      if (!named.options().writes()) {
        command.terminal().say(writesNothing(named));
      }
      for (RunResult run : finished) {
        if (named.source().folder() != null) {
          command.terminal().say(MessageCode.RUN_OF_FILE.with(run.report().source()));
        }
        program.tellResult(run);
      }
      int exitCode = Report.exitCode(finished.stream().map(RunResult::report).toList());
      if (finished.stream().anyMatch(RunCommand::isUnmoved)) {
        return RunState.STOPPED.exitCode();
      }
      var notYet = program.application().runner().notYet(named);
      if (notYet != null && exitCode == 0) {
        command.terminal().say(notYet);
        return RunState.STOPPED.exitCode();
      }
      return exitCode;
    }
  }

  /** Whether a file is done, but could not be moved: those behind it were not read. */
  private static boolean isUnmoved(RunResult run) {
    return run.report().written()
        && !run.early()
        && run.disposition() == RunResult.Disposition.STAYS;
  }

  /** A job that cannot run is told of as well: at night nobody sees this terminal. */
  private static Job configured(Main command, Configuration configuration, String job) {
    try {
      return configuration.job(job);
    } catch (UserErrorException e) {
      if (configuration.jobNames().contains(job) && configuration.notifying(job).isAnybody()) {
        try (var program =
            Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
          program.publisher().tellAtTheEnd(configuration, job, command.terminal());
          program
              .publisher()
              .couldNotBegin(program.application().refused(job, e.reason()), e.reason());
        }
      }
      throw e;
    }
  }

  /** None where the file has no job yet: those that are added to it begin when they are there. */
  private List<String> names(Configuration configuration) {
    if (job != null) {
      configuration.job(job); // is there such a job?
      return List.of(job);
    }
    return configuration.jobNames();
  }

  private static UserMessage noJobs(Configuration configuration) {
    return MessageCode.NO_JOBS_TO_RUN.with(
        configuration.settings().home().resolve("application.properties"));
  }
}
