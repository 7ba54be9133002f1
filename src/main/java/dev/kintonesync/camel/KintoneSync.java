package dev.kintonesync.camel;

import dev.kintonesync.camel.batch.Answering;
import dev.kintonesync.camel.batch.AppSnapshot;
import dev.kintonesync.camel.batch.Hooks;
import dev.kintonesync.camel.batch.KintoneBeans;
import dev.kintonesync.camel.batch.MemoryBudget;
import dev.kintonesync.camel.batch.Preflight;
import dev.kintonesync.camel.batch.SimpleExpressions;
import dev.kintonesync.camel.job.CustomRoutes;
import dev.kintonesync.camel.job.FolderGate;
import dev.kintonesync.camel.job.JobRoutes;
import dev.kintonesync.camel.job.LastMessages;
import dev.kintonesync.camel.job.RefusedForms;
import dev.kintonesync.camel.job.Watch;
import dev.kintonesync.camel.kamelet.KameletBeans;
import dev.kintonesync.camel.kintone.DailyQuota;
import dev.kintonesync.camel.kintone.KintoneClient;
import dev.kintonesync.camel.kintone.OutageMonitor;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.camel.run.RunContext;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.camel.run.RunSteps;
import dev.kintonesync.camel.run.SourceItems;
import dev.kintonesync.camel.source.Apis;
import dev.kintonesync.camel.source.AppSourceClient;
import dev.kintonesync.camel.source.Databases;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.journal.Leases;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Camel application: the routes of the {@code routes} folder with the beans they name. Starts
 * no source by itself; {@link #watch} makes a route of a job, {@link #run} sends one file down the
 * same way.
 */
public final class KintoneSync implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KintoneSync.class);

  private static final Duration LAST_CALLS = Duration.ofSeconds(5);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Main main = new Main();

  /** What the routes name. */
  private final Map<String, Object> beans = new HashMap<>();

  private final Databases databases = new Databases(this::context);
  private final AppSourceClient otherApps = new AppSourceClient(this::context);
  private final Apis apis;
  private final KintoneClient apiClient = KintoneClient.ofApis();
  private final Journal journal;
  private final KintoneBeans core;
  private final RunSteps runs;
  private final Hooks hooks;
  private final MessageBundle bundle;
  private final Clock clock;
  private final OutageMonitor domains;
  private final Consumer<UserMessage> said;
  private final Leases leases;
  private final JobRoutes jobs;
  private final Watch watch;
  private final ExecutorService batchThreads;
  private @Nullable CustomRoutes custom;
  private boolean changesWait;

  /**
   * What an application is made of.
   *
   * @param routes the folder with the routes
   * @param data the folder for {@code runs/}
   * @param settings sizes, pauses and limits
   * @param journal the journal, which the caller closes
   * @param bundle the language of people
   * @param clock tells the time
   * @param camel properties of Camel's own, as the user set them
   * @param finished is told of every run that has reported
   * @param said is told what an operator should know besides
   * @param users whether the user's own routes start as well
   */
  public record Setup(
      Path routes,
      Path data,
      Settings settings,
      Journal journal,
      MessageBundle bundle,
      Clock clock,
      Map<String, String> camel,
      Consumer<RunResult> finished,
      Consumer<UserMessage> said,
      boolean users) {}

  /**
   * What goes wrong in a route of the user's goes to the run that called it, which says so in a
   * sentence; Camel would log it with its stack trace besides. A route may set an error handler of
   * its own.
   */
  private static final class ErrorsOfCustomRoutes implements CamelConfiguration {
    @Override
    public void configure(CamelContext context) {
      context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
    }
  }

  private KintoneSync(Setup setup) {
    bundle = setup.bundle();
    clock = setup.clock();
    said = setup.said();
    domains = new OutageMonitor(clock, said);
    hooks = new Hooks(this::context, said);
    journal = setup.journal();
    leases = journal.leases();
    var settings = setup.settings();
    var calls = new DailyQuota(journal, settings.dailyCalls(), clock, said);
    core =
        new KintoneBeans(
            new SimpleExpressions(this::context),
            settings,
            (job, said) -> Configuration.read(settings.home(), System.getenv(), said),
            clock,
            hooks,
            new Preflight(clock, journal.forms()),
            domains,
            calls,
            setup.data().resolve("operations"));
    apis = new Apis(this::context, core.pauses(), clock);
    runs =
        new RunSteps(
            settings,
            setup.data().resolve("runs"),
            new SourceItems(
                databases, apis, otherApps, journal, setup.data().resolve("rejects"), clock),
            core.writers(),
            core::keysInFlight,
            MemoryBudget.ofHeap(Runtime.getRuntime().maxMemory()),
            setup.journal(),
            setup.bundle(),
            clock,
            new SimpleExpressions(this::context),
            finished -> {
              setup.finished().accept(finished);
              jobs().ended(finished);
            },
            hooks);
    watch = new Watch(clock, this::active);
    jobs =
        new JobRoutes(
            this::context,
            journal,
            bundle,
            clock,
            domains,
            watch,
            job -> active().stream().anyMatch(run -> run.job().name().equals(job)),
            said);
    batchThreads = Executors.newCachedThreadPool(KintoneBeans.named("batch"));
    beans.putAll(core.beans());
    beans.putAll(KameletBeans.all());
    beans.put("kintoneRuns", runs);
    beans.put("kintoneApis", apis);
    beans.put("kintoneDatabaseRows", Databases.ROWS);
    beans.put("kintoneOutages", domains);
    beans.put("kintoneRefusedForms", new RefusedForms(watch, domains, calls, clock));
    beans.put("kintoneApiClient", apiClient);
    beans.put("kintoneBatchThreads", batchThreads);
    beans.forEach(main::bind);
    main.configure().addConfiguration(new ErrorsOfCustomRoutes());
    main.setOverrideProperties(properties(setup));
    // signals end runs before routes: the command line stops us, not Camel
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
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
    var application = new KintoneSync(setup);
    try {
      application.runs.closeAbandoned();
      application.main.start();
      application.startRoutes(setup);
      return application;
    } catch (UserErrorException e) {
      application.close();
      throw e;
    } catch (Exception e) {
      application.close();
      throw new UserErrorException(
          MessageCode.ROUTES_BROKEN.with(setup.routes(), RootCause.words(e)), e);
    }
  }

  private static Properties properties(Setup setup) {
    var properties = new Properties();
    String routes = "file:" + setup.routes().toAbsolutePath();
    properties.setProperty("camel.main.name", "kintone-sync");
    properties.setProperty(
        "camel.main.routesIncludePattern", routes + "/*.yaml," + routes + "/core/*.yaml");
    // what begins something by itself is started one by one
    properties.setProperty("camel.main.autoStartup", "false");
    properties.setProperty(
        "camel.component.kamelet.location",
        "file:"
            + setup.routes().resolveSibling("kamelets").toAbsolutePath()
            + ",classpath:kamelets");
    // Camel would print properties of the user's at start, secrets with them
    properties.setProperty("camel.main.autoConfigurationLogSummary", "false");
    properties.setProperty("camel.main.startupSummaryLevel", "Off");
    properties.setProperty("camel.main.shutdownTimeout", "5");
    properties.setProperty("camel.main.useMdcLogging", "false");
    properties.setProperty("kintone.absence-interval", "5000");
    properties.setProperty("database.retry-delay", "1000");
    properties.setProperty("source.timeout", "60000");
    properties.setProperty("folder.quiet-time", "1000");
    properties.setProperty("folder.check-interval", "250");
    properties.setProperty("folder.poll-interval", "500");
    setup.camel().forEach(properties::setProperty);
    var settings = setup.settings();
    properties.setProperty("kintone.timeout", millis(settings.timeout()));
    properties.setProperty("kintone.bulk-timeout", millis(settings.bulkTimeout()));
    return properties;
  }

  private static String millis(Duration duration) {
    return String.valueOf(duration.toMillis());
  }

  private void startRoutes(Setup setup) throws Exception {
    for (var route : context().getRoutes()) {
      if (CustomRoutes.isDirect(route.getEndpoint())) {
        context().getRouteController().startRoute(route.getRouteId());
      }
    }
    custom = new CustomRoutes(context(), custom(setup.routes()), beans);
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
        && !runs.whileNoneIsInWork(() -> changed.forEach(file -> done.add(custom().again(file))))) {
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

  private static Path custom(Path routes) {
    return routes.resolve("custom").toAbsolutePath();
  }

  /** Whether the user has put routes of his own beside ours. */
  public static boolean hasCustomRoutes(Path routes) {
    return !CustomRoutes.files(custom(routes)).isEmpty();
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
    return runs.refused(job, reason);
  }

  /** From now on the job runs by itself: see {@link JobRoutes#begin}. */
  public @Nullable Instant watch(Job job) {
    return jobs.begin(job);
  }

  /**
   * Syncs what the job has to read now: its database, or the files that wait in its folder, oldest
   * first, as the watcher would; ends with the first one that has to stay.
   *
   * @throws LeasedException when another process runs the job or reads the folder
   */
  public List<RunResult> runWaiting(Job job) {
    Path folder = job.source().folder();
    if (folder == null) {
      try (var claim = leases.job(job.name())) {
        return List.of(sync(job));
      }
    }
    var gate = jobs.gate(job);
    var finished = new ArrayList<RunResult>();
    try (var claim = jobs.claim(job)) {
      for (Path file : gate.waiting()) {
        var run = sync(gate.jobFor(file));
        gate.release(run);
        finished.add(run);
        if (run.disposition() == RunResult.Disposition.STAYS) {
          break;
        }
      }
    }
    return finished;
  }

  /**
   * Sends the one file of the job down the way of the watched files, and waits for its report.
   *
   * @throws LeasedException when another process runs the job, watches the file's folder or reads
   *     the file
   */
  public RunResult run(Job job) {
    try (var one = job.name().equals(Job.IMPORT) ? null : leases.job(job.name());
        var other = jobs.said(leases.folderOf(job.oneFile().file()))) {
      return sync(job);
    }
  }

  /**
   * What a run of the job would do: its file, its database, or each file that waits in its folder,
   * is planned and stays where it is. Takes nothing away from a process that runs the job.
   */
  public List<RunResult> plan(Job job) {
    var plan = job.with(job.options().onlyPlanned());
    if (job.source().folder() != null) {
      var gate = usableGate(plan);
      return gate.waiting().stream().map(file -> sync(gate.jobFor(file))).toList();
    }
    return List.of(sync(plan));
  }

  /**
   * Tries what a run of the job needs, without writing: the app is read, and the first row of what
   * waits is planned.
   *
   * @throws UserErrorException when it could not run: why, and what to do
   */
  public CheckResult check(Job job) {
    var first = job.with(new RunOptions(false, 1, Set.of(), null));
    var app = read(first);
    int waiting = 0;
    RunResult planned;
    if (job.source().folder() != null) {
      var gate = usableGate(first);
      var files = gate.waiting();
      waiting = files.size();
      planned = waiting == 0 ? null : sync(gate.jobFor(files.get(0)));
    } else {
      planned = sync(first);
    }
    return new CheckResult(
        job.app(), app.form().revision(), app.key().name(), app.empty(), waiting, planned);
  }

  /** The gate of a job's folder, which is there and may be read and written. */
  private FolderGate usableGate(Job job) {
    JobRoutes.usable(Objects.requireNonNull(job.source().folder(), "a job with a folder"));
    return jobs.gate(job);
  }

  /** The design of a job's app, whatever else the job still lacks. */
  public AppDesign design(Job job) {
    return new AppDesign(context().createProducerTemplate(), runs.apart(job));
  }

  private AppSnapshot read(Job job) {
    var run = runs.apart(job);
    try (var producer = context().createProducerTemplate()) {
      var answered =
          producer.request(
              "direct:read-app", exchange -> exchange.setProperty(RequestContext.PROPERTY, run));
      if (answered.getException() instanceof UserErrorException refused) {
        throw refused;
      } else if (answered.getException() != null) {
        throw new IllegalStateException(answered.getException());
      }
      return run.app();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RunResult sync(Job job) {
    try (var producer = context().createProducerTemplate()) {
      return producer.requestBody("direct:run-once", job, RunResult.class);
    } catch (CamelExecutionException e) {
      throw e.getCause() instanceof UserErrorException refused ? refused : e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    return runs.active();
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
    boolean ended = runs.abandon(reason, LAST_CALLS);
    messages.await(LAST_WORDS);
    if (!ended || !core.isIdle()) {
      cutConnections();
      runs.abandon(reason, LAST_WORDS);
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
    databases.close();
    hooks.close();
    main.stop();
    jobs.close();
    batchThreads.shutdownNow();
    apiClient.cut();
    core.close();
  }
}
