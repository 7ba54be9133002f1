package dev.kintonesync.source;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Up to which value of its checkpoint column a database has been read.
 *
 * @param kind what kind of column it is
 * @param value a {@code BigDecimal}, {@code LocalDate}, {@code LocalDateTime} or {@code
 *     OffsetDateTime}, by the kind
 */
public record Checkpoint(Kind kind, Object value) {

  /** So far may the clocks of two computers differ, without a word. */
  private static final Duration ASTRAY = Duration.ofHours(1);

  /** How drivers hand over infinity. */
  private static final Set<Object> ENDS =
      Set.of(
          LocalDate.MAX,
          LocalDate.MIN,
          LocalDateTime.MAX,
          LocalDateTime.MIN,
          OffsetDateTime.MAX,
          OffsetDateTime.MIN);

  /** What a checkpoint column may hold. */
  public enum Kind {
    NUMBER,
    DATE,
    /** A date and time without a zone. */
    LOCAL,
    /** A date and time with a zone. */
    MOMENT
  }

  /** The checkpoint of a value as it was read; null for a type that cannot be one. */
  public static @Nullable Checkpoint of(Object value) {
    if (value instanceof BigDecimal) {
      return new Checkpoint(Kind.NUMBER, value);
    }
    if (value instanceof LocalDate) {
      return new Checkpoint(Kind.DATE, value);
    }
    if (value instanceof LocalDateTime) {
      return new Checkpoint(Kind.LOCAL, value);
    }
    return value instanceof OffsetDateTime ? new Checkpoint(Kind.MOMENT, value) : null;
  }

  /** The checkpoint that {@link #toString} has written. */
  public static Checkpoint parse(String written) {
    int space = written.indexOf(' ');
    var kind = Kind.valueOf(written.substring(0, space));
    String value = written.substring(space + 1);
    return new Checkpoint(
        kind,
        switch (kind) {
          case NUMBER -> new BigDecimal(value);
          case DATE -> LocalDate.parse(value);
          case LOCAL -> LocalDateTime.parse(value);
          case MOMENT -> OffsetDateTime.parse(value);
        });
  }

  /** The present as a value of this kind; null for numbers, which know no present. */
  public static @Nullable Object present(Kind kind, Instant now, ZoneId zone) {
    return switch (kind) {
      case NUMBER -> null;
      case DATE -> LocalDate.ofInstant(now, zone);
      case LOCAL -> LocalDateTime.ofInstant(now, zone);
      case MOMENT -> OffsetDateTime.ofInstant(now, zone);
    };
  }

  Checkpoint minus(BigDecimal numbers) {
    return new Checkpoint(kind, ((BigDecimal) value).subtract(numbers));
  }

  Checkpoint minus(Duration time) {
    return shifted(time.negated());
  }

  /** So much later, a date by whole days, of which none is left out; infinity is so already. */
  public Checkpoint shifted(Duration time) {
    if (ENDS.contains(value)) {
      return this;
    }
    return new Checkpoint(
        kind,
        switch (kind) {
          case NUMBER -> value;
          case DATE -> ((LocalDate) value).atStartOfDay().plus(time).toLocalDate();
          case LOCAL -> ((LocalDateTime) value).plus(time);
          case MOMENT -> ((OffsetDateTime) value).plus(time);
        });
  }

  /** Whether it lies so far in the future that it is no matter of two clocks. */
  public boolean isInTheFuture(Instant now, ZoneId zone) {
    Object present = present(kind, now, zone);
    return present != null && minus(ASTRAY).isAfter(present);
  }

  /** The earlier of two; the other one when they are of different kinds. */
  public Checkpoint orEarlier(Checkpoint other) {
    return kind == other.kind && compare(value, other.value) < 0 ? this : other;
  }

  /** Whether it lies behind a value of its kind. */
  public boolean isAfter(Object other) {
    return compare(value, other) > 0;
  }

  private static int compare(Object one, Object other) {
    if (one instanceof BigDecimal number) {
      return number.compareTo((BigDecimal) other);
    }
    if (one instanceof LocalDate date) {
      return date.compareTo((LocalDate) other);
    }
    if (one instanceof LocalDateTime local) {
      return local.compareTo((LocalDateTime) other);
    }
    return ((OffsetDateTime) one).toInstant().compareTo(((OffsetDateTime) other).toInstant());
  }

  /** Such as {@code MOMENT 2026-04-23T15:31:05.123456+09:00}. */
  @Override
  public String toString() {
    return kind + " " + (value instanceof BigDecimal number ? number.toPlainString() : value);
  }
}
