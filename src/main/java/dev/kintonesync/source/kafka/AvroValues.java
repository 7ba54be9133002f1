package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * The values of one message in Avro, by the schema with which it was written, in the classes that
 * JSON's values have. What bytes claim is not believed before they are there: neither lengths nor
 * counts make room for more than a message can hold. For one message.
 *
 * <p>Sources: "Binary encoding" and "Logical types" of the Avro specification 1.12; Confluent's
 * AvroData, for the schemas of Kafka Connect.
 */
final class AvroValues {
  /** What Kafka Connect calls a type of its own. */
  private static final String CONNECT_NAME = "connect.name";

  private static final String CONNECT_PARAMETERS = "connect.parameters";

  private static final int DEEPEST = 500;

  /** Values that take no bytes are few in messages that mean well. */
  private static final int MOST_WITHOUT_BYTES = 10_000;

  private static final long THOUSAND = 1_000;

  private final ConnectValues connect;
  private final ByteArrayInputStream left;
  private final Decoder decoder;
  private long allowed;
  private int depth;

  private AvroValues(ByteBuffer message, boolean wallClock) {
    this.connect = new ConnectValues(wallClock);
    this.left =
        new ByteArrayInputStream(
            message.array(), message.arrayOffset() + message.position(), message.remaining());
    // one that reads no further than it is asked for, so that it is known what is left
    this.decoder = DecoderFactory.get().directBinaryDecoder(left, null);
    this.allowed = 4L * message.remaining() + MOST_WITHOUT_BYTES;
  }

  /** Bytes that are not what their schema says. */
  private static final class BrokenException extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient UserMessage what;

    BrokenException(UserMessage what) {
      super(what.toString());
      this.what = what;
    }
  }

  /**
   * Reads a value.
   *
   * @param message the value alone, in an array
   * @param number the number of its schema, to be named
   * @param wallClock whether Kafka Connect's own times are those of a clock on the wall
   * @throws UnreadableException when the bytes are not of the schema
   */
  static @Nullable Object read(ByteBuffer message, Schema schema, int number, boolean wallClock)
      throws UnreadableException {
    var values = new AvroValues(message, wallClock);
    try {
      Object value = values.value(schema);
      int rest = values.left.available();
      if (rest > 0) {
        throw new BrokenException(MessageCode.AVRO_TOO_LONG.with(rest));
      }
      return value;
    } catch (BrokenException e) {
      throw new UnreadableException(MessageCode.MESSAGE_NOT_AVRO.with(number, e.what));
    } catch (EOFException e) {
      throw new UnreadableException(
          MessageCode.MESSAGE_NOT_AVRO.with(number, MessageCode.AVRO_TOO_SHORT.with()));
    } catch (IOException | RuntimeException e) {
      // a number of too many bytes, for instance
      throw new UnreadableException(
          MessageCode.MESSAGE_NOT_AVRO.with(number, Shown.name(String.valueOf(e.getMessage()))));
    }
  }

  private @Nullable Object value(Schema schema) throws IOException {
    if (++depth > DEEPEST) {
      throw new BrokenException(MessageCode.AVRO_TOO_DEEP.with(DEEPEST));
    }
    if (--allowed < 0) {
      throw new BrokenException(MessageCode.AVRO_TOO_MANY.with());
    }
    try {
      return switch (schema.getType()) {
        case NULL -> null;
        case UNION -> value(branch(schema));
        case RECORD -> record(schema);
        case ARRAY -> array(schema.getElementType());
        case MAP -> map(schema.getValueType());
        case ENUM -> symbol(schema);
        default -> meaning(schema, plain(schema));
      };
    } finally {
      depth--;
    }
  }

  private Object plain(Schema schema) throws IOException {
    return switch (schema.getType()) {
      case BOOLEAN -> decoder.readBoolean();
      case INT -> decoder.readInt();
      case LONG -> decoder.readLong();
      case FLOAT -> number(Float.toString(decoder.readFloat()));
      case DOUBLE -> number(Double.toString(decoder.readDouble()));
      case STRING -> text();
      case BYTES -> bytes(decoder.readLong());
      case FIXED -> bytes(schema.getFixedSize());
      default -> throw new IllegalStateException(schema.getType() + " is not plain");
    };
  }

  /** The digits that stand for it; text where it is no number. */
  private static Object number(String digits) {
    char last = digits.charAt(digits.length() - 1);
    return last >= '0' && last <= '9' ? new BigDecimal(digits) : digits;
  }

  private Schema branch(Schema union) throws IOException {
    return union.getTypes().get(index(union.getTypes().size()));
  }

  private String symbol(Schema schema) throws IOException {
    return schema.getEnumSymbols().get(index(schema.getEnumSymbols().size()));
  }

  private int index(int size) throws IOException {
    int index = decoder.readInt();
    if (index < 0 || index >= size) {
      throw new BrokenException(MessageCode.AVRO_NO_SUCH_TYPE.with(index, size));
    }
    return index;
  }

  private Object record(Schema schema) throws IOException {
    var members = new LinkedHashMap<String, @Nullable Object>();
    for (var field : schema.getFields()) {
      members.put(field.name(), value(field.schema()));
    }
    Object known = ofConnect(name(schema), schema, members);
    return known == null ? members : known;
  }

  private List<@Nullable Object> array(Schema element) throws IOException {
    var list = new ArrayList<@Nullable Object>();
    for (long count = decoder.readArrayStart(); count > 0; count = decoder.arrayNext()) {
      for (long i = 0; i < count; i++) {
        list.add(value(element));
      }
    }
    return list;
  }

  private Map<String, @Nullable Object> map(Schema value) throws IOException {
    var map = new LinkedHashMap<String, @Nullable Object>();
    for (long count = decoder.readMapStart(); count > 0; count = decoder.mapNext()) {
      for (long i = 0; i < count; i++) {
        String name = text();
        if (map.containsKey(name)) {
          throw new BrokenException(MessageCode.JSON_NAME_TWICE.with(Shown.name(name)));
        }
        map.put(name, value(value));
      }
    }
    return map;
  }

  private String text() throws IOException {
    var bytes = ByteBuffer.wrap(bytes(decoder.readLong()));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new BrokenException(MessageCode.MESSAGE_NOT_UTF8.with());
    }
  }

  private byte[] bytes(long length) throws IOException {
    if (length < 0 || length > left.available()) {
      throw new EOFException();
    }
    var bytes = new byte[(int) length];
    decoder.readFixed(bytes);
    return bytes;
  }

  /** What a value stands for by its type; bytes without a meaning are base64, as in JSON. */
  private Object meaning(Schema schema, Object value) {
    Object found = ofConnect(schema.getProp(CONNECT_NAME), schema, value);
    if (found == null) {
      found = logical(schema, value);
    }
    if (found == null) {
      found = value;
    }
    return found instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : found;
  }

  /** A record is named by itself, where Connect did not write its name once more. */
  private static String name(Schema record) {
    String name = record.getProp(CONNECT_NAME);
    return name == null ? record.getFullName() : name;
  }

  private @Nullable Object ofConnect(@Nullable String name, Schema schema, Object value) {
    try {
      return name == null
          ? null
          : connect.logical(name, schema.getObjectProp(CONNECT_PARAMETERS), value);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      return value; // not what the name promises: the field of Kintone refuses it with a reason
    }
  }

  private static @Nullable Object logical(Schema schema, Object value) {
    var type = schema.getLogicalType();
    if (type == null) {
      return null;
    }
    try {
      return value instanceof byte[] bytes
          ? ofBytes(schema, bytes)
          : value instanceof Number number ? ofNumber(type.getName(), number.longValue()) : null;
    } catch (ArithmeticException | DateTimeException e) {
      return null; // nobody's time: the field of Kintone refuses the number with a reason
    }
  }

  private static @Nullable Object ofBytes(Schema schema, byte[] bytes) {
    var type = schema.getLogicalType();
    if (type instanceof LogicalTypes.Decimal decimal && bytes.length > 0) {
      return new BigDecimal(new BigInteger(bytes), decimal.getScale());
    }
    if (type.getName().equals("uuid")) {
      var halves = ByteBuffer.wrap(bytes);
      return new UUID(halves.getLong(), halves.getLong()).toString();
    }
    return null;
  }

  private static @Nullable Object ofNumber(String type, long number) {
    return switch (type) {
      case "date" -> LocalDate.ofEpochDay(number).toString();
      case "time-millis" -> ConnectValues.time(Math.multiplyExact(number, THOUSAND * THOUSAND));
      case "time-micros" -> ConnectValues.time(Math.multiplyExact(number, THOUSAND));
      case "timestamp-millis" -> ConnectValues.timestamp(millis(number), false);
      case "timestamp-micros" -> ConnectValues.timestamp(micros(number), false);
      case "timestamp-nanos" -> ConnectValues.timestamp(nanos(number), false);
      case "local-timestamp-millis" -> ConnectValues.timestamp(millis(number), true);
      case "local-timestamp-micros" -> ConnectValues.timestamp(micros(number), true);
      case "local-timestamp-nanos" -> ConnectValues.timestamp(nanos(number), true);
      default -> null;
    };
  }

  private static Instant millis(long number) {
    return Instant.ofEpochMilli(number);
  }

  private static Instant micros(long number) {
    return Instant.EPOCH.plus(number, ChronoUnit.MICROS);
  }

  private static Instant nanos(long number) {
    return Instant.EPOCH.plusNanos(number);
  }
}
