package dev.kintonesync.source.kafka;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of a topic is not settled yet.
 *
 * @param messages how many messages of the partitions that this program reads
 * @param oldest the time of the oldest of them that was received; null when none was
 */
public record Backlog(long messages, @Nullable Instant oldest) {

  /** How long the oldest message has waited; zero when none was received. */
  public Duration age(Instant now) {
    return oldest == null || oldest.isAfter(now) ? Duration.ZERO : Duration.between(oldest, now);
  }
}
