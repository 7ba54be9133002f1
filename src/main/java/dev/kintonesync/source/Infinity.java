package dev.kintonesync.source;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What no calendar and no clock has. Drivers hand over {@code infinity} and {@code 24:00} of a
 * database as the greatest values of their classes.
 */
public final class Infinity {
  private Infinity() {}

  /** The value, or the text that the database shows for it where it is such a one. */
  public static @Nullable Object asText(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Infinity::asText).collect(Collectors.toList());
    }
    if (OffsetDateTime.MAX.equals(value)
        || LocalDateTime.MAX.equals(value)
        || LocalDate.MAX.equals(value)) {
      return "infinity";
    }
    if (OffsetDateTime.MIN.equals(value)
        || LocalDateTime.MIN.equals(value)
        || LocalDate.MIN.equals(value)) {
      return "-infinity";
    }
    return LocalTime.MAX.equals(value) ? "24:00" : value;
  }
}
