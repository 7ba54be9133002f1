package dev.kintonesync.cli;

import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.notification.Notifier;
import dev.kintonesync.console.web.Console;
import dev.kintonesync.console.web.PageActions;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RepeatedFailure;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.NotificationSettings;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.sync.Reconciliation;
import dev.kintonesync.sync.Report;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the status of the jobs of a running program: to other processes through the journal,
 * and to people on the page. A failure to publish stops nothing.
 */
final class StatusPublisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusPublisher.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private static final String THIS_MACHINE = "127.0.0.1";

  /** Who stops a service does not wait long. */
  private static final Duration END_OF_A_SERVICE = Duration.ofSeconds(5);

  private static final Duration END_OF_A_COMMAND = Duration.ofSeconds(30);

  private final KintoneSync application;
  private final Journal journal;
  private final Map<String, UserMessage> waiting = new LinkedHashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var thread = new Thread(work, "onlookers");
            thread.setDaemon(true);
            return thread;
          });
  private final Future<?> saying;
  private final RepeatedFailure unsaid =
      new RepeatedFailure(log, "how the jobs stand cannot be said");
  private List<JobStatusRow> said = List.of();
  private Map<String, UserMessage> reloads = Map.of();
  private volatile @Nullable Console page;
  private volatile @Nullable Notifier notifier;

  /** The onlookers of a program that has started. */
  StatusPublisher(KintoneSync application, Journal journal) {
    this.application = application;
    this.journal = journal;
    saying = ticker.scheduleWithFixedDelay(this::say, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Serves the page.
   *
   * @param jobs the jobs of the program, as they are whenever it is asked
   * @param simulator where the simulator shows its records; null: there is none
   * @param actions what those who know the password may have the program do
   * @param offer the setup on the page
   * @return where it is, or why there is none; null where none is wanted
   */
  @Nullable UserMessage servePage(
      Settings settings,
      Supplier<List<JobOverview.Configured>> jobs,
      @Nullable URI simulator,
      PageActions actions,
      SetupOffer offer,
      MessageBundle bundle) {
    Integer port = settings.consolePort();
    if (port == null) {
      return null;
    }
    try {
      var served =
          serve(
              settings,
              overview(settings, jobs),
              simulator,
              actions,
              offer,
              bundle,
              settings.consoleAddress(),
              port);
      return MessageCode.PAGE_SERVED.with(served.url());
    } catch (UserErrorException e) {
      return e.reason();
    }
  }

  /**
   * Serves the page for whoever sets up on this machine, at any free port where that of the page is
   * taken.
   *
   * @throws UserErrorException when it cannot be served
   */
  void serveSetup(Configuration configuration, SetupOffer offer, MessageBundle bundle) {
    var settings = configuration.settings();
    var overview = StatusCommand.overview(configuration, configuration.jobNames(), journal);
    Integer port = settings.consolePort();
    try {
      serve(
          settings,
          overview,
          null,
          job -> false,
          offer,
          bundle,
          THIS_MACHINE,
          port == null ? 0 : port);
    } catch (UserErrorException e) {
      if (e.reason().text() != MessageCode.PAGE_PORT_TAKEN) {
        throw e;
      }
      serve(settings, overview, null, job -> false, offer, bundle, THIS_MACHINE, 0);
    }
  }

  private Console serve(
      Settings settings,
      JobOverview overview,
      @Nullable URI simulator,
      PageActions actions,
      SetupOffer offer,
      MessageBundle bundle,
      String address,
      int port) {
    var served =
        Console.serve(
            new Console.Setup(
                overview,
                journal,
                settings.runs(),
                bundle,
                address,
                port,
                settings.consolePassword(),
                simulator,
                settings.network(),
                actions,
                offer.settingUp(),
                Clock.systemUTC()));
    page = served;
    offer.served(served.urlHere());
    log.info("the page is at {}", served.url());
    return served;
  }

  /**
   * Tells people what needs their attention, as long as the program runs.
   *
   * @param jobs the jobs of the program, as they are whenever it is asked
   * @param notifying who is told of a job, as it is whenever it is asked
   * @throws UserErrorException when something is missing to reach them
   */
  void tell(
      Configuration configuration,
      Supplier<List<JobOverview.Configured>> jobs,
      Function<String, NotificationSettings> notifying,
      Terminal terminal) {
    configuration.jobNames().forEach(configuration::notifying); // refused before the first run
    var overview = overview(configuration.settings(), jobs);
    notifier =
        notifier(
            configuration.settings(),
            notifying,
            overview,
            terminal,
            terminal::log,
            EVERY,
            END_OF_A_SERVICE);
  }

  /**
   * Tells people at the end of a program that does one job what needs their attention, also of
   * other jobs; unless it is a job of options alone, of which somebody sees the result.
   *
   * @throws UserErrorException when something is missing to reach them
   */
  void tellAtTheEnd(Configuration configuration, String job, Terminal terminal) {
    if (configuration.jobNames().contains(job) && configuration.notifying(job).isAnybody()) {
      var overview = StatusCommand.overview(configuration, configuration.jobNames(), journal);
      notifier =
          notifier(
              configuration.settings(),
              configuration::notifying,
              overview,
              terminal,
              terminal::say,
              null,
              END_OF_A_COMMAND);
    }
  }

  private Notifier notifier(
      Settings settings,
      Function<String, NotificationSettings> notifying,
      JobOverview overview,
      Terminal terminal,
      Consumer<UserMessage> said,
      @Nullable Duration pause,
      Duration atTheEnd) {
    return new Notifier(
        new Notifier.Setup(
            overview,
            journal,
            notifying,
            settings.network(),
            settings.runs(),
            terminal.bundle(),
            () -> page(settings),
            said,
            Clock.systemUTC(),
            pause,
            atTheEnd));
  }

  /** Where people open the page; null where none is served and nobody says where one is. */
  private @Nullable URI page(Settings settings) {
    if (settings.consoleUrl() != null) {
      return settings.consoleUrl();
    }
    var served = page;
    return served == null ? pageBeside(settings) : served.urlForOthers();
  }

  /** Where a service serves it that runs beside this command; its port must be known. */
  private @Nullable URI pageBeside(Settings settings) {
    Integer port = settings.consolePort();
    return port == null || port == 0 || journal.statusRows().all().isEmpty()
        ? null
        : Console.urlForOthers(settings.consoleAddress(), port);
  }

  private JobOverview overview(Settings settings, Supplier<List<JobOverview.Configured>> jobs) {
    return new JobOverview(
        jobs, settings.dailyCalls(), journal, settings.runs(), Clock.systemUTC());
  }

  /** A run has ended. */
  void ran(RunResult finished) {
    var words = new ArrayList<UserMessage>();
    if (finished.reason() != null) {
      words.add(finished.reason());
    }
    if (finished.understood() != null) {
      words.add(finished.understood());
    }
    words.addAll(finished.remarks());
    try {
      if (!words.isEmpty()) {
        journal.runMessages().keep(finished.report().run(), words);
      }
    } catch (UserErrorException e) {
      log.warn("what was said of {} is not kept: {}", finished.report().run(), e.getMessage());
    }
    var shown = page;
    if (shown != null) {
      shown.ran(finished.report());
    }
    if (finished.compares()) {
      compared(finished);
      return;
    }
    var told = notifier;
    if (told != null && finished.hasAppliedAPlan() && finished.report().written()) {
      told.applied(finished.report(), finished.reason());
    } else if (told != null) {
      var job = finished.job();
      told.ran(finished.report(), finished.reason(), job != null && job.awaitsApproval());
    }
  }

  private void compared(RunResult finished) {
    var report = finished.report();
    try {
      if (!finished.early() && !report.job().equals(Job.IMPORT)) {
        journal.reconciliations().found(report.job(), Reconciliation.of(report));
      }
    } catch (UserErrorException e) {
      log.warn("what {} has found is not kept: {}", report.run(), e.getMessage());
    }
    var told = notifier;
    if (told != null) {
      told.compared(report, finished.reason());
    }
  }

  /**
   * A job cannot even begin, or still cannot.
   *
   * @param report of the run that says so
   */
  void couldNotBegin(Report report, UserMessage reason) {
    var told = notifier;
    if (told != null) {
      told.couldNotBegin(report, reason);
    }
  }

  /** A job does not run by itself in this program, for a reason. */
  synchronized void waits(String job, UserMessage why) {
    waiting.put(job, why);
  }

  /** A job runs by itself in this program. */
  synchronized void runs(String job) {
    waiting.remove(job);
  }

  /** Jobs run by earlier properties than the files have; every other job does not. */
  synchronized void changed(Map<String, UserMessage> needed) {
    reloads = Map.copyOf(needed);
  }

  /** What else keeps a job from running goes before that its properties have changed. */
  private JobStatusRow withReload(JobStatusRow row) {
    var reload = reloads.get(row.job());
    boolean shown =
        row.why() == null
            || row.why().text() == MessageCode.NEEDS_WRITE
            || row.why().text() == MessageCode.NEEDS_APPROVAL;
    return reload == null || row.run() != null || !shown
        ? row
        : JobStatusRow.waiting(row.job(), row.next(), reload).with(row.backlog());
  }

  /** Says how all jobs stand now, when that has changed; done every second without being asked. */
  synchronized void say() {
    try {
      var now = new ArrayList<>(application.statusRows().stream().map(this::withReload).toList());
      var byThemselves = now.stream().map(JobStatusRow::job).toList();
      waiting.forEach(
          (job, why) -> {
            if (!byThemselves.contains(job)) {
              now.add(JobStatusRow.waiting(job, null, why));
            }
          });
      if (!now.equals(said)) {
        journal.statusRows().say(now);
        said = now;
      }
      unsaid.passed();
    } catch (RuntimeException e) {
      unsaid.happened(e);
    }
  }

  @Override
  public void close() {
    saying.cancel(false);
    ticker.shutdown();
    var shown = page;
    if (shown != null) {
      shown.close();
    }
    var told = notifier;
    if (told != null) {
      told.close();
    }
  }
}
