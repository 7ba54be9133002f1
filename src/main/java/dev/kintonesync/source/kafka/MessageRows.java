package dev.kintonesync.source.kafka;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.json.JsonValues;
import dev.kintonesync.source.kafka.RowColumns.Others;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes source records of messages: the columns that the job takes, and where each came from. */
final class MessageRows {
  private static final String KEY = "_key";
  private static final String TOPIC = "_topic";
  private static final String PARTITION = "_partition";
  private static final String OFFSET = "_offset";
  private static final String TIMESTAMP = "_timestamp";
  private static final String CHANGED = "_changed";
  private static final String OPERATION = "_op";
  private static final String HEADER = "_header.";

  /** The value of a message that could not be read, as it came. */
  private static final String VALUE = "_value";

  private static final int MOST_IGNORED = 50;

  private final RowColumns columns;
  private final MessageReading reading;
  private final Set<String> ignored = new LinkedHashSet<>();

  /**
   * Reads the messages of a topic.
   *
   * @param schemas those of a registry; null: there is none
   */
  MessageRows(TopicQuery query, RowColumns columns, @Nullable SchemaLookup schemas) {
    this.columns = columns;
    String keyColumn = query.keyColumn();
    this.reading =
        new MessageReading(
            query.format(),
            columns,
            keyColumn == null ? columns.keys().get(0) : keyColumn,
            schemas);
  }

  /**
   * The row of a message; one that is none comes with its problem, and can be found again.
   *
   * @throws RuntimeException when its schema cannot be had for now
   */
  SourceRecord row(Position position, ConsumerRecord<byte[], byte[]> message) {
    var place = new LinkedHashMap<String, @Nullable Object>();
    place.put(TOPIC, message.topic());
    place.put(PARTITION, message.partition());
    place.put(OFFSET, message.offset());
    place.put(TIMESTAMP, Instant.ofEpochMilli(message.timestamp()).toString());
    for (var header : message.headers()) {
      place.put(HEADER + header.key(), text(header.value()));
    }
    return read(new Message(position, message.key(), message.value(), null), place);
  }

  /** A rejected row once more: what could not be read is read again, and may be readable now. */
  SourceRecord again(SourceRecord kept) {
    if (!kept.values().containsKey(VALUE)) {
      return kept;
    }
    var place = new LinkedHashMap<>(kept.values());
    byte[] value = MessageText.bytes(asText(place.remove(VALUE)));
    byte[] key = MessageText.bytes(asText(place.remove(KEY)));
    return read(new Message(kept.position(), key, value, kept.ref()), place);
  }

  /** A message that becomes a row. */
  private static final class Message {
    private final Position position;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final @Nullable String ref;

    /**
     * Takes its parts.
     *
     * @param ref of the rejected row that it was; null: it was none
     */
    Message(
        Position position, byte @Nullable [] key, byte @Nullable [] value, @Nullable String ref) {
      this.position = position;
      this.key = key;
      this.value = value;
      this.ref = ref;
    }
  }

  private SourceRecord read(Message message, Map<String, @Nullable Object> place) {
    try {
      var content = reading.read(message.key, message.value);
      return row(message, place, content);
    } catch (UnreadableException e) {
      return unreadable(message, place, e.problem());
    }
  }

  private SourceRecord row(
      Message message, Map<String, @Nullable Object> place, MessageReading.Content content)
      throws UnreadableException {
    var row = new LinkedHashMap<String, @Nullable Object>();
    var others = new ArrayList<String>();
    content
        .members()
        .forEach(
            (name, member) -> {
              String column = columns.renamed().getOrDefault(name, name);
              boolean twice = !name.equals(column) && content.members().containsKey(column);
              if (columns.names().contains(column) && !twice) {
                row.put(column, member);
              } else if (columns.others() == Others.TAKEN) {
                row.put(name, member);
              } else {
                others.add(name);
              }
            });
    if (!others.isEmpty() && columns.others() == Others.REFUSED && !content.removes()) {
      throw new UnreadableException(MessageCode.MESSAGE_COLUMNS_UNKNOWN.with(Shown.names(others)));
    }
    others.stream().limit(Math.max(0, MOST_IGNORED - ignored.size())).forEach(ignored::add);
    if (columns.names().contains(KEY)) {
      place.put(KEY, reading.keyText(message.key));
    }
    if (content.changed() != null) {
      place.put(CHANGED, content.changed().toString());
    }
    if (content.operation() != null) {
      place.put(OPERATION, content.operation());
    }
    place.forEach(
        (name, found) -> {
          if (columns.names().contains(name)) {
            row.putIfAbsent(name, found);
          }
        });
    if (content.removes()) {
      row.put(TopicQuery.DELETED, TopicQuery.YES);
    }
    return record(message, row, null);
  }

  private static SourceRecord unreadable(
      Message message, Map<String, @Nullable Object> place, UserMessage problem) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    row.put(KEY, MessageText.of(message.key));
    row.putAll(place);
    row.put(VALUE, MessageText.of(message.value));
    return record(message, row, problem);
  }

  private static SourceRecord record(
      Message message, Map<String, @Nullable Object> row, @Nullable UserMessage problem) {
    return new SourceRecord(
        message.position, row, List.of(List.of(JsonValues.write(row))), problem, message.ref, null);
  }

  /** The names of members that went nowhere, the first ones. */
  List<String> ignored() {
    return List.copyOf(ignored);
  }

  private static @Nullable String asText(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
