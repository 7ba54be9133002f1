package dev.kintonesync.form;

import dev.kintonesync.message.Blank;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import org.jspecify.annotations.Nullable;

/** Reads values of a source as the fields of a form do, for whoever only looks at them. */
public final class Readings {

  /**
   * A time as it was read; a date stands for its whole day.
   *
   * @param from the first instant that it may mean
   * @param to the last one
   */
  public record Moment(Instant from, Instant to) {}

  private Readings() {}

  /** Whether a value is empty: also one of nothing but blanks. */
  public static boolean isBlank(@Nullable Object raw) {
    return RawValues.isBlank(raw);
  }

  /**
   * Returns the number that a value stands for; null when it is none, or one that would take more
   * than {@value Decimals#LONGEST} digits to write out, such as 1E+999999999, which would also take
   * gigabytes to add up. No number field holds so many.
   */
  public static @Nullable BigDecimal number(@Nullable Object raw) {
    String digits = RawValues.digits(raw);
    BigDecimal number = digits == null ? null : Numerals.read(Blank.strip(digits));
    boolean endless =
        number != null
            && Math.max(number.precision(), Math.abs((long) number.scale())) > Decimals.LONGEST;
    return endless ? null : number;
  }

  /** Returns the date or time that a value stands for; null when it is none. */
  public static @Nullable Moment moment(@Nullable Object raw, ZoneId zone) {
    TemporalAccessor read = MomentRules.read(raw);
    if (read == null) {
      return null;
    }
    try {
      if (read.isSupported(ChronoField.INSTANT_SECONDS)) {
        Instant at = Instant.from(read);
        return new Moment(at, at);
      }
      LocalDate date = read.query(TemporalQueries.localDate());
      if (date == null) {
        return null;
      }
      LocalTime time = read.query(TemporalQueries.localTime());
      Instant from = date.atTime(time == null ? LocalTime.MIN : time).atZone(zone).toInstant();
      return new Moment(
          from, time == null ? date.atTime(LocalTime.MAX).atZone(zone).toInstant() : from);
    } catch (DateTimeException farOff) {
      return null;
    }
  }

  /** Returns a value as one short line for a message. */
  public static String excerpt(@Nullable Object raw) {
    return RawValues.excerpt(raw);
  }
}
