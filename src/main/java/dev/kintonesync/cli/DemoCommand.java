package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code demo}: the main job on the embedded simulator. The only command that starts a simulator by
 * itself. Each start works on a fresh copy of the sample.
 */
@Command(name = "demo", customSynopsis = "kintone-sync demo [--once]", sortOptions = false)
final class DemoCommand implements Callable<Integer> {
  /** Its own files come whole, and people who try it out do not like to wait. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private static final String UPDATE_KEY = "postal_code";

  @ParentCommand private @Nullable Main main;

  @Option(names = "--once")
  private boolean once;

  private final BlockingQueue<RunResult> finished = new LinkedBlockingQueue<>();

  @Override
  public Integer call() throws Exception {
    var command = Program.command(main);
    Path sample = command.home().sample();
    var definition = definition(sample.resolve("app.json"));
    String name = definition.path("name").asText();
    Path work = command.home().demo().resolve("sandbox");
    Path inbox = fresh(work);
    var configuration = Program.configure(command, Map.of());
    var terminal = command.terminal();
    try (var simulator = SimulateCommand.start(0);
        var program = Program.start(command, configuration, Program.Kind.DEMO, finished::add);
        var offer =
            new SetupOffer(command, program, configuration.settings().setupPassword(), false)) {
      var app = simulator.app(name, definition.path("properties"));
      terminal.say(MessageCode.DEMO_SIMULATOR.with(simulator.url()));
      terminal.say(MessageCode.DEMO_APP.with(app.id(), name, UPDATE_KEY));
      Job job = job(simulator, app, inbox, terminal.bundle().language());
      if (!once) {
        var page =
            program
                .publisher()
                .servePage(
                    configuration.settings(),
                    () -> List.of(new JobOverview.Configured(job.name(), job, null)),
                    URI.create(simulator.pageUrl()),
                    program.application()::runNow,
                    offer,
                    terminal.bundle());
        if (page != null) {
          terminal.say(page);
        }
      }
      Path lastMonth = copy(sample.resolve("postal-codes-last-month.csv"), work);
      program.application().runner().run(job.on(new Source.OneFile(lastMonth)));
      show(terminal, program, 1, MessageCode.DEMO_LAST_MONTH);
      program.application().watch(job);
      Path thisMonth = sample.resolve("postal-codes-this-month.csv");
      copy(thisMonth, inbox);
      show(terminal, program, 2, MessageCode.DEMO_THIS_MONTH);
      copy(thisMonth, inbox);
      int exitCode = show(terminal, program, 3, MessageCode.DEMO_AGAIN);
      if (once) {
        return exitCode;
      }
      terminal.pause();
      terminal.say(MessageCode.DEMO_WATCHES.with(inbox));
      var link = offer.link();
      if (link != null) {
        terminal.say(link);
      }
      while (true) { // until a signal comes
        terminal.log(finished.take().summary());
      }
    }
  }

  /** Waits for the next run and shows it; returns its exit code. */
  private int show(Terminal terminal, Program program, int step, MessageCode title)
      throws InterruptedException {
    var run = finished.take();
    var requests = run.report().requests();
    terminal.pause();
    terminal.say(MessageCode.DEMO_STEP.with(step, title.with()));
    program.tellResult(run);
    terminal.say(
        MessageCode.DEMO_COST.with(
            requests.keyLookups() + requests.posts() + requests.puts(),
            requests.keyLookups(),
            requests.posts(),
            requests.puts()));
    return run.report().state().exitCode();
  }

  private static Job job(Simulator simulator, SimulatedApp app, Path inbox, String language) {
    var connection =
        new KintoneConnection(
            URI.create(simulator.url()), null, Credentials.ofTokens("demo"), language);
    return Job.upsert(
        "demo",
        connection,
        String.valueOf(app.id()),
        UPDATE_KEY,
        new Source.Folder(inbox, QUIET, null));
  }

  private static JsonNode definition(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new UserErrorException(MessageCode.DEMO_SAMPLE_MISSING.with(file));
    }
    return new ObjectMapper().readTree(file.toFile());
  }

  /** Puts a copy into a folder as a careful sender does: under another name until it is whole. */
  private static Path copy(Path file, Path folder) throws IOException {
    Path part = folder.resolve(file.getFileName() + ".part");
    Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
    return Files.move(part, folder.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** A new inbox in a new folder for the copies. */
  private static Path fresh(Path work) {
    try {
      delete(work);
      return Files.createDirectories(work.resolve("inbox"));
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FOLDER_NOT_USABLE.with(work, e), e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
