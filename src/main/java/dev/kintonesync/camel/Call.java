package dev.kintonesync.camel;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to Kintone with all its attempts, as the route {@code kintone-request} loops over it.
 * A request is sent again only when that cannot apply anything twice, with growing pauses and
 * jitter, until the patience is used up.
 */
public final class Call {
  private final KintoneRequest request;
  private final Pauses pauses;
  private final Clock clock;
  private final Instant begun;
  private final BooleanSupplier abandoned;

  private @Nullable Answer answer;
  private int attempts;
  private int running;
  private Duration pause = Duration.ZERO;

  /**
   * How long to wait between attempts, and for how long in all.
   *
   * @param first the pause before the second attempt; doubled for each next one
   * @param longest no pause is longer
   * @param patience no attempt begins later than this after the first one
   */
  public record Pauses(Duration first, Duration longest, Duration patience) {

    /** The pause before the attempt after {@code attempts}: half of it fixed, half by chance. */
    Duration after(int attempts) {
      long doubled = first.toMillis() << Math.min(attempts - 1, 20);
      long millis = Math.min(doubled, longest.toMillis());
      return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }
  }

  Call(KintoneRequest request, Pauses pauses, Clock clock, BooleanSupplier abandoned) {
    this.request = request;
    this.pauses = pauses;
    this.clock = clock;
    this.begun = clock.instant();
    this.abandoned = abandoned;
  }

  /** Whether it is to be sent, for the first time or once more. */
  public boolean isOpen() {
    return answer == null
        || (answer.mayBeRepeated(request)
            && !abandoned.getAsBoolean()
            && clock.instant().plus(pause).isBefore(begun.plus(pauses.patience())));
  }

  /** How long to wait before the next attempt. */
  Duration pause() {
    return pause;
  }

  /** Whether Kintone may take minutes for it. */
  public boolean isBulk() {
    return request.isBulk();
  }

  KintoneRequest request() {
    return request;
  }

  /** Whether the next attempt is not the first one. */
  boolean isRepeated() {
    return attempts > 0;
  }

  /** How often it has been sent. */
  int attempts() {
    return attempts;
  }

  /** How many requests the domain was working on when it answered last; 0 when it did not say. */
  int running() {
    return running;
  }

  /** The domain says how many requests it is working on. */
  void running(int requests) {
    running = requests;
  }

  void sent() {
    attempts++;
  }

  /** What an attempt ended as. */
  void answered(Answer answer) {
    this.answer = answer;
    this.pause = pauses.after(attempts);
  }

  /** What the last attempt ended as. */
  public Answer getAnswer() {
    if (answer == null) {
      throw new IllegalStateException("not sent yet: " + request);
    }
    return answer;
  }
}
