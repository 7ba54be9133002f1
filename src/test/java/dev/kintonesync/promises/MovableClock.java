package dev.kintonesync.promises;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes on as clocks do, and that a test may move forward. */
public final class MovableClock extends Clock {
  private volatile Duration ahead = Duration.ZERO;

  /** Moves it forward. */
  public synchronized void move(Duration forward) {
    ahead = ahead.plus(forward);
  }

  /** Moves it to an instant; from there it goes on. */
  synchronized void moveTo(Instant instant) {
    ahead = Duration.between(Instant.now(), instant);
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
