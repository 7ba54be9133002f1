package dev.kintonesync.simulator.state;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** The machine's clock, which can be put forward: what expires in days then expires at once. */
public final class SimulatedClock extends Clock {
  private volatile Duration ahead = Duration.ZERO;

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  /** The present minute, which is all that Kintone keeps of an instant. */
  public Instant minute() {
    return instant().truncatedTo(ChronoUnit.MINUTES);
  }

  /** Puts the clock forward. */
  public synchronized void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  /** Sets it back to the machine's. */
  public synchronized void reset() {
    ahead = Duration.ZERO;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(instant(), zone);
  }
}
