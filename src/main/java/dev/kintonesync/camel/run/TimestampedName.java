package dev.kintonesync.camel.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Names for files that must not replace an earlier one: {@code a.csv} gets a time stamp. A name
 * that would become too long for a file system loses the end of what stands before the stamp.
 */
public final class TimestampedName {
  private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

  /** Linux takes 255 bytes, which 85 kana fill; the reason of a failed file has four more. */
  private static final int MOST_BYTES = 251;

  /** What stands behind the last dot of a name and is longer is no ending, in bytes. */
  private static final int MOST_OF_ENDING = 16;

  private TimestampedName() {}

  /** {@code customers.20261122-023114-250.csv} for {@code customers.csv}. */
  public static String on(Path file, Clock clock) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    boolean ends = dot > 0 && bytes(name.substring(dot)) <= MOST_OF_ENDING;
    String ending = ends ? name.substring(dot) : "";
    String stamped = "." + FORM.format(clock.instant().atZone(ZoneId.systemDefault())) + ending;
    String stem = ends ? name.substring(0, dot) : name;
    while (bytes(stem) + bytes(stamped) > MOST_BYTES) {
      stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
    }
    return stem + stamped;
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
