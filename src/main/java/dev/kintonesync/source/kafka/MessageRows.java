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

  MessageRows(TopicQuery query, RowColumns columns) {
    this.columns = columns;
    String keyColumn = query.keyColumn();
    this.reading =
        new MessageReading(
            query.format(), columns, keyColumn == null ? columns.keys().get(0) : keyColumn);
  }

  /** The row of a message; one that is none comes with its problem, and can be found again. */
  SourceRecord row(Position position, ConsumerRecord<byte[], byte[]> message) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put(KEY, text(message.key()));
    members.put(TOPIC, message.topic());
    members.put(PARTITION, message.partition());
    members.put(OFFSET, message.offset());
    members.put(TIMESTAMP, Instant.ofEpochMilli(message.timestamp()).toString());
    for (var header : message.headers()) {
      members.put(HEADER + header.key(), text(header.value()));
    }
    try {
      var content = reading.read(message.key(), message.value());
      return row(position, members, content, text(message.value()), null);
    } catch (MessageReading.UnreadableException e) {
      return unreadable(position, members, text(message.value()), e.problem(), null);
    }
  }

  /** A rejected row once more: what could not be read is read again, and may be readable now. */
  SourceRecord again(SourceRecord kept) {
    if (!kept.values().containsKey(VALUE)) {
      return kept;
    }
    var members = new LinkedHashMap<>(kept.values());
    String value = asText(members.remove(VALUE));
    try {
      var content = reading.read(bytes(asText(members.get(KEY))), bytes(value));
      return row(kept.position(), members, content, value, kept.ref());
    } catch (MessageReading.UnreadableException e) {
      return unreadable(kept.position(), members, value, e.problem(), kept.ref());
    }
  }

  private SourceRecord row(
      Position position,
      Map<String, @Nullable Object> place,
      MessageReading.Content content,
      @Nullable String value,
      @Nullable String ref) {
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
      return unreadable(
          position,
          place,
          value,
          MessageCode.MESSAGE_COLUMNS_UNKNOWN.with(Shown.names(others)),
          ref);
    }
    others.stream().limit(Math.max(0, MOST_IGNORED - ignored.size())).forEach(ignored::add);
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
    return new SourceRecord(
        position, row, List.of(List.of(JsonValues.write(row))), null, ref, null);
  }

  private static SourceRecord unreadable(
      Position position,
      Map<String, @Nullable Object> place,
      @Nullable String value,
      UserMessage problem,
      @Nullable String ref) {
    var row = new LinkedHashMap<>(place);
    row.put(VALUE, value);
    return new SourceRecord(
        position, row, List.of(List.of(JsonValues.write(row))), problem, ref, null);
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

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
