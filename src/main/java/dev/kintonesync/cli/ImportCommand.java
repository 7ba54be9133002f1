package dev.kintonesync.cli;

import dev.kintonesync.camel.Finished;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
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
    sortOptions = false)
final class ImportCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "FILE")
  private @Nullable Path file;

  @Option(names = "--file-path", paramLabel = "FILE")
  private @Nullable Path filePath;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--update-key", paramLabel = "FIELD")
  private @Nullable String updateKey;

  @Option(names = "--map", paramLabel = "COLUMN=FIELD,...")
  private @Nullable String map;

  @Option(names = "--encoding", paramLabel = "NAME")
  private @Nullable String encoding;

  @Option(names = "--job", paramLabel = "NAME")
  private String job = Job.IMPORT;

  @Option(names = "--report", paramLabel = "FILE")
  private @Nullable Path report;

  @Option(names = "--rejects", paramLabel = "FILE")
  private @Nullable Path rejects;

  @Override
  public Integer call() throws Exception {
    Path input = input();
    refuseUnlessWritable(report, input);
    refuseUnlessWritable(rejects, input);
    var command = Program.command(main);
    var configuration = Program.configure(command, overrides());
    var imported =
        configuration
            .importing(job, input)
            .on(new Source.OneFile(input, rejects == null ? null : rejects.toAbsolutePath()));
    if (imported.updateKey() == null) {
      throw new RefusedException(Text.NO_UPDATE_KEY.with());
    }
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      return finish(program, program.runOnTerminal(imported));
    }
  }

  /** The one file that is named, which must be there: Kintone need not be asked otherwise. */
  private Path input() {
    if (file != null && filePath != null) {
      throw new RefusedException(Text.TWO_FILES_NAMED.with(file, filePath));
    }
    Path named = file != null ? file : filePath;
    if (named == null) {
      throw new RefusedException(Text.NO_FILE_NAMED.with());
    }
    Path input = named.toAbsolutePath();
    if (!Files.exists(input)) {
      throw new RefusedException(Text.FILE_MISSING.with(input));
    } else if (Files.isDirectory(input)) {
      throw new RefusedException(Text.FILE_IS_FOLDER.with(input));
    } else if (!Files.isReadable(input)) {
      throw new RefusedException(Text.FILE_UNREADABLE.with(input, Text.FILE_ACCESS_DENIED.with()));
    }
    return input;
  }

  /** What is found out after the run only would come too late. */
  private static void refuseUnlessWritable(@Nullable Path output, Path input) throws IOException {
    if (output == null) {
      return;
    }
    Path written = output.toAbsolutePath();
    if (Files.exists(written) && Files.isSameFile(written, input)) {
      throw new RefusedException(Text.OUTPUT_IS_THE_INPUT.with(written));
    }
    Path folder = written.getParent();
    if (Files.isDirectory(written) || folder == null || !Files.isDirectory(folder)) {
      throw new RefusedException(Text.OUTPUT_NEEDS_A_FOLDER.with(written));
    } else if (!Files.isWritable(Files.exists(written) ? written : folder)) {
      throw new RefusedException(Text.OUTPUT_NOT_WRITABLE.with(written));
    }
  }

  private Map<String, String> overrides() {
    var said = connection.overrides(job);
    ConnectionOptions.put(said, "job." + job + ".update-key", updateKey);
    ConnectionOptions.put(said, "job." + job + ".map", map);
    ConnectionOptions.put(said, "job." + job + ".encoding", encoding);
    return said;
  }

  private int finish(Program program, Finished finished) throws IOException {
    if (report != null) {
      Files.copy(program.reportFile(finished), report, StandardCopyOption.REPLACE_EXISTING);
    }
    program.tellResult(finished);
    return finished.report().state().exitCode();
  }
}
