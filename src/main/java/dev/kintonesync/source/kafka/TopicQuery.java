package dev.kintonesync.source.kafka;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which messages are read, and how.
 *
 * @param brokers hosts and ports, separated by commas
 * @param topic the topic's name
 * @param group the consumer group, which keeps how far was read
 * @param client properties for Kafka's client, secrets among them; never printed
 * @param format how values are written
 * @param keyColumn the column that a key without names of its own fills; null: that of the update
 *     key
 * @param deadLetterTopic where messages go that are rejected; null: nowhere
 * @param pace how messages become batches and runs
 */
public record TopicQuery(
    String brokers,
    String topic,
    String group,
    Map<String, String> client,
    ValueFormat format,
    @Nullable String keyColumn,
    @Nullable String deadLetterTopic,
    Pace pace) {

  /** The column that says that a message removes its key. */
  public static final String DELETED = "_deleted";

  /** What stands in {@link #DELETED} of such a message. */
  public static final String YES = "true";

  /**
   * How a stream is cut.
   *
   * @param every so long a batch waits for more messages
   * @param runTime a run ends after so long
   * @param runRows a run ends after so many messages
   * @param runIdle a run ends when nothing has come for so long
   */
  public record Pace(Duration every, Duration runTime, int runRows, Duration runIdle) {}

  public TopicQuery {
    client = Map.copyOf(client);
  }

  /** Whether a message that one of both gets is kept from the other one. */
  public boolean sharesMessages(TopicQuery other) {
    return topic.equals(other.topic)
        && group.equals(other.group)
        && !Collections.disjoint(servers(brokers), servers(other.brokers));
  }

  private static List<String> servers(String brokers) {
    return Arrays.stream(brokers.split(",")).map(String::strip).toList();
  }

  /** Returns what people call it. */
  public String name() {
    return "kafka://" + brokers + "/" + topic;
  }

  @Override
  public String toString() {
    return name();
  }
}
