package dev.kintonesync.camel;

import dev.kintonesync.camel.batch.Answering;
import dev.kintonesync.camel.batch.Hooks;
import dev.kintonesync.camel.batch.KintoneBeans;
import dev.kintonesync.camel.batch.MemoryBudget;
import dev.kintonesync.camel.batch.Preflight;
import dev.kintonesync.camel.batch.SimpleExpressions;
import dev.kintonesync.camel.job.CustomRoutes;
import dev.kintonesync.camel.job.JobRoutes;
import dev.kintonesync.camel.job.JournalClusterService;
import dev.kintonesync.camel.job.LastMessages;
import dev.kintonesync.camel.job.RefusedForms;
import dev.kintonesync.camel.job.Watch;
import dev.kintonesync.camel.kamelet.KameletBeans;
import dev.kintonesync.camel.kintone.DailyQuota;
import dev.kintonesync.camel.kintone.KintoneClient;
import dev.kintonesync.camel.kintone.OutageMonitor;
import dev.kintonesync.camel.run.ActiveRuns;
import dev.kintonesync.camel.run.RunContext;
import dev.kintonesync.camel.run.RunOpening;
import dev.kintonesync.camel.run.RunReports;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.camel.run.RunSteps;
import dev.kintonesync.camel.run.SourceItems;
import dev.kintonesync.camel.source.Apis;
import dev.kintonesync.camel.source.AppSourceClient;
import dev.kintonesync.camel.source.Databases;
import dev.kintonesync.camel.source.Topics;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.PublishedRejects;
import dev.kintonesync.journal.ReportJson;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.sync.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.main.Main;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Camel application: the routes of the {@code routes} folder with the beans they name. Starts
 * no source by itself; {@link #watch} makes a route of a job, {@link #runner} sends one file down
 * the same way.
 */
public final class KintoneSync implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KintoneSync.class);

  private static final Duration LAST_CALLS = Duration.ofSeconds(5);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Main main;

  /** What the routes name. */
  private final Map<String, Object> beans = new HashMap<>();

  private final Databases databases;
  private final Topics topics = new Topics();
  private final AppSourceClient otherApps = new AppSourceClient(this::context);
  private final Apis apis;
  private final KintoneClient apiClient = KintoneClient.ofApis();
  private final Journal journal;
  private final KintoneBeans core;
  private final ActiveRuns active;
  private final RunReports reports;
  private final RunSteps runs;
  private final JobRunner runner;
  private final Hooks hooks;
  private final MessageBundle bundle;
  private final Clock clock;
  private final OutageMonitor domains;
  private final Consumer<UserMessage> said;
  private final JobRoutes jobs;
  private final Watch watch;
  private final ExecutorService batchThreads;
  private @Nullable CustomRoutes custom;
  private boolean changesWait;

  /**
   * What an application is made of.
   *
   * @param routes the folder with the routes that were shipped
   * @param custom the folder with the user's own routes, which may be missing
   * @param data the folder for {@code runs/}
   * @param settings sizes, pauses and limits
   * @param journal the journal, which the caller closes; asked for once the routes have been read
   * @param bundle the language of people
   * @param clock tells the time
   * @param camel properties of Camel's own, as the user set them
   * @param finished is told of every run that has reported
   * @param said is told what an operator should know besides
   * @param users whether the user's own routes start as well
   * @param oneFile whether runs of one file are all that is asked for; then routes that these
   *     cannot come to may be missing
   */
  public record Setup(
      Path routes,
      Path custom,
      Path data,
      Settings settings,
      Supplier<Journal> journal,
      MessageBundle bundle,
      Clock clock,
      Map<String, String> camel,
      Consumer<RunResult> finished,
      Consumer<UserMessage> said,
      boolean users,
      boolean oneFile) {}

  private KintoneSync(Setup setup, Main main, Journal journal) {
    this.main = main;
    this.journal = journal;
    bundle = setup.bundle();
    clock = setup.clock();
    said = setup.said();
    databases = new Databases(this::context, clock);
    domains = new OutageMonitor(clock, said);
    hooks = new Hooks(this::context, said);
    var leases = journal.leases();
    var settings = setup.settings();
    var expressions = new SimpleExpressions(this::context);
    var calls = new DailyQuota(journal, settings.dailyCalls(), clock, said);
    core =
        new KintoneBeans(
            expressions,
            settings,
            (job, said) -> Configuration.read(settings.home(), System.getenv(), said),
            clock,
            hooks,
            new Preflight(clock, journal.forms(), journal.appNames(), expressions),
            domains,
            calls,
            setup.data().resolve("operations"));
    apis = new Apis(this::context, core.pauses(), clock);
    active = new ActiveRuns(clock);
    var rejects = PublishedRejects.in(setup.data());
    reports = new RunReports(settings.runs(), rejects, journal, clock);
    runs =
        new RunSteps(
            settings,
            new SourceItems(databases, apis, otherApps, topics, journal, rejects.folder(), clock),
            journal,
            clock,
            finished -> {
              setup.finished().accept(finished);
              jobs().ended(finished);
            },
            active,
            reports,
            new RunOpening(
                settings,
                core.targets(),
                core::keysInFlight,
                MemoryBudget.ofHeap(Runtime.getRuntime().maxMemory()),
                journal,
                bundle,
                clock,
                expressions,
                hooks));
    watch = new Watch(clock, this::active, topics);
    jobs =
        new JobRoutes(
            this::context,
            journal,
            bundle,
            clock,
            domains,
            watch,
            topics,
            databases,
            job -> active().stream().anyMatch(run -> run.job().name().equals(job)),
            said,
            reports::closeAbandoned);
    runner = new JobRunner(this::context, runs, jobs, leases);
    batchThreads = Executors.newCachedThreadPool(KintoneBeans.named("batch"));
    beans.putAll(core.beans());
    beans.putAll(KameletBeans.all());
    beans.put("kintoneRuns", runs);
    beans.put("kintoneApis", apis);
    beans.put("kintoneDatabaseRows", Databases.ROWS);
    beans.put("kintoneDatabaseFailures", (Processor) databases::failed);
    beans.put("kintoneOutages", domains);
    beans.put("kintoneRefusedForms", new RefusedForms(watch, domains, calls, clock));
    beans.put("kintoneApiClient", apiClient);
    beans.put("kintoneBatchThreads", batchThreads);
    beans.forEach(main::bind);
  }

  /**
   * Starts the routes; no source yet.
   *
   * @throws UserErrorException when a route cannot be loaded
   */
  public static KintoneSync start(Setup setup) {
    if (!Files.isDirectory(setup.routes().resolve("core"))) {
      throw new UserErrorException(MessageCode.ROUTES_MISSING.with(setup.routes()));
    }
    var main = ShippedRoutes.read(setup);
    ReportJson.prepare(); // the journal is still being opened
    KintoneSync application;
    try {
      application = new KintoneSync(setup, main, setup.journal().get());
    } catch (RuntimeException e) {
      main.stop();
      throw e;
    }
    try {
      application.reports.closeAbandoned();
      main.start();
      ShippedRoutes.validateCalls(main.getCamelContext(), true);
      application.startRoutes(setup);
      return application;
    } catch (UserErrorException e) {
      application.close();
      throw e;
    } catch (Exception e) {
      application.close();
      throw ShippedRoutes.broken(setup, e);
    }
  }

  private void startRoutes(Setup setup) throws Exception {
    for (var route : context().getRoutes()) {
      if (CustomRoutes.isDirect(route.getEndpoint())) {
        context().getRouteController().startRoute(route.getRouteId());
      }
    }
    context().addService(new JournalClusterService(journal.leases()));
    custom = new CustomRoutes(context(), setup.custom().toAbsolutePath(), beans);
    custom.load();
    custom.start(false);
    if (setup.users()) {
      custom.start(true);
    }
    if (!custom.ids().isEmpty()) {
      var names = MessageCode.ROUTES_OF_YOURS.with(String.join(", ", custom.ids()));
      if (setup.users()) {
        said.accept(names);
      } else {
        log.info("{}", names);
      }
    }
  }

  /**
   * Loads the files of the user's that have changed since they were loaded, and starts their
   * routes. While a run is in work nothing is touched, and no run begins meanwhile; routes of ours
   * are never touched.
   *
   * @return what was done, in words, or once that it waits; empty when nothing has changed
   */
  public List<UserMessage> loadChangedRoutes() {
    var changed = custom().changed();
    var done = new ArrayList<UserMessage>();
    if (!changed.isEmpty()
        && !active.whileNoneIsInWork(
            () -> changed.forEach(file -> done.add(custom().again(file))))) {
      boolean first = !changesWait;
      changesWait = true;
      return first ? List.of(MessageCode.ROUTES_WAIT_FOR_RUNS.with(changed.get(0))) : List.of();
    }
    changesWait = false;
    return done;
  }

  private CustomRoutes custom() {
    return Objects.requireNonNull(custom, "the routes are loaded first");
  }

  /** Whether the user has put routes of his own into their folder, which may be missing. */
  public static boolean hasCustomRoutes(Path custom) {
    return !CustomRoutes.files(custom).isEmpty();
  }

  /** The jobs that run by themselves. */
  public JobRoutes jobs() {
    return jobs;
  }

  /**
   * A job that cannot even begin has a run that says why, unless its last one did; returns its
   * report.
   */
  public Report refused(String job, UserMessage reason) {
    return reports.refused(job, reason);
  }

  /** From now on the job runs by itself: see {@link JobRoutes#begin}. */
  public @Nullable Instant watch(Job job) {
    return jobs.begin(job);
  }

  /** Runs, plans and checks jobs on demand. */
  public JobRunner runner() {
    return runner;
  }

  /** How the jobs stand that run by themselves. */
  public List<JobStatusRow> statusRows() {
    return watch.statusRows();
  }

  /**
   * A job that runs by itself runs now as well, or as soon as its present run has ended; pauses
   * after runs in vain are over.
   *
   * @return false when this program does not have the job
   */
  public boolean runNow(String job) {
    return watch.runNow(job);
  }

  /** The runs that go on now. */
  public Set<RunContext> active() {
    return active.all();
  }

  /**
   * Lets no new batch start and no further request of a run go out, and no new message begin.
   * Requests in flight get five seconds to be answered, and so do the messages of the user's
   * routes; then their connections are cut. What runs asked for is reported as unprocessed, and
   * each message without an answer is logged.
   */
  public void abandon(UserMessage reason) throws InterruptedException {
    log.info("the program is ending; for answers it waits {} s at most", LAST_CALLS.toSeconds());
    var routes = custom == null ? List.<String>of() : custom.ids();
    var messages = LastMessages.begin(context(), routes, !active().isEmpty(), LAST_CALLS);
    boolean ended = active.abandon(reason, LAST_CALLS);
    messages.await(LAST_WORDS);
    if (!ended || !core.isIdle()) {
      cutConnections();
      active.abandon(reason, LAST_WORDS);
      messages.await(LAST_WORDS);
    }
    core.sinks().forEach(Answering::end);
    messages.await(LAST_WORDS);
  }

  private void cutConnections() {
    core.cutConnections();
    apiClient.cut();
    for (var endpoint : context().getEndpoints()) {
      if (endpoint instanceof HttpEndpoint http) {
        http.getClientConnectionManager().close(CloseMode.IMMEDIATE);
      }
    }
  }

  private CamelContext context() {
    return main.getCamelContext();
  }

  @Override
  public void close() {
    topics.close();
    databases.close();
    hooks.close();
    main.stop();
    jobs.close();
    batchThreads.shutdownNow();
    apiClient.cut();
    core.close();
  }
}
