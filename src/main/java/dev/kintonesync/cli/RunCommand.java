package dev.kintonesync.cli;

import dev.kintonesync.camel.Finished;
import dev.kintonesync.journal.HeldException;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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
    customSynopsis = "kintone-sync run [JOB [--once [OPTION...]]]",
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  /** A job that another process has is asked for again after so long. */
  private static final Duration AGAIN = Duration.ofSeconds(3);

  private static final DateTimeFormatter NEXT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "JOB")
  private @Nullable String job;

  @Option(names = "--once")
  private boolean once;

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
      throw new RefusedException(Text.ONLY_WITH_ONCE.with());
    }
    var terminal = command.terminal();
    var jobs = jobs(configuration);
    try (var program =
        Program.start(
            command, configuration, Program.Kind.SERVICE, finished -> tell(terminal, finished))) {
      program.onlookers().tell(configuration, jobs, terminal);
      program.onlookers().servePage(configuration.settings(), jobs, null, terminal);
      var waiting = begin(program, jobs, terminal, terminal::log);
      while (true) { // until a signal comes
        Thread.sleep(AGAIN.toMillis());
        waiting = begin(program, waiting, terminal, held -> {});
        program.forgetOldRuns();
      }
    }
  }

  /** Watches the jobs that no other process has; returns those that have to wait. */
  private static List<Job> begin(
      Program program, List<Job> jobs, Terminal terminal, Consumer<Message> toldOfHeld) {
    var waiting = new ArrayList<Job>();
    for (Job job : jobs) {
      try {
        if (job.schedule() == null && !(job.source() instanceof Source.Folder)) {
          var why = Text.JOB_WITHOUT_SCHEDULE.with(job.name());
          terminal.log(why);
          program.onlookers().waits(job.name(), why);
          continue;
        }
        Instant first = program.application().watch(job);
        program.onlookers().runs(job.name());
        terminal.log(begins(job, first));
      } catch (HeldException e) {
        var why = Text.HELD_WAITS.with(job.name(), e.held());
        toldOfHeld.accept(why);
        program.onlookers().waits(job.name(), why);
        waiting.add(job);
      }
    }
    return waiting;
  }

  private static void tell(Terminal terminal, Finished finished) {
    terminal.log(finished.summary());
    finished.remarks().forEach(terminal::log);
    String rejects = finished.report().rejectsFile();
    if (rejects != null) {
      terminal.log(Text.REJECTS_ARE_IN.with(rejects));
    }
  }

  private int runOnce(Main command, Configuration configuration) {
    if (job == null) {
      throw new RefusedException(Text.ONCE_NEEDS_A_JOB.with());
    }
    var configured = configuration.job(job);
    var options =
        new RunOptions(
            configured.options().writes(),
            JobOptions.limit(limit),
            JobOptions.accepted(accepted),
            null);
    var named = configured.with(options);
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      var finished = program.runWaitingOnTerminal(named);
      if (finished.isEmpty()) {
        command.terminal().say(Text.NOTHING_WAITS.with(job));
      }
      int exitCode = 0;
      for (Finished run : finished) {
        if (named.source() instanceof Source.Folder) {
          command.terminal().say(Text.RUN_OF_FILE.with(run.report().source()));
        }
        program.tellResult(run);
        exitCode = Math.max(exitCode, run.report().state().exitCode());
      }
      return exitCode;
    }
  }

  private List<Job> jobs(Configuration configuration) {
    var jobs = job == null ? configuration.jobs() : List.of(configuration.job(job));
    if (jobs.isEmpty()) {
      throw new RefusedException(
          Text.NO_JOBS_TO_RUN.with(
              configuration.settings().home().resolve("application.properties")));
    }
    return jobs;
  }

  private static Message begins(Job job, @Nullable Instant first) {
    Object source = job.source() instanceof Source.Folder folder ? folder.folder() : job.source();
    var schedule = job.schedule();
    return schedule == null || first == null
        ? Text.JOB_WATCHES.with(job.name(), source)
        : Text.JOB_POLLS.with(
            job.name(),
            source,
            schedule.timing().written(),
            NEXT.format(first.atZone(schedule.zone())));
  }
}
