package dev.kintonesync.source.kafka;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a run has and that are not settled, in the order in which it got them, and what
 * of those before may be committed. For one thread at a time.
 */
final class Handed {
  private final Deque<One> unsettled = new ArrayDeque<>();
  private final Map<TopicPartition, OffsetAndMetadata> toCommit = new HashMap<>();
  private long number;

  private record One(long number, TopicPartition partition, long offset, long timestamp) {}

  /** A run gets a message. */
  void add(ConsumerRecord<byte[], byte[]> message) {
    unsettled.add(new One(++number, partition(message), message.offset(), message.timestamp()));
  }

  static TopicPartition partition(ConsumerRecord<byte[], byte[]> message) {
    return new TopicPartition(message.topic(), message.partition());
  }

  /** The first so many messages of the run are settled. */
  void settle(long count) {
    for (var first = unsettled.peek();
        first != null && first.number() <= count;
        first = unsettled.peek()) {
      toCommit.put(first.partition(), new OffsetAndMetadata(first.offset() + 1));
      unsettled.remove();
    }
  }

  /** Another run begins; returns from which offsets on messages of the last one are not settled. */
  Map<TopicPartition, Long> restart() {
    var from = new HashMap<TopicPartition, Long>();
    unsettled.forEach(one -> from.merge(one.partition(), one.offset(), Math::min));
    unsettled.clear();
    number = 0;
    return from;
  }

  /** Whether a message of these partitions is not settled. */
  boolean hasAny(Collection<TopicPartition> partitions) {
    return unsettled.stream().anyMatch(one -> partitions.contains(one.partition()));
  }

  /** Partitions are another consumer's from now on. */
  void forget(Collection<TopicPartition> partitions) {
    unsettled.removeIf(one -> partitions.contains(one.partition()));
    toCommit.keySet().removeAll(partitions);
  }

  /** What is settled and not committed. */
  Map<TopicPartition, OffsetAndMetadata> toCommit() {
    return Map.copyOf(toCommit);
  }

  /** Offsets are committed. */
  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach(toCommit::remove);
  }

  int size() {
    return unsettled.size();
  }

  /** The time of the oldest message; null when there is none. */
  @Nullable Instant oldest() {
    return unsettled.stream()
        .map(One::timestamp)
        .min(Long::compare)
        .map(Instant::ofEpochMilli)
        .orElse(null);
  }
}
