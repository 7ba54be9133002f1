package dev.kintonesync.camel.kintone;

import dev.kintonesync.form.Form;
import dev.kintonesync.journal.LeaseFence;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.RunCounters;
import dev.kintonesync.sync.RunState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The work on whose behalf requests go to Kintone: it counts them, it has one patience for all of
 * them, and it may be stopped. All exchanges of the work carry it as the property {@value
 * #PROPERTY}. Safe for several threads.
 */
public class RequestContext {
  /** The exchange property that holds the context. */
  public static final String PROPERTY = "kintoneRun";

  /** Work that has not begun does not wait long for a Kintone that is away. */
  private static final Duration PATIENCE_BEFORE_THE_START = Duration.ofSeconds(10);

  private final Job job;
  private final String name;
  private final Instant startedAt;
  private final RunCounters counters = new RunCounters();
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private final CountDownLatch abandoned = new CountDownLatch(1);
  private volatile @Nullable LeaseFence fence;

  private final OutageWindow silence = new OutageWindow();
  private final OutageWindow ofWrites = new OutageWindow();

  private volatile @Nullable Waiting waiting;

  /** The time of the last answer by Kintone's own clock; null when it said none. */
  private volatile @Nullable Instant answeredAt;

  /**
   * What the work waits for before it asks again.
   *
   * @param source the host of the source that it waits for; null: it waits for Kintone
   * @param reason what that answered instead of doing what was asked
   * @param since when it first did so
   */
  public record Waiting(@Nullable String source, String reason, Instant since) {}

  private volatile @Nullable Right right;

  private record Right(BooleanSupplier holds, UserMessage reason) {}

  /**
   * How the work ends otherwise than at the end of its source.
   *
   * @param state stopped or refused
   * @param reason why, for people
   * @param sourceAtFault whether no row of this source item can ever have an outcome
   * @param notBefore until when another run would come to the same end; null when nobody knows
   */
  public record Ending(
      RunState state, UserMessage reason, boolean sourceAtFault, @Nullable Instant notBefore) {}

  /**
   * Creates the context of work that has not begun.
   *
   * @param job names the app, the connection and the rules
   * @param name names the work in logs
   * @param startedAt when the work was asked for
   */
  public RequestContext(Job job, String name, Instant startedAt) {
    this.job = job;
    this.name = name;
    this.startedAt = startedAt;
  }

  /** Returns the context of an exchange; null for a request that belongs to no work. */
  public static @Nullable RequestContext find(Exchange exchange) {
    return exchange.getProperty(PROPERTY, RequestContext.class);
  }

  /** Returns the job that this work belongs to. */
  public final Job job() {
    return job;
  }

  /** Returns the name of the work; that of a run is also the name of its folder. */
  public final String name() {
    return name;
  }

  /** Returns when the work was asked for. */
  public final Instant startedAt() {
    return startedAt;
  }

  /** Returns the counters of the work. */
  public final RunCounters counters() {
    return counters;
  }

  /** Whether the first batch may be handed out: app and source are known. */
  public boolean hasBegun() {
    return true;
  }

  /** Writes a line into the log of the work, where it has one. */
  public void note(String line) {}

  /** Keeps something that a person should know of the work, if it is not kept yet. */
  public void remarkOnce(UserMessage remark) {}

  /**
   * Learns how large the records of the app are.
   *
   * @param bytes the size of the answer to a key lookup
   * @param records how many records were in it
   */
  public void lookedUp(long bytes, int records) {}

  /** An answer came, with this time by Kintone's own clock; null: it said none. */
  final void answered(@Nullable Instant at) {
    answeredAt = at;
  }

  /** Returns the time of the last answer by Kintone's own clock; null when it said none. */
  public final @Nullable Instant answeredAt() {
    return answeredAt;
  }

  /** Returns what Kintone last answered instead of doing what was asked; null while all is well. */
  public final @Nullable String waitingFor() {
    Waiting now = waiting;
    return now == null ? null : now.reason();
  }

  /** Returns what it waits for before it asks again; null while all is well. */
  public final @Nullable Waiting waiting() {
    return waiting;
  }

  /**
   * Notes that a request will be sent again after a pause.
   *
   * @param source the host of the source that was asked; null: Kintone was
   * @param reason what it answered instead of doing what was asked
   */
  public final void waits(@Nullable String source, String reason, Instant now) {
    Waiting before = waiting;
    waiting = new Waiting(source, reason, before == null ? now : before.since());
    note("waiting: " + reason);
  }

  /** Notes that what it waited for has answered. */
  public final void goesOn() {
    waiting = null;
  }

  /** Counts a request that goes out. */
  public final void counting(KintoneRequest request, boolean repeated) {
    counters.add(request, repeated);
    var before = waiting;
    if (!repeated && before != null && before.source() == null) {
      goesOn(); // what batches in flight ask of Kintone is no answer of a source
    }
  }

  /** Hands out no further batch. What is open in the batches in flight goes on. */
  public final void stop(UserMessage reason) {
    end(new Ending(RunState.STOPPED, reason, false, null));
  }

  /**
   * Hands out no further batch, and says until when another run would be of no use.
   *
   * @param notBefore the instant from which a run can succeed again
   */
  public final void stop(UserMessage reason, Instant notBefore) {
    end(new Ending(RunState.STOPPED, reason, false, notBefore));
  }

  /**
   * Ends the work before it has begun.
   *
   * @param sourceAtFault whether no row of the source item can ever have an outcome
   */
  public final void refuse(UserMessage reason, boolean sourceAtFault) {
    end(new Ending(RunState.REFUSED, reason, sourceAtFault, null));
  }

  private void end(Ending how) {
    ending.compareAndSet(null, how);
  }

  /** Stops, and sends nothing any more: the program is about to end. */
  public final void abandon(UserMessage reason) {
    stop(reason);
    abandoned.countDown();
  }

  /**
   * Lets requests go out only as long as the work has the right to them. It may be lost without a
   * word, while the program was frozen for instance, so that it is looked at before each request.
   *
   * @param holds whether the work still has it
   * @param reason why the work stops when it has not
   */
  public final void onlyWhile(BooleanSupplier holds, UserMessage reason) {
    right = new Right(holds, reason);
  }

  /** Whether nothing is to be sent any more. */
  public final boolean isAbandoned() {
    var needed = right;
    if (needed != null && abandoned.getCount() > 0 && !needed.holds().getAsBoolean()) {
      abandon(needed.reason());
    }
    return abandoned.getCount() == 0;
  }

  /** Returns the form of the app that the work writes to; null before it was read. */
  public @Nullable Form form() {
    return null;
  }

  /** Waits before a request is sent again; less long when the program is about to end. */
  public final void pause(Duration pause) throws InterruptedException {
    abandoned.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** From now on it asks this fence before it writes. */
  public final void fencedBy(LeaseFence leases) {
    fence = leases;
  }

  /**
   * Whether what was leased for this work is still its own; otherwise it stops. Asks the journal.
   */
  public final boolean holdsItsLease() {
    LeaseFence asked = fence;
    boolean holds = asked == null || asked.holds();
    if (!holds) {
      stop(MessageCode.LEASE_LOST.with(job.name()));
    }
    return holds;
  }

  /**
   * The work is about to write.
   *
   * @throws UserErrorException when what was leased for it is not its own any more
   */
  final void mustHoldItsLease() {
    if (!holdsItsLease()) {
      throw new UserErrorException(MessageCode.LEASE_LOST.with(job.name()));
    }
  }

  /** Whether it has been stopped or refused. */
  public final boolean isStopped() {
    return ending.get() != null;
  }

  /** Returns how it ends before the end of its source; null while it does not. */
  public final @Nullable Ending ending() {
    return ending.get();
  }

  /**
   * Makes the call of a request that is to go out now. Kintone has one patience for all requests of
   * the work, which begins with the first one that goes unanswered; when it is over, nothing is
   * sent.
   */
  public final KintoneCall call(KintoneRequest request, KintoneCall.Pauses pauses, Clock clock) {
    var now = clock.instant();
    var silence = silenceAround(request);
    var deadline = silence.since(now).plus(pauses.patience());
    var start = startedAt.plus(PATIENCE_BEFORE_THE_START);
    if (!hasBegun() && start.isBefore(deadline)) {
      deadline = start;
    }
    int unanswered = silence.unanswered();
    var call =
        new KintoneCall(
            request, pauses, clock, deadline, pauses.after(unanswered), this::isAbandoned);
    if (unanswered > 0 && !now.isBefore(deadline)) {
      call.withhold(new Answer.Unsent(silence.words()));
    }
    return call;
  }

  /** The longer silence of the two that a write may meet: of Kintone, and of its writing. */
  private OutageWindow silenceAround(KintoneRequest request) {
    return !request.changesNothing() && ofWrites.unanswered() > silence.unanswered()
        ? ofWrites
        : silence;
  }

  /** Learns that a request was answered, or not. */
  public final void heard(KintoneRequest request, Answer answer, Instant now) {
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
}
