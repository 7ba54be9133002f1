package dev.kintonesync.source.kafka;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Messages that were fetched and that no run has yet. For one thread at a time. */
final class MessageBuffer {
  // messages behind the end of a run stay, while those of other partitions go
  private final ArrayDeque<ConsumerRecord<byte[], byte[]>> messages = new ArrayDeque<>();
  private long bytes;

  void add(ConsumerRecord<byte[], byte[]> message) {
    messages.add(message);
    bytes += weight(message);
  }

  /**
   * Takes the next message; null when there is none.
   *
   * @param ends only messages before these offsets, and of these partitions; null: any
   */
  @Nullable ConsumerRecord<byte[], byte[]> next(@Nullable Map<TopicPartition, Long> ends) {
    for (Iterator<ConsumerRecord<byte[], byte[]>> each = messages.iterator(); each.hasNext(); ) {
      var message = each.next();
      if (ends == null || isBefore(message, ends)) {
        each.remove();
        bytes -= weight(message);
        return message;
      }
    }
    return null;
  }

  boolean hasBefore(Map<TopicPartition, Long> ends) {
    return messages.stream().anyMatch(message -> isBefore(message, ends));
  }

  private static boolean isBefore(
      ConsumerRecord<byte[], byte[]> message, Map<TopicPartition, Long> ends) {
    Long end = ends.get(Handed.partition(message));
    return end != null && message.offset() < end;
  }

  /** Forgets the messages of partitions. */
  void drop(Collection<TopicPartition> partitions) {
    messages.removeIf(message -> partitions.contains(Handed.partition(message)));
    bytes = messages.stream().mapToLong(MessageBuffer::weight).sum();
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  int size() {
    return messages.size();
  }

  long bytes() {
    return bytes;
  }

  /** The time of the oldest message; null when there is none. */
  @Nullable Instant oldest() {
    return messages.stream()
        .map(ConsumerRecord::timestamp)
        .min(Long::compare)
        .map(Instant::ofEpochMilli)
        .orElse(null);
  }

  private static long weight(ConsumerRecord<byte[], byte[]> message) {
    return (long) Math.max(0, message.serializedKeySize())
        + Math.max(0, message.serializedValueSize());
  }
}
