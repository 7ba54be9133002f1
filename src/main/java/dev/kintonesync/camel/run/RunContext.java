package dev.kintonesync.camel.run;

import dev.kintonesync.camel.batch.BatchContext;
import dev.kintonesync.form.MappedRow;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Schedule;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.Isolation;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.Starter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one source item, from the moment it is named to its report. Safe for several
 * threads.
 */
public final class RunContext extends BatchContext {
  private final SourceItem item;

  /** So many rejected rows are kept for a person. */
  private static final int MOST_REJECTS = 50;

  private final List<UserMessage> remarks = new CopyOnWriteArrayList<>();
  private final List<UnderstoodRow> firstRows = new CopyOnWriteArrayList<>();
  private final List<Reject> firstRejects = new CopyOnWriteArrayList<>();
  private volatile @Nullable UserMessage understood;
  private volatile boolean mirrored;
  private final Assertions assertions;

  private volatile @Nullable RunSession work;

  RunContext(
      Job job, String name, SourceItem item, Instant startedAt, Isolation.Budget isolationBudget) {
    super(job, name, startedAt, isolationBudget);
    this.item = item;
    this.assertions = new Assertions(this);
  }

  /** Returns the run of an exchange. */
  public static RunContext of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, RunContext.class);
  }

  /** Returns what is read, as a person would name it. */
  public String source() {
    return item.name();
  }

  /** Returns what it reads. */
  SourceItem item() {
    return item;
  }

  /** What the source lacks has been found out in full. */
  void mirrored() {
    mirrored = true;
  }

  /** The source was opened, and taken for this. */
  void understood(UserMessage sentence) {
    understood = sentence;
  }

  /** Returns what the source was taken for; null where nothing is to be said. */
  @Nullable UserMessage understood() {
    return understood;
  }

  /** Whether another one of the first rows is to be kept. */
  boolean wantsFirstRows() {
    return !job().options().writes() && firstRows.size() < UnderstoodRow.MOST;
  }

  /** Keeps one of the first rows of a run that only plans, for a person who looks at it. */
  void understood(SourceRecord source, Mapping mapping, MappedRow mapped) {
    if (wantsFirstRows()) {
      firstRows.add(UnderstoodRow.of(source, mapping, mapped));
    }
  }

  /** Returns the first rows of a run that only plans; none of any other. */
  List<UnderstoodRow> firstRows() {
    return List.copyOf(firstRows);
  }

  /**
   * Keeps one of the first rejected rows of a run that only plans, for a person who looks at it.
   */
  void rejected(Reject reject) {
    if (!job().options().writes() && firstRejects.size() < MOST_REJECTS) {
      firstRejects.add(reject);
    }
  }

  /** Returns the first rejected rows of a run that only plans; none of any other. */
  List<Reject> firstRejects() {
    return List.copyOf(firstRejects);
  }

  /** Keeps something that a person should know of this run although it goes on. */
  void remark(UserMessage remark) {
    remarks.add(remark);
  }

  @Override
  public void remarkOnce(UserMessage remark) {
    synchronized (remarks) {
      if (remarks.stream().noneMatch(kept -> kept.toString().equals(remark.toString()))) {
        remarks.add(remark);
      }
    }
  }

  /** Returns what a person should know of this run besides how it ended. */
  List<UserMessage> remarks() {
    long unseen = counters().updatedUnseen();
    if (unseen == 0) {
      return List.copyOf(remarks);
    }
    var all = new ArrayList<>(remarks);
    all.add(MessageCode.UPDATED_UNSEEN.with(unseen));
    return List.copyOf(all);
  }

  /** Returns what its job asserts of it. */
  Assertions assertions() {
    return assertions;
  }

  /** Returns how much of the source is settled, from 0 to 1; 0 before it is opened. */
  public double progress() {
    RunSession now = work;
    return now == null ? 0 : now.progress();
  }

  @Override
  public void note(String line) {
    RunSession now = work;
    if (now != null) {
      now.note(line);
    }
  }

  @Override
  protected long rowsExpected() {
    RunSession now = work;
    return now == null ? 0 : now.rowsExpected();
  }

  @Override
  public boolean callsHooks() {
    return work != null;
  }

  /** Source and app are open: there is work to do. */
  void begins(RunSession begun) {
    work = begun;
    super.begins(begun);
  }

  /** Returns what the run works with; null before source and app are open. */
  @Nullable RunSession work() {
    return work;
  }

  /** Returns what the run works with. */
  RunSession required() {
    RunSession now = work;
    if (now == null) {
      throw new IllegalStateException("run " + name() + " has not begun");
    }
    return now;
  }

  /** Who asked for it, else why its job runs by itself. */
  private @Nullable Starter startedBy() {
    var asked = job().options().startedBy();
    var schedule = job().schedule();
    if (asked != null || schedule == null) {
      return asked;
    }
    return schedule.timing() instanceof Schedule.Following following
        ? new Starter(Starter.By.JOB, following.job())
        : new Starter(Starter.By.SCHEDULE, null);
  }

  /**
   * Whether a run that only plans has found that all is as its source says: then nobody needs to
   * approve anything, and the source is let go as after any other run.
   */
  boolean hasNothingToApprove(RunState state) {
    return state == RunState.COMPLETED
        && job().awaitsApproval()
        && counts().read() == counts().unchanged() + counts().superseded()
        && counters().removed() == 0;
  }

  /** Returns the report as things stand. */
  Report report(
      RunState state,
      @Nullable Instant finishedAt,
      @Nullable String rejectsFile,
      @Nullable String changesFile) {
    Ending ended = ending();
    RunSession now = work;
    UserMessage sentence = understood;
    return new Report(
        name(),
        job().name(),
        source(),
        job().app(),
        job().options().compares() ? Report.COMPARE : job().rules().mode().word(),
        job().options().writes() || hasNothingToApprove(state),
        state,
        ended == null ? null : ended.reason().toString(),
        startedAt(),
        finishedAt,
        startedBy(),
        counts().settledUp(),
        mirrored,
        counters().missing(),
        counters().removed(),
        counters().removals().flagged(),
        counters().conflicts(),
        counters().overEdits(),
        now == null ? 0 : now.retries().tried(),
        now == null ? 0 : now.retries().open(),
        counters().requests(),
        sentence == null ? null : sentence.toString(),
        remarks().stream().map(UserMessage::toString).toList(),
        rejectsFile,
        now == null ? null : now.rejectsDigest(),
        changesFile);
  }
}
