package dev.kintonesync.camel.job;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Job;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What a scheduled job does when its time has come: a database is read once; the files of a folder
 * one after the other, until one has to stay. What did not come to its end is tried again between
 * the scheduled times, unless only a person can lift what stopped it. Only one thread at a time
 * uses it, since runs of a job never overlap.
 */
public final class PollLoop {
  private final Job job;
  private final @Nullable FolderGate gate;
  private final SourceBackoff attempts;
  private final Turn turn;
  private final Consumer<Instant> again;
  private final @Nullable BooleanSupplier arrives;
  private boolean over;
  private @Nullable Path next;

  /**
   * A job that follows a stream: it is looked at all the time.
   *
   * @param arrives whether there is anything to read
   */
  static PollLoop following(Job job, SourceBackoff attempts, Turn turn, BooleanSupplier arrives) {
    return new PollLoop(job, null, attempts, turn, when -> {}, arrives);
  }

  /**
   * A poll of a job.
   *
   * @param gate where its files go; null of a database
   * @param attempts when it is tried again; of a folder, those of its gate
   * @param turn whose turn it is to run the job
   * @param again asks for another firing at an instant
   */
  PollLoop(
      Job job,
      @Nullable FolderGate gate,
      SourceBackoff attempts,
      Turn turn,
      Consumer<Instant> again) {
    this(job, gate, attempts, turn, again, null);
  }

  private PollLoop(
      Job job,
      @Nullable FolderGate gate,
      SourceBackoff attempts,
      Turn turn,
      Consumer<Instant> again,
      @Nullable BooleanSupplier arrives) {
    this.job = job;
    this.gate = gate;
    this.attempts = attempts;
    this.turn = turn;
    this.again = again;
    this.arrives = arrives;
  }

  /** Whether there is anything to sync before the next time comes. */
  public boolean hasMore() {
    turn.beginRoute();
    boolean more = hasMoreNow();
    if (!more) {
      turn.endRoute();
    }
    return more;
  }

  private boolean hasMoreNow() {
    if (arrives != null) {
      return attempts.isOpen() && arrives.getAsBoolean();
    }
    next = over || gate == null ? null : gate.awaitArrival();
    boolean more = !over && (gate == null || next != null);
    if (more && (attempts.isKintoneAway() || attempts.isTooEarly())) {
      again.accept(attempts.opens());
      more = false;
    }
    over = over && more;
    return more;
  }

  /** The job with what is to be read next. */
  public Job next() {
    return gate == null || next == null ? job : gate.jobFor(next);
  }

  /** The run in the body has reported: releases its source, or has it tried again. */
  public void release(Exchange exchange) {
    try {
      release(exchange.getMessage().getBody(RunResult.class));
    } finally {
      turn.endRoute();
    }
  }

  private void release(RunResult finished) {
    if (gate != null) {
      gate.release(finished);
    } else if (finished.early()) {
      attempts.failed(finished);
    } else {
      attempts.succeeded();
    }
    boolean waits = finished.early() || !attempts.isOpen();
    over = gate == null || waits || finished.disposition() == RunResult.Disposition.STAYS;
    if (waits && !attempts.needsPerson()) {
      again.accept(attempts.opens());
    }
  }

  /** Something went wrong before there could be a report. */
  public void cannotRun(Exchange exchange) {
    over = true;
    turn.endRoute();
    attempts.cannotRun(exchange);
    again.accept(attempts.opens());
  }
}
