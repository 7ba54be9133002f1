package dev.kintonesync.cli;

import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.JournalLocation;
import dev.kintonesync.journal.OldRuns;
import dev.kintonesync.journal.PublishedRejects;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Job;
import dev.kintonesync.setup.PlanReport;
import dev.kintonesync.source.TemporaryFile;
import dev.kintonesync.sync.RunState;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of the program: journal and routes, and what happens on a signal. Ends what it started
 * when it is closed.
 */
final class Program implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Program.class);

  private final Home home;
  private final Terminal terminal;
  private final Journal journal;
  private final Path runs;
  private final KintoneSync application;
  private final OldRuns oldRuns;
  private final StatusPublisher publisher;
  private final WaitNotices waits;
  private final boolean logIsShown;
  private final Thread onSignal;
  private final CountDownLatch told = new CountDownLatch(1);

  /** What a start is for. */
  enum Kind {
    /** One run; a signal stops it before its end. */
    COMMAND(false, Main.STOPPED),
    /** The same, of a file. */
    COMMAND_OF_FILE(false, Main.STOPPED),
    /** Jobs and the user's own routes, until a signal, which is their ordinary end. */
    SERVICE(true, 0),
    /** The page on which jobs are set up, until a signal. */
    SETUP(false, 0),
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
   * Reads the configuration and starts the log; from then on the terminal speaks the configured
   * language.
   *
   * @param overrides what the command line says, by the keys of the properties
   */
  static Configuration configure(Main main, Map<String, String> overrides) {
    var home = main.home();
    if (!Files.isDirectory(home.path())) {
      throw new UserErrorException(MessageCode.HOME_MISSING.with(home.path()));
    } else if (!Files.isDirectory(home.routes())) {
      throw new UserErrorException(MessageCode.ROUTES_MISSING.with(home.routes()));
    }
    var caveats = HomeRights.judge(home);
    main.startLog();
    var configuration = read(main, overrides);
    if (configuration.settings().logIsJson()) {
      main.startLog(true);
    }
    main.terminal().speak(configuration.settings().bundle());
    caveats.forEach(main.terminal()::say);
    return configuration;
  }

  /** Reads the configuration once more: somebody has changed it. */
  static Configuration read(Main main) {
    return read(main, Map.of());
  }

  private static Configuration read(Main main, Map<String, String> overrides) {
    var said = new HashMap<>(overrides);
    ConnectionOptions.put(said, "lang", main.language());
    return Configuration.read(main.home().path(), main.environment(), said);
  }

  /**
   * Opens the journal and starts the routes.
   *
   * @param finished is told of every run
   */
  static Program start(
      Main main, Configuration configuration, Kind kind, Consumer<RunResult> finished) {
    if (configuration.usesTls()) {
      HttpClientFactory.expectTls();
    }
    var journal =
        OpeningJournal.begin(
            configuration.settings().journal(), main.commandName(), main.terminal());
    TemporaryFile.removeLeftBehind(); // before anything is read, which may need the space
    try {
      return new Program(main, configuration, journal, kind, finished);
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private Program(
      Main main,
      Configuration configuration,
      OpeningJournal opening,
      Kind kind,
      Consumer<RunResult> finished) {
    this.home = main.home();
    this.terminal = main.terminal();
    this.logIsShown = main.verbose();
    this.runs = configuration.settings().runs();
    this.application =
        KintoneSync.start(
            new KintoneSync.Setup(
                home.routes(),
                home.customRoutes(),
                home.path(),
                configuration.settings(),
                opening,
                terminal.bundle(),
                Clock.systemUTC(),
                configuration.camelProperties(),
                run -> ended(run, finished),
                terminal::log,
                kind.users,
                kind == Kind.COMMAND_OF_FILE));
    this.journal = opening.get();
    tellOfHistoryLeftBehind(configuration.settings().journal());
    this.oldRuns =
        new OldRuns(
            journal, runs, PublishedRejects.in(home.path()), configuration.settings().keep());
    this.publisher = new StatusPublisher(application, journal);
    this.waits = new WaitNotices(application::active, Clock.systemUTC(), said(kind));
    waits.begin();
    forgetOldRuns();
    this.onSignal = new Thread(() -> end(kind.exitCodeOnSignal), "on-signal");
    Runtime.getRuntime().addShutdownHook(onSignal);
  }

  /** A new journal in PostgreSQL knows nothing of the one in the folder, such as open rejects. */
  private void tellOfHistoryLeftBehind(JournalLocation location) {
    if (location.url() != null
        && Files.exists(location.folder().resolve("journal.mv.db"))
        && journal.runs(1).isEmpty()) {
      terminal.say(MessageCode.JOURNAL_NOT_COPIED.with(location, location.folder()));
    }
  }

  /** Where a bar is drawn, it says the same. */
  private Consumer<UserMessage> said(Kind kind) {
    if (kind.exitCodeOnSignal != Main.STOPPED) {
      return terminal::log;
    }
    return message -> {
      log.info("{}", message);
      if (!terminal.isWatched()) {
        terminal.remark(message);
      }
    };
  }

  private void ended(RunResult run, Consumer<RunResult> listener) {
    if (run.awaitsApproval()) {
      keepPlan(run);
    }
    StatusPublisher present = publisher;
    if (present != null) { // a route of the user's may be quicker than this program's start
      present.ran(run);
    }
    listener.accept(run);
  }

  /** The plan lies in the folder of its run until somebody lets it happen. */
  private void keepPlan(RunResult run) {
    var job = Objects.requireNonNull(run.job(), "a run of this process");
    try {
      String id = run.report().run(); // by which the page knows whether it was applied
      PlanDocument.write(PlanDocument.of(runs, id), id, job, run, PlanReport.of(run, 0), journal);
    } catch (UserErrorException | UncheckedIOException e) {
      log.error("the plan of run {} cannot be kept", run.report().run(), e);
    }
  }

  /** The command that a subcommand belongs to. */
  static Main command(@Nullable Main main) {
    if (main == null) {
      throw new IllegalStateException("a subcommand without its command");
    }
    return main;
  }

  Journal journal() {
    return journal;
  }

  /** At the start, and from time to time of a program that runs for long. */
  void forgetOldRuns() {
    oldRuns.forgetDaily(Instant.now());
  }

  KintoneSync application() {
    return application;
  }

  /** Those who look at this program while it runs. */
  StatusPublisher publisher() {
    return publisher;
  }

  /** One run with a progress bar, where a person watches. */
  RunResult runOnTerminal(Job job) {
    try (var progress = progress()) {
      return application.runner().run(job);
    }
  }

  /** What waits in the folder of a job, with a progress bar, where a person watches. */
  List<RunResult> runWaitingOnTerminal(Job job) {
    try (var progress = progress()) {
      return application.runner().runWaiting(job);
    }
  }

  /** A plan that is applied, with a progress bar, where a person watches. */
  RunResult applyOnTerminal(Job job) {
    try (var progress = progress()) {
      return application.runner().apply(job);
    }
  }

  /** What runs of a job would do, with a progress bar, where a person watches. */
  List<RunResult> planOnTerminal(Job job) {
    try (var progress = progress()) {
      return application.runner().plan(job);
    }
  }

  private Progress.Shown progress() {
    return terminal.isWatched() && !logIsShown
        ? Progress.on(terminal, application)
        : Progress.NOT_SHOWN;
  }

  /** The counts on standard output, unless nothing began; what to do on standard error. */
  void tellResult(RunResult finished) {
    var report = finished.report();
    if (report.state() != RunState.REFUSED && (report.counts().read() > 0 || !finished.early())) {
      terminal.result(finished.counts());
    }
    var reason = finished.reason();
    if (reason != null) {
      terminal.say(reason);
    }
    if (finished.understood() != null && report.state() != RunState.REFUSED) {
      terminal.remark(finished.understood());
    }
    if (finished.awaitsApproval()) {
      terminal.say(MessageCode.APPROVAL_WAITS.with(report.job(), report.run()));
    }
    finished.remarks().forEach(terminal::remark);
    String rejects = report.rejectsFile();
    if (rejects != null) {
      terminal.remark(MessageCode.REJECTS_ARE_IN.with(rejects));
    }
    told.countDown();
  }

  /** The report of a run, as the run folder has it. */
  Path reportFile(RunResult finished) {
    return runs.resolve(finished.report().run()).resolve("report.json");
  }

  private void end(int exitCode) {
    try {
      journal.hurry();
      boolean working = !application.active().isEmpty();
      application.abandon(MessageCode.RUN_INTERRUPTED.with());
      boolean saidWhy = working && told.await(1, TimeUnit.SECONDS);
      if (!saidWhy && exitCode == Main.STOPPED) {
        terminal.say(MessageCode.RUN_INTERRUPTED.with());
      }
      closeJournal();
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
    waits.close();
    publisher.close();
    application.close();
    closeJournal();
  }

  private void closeJournal() {
    journal.close();
    var left = journal.left();
    if (left != null) {
      terminal.log(left);
    }
  }
}
