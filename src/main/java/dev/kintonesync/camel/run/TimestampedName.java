package dev.kintonesync.camel.run;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Names for files that must not replace an earlier one: {@code a.csv} gets a time stamp. */
public final class TimestampedName {
  private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

  private TimestampedName() {}

  /** {@code customers.20261122-023114-250.csv} for {@code customers.csv}. */
  public static String on(Path file, Clock clock) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String stamp = FORM.format(clock.instant().atZone(ZoneId.systemDefault()));
    return dot <= 0
        ? name + "." + stamp
        : name.substring(0, dot) + "." + stamp + name.substring(dot);
  }
}
