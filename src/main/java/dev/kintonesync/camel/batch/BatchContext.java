package dev.kintonesync.camel.batch;

import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.form.Form;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Approaches;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Decision;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Isolation;
import dev.kintonesync.sync.Plan;
import dev.kintonesync.sync.Weight;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What all batches of one piece of work share on their way through the routes of {@code
 * routes/core}: the app, the target, the guards, the uploads. A run has one, and so have the
 * messages of a Kamelet that are sent together. Safe for several threads.
 */
public class BatchContext extends RequestContext {
  private final Isolation.Budget isolationBudget;
  private final Guards guards;
  private final Approaches approaches;
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private final Uploads uploads = new Uploads();

  /** Until when a sign of a changed form need not be looked into again. */
  private final Map<String, Instant> formHolds = new ConcurrentHashMap<>();

  /** Of the key lookups until now, the most that a record took on the average. */
  private final AtomicLong heaviestFound = new AtomicLong();

  private volatile boolean keysAppear;
  private volatile boolean unfit;
  private volatile @Nullable Long formRevision;
  private volatile @Nullable AppSnapshot app;
  private volatile @Nullable BatchListener writing;

  /**
   * Creates the context of batches whose app has not been read yet.
   *
   * @param isolationBudget extra requests that may be spent on finding bad records
   */
  public BatchContext(Job job, String name, Instant startedAt, Isolation.Budget isolationBudget) {
    super(job, name, startedAt);
    this.isolationBudget = isolationBudget;
    this.approaches = new Approaches(job.rules(), !job.bounds().guards().maxUpdated().isNever());
    this.guards = new Guards(job.bounds().guards(), job.options().accepted(), this::rowsExpected);
  }

  /** Returns how many source records there will have been at the end, as far as is known. */
  protected long rowsExpected() {
    return 0;
  }

  /** Keeps the revision of the form as this work found it, also where it does not suit the job. */
  void formFound(long revision) {
    formRevision = revision;
  }

  /** Returns the revision of the form as this work found it; null when it could not be read. */
  public final @Nullable Long formRevision() {
    return formRevision;
  }

  /** Whether routes of the user's take part. */
  public boolean callsHooks() {
    return false;
  }

  /** Returns the context of an exchange whose body is, or becomes, a batch. */
  public static BatchContext of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, BatchContext.class);
  }

  /** Returns the counts of what is settled so far. */
  public final Counts counts() {
    return counters().counts();
  }

  /** Returns what stops work that would change too much. */
  public final Guards guards() {
    return guards;
  }

  /** Returns what chooses how its batches go. */
  final Approaches approaches() {
    return approaches;
  }

  /** Returns the files that were sent. */
  public final Uploads uploads() {
    return uploads;
  }

  /** Keeps why the record of the only key that is looked at was treated as it was. */
  public final void decided(List<Decision> made) {
    decisions.addAll(made);
  }

  /** Returns what was decided about the only key that is looked at. */
  public final List<Decision> decisions() {
    return List.copyOf(decisions);
  }

  /**
   * Stops, and what is open in the batches in flight is given up as well: the app has changed so
   * that it does not suit what they hold any more.
   */
  public final void unfit(UserMessage reason) {
    stop(reason);
    unfit = true;
  }

  /** Whether the app does not suit what the batches hold any more. */
  public final boolean isUnfit() {
    return unfit;
  }

  /** Whether the form is to be read again for one of these signs of a change. */
  public final boolean doubtsForm(Set<String> signs, Instant now) {
    return signs.stream()
        .anyMatch(sign -> !now.isBefore(formHolds.getOrDefault(sign, Instant.MIN)));
  }

  /** The form has been read: until an instant this sign does not tell of another change. */
  public final void formHolds(String sign, Instant until) {
    formHolds.put(sign, until);
  }

  /** Returns what was read of the app before the first record. */
  public final AppSnapshot app() {
    AppSnapshot now = app;
    if (now == null) {
      throw new IllegalStateException("the app of " + name() + " has not been read");
    }
    return now;
  }

  @Override
  public final @Nullable Form form() {
    AppSnapshot now = app;
    return now == null ? null : now.form();
  }

  /** Keeps what was read of the app. */
  public final void app(AppSnapshot read) {
    app = read;
  }

  @Override
  public final boolean hasBegun() {
    return writing != null;
  }

  /** App and source are known: batches may be handed out. */
  public final void begins(BatchListener begun) {
    writing = begun;
  }

  /** Returns what the batches belong to. */
  public final BatchListener writing() {
    BatchListener now = writing;
    if (now == null) {
      throw new IllegalStateException(name() + " has not begun");
    }
    return now;
  }

  /**
   * Makes the plan of a batch.
   *
   * @param asks whether what is to be written is shown to a route of the user's before
   */
  public final Plan plan(Batch batch, boolean asks) {
    var target = writing().target();
    var approach = approaches.next(target, asks, keysAppear);
    var known = keysAppear ? target.lookedUp() : target;
    return nextTurn(new Plan(known, batch, isolationBudget, guards, asks, approach));
  }

  /**
   * Lets a plan take another turn, unless the program is about to end or the app has changed. What
   * stops a plan stops the work.
   */
  public final Plan nextTurn(Plan plan) {
    var reason = plan.stopReason();
    if (reason != null) {
      stop(reason);
    }
    boolean givenUp = isAbandoned() || unfit;
    Ending ended = ending();
    if (givenUp && ended != null) {
      plan.stop(ended.reason());
    }
    return plan;
  }

  /** Keys are there that were not when the work began: from now on every batch is looked up. */
  public final void keysAppear() {
    keysAppear = true;
  }

  @Override
  public final void lookedUp(long bytes, int records) {
    long weight = records == 0 ? 0 : Weight.ofAnswer(bytes) / records;
    heaviestFound.accumulateAndGet(weight, Math::max);
  }

  /** Returns what a record of the app takes in memory, as far as any have been looked up. */
  public final long heaviestFound() {
    return heaviestFound.get();
  }

  /** Whether what the app holds is read before records are written. */
  public final boolean looksUp() {
    return keysAppear || !app().empty();
  }
}
