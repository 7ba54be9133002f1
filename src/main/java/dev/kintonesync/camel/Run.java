package dev.kintonesync.camel;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.Message;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Decision;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Isolation;
import dev.kintonesync.sync.Plan;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.Tally;
import dev.kintonesync.sync.Weight;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One pass over one source item, from the moment it is named to its report. All exchanges of the
 * run carry it as the property {@value #PROPERTY}; several threads use it.
 */
public final class Run {
  /** The exchange property that holds the run. */
  static final String PROPERTY = "run";

  /** A run that has not begun does not wait long for a Kintone that is away. */
  private static final Duration PATIENCE_BEFORE_THE_START = Duration.ofSeconds(10);

  private final Job job;
  private final String name;
  private final @Nullable Item item;
  private final Instant startedAt;
  private final Tally tally = new Tally();
  private final Isolation.Budget isolationBudget;
  private final Guards guards;
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private final List<Message> remarks = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

  private final Silence silence = new Silence();
  private final Silence ofWrites = new Silence();
  private final CountDownLatch abandoned = new CountDownLatch(1);

  /** Until when a sign of a changed form need not be looked into again. */
  private final Map<String, Instant> formHolds = new ConcurrentHashMap<>();

  private final Uploads uploads = new Uploads();

  /** Of the key lookups until now, the most that a record took on the average. */
  private final AtomicLong heaviestFound = new AtomicLong();

  private volatile boolean keysAppear;
  private volatile boolean mirrored;
  private volatile boolean unfit;
  private volatile @Nullable App app;
  private volatile @Nullable Work work;
  private volatile @Nullable Writing writing;
  private volatile @Nullable String waitingFor;

  /**
   * How a run ends otherwise than at the end of its source.
   *
   * @param state stopped or refused
   * @param reason why, for people
   * @param sourceAtFault whether no row of this source item can ever have an outcome
   * @param notBefore until when another run would come to the same end; null when nobody knows
   */
  record Ending(
      RunState state, Message reason, boolean sourceAtFault, @Nullable Instant notBefore) {}

  Run(
      Job job,
      String name,
      @Nullable Item item,
      Instant startedAt,
      Isolation.Budget isolationBudget) {
    this.job = job;
    this.name = name;
    this.item = item;
    this.startedAt = startedAt;
    this.isolationBudget = isolationBudget;
    this.guards = new Guards(job.bounds().guards(), job.options().accepted(), this::rowsExpected);
  }

  /** The run of an exchange. */
  static Run of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, Run.class);
  }

  /** The job that this is a run of. */
  public Job job() {
    return job;
  }

  /** The run's name, which is its folder's. */
  public String name() {
    return name;
  }

  /** What is read, as a person would name it. */
  public String source() {
    return item == null ? job.name() : item.name();
  }

  /** What it reads. */
  Item item() {
    if (item == null) {
      throw new IllegalStateException("run " + name + " reads nothing");
    }
    return item;
  }

  Instant startedAt() {
    return startedAt;
  }

  /** The counts of what is settled so far. */
  public Counts counts() {
    return tally.counts();
  }

  Guards guards() {
    return guards;
  }

  private long rowsExpected() {
    Work now = work;
    return now == null ? 0 : now.rowsExpected();
  }

  /** What the source lacks has been found out in full. */
  void mirrored() {
    mirrored = true;
  }

  /** Something that a person should know of this run although it goes on. */
  void remark(Message remark) {
    remarks.add(remark);
  }

  /** Why the record of the only key that is looked at was treated as it was. */
  void decided(List<Decision> made) {
    decisions.addAll(made);
  }

  List<Decision> decisions() {
    return List.copyOf(decisions);
  }

  /** What a person should know of this run besides how it ended. */
  List<Message> remarks() {
    return List.copyOf(remarks);
  }

  Tally tally() {
    return tally;
  }

  /** How much of the source is settled, from 0 to 1; 0 before it is opened. */
  public double progress() {
    Work now = work;
    return now == null ? 0 : now.progress();
  }

  /** What Kintone last answered instead of doing what was asked; null while all goes well. */
  public @Nullable String waitingFor() {
    return waitingFor;
  }

  /** A request is to be sent again after a pause, for the reason given. */
  void waiting(String reason) {
    waitingFor = reason;
    note("waiting: " + reason);
  }

  /** Something that belongs into the log of the run. */
  void note(String line) {
    Work now = work;
    if (now != null) {
      now.note(line);
    }
  }

  /** A request goes out. */
  void counting(KintoneRequest request, boolean repeated) {
    tally.add(request, repeated);
    if (!repeated) {
      waitingFor = null;
    }
  }

  /** The files that it has sent. */
  Uploads uploads() {
    return uploads;
  }

  /** Hands out no further batch. What is open in the batches in flight goes on. */
  void stop(Message reason) {
    ending.compareAndSet(null, new Ending(RunState.STOPPED, reason, false, null));
  }

  /** The same, when it is of no use to begin again before an instant. */
  void stop(Message reason, Instant notBefore) {
    ending.compareAndSet(null, new Ending(RunState.STOPPED, reason, false, notBefore));
  }

  /**
   * Stops, and what is open in the batches in flight is given up as well: the app has changed so
   * that what they hold does not suit it any more.
   */
  void unfit(Message reason) {
    stop(reason);
    unfit = true;
  }

  /** Whether the app does not suit what the run holds any more. */
  boolean isUnfit() {
    return unfit;
  }

  /** The run does not begin. */
  void refuse(Message reason, boolean sourceAtFault) {
    ending.compareAndSet(null, new Ending(RunState.REFUSED, reason, sourceAtFault, null));
  }

  /** Stops, and sends nothing any more: the program is about to end. */
  public void abandon(Message reason) {
    stop(reason);
    abandoned.countDown();
  }

  boolean isAbandoned() {
    return abandoned.getCount() == 0;
  }

  /** Waits before a request is sent again; less long when the program is about to end. */
  void pause(Duration pause) throws InterruptedException {
    abandoned.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * A plan may take another turn, unless the program is about to end or the app has changed. What
   * stops a plan stops the run.
   */
  Plan nextTurn(Plan plan) {
    var reason = plan.stopReason();
    if (reason != null) {
      stop(reason);
    }
    Ending ended = ending.get();
    if ((isAbandoned() || unfit) && ended != null) {
      plan.stop(ended.reason());
    }
    return plan;
  }

  /** Whether it has been stopped or refused. */
  boolean isStopped() {
    return ending.get() != null;
  }

  @Nullable Ending ending() {
    return ending.get();
  }

  /**
   * A request of this run that is to go out now. Kintone has one patience for all requests of the
   * run, which begins with the first one that goes unanswered; when it is over, nothing is sent.
   */
  Call call(KintoneRequest request, Call.Pauses pauses, Clock clock) {
    var now = clock.instant();
    var silence = silenceAround(request);
    var deadline = silence.since(now).plus(pauses.patience());
    var start = startedAt.plus(PATIENCE_BEFORE_THE_START);
    if (writing == null && start.isBefore(deadline)) {
      deadline = start;
    }
    int unanswered = silence.unanswered();
    var call =
        new Call(request, pauses, clock, deadline, pauses.after(unanswered), this::isAbandoned);
    if (unanswered > 0 && !now.isBefore(deadline)) {
      call.withhold(new Answer.Unsent(silence.words()));
    }
    return call;
  }

  /** The longer silence of the two that a write may meet: of Kintone, and of its writing. */
  private Silence silenceAround(KintoneRequest request) {
    return !request.changesNothing() && ofWrites.unanswered() > silence.unanswered()
        ? ofWrites
        : silence;
  }

  /** A request was answered, or not. */
  void heard(KintoneRequest request, Answer answer, Instant now) {
    if (answer.isSilence()) {
      silence.goesOn(now, answer.words());
    } else {
      silence.broken();
    }
    if (!request.changesNothing() && answer.isSilence()) {
      ofWrites.goesOn(now, answer.words());
    } else if (!request.changesNothing()) {
      ofWrites.broken();
    }
  }

  /** Whether the form is to be read again for one of these signs of a change. */
  boolean doubtsForm(Set<String> signs, Instant now) {
    return signs.stream()
        .anyMatch(sign -> !now.isBefore(formHolds.getOrDefault(sign, Instant.MIN)));
  }

  /** The form has been read: for some time this sign does not tell of another change. */
  void formHolds(String sign, Instant until) {
    formHolds.put(sign, until);
  }

  /** What was read of the app before the first record. */
  App app() {
    App now = app;
    if (now == null) {
      throw new IllegalStateException("the app of run " + name + " has not been read");
    }
    return now;
  }

  void app(App read) {
    app = read;
  }

  /** The source opened and the app read: there is work to do. */
  void begins(Work begun) {
    work = begun;
    writing = begun;
  }

  /** The app of messages is known: they are written. */
  void begins(Writing begun) {
    writing = begun;
  }

  /** What its batches belong to. */
  Writing writing() {
    Writing now = writing;
    if (now == null) {
      throw new IllegalStateException("run " + name + " has not begun");
    }
    return now;
  }

  @Nullable Work work() {
    return work;
  }

  Plan plan(Batch batch, boolean asks) {
    var target = writing().target();
    return nextTurn(
        new Plan(keysAppear ? target.lookedUp() : target, batch, isolationBudget, guards, asks));
  }

  /** Keys are there that were not when the run began: from now on every batch is looked up. */
  void keysAppear() {
    keysAppear = true;
  }

  /** A key lookup was answered: so many records in so many bytes. */
  void lookedUp(long bytes, int records) {
    long weight = records == 0 ? 0 : Weight.ofAnswer(bytes) / records;
    heaviestFound.accumulateAndGet(weight, Math::max);
  }

  /** What a record of the app takes in memory, as far as any have been looked up. */
  long heaviestFound() {
    return heaviestFound.get();
  }

  /** Whether what the app holds is read before records are written. */
  boolean looksUp() {
    return keysAppear || !app().empty();
  }

  Work required() {
    Work now = work;
    if (now == null) {
      throw new IllegalStateException("run " + name + " has not begun");
    }
    return now;
  }

  /** The report as things stand. */
  Report report(
      RunState state,
      @Nullable Instant finishedAt,
      @Nullable String rejectsFile,
      @Nullable String changesFile) {
    Ending ended = ending.get();
    Work now = work;
    return new Report(
        name,
        job.name(),
        source(),
        job.app(),
        job.rules().mode().word(),
        job.options().writes(),
        state,
        ended == null ? null : ended.reason().toString(),
        startedAt,
        finishedAt,
        tally.counts().settledUp(),
        mirrored,
        tally.missing(),
        tally.removed(),
        tally.conflicts(),
        tally.overEdits(),
        now == null ? 0 : now.retries().tried(),
        now == null ? 0 : now.retries().open(),
        tally.requests(),
        remarks.stream().map(Message::toString).toList(),
        rejectsFile,
        changesFile);
  }
}
