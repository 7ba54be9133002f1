package dev.kintonesync.source.kafka;

import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.kafka.RowColumns.Others;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A topic whose messages are read without a broker, and the columns that its rows may have. */
final class TopicOfItems {
  private static final Set<String> NAMES =
      Set.of(
          "id",
          "name",
          "price",
          "rate",
          "born",
          "at",
          "micro",
          "nano",
          "zoned",
          "due",
          "opens",
          "tags",
          "note",
          "picture",
          "v",
          "_op",
          "_changed",
          "_key",
          "_deleted");

  private TopicOfItems() {}

  /** Reads its messages; 品名 is another name of the column name. */
  static MessageRows rows(ValueFormat format, Others others, @Nullable SchemaLookup schemas) {
    var query =
        new TopicQuery(
            "b:1",
            "items",
            "g",
            Map.of(),
            format,
            null,
            null,
            new TopicQuery.Pace(Duration.ZERO, Duration.ZERO, 1, Duration.ZERO));
    return new MessageRows(
        query, new RowColumns(NAMES, Map.of("品名", "name"), List.of("id"), others), schemas);
  }

  /** The row of a message, the first one that is read. */
  static SourceRecord row(MessageRows rows, byte @Nullable [] key, byte @Nullable [] value) {
    return rows.row(new Position(1, 0), new ConsumerRecord<>("items", 0, 7, key, value));
  }
}
