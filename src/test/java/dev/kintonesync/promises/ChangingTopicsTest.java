package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.AtOnce;
import dev.kintonesync.Patience;
import dev.kintonesync.kafka.KafkaBroker;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a topic, and what others write into it, while a job reads it. */
@Order(1) // it waits long
class ChangingTopicsTest {
  private static final AtomicInteger TOPICS = new AtomicInteger();

  /** So long that a fetch does not get all at once. */
  private static final String PAD = "x".repeat(500);

  private final KafkaBroker broker = KafkaBroker.shared();

  @TempDir Path home;
  private Rehearsal rehearsal;
  private String topic;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, Map.of());
    topic = "changing-" + TOPICS.incrementAndGet();
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private Job job(String... properties) throws Exception {
    var all = new ArrayList<>(List.of("group = " + topic));
    all.addAll(List.of(properties));
    return rehearsal.topicJob(broker.brokers(), topic, all.toArray(String[]::new));
  }

  /** The line of a job that names a file with properties for its client. */
  private String client(String... lines) throws IOException {
    Path file = Files.writeString(home.resolve("client.properties"), String.join("\n", lines));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return "client-properties = client.properties";
  }

  private void send(int partition, String key, String value) {
    broker.send(message(partition, key, value));
  }

  private ProducerRecord<byte[], byte[]> message(int partition, String key, String value) {
    return new ProducerRecord<>(
        topic,
        partition,
        key.getBytes(StandardCharsets.UTF_8),
        value.getBytes(StandardCharsets.UTF_8));
  }

  private static String customer(String code, String name) {
    return "{\"code\": \"" + code + "\", \"name\": \"" + name + "\", \"pad\": \"" + PAD + "\"}";
  }

  private void send(int partition, String prefix, int from, int to) {
    for (int i = from; i < to; i++) {
      broker.sent(message(partition, prefix + i, customer(prefix + i, "Abe " + i)));
    }
    broker.flush();
  }

  @Test
  @Timeout(60)
  void aRunToTheEndIsNotHeldUpByWhatComesMeanwhile() throws Exception {
    broker.topic(topic, 2);
    send(1, "K", 0, 10_000);
    rehearsal.crossing.before("POST", "/bulkRequest.json", 1, () -> send(0, "L", 0, 3_000));
    var job = job("unknown-columns = ignore", client("max.partition.fetch.bytes = 100000"));

    var run = rehearsal.runNow(job);

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().counts().inserted()).isEqualTo(10_000);
    assertThat(broker.committed(topic)).isEqualTo(Map.of(1, 10_000L));
    assertThat(rehearsal.runNow(job).report().counts().inserted()).isEqualTo(3_000);
  }

  @Test
  @Timeout(60)
  void aRejectedMessageThatIsTooLargeForDeadLettersHoldsNobodyUp() throws Exception {
    broker.topic(topic, 1);
    broker.topic(topic + "-bad", 1);
    String large = "no JSON " + "x".repeat(1_048_300); // a topic takes no message that is larger
    send(0, "K1", large);
    send(0, "K2", "no JSON either");
    send(0, "K3", customer("K3", "Chiba"));

    var run =
        rehearsal.runNow(job("unknown-columns = ignore", "dead-letter-topic = " + topic + "-bad"));

    assertThat(run.reason()).isNull();
    assertThat(broker.settled(topic)).isEqualTo(3);
    assertThat(rehearsal.held("name")).containsOnlyKeys("K3");
    var letters = broker.read(topic + "-bad", 2);
    assertThat(letters).extracting(KafkaBroker.Read::key).containsExactlyInAnyOrder("K1", "K2");
    assertThat(letters).extracting(KafkaBroker.Read::value).contains("", "no JSON either");
    var letter = letters.stream().filter(each -> "K1".equals(each.key())).findFirst().orElseThrow();
    assertThat(letter.headers())
        .containsEntry("kintone-sync.value-length", String.valueOf(large.length()))
        .containsEntry("kintone-sync.offset", "0");
    assertThat(rehearsal.journal().openRejects().of("customers"))
        .extracting(each -> each.values().get("_value"))
        .contains(large);
  }

  private void deleteBefore(long offset) throws Exception {
    broker
        .admin()
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get(10, TimeUnit.SECONDS);
  }

  private void makeAnew() throws Exception {
    broker.admin().deleteTopics(List.of(topic)).all().get(10, TimeUnit.SECONDS);
    Patience.await()
        .ignoreExceptions()
        .until(
            () -> {
              broker.topic(topic, 1);
              return true;
            });
  }

  @Test
  void messagesThatWereRemovedBeforeTheyWereReadAreTold() throws Exception {
    broker.topic(topic, 1);
    send(0, "K", 0, 10);
    deleteBefore(2);
    var job = job("unknown-columns = ignore");
    var first = rehearsal.runNow(job).report();
    assertThat(first.counts().inserted()).isEqualTo(8);
    assertThat(first.remarks().toString()).doesNotContain("removed");
    send(0, "L", 0, 10);
    deleteBefore(15);

    var run = rehearsal.runNow(job).report();

    assertThat(run.counts().inserted()).isEqualTo(5);
    assertThat(run.remarks().toString())
        .contains("partition 0: the messages from offset 10 to 14 were removed before");
    assertThat(broker.settled(topic)).isEqualTo(20);
    assertThat(rehearsal.runNow(job).report().remarks().toString()).doesNotContain("removed");
  }

  @Test
  void aTopicThatIsMadeAnewIsReadFromItsBeginning() throws Exception {
    broker.topic(topic, 1);
    send(0, "K", 0, 30);
    rehearsal
        .application()
        .watch(job("every = 100ms", "run-idle = 1s", "unknown-columns = ignore"));
    Patience.await().until(() -> broker.settled(topic) == 30);
    rehearsal.awaitRun();

    makeAnew();
    send(0, "L", 0, 10);

    Patience.await().until(() -> rehearsal.held("name").size() == 40);
    Patience.await().until(() -> broker.settled(topic) == 10);
  }

  /** A member of the group of a topic that has its only partition. */
  private KafkaConsumer<byte[], byte[]> holder(KafkaBroker of) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers",
            of.brokers(),
            "group.id",
            topic,
            "enable.auto.commit",
            false,
            "partition.assignment.strategy",
            CooperativeStickyAssignor.class.getName());
    var holder =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    holder.subscribe(List.of(topic));
    Patience.await()
        .pollInSameThread()
        .until(
            () -> {
              holder.poll(Duration.ofMillis(100));
              return !holder.assignment().isEmpty();
            });
    return holder;
  }

  @Test
  @Timeout(60)
  void aGroupThatGivesNoPartitionIsNotTakenForBrokersThatAreAway() throws Exception {
    broker.topic(topic, 1);
    send(0, "K", 0, 1);
    var job =
        job(
            "unknown-columns = ignore",
            client("max.poll.interval.ms = 5000", "session.timeout.ms = 5000"));
    try (var other = holder(broker)) {
      var run = rehearsal.runNow(job); // the other one is busy, and polls no more

      assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
      assertThat(run.reason().toString())
          .contains("The consumer group " + topic + " gave this run no partition");
    }
    assertThat(rehearsal.runNow(job).report().counts().inserted()).isEqualTo(1);
  }

  @Test
  @Timeout(60)
  void brokersThatGoAwayMeanwhileAreNotTakenForABusyGroup() throws Exception {
    try (var leaving = KafkaBroker.start()) {
      leaving.topic(topic, 1);
      var job =
          rehearsal.topicJob(
              leaving.brokers(),
              topic,
              "group = " + topic,
              client(
                  "max.poll.interval.ms = 20000",
                  "session.timeout.ms = 20000",
                  "request.timeout.ms = 500",
                  "default.api.timeout.ms = 1000"));
      try (var other = holder(leaving)) {
        var asked = AtOnce.ask(() -> rehearsal.runNow(job));
        Patience.await().until(() -> leaving.members(topic) == 2);

        leaving.halt();

        assertThat(asked.get(1, TimeUnit.MINUTES).reason().toString())
            .contains("kafka://127.0.0.1")
            .doesNotContain("gave this run no partition");
      }
    }
  }
}
