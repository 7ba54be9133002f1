package dev.kintonesync.source.kafka;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of Kafka Connect by their schemas: what it has as numbers and bytes becomes what people
 * would write.
 *
 * <p>Sources: "JsonConverter" and "Logical types" of Kafka Connect; "Data type mappings" of
 * Debezium's connectors.
 */
final class ConnectValues {
  /** What Debezium writes in place of a large value that did not change. */
  private static final String UNAVAILABLE = "__debezium_unavailable_value";

  /** The same where the value is of bytes, as JSON has them. */
  private static final String UNAVAILABLE_BYTES =
      Base64.getEncoder().encodeToString(UNAVAILABLE.getBytes(StandardCharsets.UTF_8));

  private static final long MICROS = 1_000_000;
  private static final long NANOS = 1_000_000_000;

  /**
   * Whether a time without zone is that of a clock on the wall, as databases have it and Debezium
   * passes it on; otherwise it is an instant.
   */
  private final boolean wallClock;

  ConnectValues(boolean wallClock) {
    this.wallClock = wallClock;
  }

  /** The payload of an envelope. */
  @Nullable Object plain(Map<?, ?> envelope) {
    return plain(envelope.get("schema"), envelope.get("payload"));
  }

  /** Whether the source did not say a value, because it did not change. */
  static boolean isUnavailable(@Nullable Object value) {
    return UNAVAILABLE.equals(value) || UNAVAILABLE_BYTES.equals(value);
  }

  private @Nullable Object plain(@Nullable Object schema, @Nullable Object value) {
    if (value == null || !(schema instanceof Map<?, ?> described)) {
      return value;
    }
    if (isUnavailable(value)) {
      return value;
    }
    Object name = described.get("name");
    try {
      Object known =
          name == null ? null : logical(name.toString(), described.get("parameters"), value);
      if (known != null) {
        return known;
      }
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      return value; // not what the schema promises: the field of Kintone refuses it with a reason
    }
    return switch (String.valueOf(described.get("type"))) {
      case "struct" -> struct(described, value);
      case "array" -> array(described, value);
      case "map" -> map(described, value);
      default -> value;
    };
  }

  private Object struct(Map<?, ?> schema, Object value) {
    if (!(value instanceof Map<?, ?> members) || !(schema.get("fields") instanceof List<?> list)) {
      return value;
    }
    var fields = new LinkedHashMap<String, @Nullable Object>();
    for (Object field : list) {
      if (field instanceof Map<?, ?> described) {
        fields.put(String.valueOf(described.get("field")), described);
      }
    }
    var plain = new LinkedHashMap<String, @Nullable Object>();
    members.forEach(
        (name, member) ->
            plain.put(String.valueOf(name), plain(fields.get(String.valueOf(name)), member)));
    return plain;
  }

  private Object array(Map<?, ?> schema, Object value) {
    if (!(value instanceof List<?> list)) {
      return value;
    }
    var plain = new ArrayList<@Nullable Object>(list.size());
    list.forEach(member -> plain.add(plain(schema.get("items"), member)));
    return plain;
  }

  private Object map(Map<?, ?> schema, Object value) {
    if (!(value instanceof Map<?, ?> members)) {
      return value;
    }
    var plain = new LinkedHashMap<String, @Nullable Object>();
    members.forEach(
        (name, member) -> plain.put(String.valueOf(name), plain(schema.get("values"), member)));
    return plain;
  }

  /**
   * A value of a type that has a name of its own; null when the name is not known.
   *
   * @param parameters those of the type's schema, where it has some
   * @param value a number, text, or bytes, these also in base64
   * @throws IllegalArgumentException when it is not what the name promises
   * @throws ArithmeticException when it is too large
   * @throws DateTimeException when no calendar has it
   */
  @Nullable Object logical(String name, @Nullable Object parameters, Object value) {
    return switch (name) {
      case "org.apache.kafka.connect.data.Decimal" -> decimal(parameters, value);
      case "io.debezium.data.VariableScaleDecimal" -> variableScale(value);
      case "org.apache.kafka.connect.data.Date", "io.debezium.time.Date" ->
          LocalDate.ofEpochDay(number(value)).toString();
      case "org.apache.kafka.connect.data.Time", "io.debezium.time.Time" ->
          time(Math.multiplyExact(number(value), MICROS));
      case "io.debezium.time.MicroTime" -> time(Math.multiplyExact(number(value), 1000L));
      case "io.debezium.time.NanoTime" -> time(number(value));
      case "org.apache.kafka.connect.data.Timestamp" ->
          timestamp(Instant.ofEpochMilli(number(value)), wallClock);
      case "io.debezium.time.Timestamp" -> timestamp(Instant.ofEpochMilli(number(value)), true);
      case "io.debezium.time.MicroTimestamp" ->
          timestamp(Instant.EPOCH.plus(number(value), ChronoUnit.MICROS), true);
      case "io.debezium.time.NanoTimestamp" ->
          timestamp(Instant.EPOCH.plusNanos(number(value)), true);
      default -> null;
    };
  }

  private static Object decimal(@Nullable Object parameters, Object value) {
    if (value instanceof Number) {
      return value; // decimal.format = NUMERIC
    }
    Object scale = parameters instanceof Map<?, ?> map ? map.get("scale") : null;
    return new BigDecimal(unscaled(value), scale == null ? 0 : Integer.parseInt(scale.toString()));
  }

  private static @Nullable Object variableScale(Object value) {
    return value instanceof Map<?, ?> map && map.get("value") != null
        ? new BigDecimal(unscaled(map.get("value")), (int) number(map.get("scale")))
        : null;
  }

  private static BigInteger unscaled(@Nullable Object value) {
    return new BigInteger(
        value instanceof byte[] bytes ? bytes : Base64.getDecoder().decode(String.valueOf(value)));
  }

  private static long number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalArgumentException("not a number: " + value);
  }

  /** A time of day, by the nanoseconds since midnight. */
  static String time(long nanos) {
    return LocalTime.ofNanoOfDay(nanos % (24 * 60 * 60 * NANOS)).toString();
  }

  /** A point in time, or, on the wall, what a clock without a zone shows there. */
  static String timestamp(Instant instant, boolean onTheWall) {
    return onTheWall
        ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString()
        : instant.toString();
  }
}
