package dev.kintonesync.cli;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code import FILE}: one file, one run, an exit code. */
@Command(
    name = "import",
    customSynopsis = "kintone-sync import FILE --app=N --update-key=FIELD [OPTION...]",
    addMethodSubcommands = false,
    sortOptions = false)
final class ImportCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "FILE")
  private @Nullable Path file;

  @Option(names = "--file-path", paramLabel = "FILE")
  private @Nullable Path filePath;

  @Mixin private JobOptions job = new JobOptions();

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--limit", paramLabel = "N")
  private @Nullable Long limit;

  @Option(names = "--accept", paramLabel = "GUARD", split = ",")
  private List<String> accepted = JobOptions.none();

  @Option(names = "--report", paramLabel = "FILE")
  private @Nullable Path report;

  @Option(names = "--rejects", paramLabel = "FILE")
  private @Nullable Path rejects;

  @Override
  public Integer call() throws Exception {
    if (!StandardInput.isNamed(file, filePath)) {
      return call(InputFile.of(file, filePath), false);
    }
    try (var piped = StandardInput.read(System.in)) {
      rejects = rejects == null ? piped.rejects() : rejects;
      return call(piped.file(), true);
    }
  }

  private int call(Path input, boolean piped) throws IOException {
    InputFile.refuseUnlessWritable(report, input);
    InputFile.refuseUnlessWritable(rejects, input);
    var options =
        new RunOptions(
            true, JobOptions.limit(limit), JobOptions.accepted(accepted), null, Starter.user());
    var command = Program.command(main);
    var configuration = Program.configure(command, job.overrides());
    output.applyTo(command.terminal());
    var configured = configuration.importing(job.job(), input);
    if (configured.updateKey() == null) {
      throw new UserErrorException(MessageCode.NO_UPDATE_KEY.with());
    }
    var source = new Source.OneFile(input, rejects == null ? null : rejects.toAbsolutePath());
    var imported =
        configured
            .on(piped ? source.asPiped() : source)
            .with(configured.options().writes() ? options : options.onlyPlanned());
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND_OF_FILE, finished -> {})) {
      program.publisher().tellAtTheEnd(configuration, imported.name(), command.terminal());
      return finish(program, program.runOnTerminal(imported));
    }
  }

  private int finish(Program program, RunResult finished) throws IOException {
    if (report != null) {
      Files.copy(program.reportFile(finished), report, StandardCopyOption.REPLACE_EXISTING);
    }
    program.tellResult(finished);
    if (output.json() && Files.exists(program.reportFile(finished))) {
      Program.command(main).terminal().text(Files.readString(program.reportFile(finished)).strip());
    }
    return finished.report().state().exitCode();
  }
}
