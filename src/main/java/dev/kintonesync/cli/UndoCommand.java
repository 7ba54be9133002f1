package dev.kintonesync.cli;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.form.Form;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.journal.UndoPlan;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.setup.PlanReport;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.Starter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code undo RUN}: takes back what a run has written, by a plan of the opposite that goes the way
 * of every plan.
 */
@Command(name = "undo", customSynopsis = "kintone-sync undo RUN [OPTION...]", sortOptions = false)
final class UndoCommand implements Callable<Integer> {
  /** So many changes and records left alone are shown, unless all are asked for. */
  private static final long SHOWN = 20;

  /** Many records may have been edited since, and that is no sign of a mad run. */
  private static final Set<Guard> GUARDS = EnumSet.allOf(Guard.class);

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "1", paramLabel = "RUN")
  private String run = "";

  @Option(names = "--plan")
  private boolean onlyPlan;

  @Option(names = {"-y", "--yes"})
  private boolean yes;

  @Option(names = "--all")
  private boolean all;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--update-key", paramLabel = "FIELD")
  private @Nullable String updateKey;

  @Option(names = "--job", paramLabel = "NAME")
  private @Nullable String jobName;

  @Override
  public Integer call() throws Exception {
    var command = Program.command(main);
    var settings = Program.read(command).settings();
    var report = report(settings);
    Path changes = changes(settings, report);
    String name = jobName == null ? report.job() : jobName;
    var said = connection.overrides(name);
    ConnectionOptions.put(said, "job." + name + ".update-key", updateKey);
    var configuration = Program.configure(command, completed(said, name, report));
    var job = configuration.importing(name, changes);
    refuseUnlessSameApp(job, report);
    Path plan = changes.resolveSibling("undo.json");
    String id = "undo-" + report.run();
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      program.journal().appliedPlans().refuseIfApplied(id);
      var undoing = ApplyCommand.job(configuration, name, plan, GUARDS, Starter.user());
      Form form = program.application().runner().form(undoing); // the map has no say in it
      var header = PlanDocument.header(id, report.run(), job, report.run(), form, true);
      var made = UndoPlan.write(plan, changes, form, header, leastChanges(report));
      tell(command.terminal(), report, made);
      if (onlyPlan || !yes) {
        var planned = program.planOnTerminal(undoing).get(0);
        show(command.terminal(), program, undoing, planned);
        if (onlyPlan || planned.early()) {
          return planned.report().state().exitCode();
        } else if (!command.terminal().agrees(MessageCode.UNDO_ASKS.with(report.run()))) {
          command.terminal().say(MessageCode.UNDO_NEEDS_YES.with(report.run()));
          return Main.REFUSED;
        }
      }
      program.publisher().tellAtTheEnd(configuration, name, command.terminal());
      return undo(command, program, undoing, plan, said);
    }
  }

  private int undo(Main command, Program program, Job undoing, Path plan, Map<String, String> said)
      throws InterruptedException {
    try {
      var finished = program.applyOnTerminal(undoing);
      program.tellResult(finished);
      return finished.report().state().exitCode();
    } catch (LeasedException e) {
      if (!said.isEmpty()) {
        throw e; // the service runs it by the properties alone
      }
      return ServiceRequest.apply(program, command, undoing.name(), plan, GUARDS).follow(e);
    }
  }

  private static Map<String, String> completed(
      Map<String, String> said, String name, Report report) {
    var complete = new HashMap<>(said);
    if (name.equals(Job.IMPORT)) {
      complete.putIfAbsent("job.import.app", report.app());
    }
    return complete;
  }

  private Report report(Settings settings) {
    try (var journal = OpenedJournal.at(settings.journal(), Program.command(main).terminal())) {
      return journal
          .run(run)
          .orElseThrow(() -> new UserErrorException(MessageCode.NO_SUCH_RUN.with(run)));
    }
  }

  /** The file of changes of a run that has written something and has ended. */
  private static Path changes(Settings settings, Report report) {
    if (!report.written()) {
      throw new UserErrorException(MessageCode.UNDO_OF_A_PLAN.with(report.run()));
    } else if (report.state() == RunState.RUNNING) {
      throw new UserErrorException(MessageCode.UNDO_RUN_GOES_ON.with(report.run()));
    }
    Path changes = settings.runs().resolve(report.run()).resolve("changes.jsonl.gz");
    if (Files.exists(changes)) {
      return changes;
    }
    throw new UserErrorException(
        (leastChanges(report) == 0 ? MessageCode.UNDO_NOTHING : MessageCode.UNDO_CHANGES_GONE)
            .with(report.run()));
  }

  /** How many changes the report tells of. */
  private static long leastChanges(Report report) {
    var counts = report.counts();
    return counts.inserted() + counts.updated() + report.deleted();
  }

  private static void refuseUnlessSameApp(Job job, Report report) {
    if (job.updateKey() == null) {
      throw new UserErrorException(MessageCode.NO_UPDATE_KEY.with());
    } else if (!job.app().equals(report.app())) {
      throw new UserErrorException(
          MessageCode.UNDO_OTHER_APP.with(report.run(), report.app(), job.name(), job.app()));
    }
  }

  /** What cannot come back, before anything is done. */
  private static void tell(Terminal terminal, Report report, UndoPlan.Made made) {
    if (made.addedAgain() > 0) {
      terminal.say(MessageCode.UNDO_ADDS_AGAIN.with(made.addedAgain()));
    }
    if (made.losses() > 0) {
      terminal.say(
          MessageCode.UNDO_LOSES_FILES.with(made.losses(), String.join(", ", made.examples())));
    }
    if (report.state() == RunState.STOPPED) {
      terminal.say(MessageCode.UNDO_OF_STOPPED.with(report.run()));
    }
  }

  private void show(Terminal terminal, Program program, Job undoing, RunResult planned) {
    var found = PlanReport.of(planned, all ? Long.MAX_VALUE : SHOWN);
    new PlanPrinter(terminal, program.journal(), undoing, 0).print(planned, found);
  }
}
