package dev.kintonesync.cli;

import dev.kintonesync.camel.Finished;
import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One start of the program: configuration, journal and routes, and what happens on a signal. Ends
 * what it started when it is closed.
 */
final class Program implements AutoCloseable {
  private final Terminal terminal;
  private final Configuration configuration;
  private final Journal journal;
  private final KintoneSync application;
  private final Home home;
  private final Thread onSignal;
  private final CountDownLatch told = new CountDownLatch(1);

  /** What a start is for. */
  enum Kind {
    /** One run; a signal stops it before its end. */
    COMMAND(false, Main.STOPPED),
    /** Jobs and the user's own routes, until a signal, which is their ordinary end. */
    SERVICE(true, 0),
    /** Our own sample, until a signal. */
    DEMO(false, 0);

    private final boolean users;
    private final int exitCodeOnSignal;

    Kind(boolean users, int exitCodeOnSignal) {
      this.users = users;
      this.exitCodeOnSignal = exitCodeOnSignal;
    }
  }

  /**
   * Reads the configuration and starts the routes.
   *
   * @param overrides what the command line says, by the keys of the properties
   * @param finished is told of every run
   */
  static Program open(
      Main main, Map<String, String> overrides, Kind kind, Consumer<Finished> finished) {
    var home = main.home();
    Logs.start(home, main.verbose());
    var said = new HashMap<>(overrides);
    ConnectionOptions.put(said, "lang", main.language());
    var configuration = Configuration.read(home.path(), System.getenv(), said);
    var terminal = main.terminal(configuration.settings().catalogue());
    var journal = Journal.open(home.journal());
    return new Program(home, terminal, configuration, journal, kind, finished);
  }

  private Program(
      Home home,
      Terminal terminal,
      Configuration configuration,
      Journal journal,
      Kind kind,
      Consumer<Finished> finished) {
    this.home = home;
    this.terminal = terminal;
    this.configuration = configuration;
    this.journal = journal;
    this.application =
        KintoneSync.start(
            new KintoneSync.Setup(
                home.routes(),
                home.path(),
                configuration.settings(),
                journal,
                configuration.settings().catalogue(),
                Clock.systemUTC(),
                configuration.camelProperties(),
                finished,
                terminal::log,
                kind.users));
    this.onSignal = new Thread(() -> end(kind.exitCodeOnSignal), "on-signal");
    Runtime.getRuntime().addShutdownHook(onSignal);
  }

  /** The command that a subcommand belongs to. */
  static Main command(@Nullable Main main) {
    if (main == null) {
      throw new IllegalStateException("a subcommand without its command");
    }
    return main;
  }

  Configuration configuration() {
    return configuration;
  }

  KintoneSync application() {
    return application;
  }

  Terminal terminal() {
    return terminal;
  }

  /** One run with a progress bar, where a person watches. */
  Finished runOnTerminal(Job job) {
    try (var progress = Progress.of(terminal, application)) {
      return application.run(job);
    }
  }

  /** The counts on standard output, what to do on standard error. */
  void tellResult(Finished finished) {
    var report = finished.report();
    terminal.result(Finished.inWords(report.counts()));
    var reason = finished.reason();
    if (reason != null) {
      terminal.say(reason);
    }
    String rejects = report.rejectsFile();
    if (rejects != null) {
      terminal.say(Text.REJECTS_ARE_IN.with(rejects));
    }
    told.countDown();
  }

  /** The report of a run, as the run folder has it. */
  Path reportFile(Finished finished) {
    return home.path().resolve("runs").resolve(finished.report().run()).resolve("report.json");
  }

  private void end(int exitCode) {
    try {
      boolean working = !application.active().isEmpty();
      application.abandon(Text.RUN_INTERRUPTED.with());
      if (working) {
        told.await(1, TimeUnit.SECONDS);
      }
      journal.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode); // a hook cannot choose the exit code otherwise
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      return; // a signal came first, and its thread does the rest
    }
    application.close();
    journal.close();
  }
}
