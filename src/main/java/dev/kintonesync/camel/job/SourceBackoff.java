package dev.kintonesync.camel.job;

import dev.kintonesync.camel.kintone.OutageMonitor;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.kintone.Backoff;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the source of a job may be tried again after a run that did not come to its end: after a
 * pause that grows from one attempt to the next, not before the run said, and as soon as Kintone is
 * back. What only a person can lift is not tried again by itself. A refusal is told once, however
 * often it comes again.
 */
final class SourceBackoff {
  private static final Logger log = LoggerFactory.getLogger(SourceBackoff.class);
  private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10));

  private final Job job;
  private final Clock clock;
  private final OutageMonitor domains;
  private final Consumer<UserMessage> listener;
  private final MessageCode sentence;

  /** How many runs in a row did not come to their end. */
  private volatile int inVain;

  private volatile Instant open = Instant.MIN;

  /** Until when every run would end as the last one did; the past where nobody knows. */
  private volatile Instant inVainUntil = Instant.MIN;

  /** Why the last run did not come to its end; null when it did. */
  private volatile @Nullable UserMessage reason;

  /** Why the last run could not begin, or what only a person can lift; null when neither holds. */
  private volatile @Nullable UserMessage refusal;

  /** The last run, when only a person can let the source pass; null otherwise. */
  private volatile @Nullable RunResult blocked;

  /**
   * The attempts of a job.
   *
   * @param sentence tells people of a pause: the job, and its seconds
   */
  SourceBackoff(
      Job job,
      Clock clock,
      OutageMonitor domains,
      Consumer<UserMessage> listener,
      MessageCode sentence) {
    this.job = job;
    this.clock = clock;
    this.domains = domains;
    this.listener = listener;
    this.sentence = sentence;
  }

  boolean isKintoneAway() {
    return domains.isAway(job.connection().baseUrl());
  }

  /** Whether the source may be tried now. */
  boolean isOpen() {
    return !needsPerson() && !clock.instant().isBefore(open) && !isKintoneAway();
  }

  /** From when on it may be tried; while Kintone is away, when to ask again. */
  Instant opens() {
    Instant soon = clock.instant().plus(PAUSES.first());
    return isKintoneAway() && open.isBefore(soon) ? soon : open;
  }

  /** Whether only a person can let the source pass, so that it is not tried again by itself. */
  boolean needsPerson() {
    return blocked != null;
  }

  /** Whether the last run has said that another one would come to the same end now. */
  boolean isTooEarly() {
    return clock.instant().isBefore(inVainUntil);
  }

  /** Whether the last run was refused: it waits for somebody who mends what is wrong. */
  boolean isRefused() {
    return refusal != null;
  }

  /** Why the last run did not come to its end; null when it did. */
  @Nullable UserMessage reason() {
    return reason;
  }

  /** The revision of the form that the run found which needs a person; null when unknown. */
  @Nullable Long formRevision() {
    RunResult last = blocked;
    return last == null ? null : last.formRevision();
  }

  void succeeded() {
    inVain = 0;
    open = Instant.MIN;
    inVainUntil = Instant.MIN;
    refusal = null;
    reason = null;
    blocked = null;
  }

  /** A run did not come to its end, so the source has to wait. */
  void failed(RunResult finished) {
    if ((finished.needsPerson() || mayNotAddAgain(finished)) && !isKintoneAway()) {
      boolean known = Objects.equals(finished.reason(), refusal);
      inVain = 0;
      open = Instant.MIN;
      reason = finished.reason();
      refusal = finished.reason();
      blocked = finished;
      tell(known ? null : MessageCode.JOB_NEEDS_YOU.with(job.name(), job.continues()));
      return;
    }
    var pauses = waits(finished.notBefore(), null);
    reason = finished.reason();
    tell(pauses);
  }

  /** Whether the user may not add records, as the attempt before has found as well. */
  private boolean mayNotAddAgain(RunResult finished) {
    var now = finished.reason();
    return now != null
        && now.text() == MessageCode.ADD_NOT_PERMITTED
        && inVain > 0
        && now.equals(reason);
  }

  /** Something went wrong before there could be a report: the source has to wait. */
  void cannotRun(Exchange exchange) {
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    var why =
        failure instanceof UserErrorException refused
            ? refused.reason()
            : MessageCode.RUN_FAILED.with(String.valueOf(failure));
    log.error("job {}", job.name(), failure);
    cannotRun(why);
  }

  /** The source has to wait, for a reason that is told now unless it was told before. */
  void cannotRun(UserMessage why) {
    boolean known = why.equals(refusal);
    var pauses = waits(null, why);
    if (!known) {
      listener.accept(why);
    }
    tell(pauses);
  }

  private void tell(@Nullable UserMessage news) {
    if (news != null) {
      listener.accept(news);
    }
  }

  /** Settles how long the source waits; returns what is to be told of it, and only afterwards. */
  private @Nullable UserMessage waits(@Nullable Instant notBefore, @Nullable UserMessage why) {
    boolean known = why != null && why.equals(refusal);
    refusal = why;
    reason = why;
    blocked = null;
    if (notBefore != null) {
      inVain = 0;
      open = notBefore;
      inVainUntil = notBefore;
      return null;
    }
    if (isKintoneAway()) {
      succeeded(); // as soon as it is back; that it is away has been said
      return null;
    }
    int attempts = inVain + 1; // runs of a job never overlap
    inVain = attempts;
    Duration pause = PAUSES.after(attempts);
    open = clock.instant().plus(pause);
    return known ? null : sentence.with(job.name(), pause.toSeconds());
  }
}
