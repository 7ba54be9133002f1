package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.FreePort;
import dev.kintonesync.Patience;
import dev.kintonesync.kafka.KafkaBroker;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker of Kafka as the source of a job: offsets follow outcomes. */
@Order(1) // it waits long
class TopicsTest {
  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static final String GROUP = "kintone-sync-customers";

  private final KafkaBroker broker = KafkaBroker.shared();

  @TempDir Path home;
  private Rehearsal rehearsal;
  private String topic;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, Map.of("kintone.patience", "2s"));
    topic = "customers-" + TOPICS.incrementAndGet();
    broker.topic(topic, 4);
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

  private void send(String key, String value) {
    broker.send(topic, key, value);
  }

  @Test
  void aRunReadsToTheEndAsItStoodAndCommitsWhatIsSettled() throws Exception {
    for (int i = 0; i < 300; i++) {
      broker.sent(topic, "K" + i, "{\"code\": \"K" + i + "\", \"name\": \"Abe " + i + "\"}");
    }
    send("K7", "{\"code\": \"K7\", \"name\": \"Baba\"}");
    broker.flush();

    var run = rehearsal.runNow(job());

    assertThat(run.reason()).isNull();
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().counts().read()).isEqualTo(301);
    assertThat(rehearsal.held("name")).hasSize(300).containsEntry("K7", "Baba");
    assertThat(broker.settled(topic)).isEqualTo(301);
    assertThat(rehearsal.runNow(job()).report().counts()).isEqualTo(Counts.NONE);
  }

  @Test
  void aKeyThatIsGoneIsTreatedAsTheJobSays() throws Exception {
    send("K1", "{\"name\": \"Abe\"}"); // the plain key fills the update key
    send("K2", "{\"code\": \"K2\", \"name\": \"Baba\"}");
    send("K3", "{\"code\": \"K3\", \"name\": \"Chiba\"}");
    rehearsal.runNow(job());
    assertThat(rehearsal.held("name")).containsOnlyKeys("K1", "K2", "K3");

    send("K1", null);
    var reported = rehearsal.runNow(job());
    assertThat(reported.report().missing()).isEqualTo(1);
    assertThat(rehearsal.held("name")).hasSize(3);

    send("K2", null);
    rehearsal.runNow(job("deleted = set rank=B"));
    assertThat(rehearsal.held("rank")).containsEntry("K2", "B").doesNotContainEntry("K1", "B");
    assertThat(rehearsal.held("name")).containsEntry("K2", "Baba");

    send("K3", null);
    var deleted = rehearsal.runNow(job("deleted = delete"));
    assertThat(deleted.report().removals().deleted()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsOnlyKeys("K1", "K2");
  }

  @Test
  void aBadMessageIsAnOpenRejectOnceAndHoldsNobodyUp() throws Exception {
    broker.topic(topic + "-bad", 1);
    send("K1", "{\"code\": \"K1\", \"name\": \"Abe\"}");
    send("K2", "no JSON");
    send("K3", "{\"code\": \"K3\", \"amount\": 9999999}"); // Kintone refuses it
    send("K4", "{\"code\": \"K4\", \"shoe\": 42}");
    send(null, "{\"name\": \"nobody\"}");
    send("K5", "[1]");
    var job = job("dead-letter-topic = " + topic + "-bad");

    var run = rehearsal.runNow(job);

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(run.report().counts().rejected()).isEqualTo(5);
    assertThat(broker.settled(topic)).isEqualTo(6);
    assertThat(rehearsal.held("name")).containsOnlyKeys("K1");
    assertThat(rehearsal.journal().openRejects().counts()).containsEntry("customers", 5);
    var letters = broker.read(topic + "-bad", 5);
    assertThat(letters).extracting(KafkaBroker.Read::key).contains("K2", "K3", "K4", "K5", null);
    var letter = letters.stream().filter(each -> "K2".equals(each.key())).findFirst().orElseThrow();
    assertThat(letter.value()).isEqualTo("no JSON");
    assertThat(letter.headers())
        .containsEntry("kintone-sync.topic", topic)
        .containsEntry("kintone-sync.job", "customers")
        .containsKeys("kintone-sync.partition", "kintone-sync.offset");
    assertThat(letter.headers().get("kintone-sync.reason"))
        .contains("The message is not JSON: \"no\" (column 1) is neither a number");

    // tried again, the reasons stay; a newer message of a key settles the older one
    send("K3", "{\"code\": \"K3\", \"amount\": 9}");
    var again = rehearsal.runNow(job);
    assertThat(again.report().counts().read()).isEqualTo(1);
    assertThat(again.report().open()).isEqualTo(4);
    assertThat(rehearsal.journal().openRejects().of("customers"))
        .extracting(each -> each.reason().text().name())
        .contains("MESSAGE_NOT_JSON", "MESSAGE_NOT_AN_OBJECT", "MESSAGE_COLUMNS_UNKNOWN");
    assertThat(rehearsal.held("amount")).containsEntry("K3", "9");
  }

  @Test
  void partsOfAMessageBesideItsRowCanBeMapped() throws Exception {
    broker.send(
        new ProducerRecord<>(
            topic,
            2,
            1_700_000_000_000L,
            "A-1".getBytes(StandardCharsets.UTF_8),
            "{\"n\": \"Abe\"}".getBytes(StandardCharsets.UTF_8),
            new RecordHeaders().add("src", "shop".getBytes(StandardCharsets.UTF_8))));

    rehearsal.runNow(
        job(
            "map = _key=code, n + ' ' + _header.src + ' ' + _partition=name, _offset=amount,"
                + " _timestamp=email"));

    assertThat(rehearsal.held("name")).containsEntry("A-1", "Abe shop 2");
    assertThat(rehearsal.held("amount")).containsEntry("A-1", "0");
    assertThat(rehearsal.held("email")).containsEntry("A-1", "2023-11-14T22:13:20Z");
  }

  @Test
  void aStreamIsFollowedInBatchesAndRunsAndUnchangedMessagesCostNoWrite() throws Exception {
    rehearsal.application().watch(job("every = 200ms", "run-idle = 3s"));
    send("K1", "{\"code\": \"K1\", \"name\": \"Abe\"}");
    Patience.await().until(() -> rehearsal.held("name").containsKey("K1"));
    Patience.await().until(() -> broker.settled(topic) == 1);
    send("K2", "{\"code\": \"K2\", \"name\": \"Baba\"}");
    Patience.await().until(() -> rehearsal.held("name").containsKey("K2"));

    var run = rehearsal.awaitRun();
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().counts().inserted()).isEqualTo(2);
    rehearsal.forgetRequests();
    send("K2", "{\"code\": \"K2\", \"name\": \"Baba\"}");
    assertThat(rehearsal.awaitRun().report().counts().unchanged()).isEqualTo(1);
    assertThat(rehearsal.writes()).isEmpty();
    assertThat(broker.settled(topic)).isEqualTo(3);
    for (int i = 0; i < 30; i++) {
      send("K" + i, "{\"code\": \"K" + i + "\", \"name\": \"Chiba\"}");
      assertThat(rehearsal.application().active()).as("runs of the job").hasSizeLessThan(2);
      int settled = 4 + i;
      Patience.await().until(() -> broker.settled(topic) == settled);
    }
    assertThat(broker.members(topic)).isEqualTo(1);
  }

  @Test
  void aRunOfAStreamEndsSoonWhenSomebodyWaitsForItsEnd() throws Exception {
    rehearsal.application().watch(job("every = 100ms", "run-idle = 10m"));
    send("K1", "{\"code\": \"K1\", \"name\": \"Abe\"}");
    Patience.await().until(() -> rehearsal.held("name").containsKey("K1"));

    var asked = rehearsal.application().runner().runBetween("customers", RunOptions.DEFAULT);

    assertThat(asked.get(0).report().counts()).isEqualTo(Counts.NONE);
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
    send("K2", "{\"code\": \"K2\", \"name\": \"Baba\"}");
    Patience.await().until(() -> rehearsal.held("name").containsKey("K2"));
    Patience.await().until(() -> rehearsal.application().jobs().end("customers"));
    Patience.await().until(() -> broker.members(topic) == 0);
    assertThat(broker.settled(topic)).isEqualTo(2);
  }

  @Test
  void whileKintoneIsAwayTheGroupStaysAndNothingIsCommitted() throws Exception {
    rehearsal.application().watch(job("every = 100ms", "run-idle = 1s"));
    send("K1", "{\"code\": \"K1\", \"name\": \"Abe\"}");
    Patience.await().until(() -> broker.settled(topic) == 1);
    rehearsal.awaitRun();
    String member = broker.member(topic);
    rehearsal.simulator.faults().add(Fault.of(Fault.Kind.RESET).times(1_000_000));
    for (int i = 2; i < 50; i++) {
      send("K" + i, "{\"code\": \"K" + i + "\", \"name\": \"Baba\"}");
    }

    assertThat(rehearsal.awaitRun().report().state()).isIn(RunState.STOPPED, RunState.REFUSED);
    assertThat(broker.settled(topic)).isEqualTo(1);
    assertThat(broker.member(topic)).isEqualTo(member);

    rehearsal.simulator.faults().clear();
    rehearsal.clock.move(Duration.ofMinutes(2)); // longer than the first pause of an outage
    Patience.await().until(() -> broker.settled(topic) == 49);
    assertThat(rehearsal.held("name")).hasSize(49);
    assertThat(broker.member(topic)).isEqualTo(member);
  }

  @Test
  void aPlanAndALimitedRunCommitNothing() throws Exception {
    send("K1", "{\"code\": \"K1\", \"name\": \"Abe\"}");
    send("K2", "{\"code\": \"K2\", \"name\": \"Baba\"}");

    var plan = rehearsal.application().runner().plan(job()).get(0);
    assertThat(plan.report().counts().inserted()).isEqualTo(2);
    var check = rehearsal.application().runner().check(job());
    assertThat(check.planned().reason()).isNull();

    assertThat(broker.committed(topic)).isEmpty();
    assertThat(rehearsal.held("name")).isEmpty();
    assertThat(rehearsal.runNow(job()).report().counts().inserted()).isEqualTo(2);
  }

  @Test
  void whatCannotBeReadIsSaidInWords() throws Exception {
    var missing = rehearsal.topicJob(broker.brokers(), "nowhere");
    assertThat(rehearsal.runNow(missing).reason().toString())
        .contains("There is no topic nowhere", "Correct topic or brokers");
    Path client = home.resolve("client.properties");
    Files.writeString(client, "request.timeout.ms = 500\ndefault.api.timeout.ms = 1000\n");
    String nobody = "127.0.0.1:" + FreePort.find();
    assertThatThrownBy(
            () -> rehearsal.topicJob(nobody, topic, "client-properties = client.properties"))
        .hasMessageContaining("client.properties");
    Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rw-------"));
    var away = rehearsal.topicJob(nobody, topic, "client-properties = client.properties");
    var run = rehearsal.runNow(away);
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.reason().toString()).contains("kafka://127.0.0.1");
    Files.writeString(client, "security.protocol = SSL\nssl.truststore.location = none.jks\n");
    var unmade =
        rehearsal.runNow(
            rehearsal.topicJob(broker.brokers(), topic, "client-properties = client.properties"));
    assertThat(unmade.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(unmade.reason().toString())
        .contains("cannot be read with these settings", "none.jks", "client-properties");
    assertThatThrownBy(() -> job("mode = mirror", "mirror.scope = code != \"\""))
        .hasMessageContaining("a topic has only changes");
    assertThatThrownBy(() -> job("delete-when = a=b", "mirror.missing = delete"))
        .hasMessageContaining("job.NAME.deleted");
  }
}
