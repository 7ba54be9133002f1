package dev.kintonesync.camel;

import dev.kintonesync.camel.batch.AppSnapshot;
import dev.kintonesync.camel.batch.MappingFactory;
import dev.kintonesync.camel.batch.SimpleExpressions;
import dev.kintonesync.camel.job.FolderGate;
import dev.kintonesync.camel.job.JobRoutes;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.camel.run.RunContext;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.camel.run.RunSteps;
import dev.kintonesync.camel.run.SourcePreview;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.journal.Leases;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs, plans and checks jobs on demand, down the way of those that run by themselves. */
public final class JobRunner {
  /** Where a run on demand begins. */
  static final String FIRST_ROUTE = "run-once";

  private final Supplier<CamelContext> context;
  private final RunSteps runs;
  private final JobRoutes jobs;
  private final Leases leases;

  JobRunner(Supplier<CamelContext> context, RunSteps runs, JobRoutes jobs, Leases leases) {
    this.context = context;
    this.runs = runs;
    this.jobs = jobs;
    this.leases = leases;
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
      for (Path file = gate.awaitArrival(); file != null; file = gate.awaitArrival()) {
        var run = sync(gate.jobFor(file));
        boolean gone = gate.release(run);
        finished.add(gone ? run : run.ofKeptSource());
        if (!gone) {
          break;
        }
      }
    }
    return finished;
  }

  /**
   * What {@link #runWaiting} does, for a job that runs by itself in this program.
   *
   * @param options what holds for these runs alone
   */
  public List<RunResult> runBetween(String job, RunOptions options) throws InterruptedException {
    return jobs.runBetween(job, options, this::sync);
  }

  /** What {@link #run} does, for a job that runs by itself in this program. */
  public RunResult runBetween(Job job) throws InterruptedException {
    return jobs.runBetween(job, this::sync);
  }

  /** Why a file of a job's folder has not been read, since it is not complete; null: none waits. */
  public @Nullable UserMessage notYet(Job job) {
    return job.source().folder() == null ? null : jobs.gate(job).notYet();
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
   * Does what the plan document of the job says, and waits for the report.
   *
   * @throws LeasedException when another process runs the job or applies the plan
   */
  public RunResult apply(Job job) {
    try (var one = job.name().equals(Job.IMPORT) ? null : leases.job(job.name())) {
      return sync(job);
    }
  }

  /** The form of a job's app as it is now. */
  public Form form(Job job) {
    return read(job).form();
  }

  /**
   * What a run of the job would do: its file, its database, or each file that waits in its folder,
   * is planned and stays where it is. Takes nothing away from a process that runs the job.
   */
  public List<RunResult> plan(Job job) {
    return plan(job, Long.MAX_VALUE);
  }

  private List<RunResult> plan(Job job, long files) {
    var plan = job.onlyLooking(job.options().onlyPlanned());
    if (job.source().folder() != null) {
      var gate = usableGate(plan);
      return gate.waiting().stream().limit(files).map(file -> sync(gate.jobFor(file))).toList();
    }
    return List.of(sync(plan));
  }

  /**
   * What {@link #plan} does, for a job that runs by itself in this program.
   *
   * @param files of a folder, only so many of the oldest ones are planned
   */
  public List<RunResult> planBetween(Job job, long files) throws InterruptedException {
    return jobs.between(job.name(), () -> plan(job, files));
  }

  /**
   * Tries what a run of the job needs, without writing: the app is read, and the first row of what
   * waits is planned.
   *
   * @throws UserErrorException when it could not run: why, and what to do
   */
  public CheckResult check(Job job) {
    var first = job.onlyLooking(new RunOptions(false, 1, Set.of(), null));
    var app = read(first);
    int waiting = 0;
    RunResult planned;
    if (job.source().folder() != null) {
      var gate = usableGate(first);
      var files = gate.waiting();
      waiting = files.size();
      planned = waiting == 0 ? null : forgotten(sync(gate.jobFor(files.get(0))));
    } else {
      planned = forgotten(sync(first));
    }
    return new CheckResult(
        job.app(), app.form().revision(), app.key().name(), app.empty(), waiting, planned);
  }

  /** A check leaves no trace in the history. */
  private RunResult forgotten(RunResult run) {
    runs.forget(run.report().run());
    return run;
  }

  /** The gate of a job's folder, which is there and may be read and written. */
  private FolderGate usableGate(Job job) {
    JobRoutes.usable(Objects.requireNonNull(job.source().folder(), "a job with a folder"));
    return jobs.gate(job);
  }

  /** The design of a job's app, whatever else the job still lacks. */
  public AppDesign design(Job job) {
    return new AppDesign(context.get().createProducerTemplate(), runs.apart(job));
  }

  /**
   * The first rows of what a run of the job would read; the files of a folder are no such source.
   *
   * @throws UserErrorException when there is something to do about the source or the app
   * @throws UncheckedIOException when the source is out of reach
   */
  public SourcePreview preview(Job job, int most) {
    var run = runs.apart(job.onlyLooking(new RunOptions(false, most, Set.of(), null)));
    if (job.source() instanceof Source.Topic) {
      read(run); // its columns are those of the form
    }
    return runs.preview(run, most);
  }

  /**
   * How columns go to the fields of a form by what the job says by now.
   *
   * @param columns of the source
   * @param grouped whether several rows make one record
   */
  public MappingTrial tryMapping(Job job, Form form, List<String> columns, boolean grouped) {
    var expressions = new SimpleExpressions(context);
    String code = job.updateKey();
    var options = MappingFactory.options(job, null, grouped, null, expressions);
    if (code == null) {
      return new MappingTrial(form, null, MessageCode.NO_UPDATE_KEY.with(), options);
    }
    try {
      var mapping = Mapping.of(form, columns, job.map(), form.requireKey(code), options);
      return new MappingTrial(form, mapping, null, options);
    } catch (UserErrorException e) {
      return new MappingTrial(form, null, e.reason(), options);
    }
  }

  /** A run that was only made to look leaves no trace. */
  public void forget(RunResult run) {
    forgotten(run);
  }

  private AppSnapshot read(Job job) {
    return read(runs.apart(job));
  }

  private AppSnapshot read(RunContext run) {
    try (var producer = context.get().createProducerTemplate()) {
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
    try (var producer = context.get().createProducerTemplate()) {
      return producer.requestBody("direct:" + FIRST_ROUTE, job, RunResult.class);
    } catch (CamelExecutionException e) {
      throw e.getCause() instanceof UserErrorException refused ? refused : e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
