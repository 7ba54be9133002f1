package dev.kintonesync.source.api;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Checkpoint;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The greatest value of a checkpoint column among rows, and the greatest that is not later than the
 * present: values of a JSON member, of which only numbers and times in ISO 8601 can be compared.
 */
final class MaxValue {
  /** With a blank instead of the T, and with offsets as {@code +09:00}, {@code +0900} or Z. */
  private static final DateTimeFormatter MOMENT =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter();

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
  private static final int MOST_DIGITS = 100;
  private static final int SHOWN = 60;
  private static final int DATE_LENGTH = 10;

  private final @Nullable String column;
  private final Instant now;
  private final ZoneId zone;
  private @Nullable Checkpoint greatest;
  private @Nullable Checkpoint untilNow;

  /**
   * No value yet.
   *
   * @param column its name; null: there is no such column
   */
  MaxValue(@Nullable String column, Instant now, ZoneId zone) {
    this.column = column;
    this.now = now;
    this.zone = zone;
  }

  /** Returns one that has met no value yet. */
  MaxValue none() {
    return new MaxValue(column, now, zone);
  }

  /**
   * A row has this value.
   *
   * @param value a {@code BigDecimal} or a text
   * @throws UserErrorException when it cannot be compared with the others
   */
  void add(Object value) {
    var checkpoint = Checkpoint.of(value instanceof String text ? read(text) : value);
    if (checkpoint == null
        || isBeyondWriting(value)
        || (greatest != null && greatest.kind() != checkpoint.kind())) {
      throw new UserErrorException(
          MessageCode.API_CHECKPOINT_VALUE.with(String.valueOf(column), shown(value)));
    }
    greatest = later(greatest, checkpoint);
    Object present = Checkpoint.present(checkpoint.kind(), now, zone);
    if (present == null || !checkpoint.isAfter(present)) {
      untilNow = later(untilNow, checkpoint);
    }
  }

  /** Written out, 1E+999999999 would take gigabytes. */
  private static boolean isBeyondWriting(Object value) {
    return value instanceof BigDecimal number
        && (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS);
  }

  private static String shown(Object value) {
    String text = value.toString();
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  /** Other rows have been read besides. */
  void add(MaxValue other) {
    var theirs = other.greatest;
    if (theirs != null && greatest != null && greatest.kind() != theirs.kind()) {
      throw new UserErrorException(
          MessageCode.API_CHECKPOINT_VALUE.with(String.valueOf(column), theirs.value()));
    }
    greatest = theirs == null ? greatest : later(greatest, theirs);
    untilNow = other.untilNow == null ? untilNow : later(untilNow, other.untilNow);
  }

  private static Checkpoint later(@Nullable Checkpoint one, Checkpoint other) {
    return one == null || other.isAfter(one.value()) ? other : one;
  }

  private static Object read(String text) {
    String value = text.strip();
    try {
      if (NUMBER.matcher(value).matches()) {
        return new BigDecimal(value);
      }
      if (value.length() <= DATE_LENGTH) {
        return LocalDate.parse(value);
      }
      String iso = value.charAt(DATE_LENGTH) == ' ' ? value.replaceFirst(" ", "T") : value;
      return MOMENT.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
    } catch (DateTimeException e) {
      return text;
    }
  }

  /** The greatest of all; null when no row had one. */
  @Nullable Checkpoint greatest() {
    return greatest;
  }

  /** The greatest of those that are not later than the present; null when there is none. */
  @Nullable Checkpoint untilNow() {
    return untilNow;
  }
}
