package dev.kintonesync.cli;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.setup.PlanReport;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.Starter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code reconcile JOB}: whether Kintone holds what the source says. Writes nothing. */
@Command(
    name = "reconcile",
    customSynopsis = "kintone-sync reconcile JOB|FILE [OPTION...]",
    sortOptions = false)
final class ReconcileCommand implements Callable<Integer> {
  /** Both sides were compared, and they differ. */
  private static final int DIFFERENT = 1;

  /** So many differences are shown, unless all are asked for. */
  private static final long SHOWN = 20;

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "JOB|FILE")
  private @Nullable String named;

  @Option(names = "--file-path", paramLabel = "FILE", hidden = true)
  private @Nullable Path filePath;

  @Mixin private JobOptions options = new JobOptions();

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--all")
  private boolean all;

  @Option(names = "--html", paramLabel = "FILE")
  private @Nullable Path html;

  @Option(names = "--csv", paramLabel = "FILE")
  private @Nullable Path csv;

  @Override
  public Integer call() throws Exception {
    var command = Program.command(main);
    Path file = InputFile.unlessJob(named, filePath, MessageCode.NO_COMPARISON_NAMED);
    String name = file == null ? String.valueOf(named) : options.job();
    InputFile.refuseUnlessWritable(html, file);
    InputFile.refuseUnlessWritable(csv, file);
    var configuration = Program.configure(command, options.overrides(name));
    output.applyTo(command.terminal());
    var job = file == null ? configuration.job(name) : configuration.importing(name, file);
    refuseUnlessWhole(job);
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      var compared = job.comparing(Starter.user());
      return tell(command, program, compared, program.planOnTerminal(compared).get(0));
    }
  }

  /** Whether all of a source can be read at once. */
  private static void refuseUnlessWhole(Job job) {
    if (job.updateKey() == null) {
      throw new UserErrorException(MessageCode.NO_UPDATE_KEY.with());
    } else if (job.source().folder() != null) {
      throw new UserErrorException(MessageCode.RECONCILE_NAMES_A_FILE.with(job.name()));
    } else if (job.source() instanceof Source.Topic) {
      throw new UserErrorException(MessageCode.RECONCILE_OF_A_STREAM.with(job.name()));
    }
  }

  private int tell(Main command, Program program, Job job, RunResult run) {
    var planned = PlanReport.of(run, all ? Long.MAX_VALUE : SHOWN);
    var found = new Comparison(run, planned);
    var printer = new PlanPrinter(command.terminal(), program.journal(), job, 0);
    if (run.early()) {
      printer.print(run, planned);
    } else {
      printer.print(found);
    }
    if (html != null) {
      ChangesPage.write(
          html,
          ChangesPage.Subject.COMPARISON,
          job,
          run,
          program.journal(),
          command.terminal().bundle());
    }
    if (csv != null) {
      ChangesTable.write(csv, run.report());
    }
    if (output.json()) {
      command.terminal().text(found.json().toPrettyString());
    }
    if (run.report().state() == RunState.REFUSED || run.report().state() == RunState.STOPPED) {
      return run.report().state().exitCode();
    }
    return found.found().same() ? 0 : DIFFERENT;
  }
}
