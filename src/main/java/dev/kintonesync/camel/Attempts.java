package dev.kintonesync.camel;

import dev.kintonesync.message.Message;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When the source of a job may be tried again after a run that did not come to its end: after a
 * pause that grows from one attempt to the next, not before the run said, and as soon as Kintone is
 * back.
 */
final class Attempts {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private final Job job;
  private final Clock clock;
  private final Domains domains;
  private final Consumer<Message> audience;
  private final Text sentence;

  private volatile Duration pause = Duration.ZERO;
  private volatile Instant open = Instant.MIN;

  /**
   * The attempts of a job.
   *
   * @param sentence tells people of a pause: the job, and its seconds
   */
  Attempts(Job job, Clock clock, Domains domains, Consumer<Message> audience, Text sentence) {
    this.job = job;
    this.clock = clock;
    this.domains = domains;
    this.audience = audience;
    this.sentence = sentence;
  }

  boolean isKintoneAway() {
    return domains.isAway(job.connection().baseUrl());
  }

  /** Whether the source may be tried now. */
  boolean isOpen() {
    return !clock.instant().isBefore(open) && !isKintoneAway();
  }

  /** From when on it may be tried; while Kintone is away, when to ask again. */
  Instant opens() {
    Instant soon = clock.instant().plus(FIRST_PAUSE);
    return isKintoneAway() && open.isBefore(soon) ? soon : open;
  }

  void succeeded() {
    pause = Duration.ZERO;
    open = Instant.MIN;
  }

  /**
   * The source has to wait.
   *
   * @param notBefore until when another run would end in the same way; null when nobody knows
   */
  void failed(@Nullable Instant notBefore) {
    if (notBefore != null) {
      pause = Duration.ZERO;
      open = notBefore; // the run has said until when
      return;
    }
    if (isKintoneAway()) {
      succeeded(); // as soon as it is back; that it is away has been said
      return;
    }
    pause = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    open = clock.instant().plus(pause);
    audience.accept(sentence.with(job.name(), pause.toSeconds()));
  }
}
