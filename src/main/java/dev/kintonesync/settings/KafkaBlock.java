package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.kafka.TopicQuery;
import dev.kintonesync.source.kafka.ValueFormat;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Removal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Reads which topic of Kafka a job reads, and who asks for it. */
final class KafkaBlock implements KindBlock {
  private final SourceBlock shared;
  private final String name;
  private final JobBlock block;

  KafkaBlock(SourceBlock shared) {
    this.shared = shared;
    this.name = shared.name();
    this.block = shared.block();
  }

  @Override
  public List<Property<?>> properties() {
    return List.of(
        PropertyCatalog.BROKERS,
        PropertyCatalog.TOPIC,
        PropertyCatalog.GROUP,
        PropertyCatalog.VALUE_FORMAT,
        PropertyCatalog.REGISTRY,
        PropertyCatalog.REGISTRY_USERNAME,
        PropertyCatalog.REGISTRY_PASSWORD,
        PropertyCatalog.REGISTRY_TOKEN,
        PropertyCatalog.KEY_COLUMN,
        PropertyCatalog.DELETED,
        PropertyCatalog.DEAD_LETTER_TOPIC,
        PropertyCatalog.EVERY,
        PropertyCatalog.RUN_TIME,
        PropertyCatalog.RUN_ROWS,
        PropertyCatalog.RUN_IDLE,
        PropertyCatalog.SECURITY_PROTOCOL,
        PropertyCatalog.SASL_MECHANISM,
        PropertyCatalog.CLIENT_PROPERTIES,
        PropertyCatalog.SOURCE_USERNAME,
        PropertyCatalog.SOURCE_PASSWORD);
  }

  @Override
  public Source source() {
    shared.refuse(PropertyCatalog.DELETE_WHEN, false, MessageCode.TOPIC_HAS_DELETED.with());
    if (block.require(PropertyCatalog.MODE) == Mode.MIRROR) {
      throw new UserErrorException(
          MessageCode.TOPIC_NO_MIRROR.with(PropertyCatalog.MODE.key(name)));
    }
    String topic = block.require(PropertyCatalog.TOPIC);
    String deadLetters = block.value(PropertyCatalog.DEAD_LETTER_TOPIC);
    if (topic.equals(deadLetters)) {
      throw new UserErrorException(
          MessageCode.DEAD_LETTERS_INTO_ITSELF.with(PropertyCatalog.DEAD_LETTER_TOPIC.key(name)));
    }
    String group = block.value(PropertyCatalog.GROUP);
    Removal deleted = block.require(PropertyCatalog.DELETED);
    ValueFormat format = block.require(PropertyCatalog.VALUE_FORMAT);
    var registry = new RegistryBlock(shared).registry();
    if (format == ValueFormat.AVRO && registry == null) {
      throw new UserErrorException(
          MessageCode.AVRO_WITHOUT_REGISTRY.with(
              PropertyCatalog.VALUE_FORMAT.key(name), PropertyCatalog.REGISTRY.key(name)));
    }
    return new Source.Topic(
        new TopicQuery(
            block.require(PropertyCatalog.BROKERS),
            topic,
            group == null ? "kintone-sync-" + name : group,
            client(),
            format,
            block.value(PropertyCatalog.KEY_COLUMN),
            deadLetters,
            new TopicQuery.Pace(
                block.require(PropertyCatalog.EVERY),
                block.require(PropertyCatalog.RUN_TIME),
                block.require(PropertyCatalog.RUN_ROWS),
                block.require(PropertyCatalog.RUN_IDLE))),
        deleted,
        registry);
  }

  /** What Kafka's client is told besides; the job's own properties beat those of the file. */
  private Map<String, String> client() {
    var client = new HashMap<String, String>();
    Path file = block.value(PropertyCatalog.CLIENT_PROPERTIES);
    if (file != null) {
      client.putAll(read(shared.settings().resolve(file)));
    }
    var login = shared.login();
    String protocol = block.value(PropertyCatalog.SECURITY_PROTOCOL);
    if (protocol != null) {
      client.put("security.protocol", protocol);
    } else if (login != null) {
      client.putIfAbsent("security.protocol", "SASL_SSL");
    }
    String mechanism = block.value(PropertyCatalog.SASL_MECHANISM);
    if (login != null) {
      String used = mechanism == null ? "PLAIN" : mechanism;
      client.put("sasl.mechanism", used);
      client.put("sasl.jaas.config", jaas(used, login.name(), login.password()));
    } else {
      shared.refuse(
          PropertyCatalog.SASL_MECHANISM,
          false,
          MessageCode.ONLY_WITH_USERNAME.with(PropertyCatalog.SOURCE_USERNAME.key(name)));
    }
    return client;
  }

  /** Reads a file as Kafka's own tools take it; it may hold secrets. */
  private static Map<String, String> read(Path file) {
    var properties = new Properties();
    if (Files.exists(file)) {
      Configuration.refuseWhenOthersCanRead(file);
    }
    try (var text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      throw new UserErrorException(
          MessageCode.FILE_UNREADABLE.with(file, String.valueOf(e.getMessage())), e);
    }
    var client = new HashMap<String, String>();
    properties.stringPropertyNames().forEach(key -> client.put(key, properties.getProperty(key)));
    return client;
  }

  private static String jaas(String mechanism, String username, String password) {
    String module =
        mechanism.toUpperCase(Locale.ROOT).startsWith("SCRAM")
            ? "org.apache.kafka.common.security.scram.ScramLoginModule"
            : "org.apache.kafka.common.security.plain.PlainLoginModule";
    return module
        + " required username="
        + quoted(username)
        + " password="
        + quoted(password)
        + ";";
  }

  private static String quoted(@Nullable String text) {
    return '"' + Objects.toString(text, "").replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
