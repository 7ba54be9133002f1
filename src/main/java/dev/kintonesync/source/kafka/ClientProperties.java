package dev.kintonesync.source.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The properties of Kafka's clients: what the job says, and what our promises rest on. */
final class ClientProperties {
  private static final int MOST_RECORDS = 500;
  private static final int PATIENCE = 10_000;
  private static final int MOST_BYTES = 8 << 20;

  /** What tells us that a place in a partition is gone, instead of going on elsewhere silently. */
  private static final String TOLD = "none";

  private ClientProperties() {}

  /** The properties of a consumer; what it must not be told otherwise comes last. */
  static Map<String, Object> ofConsumer(TopicQuery query) {
    var properties = new HashMap<String, Object>();
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, TOLD);
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS);
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MOST_BYTES);
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 10_000);
    properties.putAll(query.client());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, query.brokers());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, query.group());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.putIfAbsent(
        CommonClientConfigs.CLIENT_ID_CONFIG, "kintone-sync-" + UUID.randomUUID());
    return properties;
  }

  /**
   * For so long without a sign of this program the group keeps its partitions. The heartbeats are
   * sent at intervals, and the last one may have been an interval ago.
   */
  static Duration session(TopicQuery query) {
    try {
      var config = new ConsumerConfig(ofConsumer(query));
      return Duration.ofMillis(
          (long) config.getInt(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)
              - config.getInt(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG));
    } catch (RuntimeException e) {
      throw KafkaFault.of(query, e);
    }
  }

  /** How long a question to the brokers waits for its answer. */
  static Duration patience(TopicQuery query) {
    var config = new ConsumerConfig(ofConsumer(query));
    return Duration.ofMillis(config.getInt(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG));
  }

  /**
   * How long the group waits for a member that is busy before it gives its partitions to others.
   */
  static Duration interval(TopicQuery query) {
    var config = new ConsumerConfig(ofConsumer(query));
    return Duration.ofMillis(config.getInt(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG));
  }

  /** Whether a consumer finds a place itself where a group has none; else the client is told. */
  static boolean findsPlaces(TopicQuery query) {
    return !query.client().containsKey(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG);
  }

  /** The properties of a producer whose messages are there once they are acknowledged. */
  static Map<String, Object> ofProducer(TopicQuery query) {
    var properties = new HashMap<String, Object>(query.client());
    properties.keySet().retainAll(ProducerConfig.configNames());
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, query.brokers());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    // how large a message may be is the topic's to say
    properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.MAX_VALUE);
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    properties.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return properties;
  }
}
