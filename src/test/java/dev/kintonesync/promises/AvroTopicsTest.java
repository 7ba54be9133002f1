package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.kafka.KafkaBroker;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.RunState;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker of Kafka whose messages are in Avro, and a registry that has their schemas. */
class AvroTopicsTest {
  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static final int CUSTOMER = 1;
  private static final int CUSTOMER_WITH_AMOUNT = 2;
  private static final int KEY = 3;
  private static final int CHANGE = 4;

  private static final String CUSTOMERS =
      """
      {"type": "record", "name": "Value", "namespace": "crm.customers", "fields": [
        {"name": "code", "type": "string"},
        {"name": "name", "type": ["null", "string"], "default": null}%s]}
      """;

  private static final String AMOUNT =
      """
      , {"name": "amount", "type": ["null", {"type": "bytes", "logicalType": "decimal",
         "precision": 8, "scale": 2}], "default": null}
      """;

  private final KafkaBroker broker = KafkaBroker.shared();

  @TempDir Path home;
  private Rehearsal rehearsal;
  private RehearsedRegistry registry;
  private String topic;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, Map.of());
    topic = "avro-" + TOPICS.incrementAndGet();
    broker.topic(topic, 1);
    registry =
        new RehearsedRegistry()
            .register(CUSTOMER, CUSTOMERS.formatted(""))
            .register(CUSTOMER_WITH_AMOUNT, CUSTOMERS.formatted(AMOUNT))
            .register(
                KEY,
                "{\"type\": \"record\", \"name\": \"Key\", \"fields\":"
                    + " [{\"name\": \"code\", \"type\": \"string\"}]}")
            .register(
                CHANGE,
                """
                {"type": "record", "name": "Envelope", "namespace": "crm.customers", "fields": [
                  {"name": "before", "type": ["null", %s]},
                  {"name": "after", "type": ["null", "Value"]},
                  {"name": "op", "type": "string"},
                  {"name": "ts_ms", "type": "long"}]}
                """
                    .formatted(CUSTOMERS.formatted(AMOUNT)));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
    registry.close();
  }

  private Job job(String... properties) throws Exception {
    return job(Map.of(), properties);
  }

  private Job job(Map<String, String> environment, String... properties) throws Exception {
    var all = new ArrayList<>(List.of("group = " + topic));
    all.addAll(List.of(properties));
    if (all.stream().noneMatch(property -> property.startsWith("registry = "))) {
      all.add("registry = " + registry.url() + "/");
    }
    return rehearsal.topicJob(environment, broker.brokers(), topic, all.toArray(String[]::new));
  }

  private void send(byte[] key, byte[] value) {
    broker.send(new ProducerRecord<>(topic, key, value));
  }

  private byte[] key(String code) throws Exception {
    return registry.written(KEY, Map.of("code", code));
  }

  private void customer(String code, String name) throws Exception {
    send(key(code), registry.written(CUSTOMER, Map.of("code", code, "name", name)));
  }

  private static ByteBuffer decimal(long unscaled) {
    return ByteBuffer.wrap(BigInteger.valueOf(unscaled).toByteArray());
  }

  private byte[] change(String op, Map<String, ?> before, Map<String, ?> after) throws Exception {
    var change = new HashMap<String, Object>(Map.of("op", op, "ts_ms", 1767254401000L));
    change.put("before", before);
    change.put("after", after);
    return registry.written(CHANGE, change);
  }

  @Test
  void rowsOfOldAndNewSchemasAreReadAndTheirSchemasAskedForOnce() throws Exception {
    customer("K1", "Abe");
    customer("K2", "Baba");
    send(
        key("K3"),
        registry.written(
            CUSTOMER_WITH_AMOUNT, Map.of("code", "K3", "name", "千葉", "amount", decimal(12_50))));
    customer("K4", "Doi");

    var run = rehearsal.runNow(job());

    assertThat(run.reason()).isNull();
    assertThat(run.report().counts().inserted()).isEqualTo(4);
    assertThat(rehearsal.held("name")).containsEntry("K1", "Abe").containsEntry("K3", "千葉");
    assertThat(rehearsal.held("amount")).containsEntry("K3", "12.5");
    assertThat(broker.settled(topic)).isEqualTo(4);
    customer("K5", "Eto");
    assertThat(rehearsal.runNow(job("value-format = avro")).report().counts().inserted())
        .isEqualTo(1);
    assertThat(registry.asked())
        .containsExactlyInAnyOrder(
            "/apis/ccompat/v7/schemas/ids/1",
            "/apis/ccompat/v7/schemas/ids/2",
            "/apis/ccompat/v7/schemas/ids/3");
  }

  @Test
  void changeEventsOfDebeziumAreFollowed() throws Exception {
    rehearsal.application().watch(job("every = 100ms", "deleted = delete"));
    var abe = Map.of("code", "K1", "name", "Abe", "amount", decimal(100));
    send(key("K1"), change("c", null, abe));
    send(key("K2"), change("r", null, Map.of("code", "K2", "name", "Baba")));
    Patience.await().until(() -> rehearsal.held("name").size() == 2);
    assertThat(rehearsal.held("amount")).containsEntry("K1", "1");
    send(key("K1"), change("u", abe, Map.of("code", "K1", "name", "Abe-Ito")));
    send(key("K2"), change("d", Map.of("code", "K2", "name", "Baba"), null));
    send(key("K2"), null);
    Patience.await().until(() -> broker.settled(topic) == 5);
    assertThat(rehearsal.held("name")).containsOnly(Map.entry("K1", "Abe-Ito"));
  }

  @Test
  void aBadMessageIsAnOpenRejectAndIsReadOnceItsSchemaIsThere() throws Exception {
    broker.topic(topic + "-bad", 1);
    customer("K1", "Abe");
    byte[] later = registry.written(CUSTOMER, Map.of("code", "K2", "name", "Baba"));
    later[4] = 77;
    send(key("K2"), later);
    byte[] broken = registry.written(CUSTOMER, Map.of("code", "K3", "name", "Chiba"));
    broken[5] = 127;
    send(key("K3"), broken);
    customer("K4", "Doi");
    var job = job("dead-letter-topic = " + topic + "-bad");

    var run = rehearsal.runNow(job);

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(rehearsal.held("name")).containsOnlyKeys("K1", "K4");
    assertThat(broker.settled(topic)).isEqualTo(4);
    assertThat(rehearsal.journal().openRejects().counts()).containsEntry("customers", 2);
    assertThat(Rehearsal.rejects(run).toString())
        .contains("no schema with the number 77", "not what its Avro schema (number 1");
    assertThat(broker.read(topic + "-bad", 2))
        .extracting(letter -> letter.headers().get("kintone-sync.offset"))
        .containsExactlyInAnyOrder("1", "2");

    registry.breaks();
    var away = rehearsal.runNow(job);
    assertThat(away.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(away.reason().toString()).contains("The schema registry 127.0.0.1 is busy");
    assertThat(rehearsal.journal().openRejects().counts()).containsEntry("customers", 2);

    registry.answersAgain();
    registry.register(77, CUSTOMERS.formatted(""));
    var again = rehearsal.runNow(job).report();
    assertThat(again.retried()).isEqualTo(2);
    assertThat(again.open()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsEntry("K2", "Baba");
    assertThat(rehearsal.journal().openRejects().counts()).containsEntry("customers", 1);
  }

  @Test
  void whileTheRegistryIsAwayMessagesWaitAndNoneIsABadOne() throws Exception {
    registry.breaks();
    customer("K1", "Abe");
    customer("K2", "Baba");
    rehearsal.application().watch(job("every = 100ms", "run-idle = 1s"));

    var run = rehearsal.awaitRun();

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.reason().toString())
        .contains(
            "The schema registry 127.0.0.1 is busy or has failed (HTTP 503)", "wait in the topic");
    assertThat(run.report().counts().rejected()).isZero();
    assertThat(broker.settled(topic)).isZero();
    assertThat(broker.members(topic)).isEqualTo(1);

    registry.breaksOff();
    rehearsal.clock.move(Duration.ofMinutes(1));
    assertThat(rehearsal.awaitRun().reason().toString())
        .contains("The schema registry 127.0.0.1 cannot be reached, or its answer broke off");
    registry.answersAgain();
    rehearsal.clock.move(Duration.ofMinutes(1));
    Patience.await().until(() -> broker.settled(topic) == 2);
    assertThat(rehearsal.held("name")).containsOnlyKeys("K1", "K2");
    assertThat(rehearsal.journal().openRejects().counts()).isEmpty();
    // what is known needs no registry
    registry.breaks();
    customer("K3", "Chiba");
    Patience.await().until(() -> broker.settled(topic) == 3);
  }

  @Test
  void aRegistryWantsALoginOrATokenAndAWrongOneIsSaid() throws Exception {
    customer("K1", "Abe");
    registry.wants("sync", "s3cret");
    var login = "registry.username = sync";
    var wrong = rehearsal.runNow(job(Map.of("REGISTRY_PASSWORD_CUSTOMERS", "wrong"), login));
    assertThat(wrong.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(wrong.reason().toString())
        .contains("Login to the schema registry " + registry.url(), "HTTP 401", "registry.username")
        .doesNotContain("wrong");
    assertThat(broker.settled(topic)).isZero();
    assertThat(rehearsal.journal().openRejects().counts()).isEmpty();

    var right = rehearsal.runNow(job(Map.of("REGISTRY_PASSWORD_CUSTOMERS", "s3cret"), login));
    assertThat(right.report().counts().inserted()).isEqualTo(1);
    rehearsal.close();
    rehearsal = new Rehearsal(home, Map.of());
    registry.wants("Bearer t0ken");
    customer("K2", "Baba");
    var token = rehearsal.runNow(job(Map.of("REGISTRY_TOKEN_CUSTOMERS", "t0ken")));
    assertThat(token.reason()).isNull();
    assertThat(broker.settled(topic)).isEqualTo(2);
  }

  /** What was read before is written; then only a person can let the next message pass. */
  @Test
  void aLoginThatIsRefusedInTheMidstNeedsAPersonFromTheNextRunOn() throws Exception {
    customer("K1", "Abe");
    rehearsal.application().watch(job("every = 100ms", "run-idle = 1s"));
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
    registry.wants("Bearer t0ken");
    customer("K2", "Baba");
    send(
        key("K3"),
        registry.written(CUSTOMER_WITH_AMOUNT, Map.of("code", "K3", "amount", decimal(12_50))));

    var midst = rehearsal.awaitRun();
    assertThat(midst.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(midst.report().counts().inserted()).isEqualTo(1);
    rehearsal.clock.move(Duration.ofMinutes(1));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.REFUSED);
    Patience.await().until(() -> rehearsal.application().jobs().isRefused("customers"));
    assertThat(broker.settled(topic)).isEqualTo(2);
    assertThat(rehearsal.journal().openRejects().counts()).isEmpty();
  }

  @Test
  void whatIsNoRegistryMakesNoBadMessages() throws Exception {
    customer("K1", "Abe");
    assertThat(reason("registry = " + registry.host()))
        .contains(
            "The schema registry " + registry.host() + "/schemas/ids/",
            "HTTP 404",
            "/apis/ccompat/v7");
    registry.answers("<html>Welcome</html>");
    assertThat(reason()).contains(registry.url() + " answers without a schema");
    registry.redirects("http://registry.example.com/");
    assertThat(reason())
        .contains("The schema registry 127.0.0.1 redirects", "http://registry.example.com/");
    assertThat(broker.settled(topic)).isZero();
    assertThat(rehearsal.journal().openRejects().counts()).isEmpty();
  }

  private String reason(String... properties) throws Exception {
    var run = rehearsal.runNow(job(properties));
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    return run.reason().toString();
  }

  @Test
  void aPlanAndACheckReadAvroAndSayWhatTheyCannot() throws Exception {
    customer("K1", "Abe");
    var plan = rehearsal.application().runner().plan(job()).get(0);
    assertThat(plan.report().counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.application().runner().check(job()).planned().reason()).isNull();
    assertThat(broker.committed(topic)).isEmpty();
    rehearsal.close();
    rehearsal = new Rehearsal(home, Map.of());
    registry.wants("Bearer other");
    assertThat(rehearsal.application().runner().check(job()).planned().reason().toString())
        .contains("Login to the schema registry");
  }

  @Test
  void jsonAndAvroMayStandInOneTopic() throws Exception {
    customer("K1", "Abe");
    send(
        "K2".getBytes(StandardCharsets.UTF_8),
        "{\"name\": \"Baba\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(rehearsal.runNow(job()).report().counts().inserted()).isEqualTo(2);
    var without = rehearsal.topicJob(broker.brokers(), topic, "group = other");
    var run = rehearsal.runNow(without);
    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(Rehearsal.rejects(run).toString()).contains("Set registry");
  }
}
