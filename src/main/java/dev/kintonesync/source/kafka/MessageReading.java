package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.source.json.JsonValues;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes members of rows of the keys and values of messages. */
final class MessageReading {
  private final ValueFormat format;
  private final RowColumns columns;
  private final String plainKey;
  private final @Nullable SchemaLookup schemas;

  /**
   * Reads values of a format.
   *
   * @param plainKey the column that a key without names of its own fills
   * @param schemas those of a registry; null: there is none
   */
  MessageReading(
      ValueFormat format, RowColumns columns, String plainKey, @Nullable SchemaLookup schemas) {
    this.format = format;
    this.columns = columns;
    this.plainKey = plainKey;
    this.schemas = schemas;
  }

  /**
   * What a message says.
   *
   * @param members its row, by the names of the message; those of the key where the value lacks
   *     them
   * @param removes whether the key is gone
   * @param changed when the source changed it; null when the message does not say
   * @param operation {@code op} of Debezium; null in other messages
   */
  record Content(
      Map<String, @Nullable Object> members,
      boolean removes,
      @Nullable Instant changed,
      @Nullable String operation) {}

  /** The key as text; one in Avro is shown as JSON would have it. */
  @Nullable String keyText(byte @Nullable [] key) throws UnreadableException {
    if (key == null || !SchemaLookup.isOfRegistry(key)) {
      return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }
    Object avro = schemas(false).read(key, true);
    return avro instanceof Map<?, ?> map
        ? JsonValues.write(members(map))
        : avro == null ? null : avro.toString();
  }

  /** Reads a message. */
  Content read(byte @Nullable [] key, byte @Nullable [] value) throws UnreadableException {
    var keys = key(key);
    if (value == null) {
      return removal(keys, Map.of(), null, null);
    }
    if (SchemaLookup.isOfRegistry(value)) {
      boolean isJson = format == ValueFormat.JSON || format == ValueFormat.CONNECT;
      Object row = schemas(isJson).read(value, false);
      return row == null ? removal(keys, Map.of(), null, null) : payload(keys, row);
    }
    if (format == ValueFormat.AVRO) {
      throw new UnreadableException(MessageCode.MESSAGE_WITHOUT_REGISTRY.with());
    }
    return read(keys, json(text(value)));
  }

  private SchemaLookup schemas(boolean unwanted) throws UnreadableException {
    if (schemas == null || unwanted) {
      throw new UnreadableException(MessageCode.MESSAGE_OF_REGISTRY.with());
    }
    return schemas;
  }

  private Content read(Map<String, @Nullable Object> keys, @Nullable Object json)
      throws UnreadableException {
    if (format != ValueFormat.JSON && json instanceof Map<?, ?> envelope && isEnveloped(envelope)) {
      Object payload = new ConnectValues(isChangeEvent(envelope.get("payload"))).plain(envelope);
      return payload == null ? removal(keys, Map.of(), null, null) : payload(keys, payload);
    }
    if (format == ValueFormat.CONNECT) {
      throw new UnreadableException(MessageCode.MESSAGE_WITHOUT_SCHEMA.with());
    }
    return json == null ? removal(keys, Map.of(), null, null) : payload(keys, json);
  }

  private static boolean isEnveloped(Map<?, ?> map) {
    Object schema = map.get("schema");
    return map.size() == 2
        && map.containsKey("payload")
        && map.containsKey("schema")
        && (schema == null || (schema instanceof Map<?, ?> of && of.containsKey("type")));
  }

  private Content payload(Map<String, @Nullable Object> keys, Object payload)
      throws UnreadableException {
    boolean reads = format == ValueFormat.DEBEZIUM || format == ValueFormat.AUTO;
    if (reads && isChangeEvent(payload)) {
      return changeEvent(keys, members(payload));
    }
    if (format == ValueFormat.DEBEZIUM) {
      throw new UnreadableException(MessageCode.MESSAGE_NOT_A_CHANGE.with());
    }
    var members = members(payload);
    // of Debezium's transformation that leaves only the row
    if (reads && "true".equals(String.valueOf(members.get("__deleted")))) {
      return removal(keys, members, null, null);
    }
    members.keySet().removeIf(name -> reads && name.equals("__deleted"));
    return new Content(with(keys, members), false, null, null);
  }

  private static boolean isChangeEvent(@Nullable Object payload) {
    return payload instanceof Map<?, ?> map
        && map.get("op") instanceof String op
        && (map.containsKey("source") || map.containsKey("ts_ms"))
        && (map.containsKey("after") || map.containsKey("before") || op.equals("t"));
  }

  private Content changeEvent(
      Map<String, @Nullable Object> keys, Map<String, @Nullable Object> event)
      throws UnreadableException {
    String op = String.valueOf(event.get("op"));
    Instant changed =
        event.get("ts_ms") instanceof Number millis
            ? Instant.ofEpochMilli(millis.longValue())
            : null;
    switch (op) {
      case "c", "u", "r" -> {
        if (event.get("after") == null) {
          throw new UnreadableException(MessageCode.MESSAGE_WITHOUT_ROW.with(op));
        }
        var row = members(event.get("after"));
        row.values().removeIf(ConnectValues::isUnavailable);
        return new Content(with(keys, row), false, changed, op);
      }
      case "d" -> {
        Object before = event.get("before");
        return removal(keys, before == null ? Map.of() : members(before), changed, op);
      }
      case "t" -> throw new UnreadableException(MessageCode.MESSAGE_TRUNCATES.with());
      default -> throw new UnreadableException(MessageCode.MESSAGE_OPERATION.with(Shown.name(op)));
    }
  }

  /** Of a row that is gone only its key counts. */
  private Content removal(
      Map<String, @Nullable Object> keys,
      Map<String, @Nullable Object> row,
      @Nullable Instant changed,
      @Nullable String operation)
      throws UnreadableException {
    var members = new LinkedHashMap<>(keys);
    row.forEach(
        (name, value) -> {
          if (columns.keys().contains(columns.renamed().getOrDefault(name, name))) {
            members.putIfAbsent(name, value);
          }
        });
    if (members.isEmpty()) {
      throw new UnreadableException(MessageCode.MESSAGE_WITHOUT_KEY.with());
    }
    return new Content(members, true, changed, operation);
  }

  private Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> keys, Map<String, @Nullable Object> row) {
    var members = new LinkedHashMap<>(row);
    keys.forEach(
        (name, value) -> {
          if (!hasColumn(row, name)) {
            members.put(name, value);
          }
        });
    return members;
  }

  /** Whether a row fills a column, by its own name or by another one. */
  private boolean hasColumn(Map<String, ?> row, String name) {
    String column = columns.renamed().getOrDefault(name, name);
    return row.keySet().stream()
        .anyMatch(other -> columns.renamed().getOrDefault(other, other).equals(column));
  }

  /** The members of a key: those of its object, or itself as one. */
  private Map<String, @Nullable Object> key(byte @Nullable [] key) throws UnreadableException {
    if (key == null) {
      return Map.of();
    }
    if (SchemaLookup.isOfRegistry(key)) {
      Object avro = schemas(false).read(key, true);
      return avro instanceof Map<?, ?> ? members(avro) : plainKey(avro);
    }
    String text = text(key);
    var parsed = JsonValues.parse(text);
    Object json = parsed.problem() == null ? parsed.value() : text;
    if (json instanceof Map<?, ?> envelope && isEnveloped(envelope)) {
      json = new ConnectValues(true).plain(envelope);
    }
    if (json instanceof Map<?, ?>) {
      return members(json);
    }
    // digits stay as they are written: a key 007 is no 7
    return plainKey(json instanceof Number && parsed.value() == json ? text.strip() : json);
  }

  private Map<String, @Nullable Object> plainKey(@Nullable Object plain) {
    return plain == null ? Map.of() : new LinkedHashMap<>(Map.of(plainKey, plain));
  }

  private static String text(byte[] bytes) throws UnreadableException {
    try {
      return MessageText.strictly(bytes);
    } catch (CharacterCodingException e) {
      throw new UnreadableException(
          MessageCode.MESSAGE_NOT_JSON.with(MessageCode.MESSAGE_NOT_UTF8.with()));
    }
  }

  private static @Nullable Object json(String text) throws UnreadableException {
    var parsed = JsonValues.parse(text);
    Object problem = parsed.problem();
    if (problem != null) {
      throw new UnreadableException(MessageCode.MESSAGE_NOT_JSON.with(problem));
    }
    return parsed.value();
  }

  private static Map<String, @Nullable Object> members(@Nullable Object json)
      throws UnreadableException {
    if (!(json instanceof Map<?, ?> map)) {
      throw new UnreadableException(
          MessageCode.MESSAGE_NOT_AN_OBJECT.with(Shown.name(String.valueOf(json))));
    }
    var members = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((name, value) -> members.put(String.valueOf(name), value));
    return members;
  }
}
