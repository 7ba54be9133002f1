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
    resourceBundle = "dev.kintonesync.cli.help",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ImportCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "FILE")
  private @Nullable Path file;

  @Option(names = "--file-path", paramLabel = "FILE")
  private @Nullable Path filePath;

  @Option(names = "--update-key", paramLabel = "FIELD")
  private @Nullable String updateKey;

  @Option(names = "--map", paramLabel = "COLUMN=FIELD,...")
  private @Nullable String map;

  @Option(names = "--encoding", paramLabel = "utf8|sjis|...")
  private @Nullable String encoding;

  @Option(names = "--job", paramLabel = "NAME")
  private String job = Job.IMPORT;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--report", paramLabel = "FILE")
  private @Nullable Path report;

  @Option(names = "--rejects", paramLabel = "FILE")
  private @Nullable Path rejects;

  @Override
  public Integer call() throws Exception {
    Path input = file != null ? file : filePath;
    if (input == null) {
      throw new RefusedException(Text.NO_FILE_NAMED.with());
    }
    try (var program =
        Program.open(Program.command(main), overrides(), Program.Kind.COMMAND, finished -> {})) {
      var imported =
          program
              .configuration()
              .importing(job, input)
              .on(new Source.OneFile(input.toAbsolutePath(), rejects));
      if (imported.updateKey() == null) {
        throw new RefusedException(Text.NO_UPDATE_KEY.with());
      }
      return finish(program, program.runOnTerminal(imported));
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
    program.tellResult(finished);
    if (report != null) {
      Files.copy(program.reportFile(finished), report, StandardCopyOption.REPLACE_EXISTING);
    }
    return finished.report().state().exitCode();
  }
}
