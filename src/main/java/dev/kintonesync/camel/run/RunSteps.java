package dev.kintonesync.camel.run;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.Lease;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.TemporaryFileException;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Isolation;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a run, as the route {@code sync-source} takes them. */
public final class RunSteps {
  private static final Logger log = LoggerFactory.getLogger(RunSteps.class);

  private static final int RUNS_LOOKED_AT = 1000;

  /** The exchange property that holds the run for which a plan is made. */
  private static final String REHEARSED = "kintoneRehearsed";

  private final Settings settings;
  private final SourceItems items;
  private final Journal journal;
  private final Clock clock;
  private final Consumer<RunResult> listener;
  private final ActiveRuns active;
  private final RunReports reports;
  private final RunOpening opening;

  public RunSteps(
      Settings settings,
      SourceItems items,
      Journal journal,
      Clock clock,
      Consumer<RunResult> listener,
      ActiveRuns active,
      RunReports reports,
      RunOpening opening) {
    this.settings = settings;
    this.items = items;
    this.journal = journal;
    this.clock = clock;
    this.listener = listener;
    this.active = active;
    this.reports = reports;
    this.opening = opening;
  }

  /**
   * The job in the body, with the one file that is to be read or with its database, becomes a run.
   *
   * @throws LeasedException when another run reads the file
   */
  public RunContext begin(Exchange exchange) {
    var job = exchange.getMessage().getBody(Job.class);
    var rehearsed = (RunContext) exchange.removeProperty(REHEARSED);
    SourceItem item = rehearsed == null ? items.apply(job) : new RehearsedItem(rehearsed.item());
    // a plan takes nothing away from whoever reads the file
    Lease claim = job.options().writes() ? item.claim() : null;
    try {
      var run = newRun(job, item);
      if (rehearsed != null) {
        run.assertions().rehearse(rehearsed);
      }
      if (claim != null) {
        active.hold(run, claim);
      }
      return run;
    } catch (RuntimeException e) {
      if (claim != null) {
        claim.close();
      }
      throw e;
    }
  }

  /** A run that only asks, and of which nothing is written down. */
  public RunContext apart(Job job) {
    var nothing = items.apply(job.on(new Source.OneFile(Path.of(job.name()))));
    return new RunContext(job, "check", nothing, clock.instant(), new Isolation.Budget(0));
  }

  /**
   * The first rows of what a run of a job would read, of which nothing is written down. A topic is
   * read without its group, so that nobody misses what was looked at.
   *
   * @param run of the job, apart; for a topic the app has been read
   * @throws UserErrorException when there is something to do about the source
   * @throws UncheckedIOException when it is out of reach
   */
  public SourcePreview preview(RunContext run, int most) {
    var remarks = new ArrayList<>(run.remarks());
    try (var reader = items.toLookAt(run.job()).open(run)) {
      var preview = SourcePreview.of(reader, most);
      remarks.addAll(run.remarks());
      remarks.addAll(preview.remarks());
      return new SourcePreview(
          preview.columns(), preview.grouped(), preview.understanding(), preview.rows(), remarks);
    }
  }

  private RunContext newRun(Job job, SourceItem item) {
    var now = clock.instant();
    var fence = journal.leases().fence(job.name());
    boolean writes = job.options().writes();
    if (writes && !fence.holds()) {
      throw new UserErrorException(MessageCode.LEASE_LOST.with(job.name()));
    }
    var folder = reports.newFolder(job.name(), now);
    var run =
        new RunContext(
            job, folder.name(), item, now, new Isolation.Budget(settings.maxIsolationCalls()));
    if (writes) {
      run.fencedBy(fence);
    }
    active.add(run, folder);
    try {
      folder.log(
          "job " + job.name() + ", source " + Shown.text(run.source()) + ", app " + job.app());
      var report = run.report(RunState.RUNNING, null, null, null);
      if (!writes) {
        journal.begun(report);
      } else if (!journal.begun(report, fence)) {
        folder.close();
        forget(run.name()); // so late that another process may have run the job since
        throw new UserErrorException(MessageCode.LEASE_LOST.with(job.name()));
      }
      return run;
    } catch (RuntimeException e) {
      active.remove(run);
      folder.close();
      throw e;
    }
  }

  /**
   * Opens the source and settles how its columns become fields; the app has been read.
   *
   * @throws UserErrorException when no row of the source can ever have an outcome
   * @throws UncheckedIOException when the source is out of reach
   */
  public void open(Exchange exchange) {
    RunContext run = RunContext.of(exchange);
    try {
      var reader = run.item().open(run);
      try {
        opening.begin(run, reader, active.folder(run));
        opening.judge(run, active.folder(run));
      } catch (RuntimeException e) {
        reader.close();
        throw e;
      }
    } catch (UserErrorException e) {
      run.refuse(run.item().naming(e.reason()), true);
      throw e;
    } catch (TemporaryFileException e) {
      run.stop(e.reason());
      throw e;
    } catch (UncheckedIOException e) {
      var unread =
          run.job().source() instanceof Source.OneFile
              ? MessageCode.SOURCE_UNOPENED
              : MessageCode.SOURCE_UNREACHABLE;
      run.stop(unread.with(Report.inWords(run.source()), String.valueOf(e.getMessage())));
      throw e;
    }
  }

  /** The plan to be made and judged before anything is written, as a job; empty: none. */
  public List<Job> rehearsals(Exchange exchange) {
    RunContext run = RunContext.of(exchange);
    if (!run.assertions().needPlan()) {
      return List.of();
    }
    exchange.setProperty(REHEARSED, run);
    return List.of(run.job().with(run.job().options().onlyPlanned()));
  }

  /** The plan in the body is complete; if it must not be carried out, the run stops. */
  public void rehearsed(Exchange exchange) {
    var plan = exchange.getMessage().getBody(RunResult.class);
    RunContext.of(exchange).assertions().planned(plan);
    forget(plan.report().run());
  }

  /** Whether the app is still to be asked what others have changed in it. */
  public boolean asksForChanges(Exchange exchange) {
    RunContext run = RunContext.of(exchange);
    var confirmed = run.required().confirmed();
    return confirmed != null && confirmed.isOpen() && !run.isStopped();
  }

  /** The next question about what others have changed. */
  public KintoneRequest changesQuestion(Exchange exchange) {
    return confirmed(exchange).question();
  }

  /** The answer in the body says what others have changed. */
  public void changesAnswered(Exchange exchange) {
    confirmed(exchange).read(exchange);
  }

  private static ConfirmedRecords confirmed(Exchange exchange) {
    return Objects.requireNonNull(RunContext.of(exchange).required().confirmed());
  }

  /** Whether a mirror has anything to do now that the source is through. */
  public Mirror mirror(Exchange exchange) throws InterruptedException {
    RunContext run = RunContext.of(exchange);
    var job = run.job();
    if (job.rules().mode() != Mode.MIRROR || run.isStopped()) {
      return Mirror.none(run);
    }
    run.required().awaitSettled();
    var unread = run.required().batches().keyUnread();
    UserMessage why = null;
    if (job.options().isPartial()) {
      why = MessageCode.MIRROR_OF_A_PART.with();
    } else if (run.required().batches().areOfCorrectedRows()) {
      why = MessageCode.MIRROR_OF_CORRECTED_ROWS.with();
    } else if (unread != null) {
      why = MessageCode.MIRROR_KEY_UNREAD.with(unread);
    } else if (run.counts().read() == 0) {
      why = MessageCode.MIRROR_OF_NOTHING.with();
    }
    if (why != null) {
      run.remark(why);
      return Mirror.none(run);
    }
    boolean removes =
        job.rules().removal().action() != Removal.Action.REPORT
            && (job.options().compares() || job.awaitsApproval() || hasMirrored(job));
    return Mirror.of(run, removes);
  }

  /** The mirror of this exchange's run reads the page in the body. */
  public Mirror missing(Exchange exchange) {
    return exchange
        .getProperty("kintoneMirror", Mirror.class)
        .read(exchange.getMessage().getBody(Answer.class));
  }

  /** Whether an earlier run of the job went to its end and told what it would remove. */
  private boolean hasMirrored(Job job) {
    return journal.writingRuns(job.name(), RUNS_LOOKED_AT).stream()
        .anyMatch(
            report ->
                report.mirrored()
                    && report.app().equals(job.app())
                    && report.written()
                    && (report.state() == RunState.COMPLETED
                        || report.state() == RunState.COMPLETED_WITH_REJECTS));
  }

  /** The batches of the run, for the splitter. */
  public Iterator<Batch> batches(Exchange exchange) {
    return RunContext.of(exchange).required().batches();
  }

  /** Something was thrown before the first batch, or by a defect. */
  public void fail(Exchange exchange) {
    RunContext run = RunContext.of(exchange);
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    if (failure instanceof UserErrorException refused && run.work() != null) {
      run.stop(refused.reason()); // records may have been written by now
    } else if (failure instanceof UserErrorException refused) {
      run.refuse(refused.reason(), false);
    } else if (!run.isStopped()) {
      log.error("run {} failed", run.name(), failure);
      run.stop(MessageCode.RUN_FAILED.with(String.valueOf(failure)));
    }
  }

  /**
   * The end of a run: waits until every batch handed out is settled, then writes the report, and
   * only then tells the caller what to do with the source.
   */
  public RunResult report(Exchange exchange) throws InterruptedException {
    RunContext run = RunContext.of(exchange);
    try (var folder = active.folder(run)) {
      return reports.report(run, folder);
    } finally {
      active.remove(run);
    }
  }

  /** The run in the body is over, and its source is where it goes: whoever listens is told. */
  public void tell(Exchange exchange) {
    var finished = exchange.getMessage().getBody(RunResult.class);
    exchange.setProperty("kintoneReport", finished.report());
    listener.accept(finished);
  }

  /**
   * Whether the run in the body, for which nobody asked by hand, is worth telling of. One that was
   * refused like the one before it is not.
   */
  public boolean isNews(Exchange exchange) {
    return !reports.isRefusedAgain(exchange.getMessage().getBody(RunResult.class).report());
  }

  /** The run in the body says nothing that the one before it did not: it leaves no trace. */
  public void forget(Exchange exchange) {
    var report = exchange.getMessage().getBody(RunResult.class).report();
    forget(report.run());
  }

  /** A run that was only made to look leaves no trace. */
  public void forget(String run) {
    reports.forget(run);
  }
}
