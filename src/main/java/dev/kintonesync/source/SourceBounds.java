package dev.kintonesync.source;

import java.time.Duration;

/**
 * Where the reading of a source ends that has no end.
 *
 * @param rows more rows are not read
 * @param bytes more bytes of the answers of an API are not read; packed ones count unpacked
 * @param time how long the pages of an API may take to come
 */
public record SourceBounds(int rows, long bytes, Duration time) {

  /** As where nobody says anything. */
  public static final SourceBounds DEFAULT =
      new SourceBounds(5_000_000, 4L << 30, Duration.ofHours(6));
}
