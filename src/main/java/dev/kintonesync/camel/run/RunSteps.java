package dev.kintonesync.camel.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.camel.batch.Hooks;
import dev.kintonesync.camel.batch.KeysInFlight;
import dev.kintonesync.camel.batch.MappingFactory;
import dev.kintonesync.camel.batch.MemoryBudget;
import dev.kintonesync.camel.kintone.WritePermits;
import dev.kintonesync.form.Expressions;
import dev.kintonesync.form.FormerForm;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.journal.Forms;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.Lease;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.journal.OldRuns;
import dev.kintonesync.journal.RunFolder;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Isolation;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.SeenKeys;
import dev.kintonesync.sync.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of a run, as the route {@code sync-source} takes them. */
public final class RunSteps {
  private static final Logger log = LoggerFactory.getLogger(RunSteps.class);

  private static final int RUNS_LOOKED_AT = 1000;

  private final Settings settings;
  private final Path runsFolder;
  private final Function<Job, SourceItem> items;
  private final WritePermits writers;
  private final Journal journal;
  private final MessageBundle bundle;
  private final Clock clock;
  private final Expressions expressions;
  private final Consumer<RunResult> listener;
  private final Hooks hooks;
  private final Function<Job, KeysInFlight> keysInFlight;
  private final MemoryBudget memory;
  private final Object beginning = new Object();
  private final Map<RunContext, RunFolder> active = new ConcurrentHashMap<>();
  private final Map<RunContext, Lease> claimed = new ConcurrentHashMap<>();

  public RunSteps(
      Settings settings,
      Path runsFolder,
      Function<Job, SourceItem> items,
      WritePermits writers,
      Function<Job, KeysInFlight> keysInFlight,
      MemoryBudget memory,
      Journal journal,
      MessageBundle bundle,
      Clock clock,
      Expressions expressions,
      Consumer<RunResult> listener,
      Hooks hooks) {
    this.settings = settings;
    this.runsFolder = runsFolder;
    this.items = items;
    this.writers = writers;
    this.keysInFlight = keysInFlight;
    this.memory = memory;
    this.journal = journal;
    this.bundle = bundle;
    this.clock = clock;
    this.expressions = expressions;
    this.listener = listener;
    this.hooks = hooks;
  }

  /** Runs that a killed program left behind get the report that it could not write. */
  public void closeAbandoned() {
    for (var report : journal.abandoned()) {
      if (Files.isDirectory(runsFolder.resolve(report.run()))) {
        try (var folder = RunFolder.reopen(runsFolder, report.run(), ZoneId.systemDefault())) {
          folder.report(report);
        }
      }
      log.warn("run {} ended with its program: {}", report.run(), report.counts());
    }
  }

  /** Does something while no run is in work and none begins; false when one is in work. */
  public boolean whileNoneIsInWork(Runnable something) {
    synchronized (beginning) {
      if (!active.isEmpty()) {
        return false;
      }
      something.run();
      return true;
    }
  }

  /** The runs that have not reported yet. */
  public Set<RunContext> active() {
    return Set.copyOf(active.keySet());
  }

  /**
   * The job in the body, with the one file that is to be read or with its database, becomes a run.
   *
   * @throws LeasedException when another run reads the file
   */
  public RunContext begin(Exchange exchange) {
    var job = exchange.getMessage().getBody(Job.class);
    SourceItem item = items.apply(job);
    // a plan takes nothing away from whoever reads the file
    Lease claim = job.options().writes() ? item.claim() : null;
    try {
      var run = newRun(job, item);
      if (claim != null) {
        claimed.put(run, claim);
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

  private RunContext newRun(Job job, SourceItem item) {
    var now = clock.instant();
    var folder = RunFolder.create(runsFolder, job.name(), now, ZoneId.systemDefault());
    var run =
        new RunContext(
            job, folder.name(), item, now, new Isolation.Budget(settings.maxIsolationCalls()));
    synchronized (beginning) {
      active.put(run, folder);
    }
    try {
      folder.log(
          "job " + job.name() + ", source " + Shown.text(run.source()) + ", app " + job.app());
      journal.begun(run.report(RunState.RUNNING, null, null, null));
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
        begin(run, reader);
      } catch (RuntimeException e) {
        reader.close();
        throw e;
      }
    } catch (UserErrorException e) {
      run.refuse(e.reason(), true);
      throw e;
    } catch (UncheckedIOException e) {
      run.stop(MessageCode.SOURCE_BROKE.with(run.source(), String.valueOf(e.getMessage())));
      throw e;
    }
  }

  private void begin(RunContext run, SourceReader reader) {
    var job = run.job();
    var app = run.app();
    Mapping mapping = mapping(run, reader);
    Map<String, JsonNode> marks = MappingFactory.marks(job, app);
    String domain = String.valueOf(job.connection().baseUrl());
    var requests =
        new Target.Sizes(
            settings.recordsPerRequest(), settings.requestsPerBatch(), settings.keysPerLookup());
    var target =
        new Target(
            job.connection(),
            job.app(),
            app.form(),
            mapping,
            job.rules(),
            marks,
            app.similar(),
            job.options().writes(),
            app.empty(),
            requests,
            writers.limiter(job.connection(), job.app()),
            journal.richTexts(domain, job.app()),
            journal.fileHashes(domain, job.app()));
    var keys = keysInFlight.apply(job);
    int inFlight = settings.maxWriters() + 1;
    var sizes =
        new Batches.Sizes(
            requests.batchSize(), settings.batchBytes(), memory.half() / inFlight, inFlight);
    var folder = folder(run);
    var rejects =
        RejectsFile.create(
            folder.file(run.item().rejectsName()), reader.columns(), reader.format());
    var retries = new RejectRetries(job, run.name(), journal, bundle, clock);
    run.begins(
        new RunSession(
            run,
            target,
            reader,
            new Batches(
                run,
                reader,
                mapping,
                keys,
                journal,
                sizes,
                memory.share(),
                retries.rows(),
                hooks.beforeMapping(run)),
            retries,
            rejects,
            folder,
            journal,
            bundle,
            expressions));
  }

  /** Which column goes where; what of the source is left out is said once. */
  private Mapping mapping(RunContext run, SourceReader reader) {
    var job = run.job();
    var mapping = MappingFactory.mapping(job, run.app(), reader, expressions);
    refuseScatteredGroups(run);
    remark(
        run,
        MessageCode.COLUMNS_IGNORED,
        besides(mapping.ignoredColumns(), job.rules().deleteWhen()));
    remark(run, MessageCode.COLUMNS_READ_ONLY, mapping.readOnlyColumns());
    boolean clears = job.bounds().clearsEmptyColumns() || job.rules().empty() == Rules.Empty.KEEP;
    if (clears || run.app().empty()) {
      return mapping;
    }
    try (var rows = run.item().preview()) {
      if (rows == null) {
        return mapping;
      }
      Set<String> empty = EmptyColumns.in(rows, mapping, hooks.beforeMapping(run));
      remark(run, MessageCode.COLUMNS_EMPTY, List.copyOf(empty));
      return mapping.without(empty);
    }
  }

  /**
   * A second group of the same record would stand in the place of the first one: the rows of one of
   * them would be lost. What cannot be read is its neighbours' affair.
   */
  private static void refuseScatteredGroups(RunContext run) {
    String column = run.job().reading().groupBy();
    if (column == null) {
      return;
    }
    try (var rows = run.item().preview()) {
      var seen = new SeenKeys();
      String group = "";
      while (rows != null && rows.hasNext()) {
        var row = rows.next();
        if (row.problem() != null) {
          continue;
        }
        String next = Objects.toString(row.values().get(column), "").strip();
        if (!next.isEmpty() && !next.equals(group) && !seen.add(next)) {
          throw new UserErrorException(
              MessageCode.GROUP_SCATTERED.with(column, next, row.position().asMessage()));
        }
        group = next;
      }
    }
  }

  private static List<String> besides(List<String> columns, Rules.@Nullable Flag flag) {
    return columns.stream().filter(name -> flag == null || !name.equals(flag.column())).toList();
  }

  private static void remark(RunContext run, MessageCode text, List<String> columns) {
    if (!columns.isEmpty()) {
      run.remark(text.with(Shown.names(columns)));
    }
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
    } else if (unread != null) {
      why = MessageCode.MIRROR_KEY_UNREAD.with(unread);
    } else if (run.counts().read() == 0) {
      why = MessageCode.MIRROR_OF_NOTHING.with();
    }
    if (why != null) {
      run.remark(why);
      return Mirror.none(run);
    }
    boolean removes = job.rules().removal().action() != Removal.Action.REPORT && hasMirrored(job);
    return Mirror.of(run, removes);
  }

  /** The mirror of this exchange's run reads the page in the body. */
  public Mirror missing(Exchange exchange) {
    return exchange.getProperty("kintoneMirror", Mirror.class).read(exchange);
  }

  /** Whether an earlier run of the job went to its end and told what it would remove. */
  private boolean hasMirrored(Job job) {
    return journal.runs(job.name(), RUNS_LOOKED_AT).stream()
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
    var work = run.work();
    try (var folder = folder(run)) {
      String rejectsFile = null;
      if (work != null) {
        work.awaitSettled();
        work.close();
        UserMessage notes = work.batches().notes();
        if (notes != null) {
          run.remark(notes);
        }
        if (work.batches().leftOut() > 0) {
          run.remark(MessageCode.ROWS_LEFT_OUT.with(work.batches().leftOut()));
        }
        UserMessage objection = run.isStopped() ? null : run.item().objection();
        if (objection != null) {
          run.stop(objection);
        }
        rejectsFile = publish(work.rejects(), run);
      }
      var counts = run.counts();
      if (!counts.addUp()) {
        run.stop(MessageCode.COUNTS_DO_NOT_ADD_UP.with(counts));
      }
      if (!run.isStopped() && run.job().options().writes() && !run.job().options().isPartial()) {
        run.item().settled();
        rememberForm(run);
      }
      Path changes = folder.changesFile();
      var report =
          run.report(
              state(run),
              clock.instant(),
              rejectsFile,
              changes == null ? null : changes.toString());
      folder.report(report);
      journal.ended(report);
      folder.log(report.state().word() + (report.reason() == null ? "" : ": " + report.reason()));
      return RunResult.of(report, run);
    } catch (UserErrorException e) {
      if (work == null) {
        throw e;
      }
      return unwritten(run, e);
    } finally {
      release(run);
      synchronized (active) {
        active.remove(run);
        active.notifyAll();
      }
    }
  }

  /** The run went well with this form; should a field go, the next run can tell which it was. */
  private void rememberForm(RunContext run) {
    var job = run.job();
    var form = run.app().form();
    journal
        .forms()
        .keep(
            job.name(),
            String.valueOf(job.connection().baseUrl()),
            job.app(),
            new Forms.Kept(form.revision(), FormerForm.text(form)));
  }

  /**
   * The disk became full, for instance. Records may have been written to Kintone by then: the run
   * has stopped, its source is kept, and the next run finds out what is done.
   */
  private RunResult unwritten(RunContext run, UserErrorException e) {
    run.stop(e.reason());
    log.error("run {} cannot be written down", run.name(), e);
    var report = run.report(RunState.STOPPED, clock.instant(), null, null);
    return RunResult.of(report, run);
  }

  private void release(RunContext run) {
    var claim = claimed.remove(run);
    if (claim != null) {
      claim.close();
    }
  }

  /** The run in the body is over, and its source is where it goes: whoever listens is told. */
  public void tell(Exchange exchange) {
    listener.accept(exchange.getMessage().getBody(RunResult.class));
  }

  /**
   * Whether the run in the body, for which nobody asked by hand, is worth telling of. One that was
   * refused like the one before it is not.
   */
  public boolean isNews(Exchange exchange) {
    return !isRefusedAgain(exchange.getMessage().getBody(RunResult.class).report());
  }

  /** The run in the body says nothing that the one before it did not: it leaves no trace. */
  public void forget(Exchange exchange) {
    var report = exchange.getMessage().getBody(RunResult.class).report();
    OldRuns.forget(journal, runsFolder, report.run());
  }

  private boolean isRefusedAgain(Report report) {
    return report.state() == RunState.REFUSED
        && journal.runs(report.job(), 2).stream()
            .filter(before -> !before.run().equals(report.run()))
            .anyMatch(
                before ->
                    before.state() == RunState.REFUSED
                        && Objects.equals(before.reason(), report.reason())
                        && before.source().equals(report.source()));
  }

  /**
   * A job that cannot even begin, such as one without a token, has a run that says so, unless its
   * last run said the same.
   */
  public Report refused(String job, UserMessage reason) {
    var now = clock.instant();
    try (var folder = RunFolder.create(runsFolder, job, now, ZoneId.systemDefault())) {
      var report = Report.refused(folder.name(), job, now, MessageBundle.ENGLISH.say(reason));
      journal.begun(report);
      folder.report(report);
      journal.ended(report);
      if (isRefusedAgain(report)) {
        OldRuns.forget(journal, runsFolder, report.run());
      }
      return report;
    }
  }

  private static RunState state(RunContext run) {
    var ending = run.ending();
    if (ending != null) {
      return ending.state();
    }
    return run.counts().rejected() > 0 ? RunState.COMPLETED_WITH_REJECTS : RunState.COMPLETED;
  }

  /** Puts a copy of the run folder's rejects where the people who know the source will look. */
  private @Nullable String publish(RejectsFile rejects, RunContext run) {
    if (rejects.count() == 0) {
      return null;
    }
    if (!run.item().rejectsAreNamed() && !run.job().options().writes()) {
      return rejects.file().toAbsolutePath().toString(); // a plan leaves nothing beside the source
    }
    try {
      return run.item().publish(rejects.file()).toString();
    } catch (IOException e) {
      log.warn("the rejects of {} stay in {}: {}", run.source(), rejects.file(), e.toString());
      return rejects.file().toAbsolutePath().toString();
    }
  }

  /** Ends the runs that go on, with what is confirmed until then; returns whether all reported. */
  public boolean abandon(UserMessage reason, Duration lastCalls) throws InterruptedException {
    var deadline = clock.instant().plus(lastCalls);
    active.keySet().forEach(run -> run.abandon(reason));
    synchronized (active) {
      while (!active.isEmpty() && clock.instant().isBefore(deadline)) {
        active.wait(Math.max(1, Duration.between(clock.instant(), deadline).toMillis()));
      }
      return active.isEmpty();
    }
  }

  private RunFolder folder(RunContext run) {
    var folder = active.get(run);
    if (folder == null) {
      throw new IllegalStateException("run " + run.name() + " has already reported");
    }
    return folder;
  }
}
