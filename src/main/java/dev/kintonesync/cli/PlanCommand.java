package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Source;
import dev.kintonesync.setup.PlanReport;
import dev.kintonesync.sync.Starter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plan FILE} or {@code plan JOB}: what a run would do, without doing it. */
@Command(
    name = "plan",
    customSynopsis = "kintone-sync plan FILE|JOB [OPTION...]",
    addMethodSubcommands = false,
    sortOptions = false)
final class PlanCommand implements Callable<Integer> {
  /** So many changes, rejects and cleared values are shown, unless all are asked for. */
  private static final long SHOWN = 20;

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "FILE|JOB")
  private @Nullable String named;

  @Option(names = "--file-path", paramLabel = "FILE")
  private @Nullable Path filePath;

  @Mixin private JobOptions options = new JobOptions();

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--key", paramLabel = "VALUE")
  private @Nullable String key;

  @Option(names = "--limit", paramLabel = "N")
  private @Nullable Long limit;

  @Option(names = "--all")
  private boolean all;

  /** How the plan is printed. */
  enum Format {
    /** For people. */
    text,
    /** As the file of {@code --csv}. */
    csv,
    /** As {@code --json}. */
    json
  }

  @Option(names = "--format", paramLabel = "text|csv|json")
  private Format format = Format.text;

  @Option(names = "--report", paramLabel = "FILE")
  private @Nullable Path report;

  @Option(names = "--html", paramLabel = "FILE")
  private @Nullable Path html;

  @Option(names = "--csv", paramLabel = "FILE")
  private @Nullable Path csv;

  @Option(names = "--out", paramLabel = "FILE")
  private @Nullable Path out;

  @Option(names = "--rejects", paramLabel = "FILE")
  private @Nullable Path rejects;

  @Override
  public Integer call() throws Exception {
    if (!StandardInput.isNamed(named == null ? null : Path.of(named), filePath)) {
      return call(InputFile.unlessJob(named, filePath, MessageCode.NO_PLAN_NAMED), false);
    }
    try (var piped = StandardInput.read(System.in)) {
      // nothing stands beside it, so its rejects go into the run folder
      return call(piped.file(), true);
    }
  }

  private int call(@Nullable Path file, boolean piped) throws IOException {
    var command = Program.command(main);
    String name = file == null ? String.valueOf(named) : options.job();
    InputFile.refuseUnlessWritable(report, file);
    InputFile.refuseUnlessWritable(rejects, file);
    InputFile.refuseUnlessWritable(html, file);
    InputFile.refuseUnlessWritable(csv, file);
    InputFile.refuseUnlessWritable(out, file);
    var configuration = Program.configure(command, options.overrides(name));
    output.applyTo(command.terminal(), format != Format.text);
    var job = file == null ? configuration.job(name) : configuration.importing(name, file);
    if (job.updateKey() == null) {
      throw new UserErrorException(MessageCode.NO_UPDATE_KEY.with());
    }
    if (file != null) {
      var source = new Source.OneFile(file, rejects == null ? null : rejects.toAbsolutePath());
      job = job.on(piped ? source.asPiped() : source);
    }
    job = job.with(new RunOptions(false, JobOptions.limit(limit), Set.of(), key, Starter.user()));
    var kind = file == null ? Program.Kind.COMMAND : Program.Kind.COMMAND_OF_FILE;
    try (var program = Program.start(command, configuration, kind, finished -> {})) {
      return print(command, program, job, configuration.settings().dailyCalls());
    }
  }

  private int print(Main command, Program program, Job job, long dailyCalls) {
    if (out != null) {
      PlanDocument.remove(out);
    }
    var runs = program.planOnTerminal(job);
    if (runs.isEmpty()) {
      command.terminal().say(MessageCode.NOTHING_WAITS.with(job.name()));
    }
    var printer = new PlanPrinter(command.terminal(), program.journal(), job, dailyCalls);
    var json = JsonNodeFactory.instance.arrayNode();
    int exitCode = 0;
    for (RunResult run : runs) {
      if (runs.size() > 1) {
        command.terminal().remark(MessageCode.RUN_OF_FILE.with(run.report().source()));
      }
      if (key == null) {
        var planned = PlanReport.of(run, all ? Long.MAX_VALUE : SHOWN);
        printer.print(run, planned);
        json.add(planned.json(program.reportFile(run)));
        write(command, program, job, run, planned, json.size());
      } else {
        printer.explain(run, key);
      }
      exitCode = Math.max(exitCode, run.report().state().exitCode());
    }
    if (output.json() || format == Format.json) {
      command.terminal().text(json.toPrettyString());
    }
    return exitCode;
  }

  /** What was asked for beside the terminal. */
  private void write(
      Main command, Program program, Job job, RunResult run, PlanReport planned, int number) {
    if (report != null) {
      planned.write(numbered(report, number), program.reportFile(run));
    }
    if (out != null) {
      Path document = numbered(out, number);
      if (PlanDocument.write(
          document, PlanDocument.newId(run), job, run, planned, program.journal())) {
        command.terminal().remark(MessageCode.PLAN_WRITTEN.with(document));
      }
    }
    if (html != null) {
      ChangesPage.write(
          numbered(html, number),
          ChangesPage.Subject.PLAN,
          job,
          run,
          program.journal(),
          command.terminal().bundle());
    }
    if (csv != null) {
      ChangesTable.write(numbered(csv, number), run.report());
    }
    if (format == Format.csv) {
      command.terminal().text(ChangesTable.text(run.report()));
    }
  }

  /** Each file that waits has a plan of its own: {@code plan.html}, {@code plan-2.html}. */
  private static Path numbered(Path file, int number) {
    if (number == 1) {
      return file;
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String before = dot < 1 ? name : name.substring(0, dot);
    return file.resolveSibling(before + "-" + number + name.substring(before.length()));
  }
}
