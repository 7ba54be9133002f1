package dev.kintonesync.cli;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.console.web.PageActions;
import dev.kintonesync.journal.CorrectedFiles;
import dev.kintonesync.journal.JobRequest;
import dev.kintonesync.journal.JobRequestResult;
import dev.kintonesync.journal.JobRequests;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RepeatedFailure;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what commands and the page ask of this service. It looks once a second; what is asked of
 * several jobs goes on at the same time, and of one job between its own runs.
 */
final class RequestedRuns implements PageActions, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RequestedRuns.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** So long those who asked may still be told that the service ends. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  /** How the page is called among those who ask. */
  private static final String PAGE = "page";

  private final Program program;
  private final Terminal terminal;
  private final RunningJobs jobs;
  private final UploadedFiles uploads;
  private final LookFirst lookFirst;
  private final Set<JobRequest> underWay = ConcurrentHashMap.newKeySet();
  private final Set<String> ofPage = ConcurrentHashMap.newKeySet();

  /** Files of corrected rows that an earlier service has left; used by one thread. */
  private final List<CorrectedFiles.Taken> left;

  private final RepeatedFailure unread =
      new RepeatedFailure(log, "what commands ask for cannot be read");

  private volatile boolean ending;

  /** What was asked here of services on other machines. */
  private final Set<JobRequest> elsewhere = ConcurrentHashMap.newKeySet();

  private final Future<?> lookingAround;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(work -> thread(work, "requests"));
  private final ExecutorService working =
      Executors.newCachedThreadPool(work -> thread(work, "requested-run"));

  RequestedRuns(Program program, Terminal terminal, RunningJobs jobs) {
    this.program = program;
    this.terminal = terminal;
    this.jobs = jobs;
    Path runs = jobs.configuration().settings().runs();
    this.uploads = new UploadedFiles(program.journal(), runs);
    this.lookFirst =
        new LookFirst(program.application().runner(), program.journal(), runs, terminal.bundle());
    this.left = uploads.left();
    this.lookingAround =
        looking.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Thread thread(Runnable work, String name) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public boolean runNow(String job) {
    return ask(job, JobRequest.Kind.RUN, List.of(), "");
  }

  @Override
  public boolean accept(String job, String guard) {
    return ask(job, JobRequest.Kind.RUN, List.of(guard), "");
  }

  @Override
  public boolean retry(String job, String run) {
    return ask(job, JobRequest.Kind.RETRY, List.of(), run);
  }

  @Override
  public boolean apply(String job, Path plan) {
    return ask(job, JobRequest.Kind.APPLY, List.of(), plan.toAbsolutePath().toString());
  }

  @Override
  public boolean lookFirst(String job, @Nullable String guard) {
    return ask(job, JobRequest.Kind.PLAN, guard == null ? List.of() : List.of(guard), "");
  }

  @Override
  public boolean reload(String job) {
    jobs.take(job);
    return ask(job, JobRequest.Kind.RELOAD, List.of(), "");
  }

  @Override
  public Taken upload(String name, Path file, String fileName, boolean inputs) {
    var job = running(name);
    var taken = uploads.take(job, file, fileName, inputs);
    if (!taken.corrected()) {
      return new Taken(
          taken.id(),
          taken.id().isEmpty()
              ? MessageCode.UPLOAD_LIES_THERE.with(fileName)
              : MessageCode.UPLOAD_DROPPED.with(fileName, taken.rows()));
    } else if (job.source().watched() != null) {
      return new Taken(taken.id(), MessageCode.UPLOAD_IN_FOLDER.with(fileName, taken.rows()));
    }
    runCorrected(name, taken, MessageCode.UPLOAD_WAITS.with(name));
    return new Taken(taken.id(), MessageCode.UPLOAD_RUNS.with(fileName, taken.rows()));
  }

  @Override
  public Taken correct(String name, List<CorrectedRow> rows) {
    var job = running(name);
    try {
      Path folder = jobs.configuration().settings().runs();
      var written = CorrectedRows.write(program.journal(), job, rows, folder);
      try {
        var taken = uploads.take(job, written);
        if (job.source().watched() == null) {
          runCorrected(name, taken, MessageCode.CORRECTIONS_WAIT.with());
        }
        return new Taken(taken.id(), written.message());
      } finally {
        Files.deleteIfExists(written.file());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Job running(String name) {
    if (!program.application().jobs().has(name)) {
      throw new UserErrorException(MessageCode.UPLOAD_NOT_RUNNING.with(name));
    }
    return jobs.job(name);
  }

  private void runCorrected(String job, UploadedFiles.Taken taken, UserMessage wait) {
    if (!ask(job, JobRequest.Kind.CORRECTED, List.of(), uploads.nameOf(taken))) {
      uploads.refuse(taken);
      throw new UserErrorException(wait);
    }
  }

  /** Goes the way of the commands' requests, so that both cannot happen at once. */
  private boolean ask(String job, JobRequest.Kind kind, List<String> accepted, String run) {
    boolean served = isServed(job, kind);
    if (!served && !isElsewhere(job)) {
      return false;
    }
    var request =
        new JobRequest(UUID.randomUUID().toString(), job, kind, accepted, null, run, PAGE, null);
    ofPage.add(request.id());
    boolean taken = program.journal().requests().put(request).isEmpty();
    if (!taken) {
      ofPage.remove(request.id());
    } else if (!served) {
      elsewhere.add(request);
    }
    return taken;
  }

  /** A job that could not begin may do so by changed properties. */
  private boolean isServed(String job, JobRequest.Kind kind) {
    return switch (kind) {
      case RELOAD -> jobs.has(job);
      case RUN -> program.application().jobs().has(job) || jobs.runsOnRequest(job);
      default -> program.application().jobs().has(job);
    };
  }

  /** Whether a service on another machine has the job, which then does what is asked for. */
  private boolean isElsewhere(String job) {
    var journal = program.journal();
    return journal.nodes().areShared()
        && !program.application().jobs().has(job)
        && !journal.leases().isFree(job);
  }

  private void answer(JobRequest request) {
    underWay.add(request);
    answer(request, result(request));
  }

  /** Answers once: the service may end before a run does, and says so in its place. */
  private void answer(JobRequest request, JobRequestResult result) {
    if (!underWay.remove(request)) {
      return;
    }
    program.publisher().say(); // whoever asked may look next
    if (ofPage.remove(request.id())) {
      program.journal().requests().forget(request); // the page shows the runs themselves
    } else {
      program.journal().requests().done(request, result);
    }
  }

  private void look() {
    try {
      var requests = program.journal().requests();
      elsewhere.removeIf(request -> isDone(requests, request));
      left.removeIf(
          taken ->
              isServed(taken.job(), JobRequest.Kind.CORRECTED)
                  && ask(taken.job(), JobRequest.Kind.CORRECTED, List.of(), taken.file()));
      for (var request : requests.waiting()) {
        if (isServed(request.job(), request.kind()) && requests.begin(request)) {
          var asked =
              request.kind() == JobRequest.Kind.RELOAD
                  ? MessageCode.RELOAD_REQUESTED
                  : MessageCode.REQUESTED;
          terminal.log(asked.with(request.job(), asker(request)));
          working.execute(() -> answer(request));
        }
      }
      unread.passed();
    } catch (RuntimeException e) {
      unread.happened(e);
    }
  }

  private static Object asker(JobRequest request) {
    return request.askedBy().equals(PAGE) ? MessageCode.STARTED_BY_PAGE.with() : request.askedBy();
  }

  /** The page shows the runs themselves, so nobody waits for what came of a request. */
  private boolean isDone(JobRequests requests, JobRequest request) {
    var state = requests.progress(request).state();
    boolean over = state == JobRequests.State.DONE || state == JobRequests.State.LOST;
    if (over) {
      ofPage.remove(request.id());
      requests.forget(request);
    }
    return over;
  }

  private JobRequestResult result(JobRequest request) {
    try {
      if (request.kind() == JobRequest.Kind.RELOAD) {
        return new JobRequestResult(List.of(), null, null, List.of(reloaded(request.job())));
      }
      var runs = runs(request).stream().map(RequestedRuns::run).toList();
      var job = jobs.job(request.job());
      var notYet =
          request.kind() == JobRequest.Kind.RUN ? program.application().runner().notYet(job) : null;
      return JobRequestResult.of(runs, notYet);
    } catch (UserErrorException e) {
      return JobRequestResult.refused(e.reason());
    } catch (InterruptedException e) {
      return JobRequestResult.refused(MessageCode.SERVICE_ENDED.with(request.job()));
    } catch (Exception e) {
      log.error("the request of {} failed", request.askedBy(), e);
      return JobRequestResult.refused(MessageCode.RUN_FAILED.with(String.valueOf(e)));
    }
  }

  /** What has changed is taken over when the run that is under way has ended. */
  private UserMessage reloaded(String job) throws InterruptedException {
    var came = jobs.reload(job);
    while (came.isEmpty()) {
      Thread.sleep(LOOK.toMillis());
      came = jobs.reload(job);
    }
    terminal.log(came.get());
    return came.get();
  }

  private List<RunResult> runs(JobRequest request) throws Exception {
    var runner = program.application().runner();
    if (request.kind() == JobRequest.Kind.RETRY) {
      var report =
          program
              .journal()
              .run(request.run())
              .orElseThrow(
                  () -> new UserErrorException(MessageCode.NO_SUCH_RUN.with(request.run())));
      return List.of(
          runner.runBetween(
              RetryCommand.job(jobs.configuration(), request.job(), report, request.starter())));
    }
    if (request.kind() == JobRequest.Kind.APPLY) {
      return List.of(
          runner.runBetween(
              ApplyCommand.job(
                  jobs.configuration(),
                  request.job(),
                  Path.of(request.run()),
                  JobOptions.accepted(request.accepted()),
                  request.starter())));
    }
    if (request.kind() == JobRequest.Kind.CORRECTED) {
      return List.of(corrected(request));
    }
    Job job = jobs.job(request.job());
    if (request.kind() == JobRequest.Kind.PLAN) {
      return lookFirst.plan(
          job.with(
              new RunOptions(
                  job.options().writes(),
                  job.options().limit(),
                  JobOptions.accepted(request.accepted()),
                  job.options().onlyKey(),
                  request.starter())));
    }
    var options =
        new RunOptions(
            job.options().writes(),
            JobOptions.limit(request.limit()),
            JobOptions.accepted(request.accepted()),
            null,
            request.starter());
    return jobs.runsOnRequest(request.job())
        ? runner.runWaiting(job.with(options))
        : runner.runBetween(request.job(), options);
  }

  /**
   * A file of which not all rows have an outcome may be uploaded again; one that the end of this
   * service cuts off is run by the next service.
   */
  private RunResult corrected(JobRequest request) throws InterruptedException {
    Path file = uploads.file(request.run());
    boolean ended = false;
    try {
      var job = RetryCommand.again(jobs.job(request.job()), file, request.starter());
      var finished = program.application().runner().runBetween(job);
      ended = !finished.early();
      return finished;
    } finally {
      if (ended) {
        uploads.settled(request.run());
      } else if (!ending) {
        uploads.giveBack(request.run());
      }
    }
  }

  private static JobRequestResult.Run run(RunResult finished) {
    return new JobRequestResult.Run(
        finished.report(), finished.reason(), finished.understood(), finished.remarks());
  }

  @Override
  public void close() {
    ending = true;
    lookingAround.cancel(false);
    looking.shutdown();
    working.shutdownNow();
    try {
      working.awaitTermination(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (var request : underWay) {
      var ended = MessageCode.SERVICE_ENDED.with(request.job());
      answer(request, JobRequestResult.refused(ended));
    }
  }
}
