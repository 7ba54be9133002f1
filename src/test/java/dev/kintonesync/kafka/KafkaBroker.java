package dev.kintonesync.kafka;

import dev.kintonesync.FreePort;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real broker of Kafka in this process, without ZooKeeper, on ports of 127.0.0.1 alone. */
public final class KafkaBroker implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final Map<String, String> config;
  private KafkaRaftServer server;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  /** Started when somebody asks for it. */
  private static final class Shared {
    private static final KafkaBroker BROKER = startedUntilTheEnd();

    private static KafkaBroker startedUntilTheEnd() {
      var broker = start();
      Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
      return broker;
    }
  }

  /**
   * One broker for all tests of this Java that neither stop nor set it up, since it takes seconds
   * to start. It ends with this Java; classes of tests have topics of their own in it.
   */
  public static KafkaBroker shared() {
    return Shared.BROKER;
  }

  /** Starts a broker. */
  public static KafkaBroker start() {
    return new KafkaBroker(Map.of());
  }

  /** Starts a broker with more settings; {@code PORT} in them stands for its port. */
  public static KafkaBroker start(Map<String, String> more) {
    return new KafkaBroker(more);
  }

  private KafkaBroker(Map<String, String> more) {
    try {
      folder = Files.createTempDirectory("kafka");
      port = FreePort.find();
      int controller = FreePort.find();
      config = new HashMap<>();
      config.put("process.roles", "broker,controller");
      config.put("node.id", "1");
      config.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
      config.put(
          "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
      config.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
      config.put("controller.listener.names", "CONTROLLER");
      config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
      config.put("log.dirs", folder.toString());
      config.put("offsets.topic.replication.factor", "1");
      config.put("offsets.topic.num.partitions", "4");
      config.put("transaction.state.log.replication.factor", "1");
      config.put("transaction.state.log.min.isr", "1");
      config.put("group.initial.rebalance.delay.ms", "0");
      config.put("group.min.session.timeout.ms", "1000");
      config.put("auto.create.topics.enable", "false");
      // a handful of clients; and nothing grows old enough to be cleaned
      config.put("num.network.threads", "1");
      config.put("num.io.threads", "2");
      config.put("background.threads", "2");
      config.put("log.cleaner.enable", "false");
      more.forEach(
          (key, value) ->
              config.put(
                  key,
                  value
                      .replace("CONTROLLER_PORT", String.valueOf(controller))
                      .replace("PORT", String.valueOf(port))));
      var formatter = new Formatter();
      formatter.setClusterId(Uuid.randomUuid().toString());
      formatter.setNodeId(1);
      formatter.setDirectories(List.of(folder.toString()));
      formatter.setReleaseVersion(MetadataVersion.LATEST_PRODUCTION);
      formatter.setMetadataLogDirectory(folder.toString());
      formatter.setControllerListenerName("CONTROLLER");
      formatter.run();
    } catch (Exception e) {
      throw new IllegalStateException("no broker", e);
    }
    restart();
    Map<String, Object> clients = Map.of("bootstrap.servers", brokers());
    admin = Admin.create(clients);
    producer = new KafkaProducer<>(clients, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Begins to serve, or serves again after {@link #halt}. */
  public void restart() {
    server = new KafkaRaftServer(new KafkaConfig(config), Time.SYSTEM);
    server.startup();
  }

  /** Serves no more, and keeps what it has. */
  public void halt() {
    server.shutdown();
    server.awaitShutdown();
  }

  /** Where it answers. */
  public String brokers() {
    return "127.0.0.1:" + port;
  }

  /** Makes a topic. */
  public void topic(String name, int partitions) {
    get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all());
    var all = new HashMap<TopicPartition, OffsetSpec>();
    for (int partition = 0; partition < partitions; partition++) {
      all.put(new TopicPartition(name, partition), OffsetSpec.latest());
    }
    // a partition that does not answer yet is not served yet
    Patience.await()
        .ignoreExceptions()
        .until(() -> get(admin.listOffsets(all).all()).size() == partitions);
  }

  /** Sends messages with these values, which are tombstones where they are null. */
  public void send(String topic, String key, String value) {
    get(sent(topic, key, value));
  }

  /** Sends a message without waiting. */
  public Future<RecordMetadata> sent(String topic, String key, String value) {
    return producer.send(new ProducerRecord<>(topic, bytes(key), bytes(value)));
  }

  /** Sends a message with all that it may have. */
  public void send(ProducerRecord<byte[], byte[]> message) {
    get(producer.send(message));
  }

  /** Sends such a message without waiting. */
  public Future<RecordMetadata> sent(ProducerRecord<byte[], byte[]> message) {
    return producer.send(message);
  }

  /** Waits until all that was sent is kept. */
  public void flush() {
    producer.flush();
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /** A message as a test reads it. */
  public record Read(String key, String value, Map<String, String> headers) {}

  /** The first so many messages of a topic. */
  public List<Read> read(String topic, int count) {
    var read = new ArrayList<Read>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", brokers(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .toList());
      long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
      while (read.size() < count && System.nanoTime() < deadline) {
        for (var message : consumer.poll(Duration.ofMillis(100))) {
          var headers = new HashMap<String, String>();
          message
              .headers()
              .forEach(
                  header ->
                      headers.put(
                          header.key(), new String(header.value(), StandardCharsets.UTF_8)));
          read.add(new Read(message.key(), message.value(), headers));
        }
      }
    }
    return read;
  }

  /** What a group has committed, by partition. */
  public Map<Integer, Long> committed(String group) {
    var offsets = new HashMap<Integer, Long>();
    Map<TopicPartition, OffsetAndMetadata> found =
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    found.forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
    return offsets;
  }

  /** How many messages a group has settled. */
  public long settled(String group) {
    return committed(group).values().stream().mapToLong(Long::longValue).sum();
  }

  /** The members of a group. */
  public int members(String group) {
    return get(admin.describeConsumerGroups(List.of(group)).all()).get(group).members().size();
  }

  /** The only member of a group. */
  public String member(String group) {
    return get(admin.describeConsumerGroups(List.of(group)).all())
        .get(group)
        .members()
        .iterator()
        .next()
        .consumerId();
  }

  /** The client through which a test does all else. */
  public Admin admin() {
    return admin;
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
    halt();
    try (var files = Files.walk(folder)) {
      for (Path file : new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList())) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
