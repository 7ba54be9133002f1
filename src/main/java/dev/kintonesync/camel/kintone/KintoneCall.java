package dev.kintonesync.camel.kintone;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.Backoff;
import dev.kintonesync.kintone.KintoneRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to Kintone with all its attempts, as the route {@code kintone-request} loops over it.
 * A request is sent again only when that cannot apply anything twice, with growing pauses and
 * jitter, until the patience is used up.
 */
public final class KintoneCall {
  private final KintoneRequest request;
  private final Pauses pauses;
  private final Clock clock;
  private final Instant deadline;
  private final BooleanSupplier abandoned;

  private @Nullable Answer answer;
  private boolean withheld;
  private boolean addressed;

  /** Whether the next attempt would begin before the deadline, as it was at the last answer. */
  private boolean inTime;

  private int attempts;
  private int running;
  private Duration pause;

  /**
   * How long to wait between attempts, and for how long in all.
   *
   * @param backoff the pauses between attempts
   * @param patience how long Kintone may leave us without what we asked for
   */
  public record Pauses(Backoff backoff, Duration patience) {

    /** The pause before the attempt after {@code attempts}. */
    public Duration after(int attempts) {
      return backoff.jitteredAfter(attempts);
    }
  }

  /**
   * A call that has not been sent yet.
   *
   * @param deadline no attempt but the first begins later
   * @param pause before the first attempt; more than nothing where the last requests went
   *     unanswered
   * @param abandoned whether whoever asks has given up
   */
  KintoneCall(
      KintoneRequest request,
      Pauses pauses,
      Clock clock,
      Instant deadline,
      Duration pause,
      BooleanSupplier abandoned) {
    this.request = request;
    this.pauses = pauses;
    this.clock = clock;
    this.deadline = deadline;
    this.pause = pause;
    this.abandoned = abandoned;
  }

  /** Whether it is to be sent, for the first time or once more. */
  public boolean isOpen() {
    return answer == null || (inTime && isRepeatable());
  }

  /** Whether only for want of time it is not sent again. */
  boolean isOutOfPatience() {
    return answer != null && !inTime && isRepeatable();
  }

  private boolean isRepeatable() {
    return getAnswer().mayBeRepeated(request) && !withheld && !abandoned.getAsBoolean();
  }

  /** It must not be sent, at first or again. */
  void withhold(Answer instead) {
    withheld = true;
    answer = instead;
  }

  /** The answer is not about the request but about how it was sent: it is sent in another way. */
  void sendOtherwise() {
    answer = null;
    pause = Duration.ZERO;
  }

  /** How long to wait before the next attempt. */
  Duration pause() {
    return pause;
  }

  /** Whether a file is sent or fetched. */
  public boolean isFile() {
    return request.isUpload() || request.isDownload();
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

  /**
   * It goes out.
   *
   * @param inAddress whether its parameters are in its address
   */
  void sent(boolean inAddress) {
    attempts++;
    addressed = inAddress;
  }

  /** Whether its parameters were in its address when it was sent last. */
  boolean wasAddressed() {
    return addressed;
  }

  /** What an attempt ended as. */
  void answered(Answer answer) {
    this.answer = answer;
    this.pause = pauses.after(attempts);
    // found out once: who asks a moment later must not hear something else
    this.inTime = clock.instant().plus(pause).isBefore(deadline);
  }

  /** What the last attempt ended as. */
  public Answer getAnswer() {
    if (answer == null) {
      throw new IllegalStateException("not sent yet: " + request);
    }
    return answer;
  }
}
