package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.Patience;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.kafka.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes of the packaged program share the partitions of a topic of a real Kafka. They are
 * killed and started again, so that partitions change hands, while messages come.
 */
class TopicIT {
  private static final String TOPIC = "items";
  private static final String GROUP = "kintone-sync-items";
  private static final int PARTITIONS = 4;

  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "count": {"type": "NUMBER", "code": "count", "label": "count"}}
      """;

  @TempDir Path folder;

  private final Random random = new Random();
  private final Map<String, String> last = new HashMap<>();
  private final Set<String> bad = new TreeSet<>();
  private long sent;

  @Test
  void theLastMessageOfEachKeyWinsWhoeverIsKilled() throws Exception {
    run(2_000, 2);
  }

  @Test
  @Tag("sweep")
  void theLastMessageOfEachKeyWinsThroughAHundredKills() throws Exception {
    run(100_000, 100);
  }

  private void run(int messages, int kills) throws Exception {
    var first = Installation.withHome(Files.createDirectories(folder.resolve("a").resolve("home")));
    var second =
        Installation.withHome(Files.createDirectories(folder.resolve("b").resolve("home")));
    try (var broker = KafkaBroker.start();
        var simulator = SimulatorProcess.start(first)) {
      broker.topic(TOPIC, PARTITIONS);
      String app = simulator.app("items", new ObjectMapper().readTree(FIELDS));
      var installations = List.of(first, second);
      var programs = new ArrayList<StartedProgram>();
      for (var installation : installations) {
        configure(installation, broker, simulator.url(), app);
        programs.add(installation.start("run"));
      }
      try {
        for (int kill = 0; kill < kills; kill++) {
          send(broker, messages / (kills + 1));
          long before = broker.settled(GROUP);
          long enough = before + 1 + random.nextLong(Math.max(1, (sent - before) / 2));
          Patience.await()
              .alias("settled " + enough + " of " + sent)
              .until(() -> broker.settled(GROUP) >= enough);
          int victim = kill % 2;
          programs.get(victim).close();
          programs.get(victim).ended();
          programs.set(victim, installations.get(victim).start("run"));
        }
        send(broker, messages / (kills + 1));
        Patience.await().alias("offsets at the end").until(() -> broker.settled(GROUP) == sent);
        for (int i = 0; i < programs.size(); i++) {
          var program = programs.get(i);
          program.awaitText("items: watching");
          program.terminate(); // in the midst of a run, which would wait for more
          var ended = program.ended();
          assertThat(ended.exitCode()).as(ended.said()).isZero();
          assertThat(ended.said()).doesNotContain("Exception", "\tat ");
          assertThat(installations.get(i).home().resolve("logs").resolve("kintone-sync.log"))
              .content()
              .doesNotContain("RejectedExecutionException", "Error processing exchange");
        }
      } finally {
        programs.forEach(StartedProgram::close);
      }
      assertThat(simulator.values(app, "code", "count")).isEqualTo(last);
      assertThat(rejected(first, second)).isEqualTo(bad);
    }
  }

  /** Of these messages one in a hundred is bad, one removes its key, and five come twice. */
  private void send(KafkaBroker broker, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      String key = "K" + random.nextInt(count);
      int kind = random.nextInt(100);
      if (kind == 0) {
        var kept = broker.sent(TOPIC, key, "not JSON " + sent).get();
        bad.add(kept.partition() + ":" + kept.offset());
      } else if (kind == 1) {
        broker.sent(TOPIC, key, null);
        last.remove(key);
      } else {
        String value = "{\"code\": \"" + key + "\", \"count\": " + sent + "}";
        broker.sent(TOPIC, key, value);
        last.put(key, String.valueOf(sent));
        if (kind < 7) {
          broker.sent(TOPIC, key, value);
          sent++;
        }
      }
      sent++;
    }
    broker.flush();
  }

  /** The places of the bad messages that are open, in each journal once. */
  private static Set<String> rejected(Installation... installations) throws IOException {
    var places = new TreeSet<String>();
    for (var installation : installations) {
      var own = new ArrayList<String>();
      try (var journal = Journal.open(installation.home().resolve("journal"))) {
        journal
            .openRejects()
            .of("items")
            .forEach(
                reject ->
                    own.add(
                        reject.values().get("_partition") + ":" + reject.values().get("_offset")));
      }
      assertThat(own).doesNotHaveDuplicates();
      places.addAll(own);
    }
    return places;
  }

  private static void configure(
      Installation installation, KafkaBroker broker, String url, String app) throws IOException {
    Path client = installation.home().resolve("client.properties");
    Files.writeString(
        client,
        "session.timeout.ms = 3000\nheartbeat.interval.ms = 500\n"
            + "request.timeout.ms = 2000\ndefault.api.timeout.ms = 2000\n");
    Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rw-------"));
    installation
        .with("KINTONE_API_TOKEN", "t")
        .configured(
            """
            kintone.base-url = %s
            kintone.records-per-request = 50
            kintone.requests-per-batch = 2
            console.port = off
            job.items.app = %s
            job.items.update-key = code
            job.items.source = kafka
            job.items.brokers = %s
            job.items.topic = items
            job.items.client-properties = client.properties
            job.items.deleted = delete
            job.items.every = 200ms
            job.items.run-idle = 5s
            """
                .formatted(url, app, broker.brokers()));
  }
}
