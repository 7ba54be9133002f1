package dev.kintonesync.cli;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.journal.PlanHeader;
import dev.kintonesync.journal.PlanReader;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code apply PLAN}: does what a plan document says, and nothing else. */
@Command(
    name = "apply",
    customSynopsis = "kintone-sync apply PLAN.json|RUN [OPTION...]",
    sortOptions = false)
final class ApplyCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "1", paramLabel = "PLAN|RUN")
  private String plan = "";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--attachments-dir", hidden = true)
  private @Nullable String attachmentsDir;

  @Option(names = "--accept", paramLabel = "GUARD", split = ",")
  private List<String> accepted = JobOptions.none();

  @Option(names = "--report", paramLabel = "FILE")
  private @Nullable Path report;

  @Override
  public Integer call() throws Exception {
    var command = Program.command(main);
    Path file = InputFile.of(file(command), null);
    InputFile.refuseUnlessWritable(report, file);
    var header = PlanReader.header(file);
    var said = connection.overrides(header.job());
    ConnectionOptions.put(
        said,
        "job." + header.job() + ".attachments-dir",
        ConnectionOptions.absolute(attachmentsDir));
    var configuration = Program.configure(command, completed(said, header));
    output.applyTo(command.terminal());
    var guards = JobOptions.accepted(accepted);
    var job = job(configuration, header.job(), file, guards, Starter.user());
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      program.publisher().tellAtTheEnd(configuration, header.job(), command.terminal());
      try {
        return finish(command, program, program.applyOnTerminal(job));
      } catch (LeasedException e) {
        if (!said.isEmpty()) {
          throw e; // the service runs it by the properties alone
        }
        return ServiceRequest.apply(program, command, header.job(), file, guards).follow(e);
      }
    }
  }

  /** The plan that is named, or that of a run which waits to be approved. */
  private Path file(Main command) {
    Path ofRun = PlanDocument.of(Program.read(command).settings().runs(), plan);
    return !Files.exists(Path.of(plan)) && Files.exists(ofRun) ? ofRun : Path.of(plan);
  }

  /** What a job that was made of options alone was told besides. */
  private static Map<String, String> completed(Map<String, String> said, PlanHeader header) {
    var all = new HashMap<>(said);
    if (header.job().equals(Job.IMPORT)) {
      all.putIfAbsent("job.import.app", header.app());
      all.putIfAbsent("job.import.update-key", header.updateKey());
    }
    return all;
  }

  /**
   * The job that does what a plan says. That so many records change was judged when it was made.
   *
   * @param accepted the guards that the run may pass besides
   */
  static Job job(
      Configuration configuration, String name, Path plan, Set<Guard> accepted, Starter starter) {
    var job = configuration.importing(name, plan);
    var guards = EnumSet.of(Guard.MAX_UPDATED, Guard.MAX_MISSING);
    guards.addAll(accepted);
    return job.applying(
        new Source.PlanFile(plan.toAbsolutePath(), Version.ofProgram()),
        new RunOptions(
            job.options().writes() || job.bounds().approval(),
            Long.MAX_VALUE,
            guards,
            null,
            starter));
  }

  private int finish(Main command, Program program, RunResult finished) throws IOException {
    Path written = program.reportFile(finished);
    if (report != null) {
      Files.copy(written, report, StandardCopyOption.REPLACE_EXISTING);
    }
    program.tellResult(finished);
    if (output.json() && Files.exists(written)) {
      command.terminal().text(Files.readString(written).strip());
    }
    return finished.report().state().exitCode();
  }
}
