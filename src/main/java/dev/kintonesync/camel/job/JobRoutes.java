package dev.kintonesync.camel.job;

import dev.kintonesync.camel.kintone.OutageMonitor;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.camel.source.Databases;
import dev.kintonesync.camel.source.Topics;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.Lease;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Schedule;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.file.OwnFolder;
import dev.kintonesync.sync.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that run by themselves. Each is a route of its own name, made of the template of its
 * source: when files are dropped into its folder, at its times, or whenever another job has run.
 */
public final class JobRoutes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobRoutes.class);

  private final Supplier<CamelContext> context;
  private final Journal journal;
  private final MessageBundle bundle;
  private final Clock clock;
  private final OutageMonitor domains;
  private final Watch watch;
  private final Topics topics;
  private final Databases databases;
  private final Predicate<String> isActive;
  private final Consumer<UserMessage> listener;
  private final Runnable closeAbandoned;
  private final TemplateRoutes routes;
  private final Map<String, Routed> routed = new ConcurrentHashMap<>();

  /**
   * A job that has its route.
   *
   * @param turn whose turn it is to run it
   * @param gate of its folder; null where it has none
   * @param times its times; null when it waits for files
   * @param compares when its source is held against its app; null: never by itself
   */
  private record Routed(
      Job job,
      Lease claim,
      SourceBackoff attempts,
      Turn turn,
      @Nullable FolderGate gate,
      @Nullable Timetable times,
      @Nullable Timetable compares) {}

  public JobRoutes(
      Supplier<CamelContext> context,
      Journal journal,
      MessageBundle bundle,
      Clock clock,
      OutageMonitor domains,
      Watch watch,
      Topics topics,
      Databases databases,
      Predicate<String> isActive,
      Consumer<UserMessage> listener,
      Runnable closeAbandoned) {
    this.closeAbandoned = closeAbandoned;
    this.context = context;
    this.routes = new TemplateRoutes(context);
    this.journal = journal;
    this.bundle = bundle;
    this.clock = clock;
    this.domains = domains;
    this.watch = watch;
    this.topics = topics;
    this.databases = databases;
    this.isActive = isActive;
    this.listener = listener;
  }

  /**
   * Makes a route of a job; from then on it runs by itself.
   *
   * @return when it runs for the first time; null when that is up to files or to another job
   * @throws LeasedException when another process runs the job or reads the folder
   * @throws UserErrorException when the folder cannot be made or written to, or when there is a
   *     route of the job's name, which it would replace
   */
  public @Nullable Instant begin(Job job) {
    if (context.get().getRoute(job.name()) != null) {
      throw new UserErrorException(MessageCode.JOB_NAMED_LIKE_A_ROUTE.with(job.name()));
    }
    var claim = claim(job);
    try {
      closeAbandoned.run(); // whoever had the job before may have been killed in a run of it
      domains.watch(job.connection().baseUrl()); // its first run may find that one away at once
      routes.start("await-kintone");
      routes.start("watch-forms");
      var schedule = job.schedule();
      var begun = schedule == null ? following(job, claim) : polling(job, claim, schedule);
      routed.put(job.name(), begun);
      watch.add(job, begun.attempts(), begun.times());
      if (begun.times() != null) {
        begun.times().catchUp();
      }
      if (begun.compares() != null) {
        begun.compares().catchUp();
      }
      boolean timed = schedule != null && !(schedule.timing() instanceof Schedule.Following);
      return begun.times() != null && timed ? begun.times().first() : null;
    } catch (RuntimeException e) {
      routed.remove(job.name());
      watch.remove(job.name());
      topics.end(job.name());
      try {
        routes.remove(routesOf(job.name()));
      } catch (Exception left) {
        e.addSuppressed(left);
      }
      claim.close();
      throw e;
    }
  }

  /**
   * Takes the route of a job away, so that it may begin in another way.
   *
   * @return false: a run of it goes on, and the job stays as it is
   */
  public boolean end(String job) {
    var ended = routed.get(job);
    if (ended == null) {
      return true;
    }
    topics.hurry(job); // a run of a stream may last for long; it ends soon, and this is asked again
    if (isActive.test(job) || !ended.turn().tryBeginRequest()) {
      return false;
    }
    try {
      return end(job, ended);
    } finally {
      ended.turn().endRequest();
    }
  }

  private boolean end(String job, Routed ended) {
    try {
      if (!routes.removeIdle(routesOf(job), () -> isActive.test(job))) {
        return false;
      }
    } catch (Exception e) {
      log.warn("job {} cannot be ended", job, e);
      return false;
    }
    routed.remove(job);
    watch.remove(job);
    topics.end(job);
    databases.end(job);
    ended.claim().close();
    return true;
  }

  private static List<String> routesOf(String job) {
    return List.of(job, comparingRoute(job));
  }

  /** The id of the route that compares a job; no job can be called so. */
  private static String comparingRoute(String job) {
    return job + ".reconcile";
  }

  /** Whether the last run of a job was refused, so that the job waits for somebody to mend it. */
  public boolean isRefused(String job) {
    var asked = routed.get(job);
    return asked != null && asked.attempts().isRefused();
  }

  /** Whether another process may run a job that ran by itself here: this one was not heard of. */
  public boolean isLost(String job) {
    return routed.containsKey(job) && journal.leases().isLost(job);
  }

  /** Jobs that follow jobs of other computers run when these have run. */
  public void followOthers() {
    for (var follower : routed.values()) {
      if (follower.times() != null) {
        follower.times().follow();
      }
    }
  }

  /** Whether a job runs by itself here. */
  public boolean has(String job) {
    return routed.containsKey(job);
  }

  /**
   * Runs what waits of a job that runs by itself here, when none of its own runs is under way; no
   * other begins meanwhile.
   *
   * @param options what holds for these runs alone
   * @param sync makes a run and waits for its report
   */
  public List<RunResult> runBetween(String job, RunOptions options, Function<Job, RunResult> sync)
      throws InterruptedException {
    return between(
        job,
        asked -> {
          var finished = new ArrayList<RunResult>();
          if (asked.gate() == null) {
            var run = sync.apply(asked.job().with(options));
            finished.add(run);
            if (run.early()) {
              asked.attempts().failed(run);
            } else {
              asked.attempts().succeeded();
            }
            return finished;
          }
          for (Path file = asked.gate().awaitArrival();
              file != null;
              file = asked.gate().awaitArrival()) {
            var run = sync.apply(asked.gate().jobFor(file).with(options));
            finished.add(run);
            // of a part of it, the file is as if nobody had read it
            if (options.isPartial() || !asked.gate().release(run)) {
              break;
            }
          }
          return finished;
        });
  }

  /** Makes one other run of a job that runs by itself here, when none of its own is under way. */
  public RunResult runBetween(Job job, Function<Job, RunResult> sync) throws InterruptedException {
    return between(job.name(), asked -> sync.apply(job));
  }

  /** Does something else with a job that runs by itself here, when no run of it is under way. */
  public <T> T between(String job, Supplier<T> work) throws InterruptedException {
    return between(job, asked -> work.get());
  }

  private <T> T between(String job, Function<Routed, T> work) throws InterruptedException {
    var asked = routed.get(job);
    if (asked == null) {
      throw new IllegalStateException("job " + job + " does not run by itself here");
    }
    topics.hurry(job);
    asked.turn().beginRequest();
    try {
      return work.apply(asked);
    } finally {
      asked.turn().endRequest();
    }
  }

  /** A run is over: the jobs that follow its job run now, if it came to its end. */
  public void ended(RunResult finished) {
    if (finished.early() || !finished.report().written()) {
      return;
    }
    var own = routed.get(finished.report().job());
    if (own != null && own.gate() != null && finished.hasAppliedAPlan()) {
      own.gate().lookAgain();
    }
    for (var follower : routed.values()) {
      var schedule = follower.job().schedule();
      if (follower.times() != null
          && schedule != null
          && schedule.timing() instanceof Schedule.Following following
          && following.job().equals(finished.report().job())) {
        follower.times().follow();
      }
    }
  }

  /** What only one process may have of a job's source. */
  public Lease claim(Job job) {
    var leases = journal.leases();
    Path folder = job.source().folder();
    return folder != null
        ? said(leases.watching(job.name(), usable(folder)))
        : leases.job(job.name());
  }

  /** Returns the lease, and reports what makes it less than safe. */
  public Lease said(Lease claim) {
    var caveat = claim.caveat();
    if (caveat != null) {
      listener.accept(caveat);
    }
    return claim;
  }

  /** The gate of a job's folder for one who does not watch it: nobody tries a file again. */
  public FolderGate gate(Job job) {
    return gate(job, MessageCode.FILE_STAYS_UNTIL_RUN_AGAIN);
  }

  private FolderGate gate(Job job, MessageCode stays) {
    return new FolderGate(job, bundle, clock, domains, journal.filesRead(), listener, stays);
  }

  /** A folder that is there, may be read and written, and has nothing else in the place of ours. */
  public static Path usable(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FOLDER_NOT_USABLE.with(folder, e), e);
    }
    if (!Files.isReadable(folder) || !Files.isWritable(folder)) {
      throw new UserErrorException(
          MessageCode.FOLDER_NOT_USABLE.with(folder, MessageCode.NO_ACCESS.with()));
    }
    UserMessage objection = OwnFolder.objection(folder);
    if (objection != null) {
      throw new UserErrorException(objection);
    }
    return folder;
  }

  private Routed following(Job job, Lease claim) {
    if (job.source() instanceof Source.Topic topic) {
      return streaming(job, claim, topic);
    }
    Path folder = job.source().folder();
    if (folder == null) {
      throw new IllegalArgumentException("job " + job.name() + " has neither times nor a folder");
    }
    var gate = gate(job, MessageCode.FILE_STAYS);
    routes.watch(job.name(), folder, gate);
    return new Routed(job, claim, gate.attempts(), gate.turn(), gate, null, null);
  }

  private Routed streaming(Job job, Lease claim, Source.Topic topic) {
    var attempts = new SourceBackoff(job, clock, domains, listener, MessageCode.JOB_TRIED_AGAIN);
    var turn = new Turn();
    var loop = PollLoop.following(job, attempts, turn, () -> topics.begins(job.name()));
    topics.follow(job, topic);
    routes.follow(job.name(), loop);
    return new Routed(job, claim, attempts, turn, null, null, null);
  }

  private Routed polling(Job job, Lease claim, Schedule schedule) {
    var times = Timetable.ofRuns(context.get(), job.name(), schedule, journal, clock);
    var gate = job.source().folder() != null ? gate(job, MessageCode.FILE_STAYS) : null;
    var attempts =
        gate != null
            ? gate.attempts()
            : new SourceBackoff(job, clock, domains, listener, MessageCode.JOB_TRIED_AGAIN);
    var turn = gate != null ? gate.turn() : new Turn();
    routes.poll(job.name(), times, new PollLoop(job, gate, attempts, turn, times::again));
    return new Routed(job, claim, attempts, turn, gate, times, comparing(job, turn));
  }

  /** The route that holds the source of a job against its app, between the runs of the job. */
  private @Nullable Timetable comparing(Job job, Turn turn) {
    var schedule = job.reconcile();
    if (schedule == null) {
      return null;
    }
    String route = comparingRoute(job.name());
    var times = Timetable.ofComparisons(context.get(), route, job.name(), schedule, journal, clock);
    var attempts =
        new SourceBackoff(job, clock, domains, listener, MessageCode.RECONCILE_TRIED_AGAIN);
    var compared = job.comparing(new Starter(Starter.By.SCHEDULE, null));
    routes.poll(
        route, times, new PollLoop(compared, null, attempts, turn.ofAnotherRoute(), times::again));
    return times;
  }

  /** Other processes may have the jobs' sources from now on. The routes end with their context. */
  @Override
  public void close() {
    routed.values().forEach(each -> each.claim().close());
    routed.clear();
  }
}
