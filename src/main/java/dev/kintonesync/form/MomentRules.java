package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import org.jspecify.annotations.Nullable;

/** Dates, times of day, and moments: Kintone keeps moments in UTC and drops their seconds. */
final class MomentRules implements ValueRules {

  enum Grain {
    DATE,
    TIME,
    DATETIME
  }

  private static final Converted.Value EMPTY = new Converted.Value(NullNode.getInstance());

  private final Grain grain;

  MomentRules(Grain grain) {
    this.grain = grain;
  }

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    if (RawValues.isBlank(raw)) {
      return EMPTY;
    }
    TemporalAccessor moment = read(raw);
    String canonical = moment == null ? null : canonical(moment, conversion.zone());
    if (canonical == null) {
      MessageCode expected =
          switch (grain) {
            case DATE -> MessageCode.VALUE_NOT_A_DATE;
            case TIME -> MessageCode.VALUE_NOT_A_TIME;
            case DATETIME -> MessageCode.VALUE_NOT_A_DATETIME;
          };
      return new Converted.Refused(expected.with(field.name(), RawValues.excerpt(raw)));
    }
    return canonical.isEmpty()
        ? new Converted.Refused(
            MessageCode.VALUE_DATE_OUT_OF_RANGE.with(field.name(), RawValues.excerpt(raw)))
        : new Converted.Value(TextNode.valueOf(canonical));
  }

  static @Nullable TemporalAccessor read(@Nullable Object raw) {
    if (raw instanceof TemporalAccessor moment) {
      return moment;
    }
    String text = RawValues.text(raw);
    return text == null ? null : Moments.parse(Blank.strip(text));
  }

  /** As Kintone writes it; null when this part is missing; empty outside of Kintone's years. */
  private @Nullable String canonical(TemporalAccessor moment, ZoneId zone) {
    TemporalAccessor local = moment;
    if (moment.isSupported(ChronoField.INSTANT_SECONDS)) {
      try {
        local = Instant.from(moment).atZone(zone);
      } catch (DateTimeException farOff) {
        return "";
      }
    }
    if (moment instanceof OffsetTime time) {
      local = time.withOffsetSameInstant(zone.getRules().getStandardOffset(Instant.EPOCH));
    }
    LocalTime time = local.query(TemporalQueries.localTime());
    if (grain == Grain.TIME) {
      return time == null ? null : time.truncatedTo(ChronoUnit.MINUTES).toString();
    }
    LocalDate date = local.query(TemporalQueries.localDate());
    if (date == null) {
      return null;
    }
    if (!isHeld(date)) {
      return "";
    }
    if (grain == Grain.DATE) {
      return date.toString();
    }
    ZonedDateTime zoned =
        local instanceof ZonedDateTime already
            ? already
            : date.atTime(time == null ? LocalTime.MIDNIGHT : time).atZone(zone);
    LocalDateTime utc =
        zoned.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime().truncatedTo(ChronoUnit.MINUTES);
    return isHeld(utc.toLocalDate()) ? utc + ":00Z" : "";
  }

  private static boolean isHeld(LocalDate date) {
    return date.getYear() >= 1000 && date.getYear() <= 9999;
  }

  @Override
  public boolean same(Field field, JsonNode one, JsonNode other) {
    String a = one.asText();
    String b = other.asText();
    if (a.equals(b)) {
      return true;
    }
    TemporalAccessor x = Moments.parse(a.strip());
    TemporalAccessor y = Moments.parse(b.strip());
    if (x == null || y == null) {
      return false;
    }
    String canonical = canonical(x, ZoneOffset.UTC);
    return canonical != null
        && !canonical.isEmpty()
        && canonical.equals(canonical(y, ZoneOffset.UTC));
  }
}
