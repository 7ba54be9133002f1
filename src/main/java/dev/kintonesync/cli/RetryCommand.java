package dev.kintonesync.cli;

import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code retry RUN}: the rejected rows of a run once more, by what its job says today. */
@Command(name = "retry", customSynopsis = "kintone-sync retry RUN [OPTION...]", sortOptions = false)
final class RetryCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "1", paramLabel = "RUN")
  private String run = "";

  @Mixin private JobOptions options = new JobOptions();

  @Override
  public Integer call() throws Exception {
    var command = Program.command(main);
    var settings = Program.read(command).settings();
    Report report = report(settings);
    Path rejects = rejects(settings, report);
    String name = options.job().equals(Job.IMPORT) ? report.job() : options.job();
    var configuration = Program.configure(command, options.overrides(name));
    var job = configuration.importing(name, rejects);
    if (job.updateKey() == null) {
      throw new UserErrorException(MessageCode.NO_UPDATE_KEY.with());
    }
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      program.publisher().tellAtTheEnd(configuration, name, command.terminal());
      try {
        var finished = program.runOnTerminal(again(job, rejects, Starter.user()));
        program.tellResult(finished);
        return finished.report().state().exitCode();
      } catch (LeasedException e) {
        if (!options.overrides(name).isEmpty() || !name.equals(report.job())) {
          throw e; // the service runs it by the properties alone
        }
        return ServiceRequest.retry(program, command, name, run).follow(e);
      }
    }
  }

  /**
   * The job that runs the rejected rows of a run.
   *
   * @throws UserErrorException when the run has none, or the job cannot run
   */
  static Job job(Configuration configuration, String name, Report report, Starter starter)
      throws IOException {
    Path rejects = rejects(configuration.settings(), report);
    return again(configuration.importing(name, rejects), rejects, starter);
  }

  /** All its rows were rejected before, so that many of them are is no sign of a mad run. */
  static Job again(Job job, Path rejects, Starter starter) {
    var options = job.options();
    return job.on(new Source.OneFile(rejects))
        .with(
            new RunOptions(
                options.writes(),
                Long.MAX_VALUE,
                Set.of(Guard.MAX_REJECTED),
                options.onlyKey(),
                starter));
  }

  private Report report(Settings settings) {
    try (var journal = OpenedJournal.at(settings.journal(), Program.command(main).terminal())) {
      return journal
          .run(run)
          .orElseThrow(() -> new UserErrorException(MessageCode.NO_SUCH_RUN.with(run)));
    }
  }

  /** The rejects as the run's own folder keeps them: the copy beside the source may be mended. */
  private static Path rejects(Settings settings, Report report) throws IOException {
    Path folder = settings.runs().resolve(report.run());
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, "rejects.*")) {
        for (Path file : files) {
          return file;
        }
      }
    }
    throw new UserErrorException(MessageCode.RUN_WITHOUT_REJECTS.with(report.run()));
  }
}
