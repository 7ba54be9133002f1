package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Schedule;
import dev.kintonesync.setup.RulesView;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code check}: tries every job without writing anything. */
@Command(name = "check", customSynopsis = "kintone-sync check [JOB]", sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "JOB")
  private @Nullable String job;

  @Mixin private OutputOptions output = new OutputOptions();

  private final ArrayNode json = JsonNodeFactory.instance.arrayNode();

  @Override
  public Integer call() {
    var command = Program.command(main);
    var configuration = Program.configure(command, Map.of());
    output.applyTo(command.terminal());
    var names = job == null ? configuration.jobNames() : List.of(job);
    if (names.isEmpty()) {
      throw new UserErrorException(
          MessageCode.NO_JOBS_TO_RUN.with(
              configuration.settings().home().resolve("application.properties")));
    }
    int exitCode = 0;
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      for (String name : names) {
        exitCode = Math.max(exitCode, check(command.terminal(), program, configuration, name));
      }
    }
    if (output.json()) {
      command.terminal().text(json.toPrettyString());
    }
    return exitCode;
  }

  private int check(Terminal terminal, Program program, Configuration configuration, String name) {
    try {
      return check(terminal, program, configuration.job(name));
    } catch (UserErrorException e) {
      return refused(terminal, name, e.reason());
    }
  }

  private int refused(Terminal terminal, String name, UserMessage reason) {
    var refusal = MessageCode.CHECK_REFUSED.with(name, reason);
    terminal.result(refusal);
    json.addObject()
        .put("job", name)
        .put("state", "refused")
        .put("reason", terminal.bundle().say(reason));
    if (output.isQuiet()) {
      terminal.say(refusal);
    }
    return Main.REFUSED;
  }

  private int check(Terminal terminal, Program program, Job job) {
    var checked = program.application().runner().check(job);
    var planned = checked.planned();
    var reason = planned == null ? null : planned.reason();
    if (reason != null) {
      return refused(terminal, job.name(), reason);
    }
    terminal.result(
        MessageCode.CHECK_READY.with(job.name(), checked.app(), checked.revision(), checked.key()));
    json.addObject()
        .put("job", job.name())
        .put("state", "ready")
        .put("app", checked.app())
        .put("revision", checked.revision())
        .put("key", checked.key())
        .put("writes", job.options().writes())
        .put("writingTried", false)
        .put("waiting", checked.waiting());
    terminal.detail(MessageCode.CHECK_WITHOUT_WRITING.with());
    if (!job.options().writes()) {
      terminal.detail(RunCommand.writesNothing(job));
    }
    terminal.detail(times(job));
    if (job.source().folder() != null) {
      terminal.detail(MessageCode.CHECK_WAITING.with(job.source().name(), checked.waiting()));
    }
    if (planned != null) {
      PlanPrinter.understood(
          terminal::detail, terminal::detail, planned.understood(), planned.firstRows());
      planned.remarks().forEach(terminal::detail);
    }
    return 0;
  }

  /** When it runs: what its schedule means is best seen from the next times. */
  private static UserMessage times(Job job) {
    var schedule = job.schedule();
    if (schedule == null || schedule.timing() instanceof Schedule.Following) {
      return RulesView.occasion(job);
    }
    Instant first = schedule.after(Instant.now());
    Instant second = schedule.after(first);
    return MessageCode.CHECK_TIMES.with(
        schedule.timing().written(),
        shown(first, schedule),
        shown(second, schedule),
        shown(schedule.after(second), schedule),
        schedule.zone());
  }

  private static String shown(Instant time, Schedule schedule) {
    return time.equals(Instant.MAX) ? "-" : TIME.format(time.atZone(schedule.zone()));
  }
}
