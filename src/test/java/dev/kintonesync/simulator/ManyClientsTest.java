package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A hundred clients write, read and delete beside each other, and keep book of what they were told.
 * Afterwards the records agree with their books.
 */
@LogOfProcess.LookedAt
@Timeout(600)
class ManyClientsTest {
  private static final int CLIENTS = 100;
  private static final int COUNTERS = 5;
  private static final int KEYS = 40;

  private Simulator simulator;
  private SimulatorLog log;
  private Wire wire;
  private SimulatedApp one;
  private SimulatedApp two;
  private ExecutorService threads;

  /** What the clients were told. */
  private final Set<String> ids = ConcurrentHashMap.newKeySet();

  private final Map<Long, AtomicLong> counted = new ConcurrentHashMap<>();
  private final AtomicLong transfers = new AtomicLong();
  private final Map<String, AtomicLong> inserts = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> upserts = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> added = new ConcurrentHashMap<>();
  private final AtomicLong lostRaces = new AtomicLong();

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    // what the clients do must add up; that writers who meet get errors is another matter
    simulator.settings(simulator.settings().with("lockErrors", false));
    log = new SimulatorLog();
    wire = Wire.withToken(simulator.url(), "any");
    one = simulator.app("one", Wire.json(ContractTest.FIELDS));
    two = simulator.app("two", Wire.json(ContractTest.FIELDS));
    for (int i = 0; i < COUNTERS; i++) {
      one.add("{\"Q\":{\"value\":0}}");
      two.add("{\"Q\":{\"value\":0}}");
    }
    threads = Executors.newFixedThreadPool(CLIENTS);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    simulator.close();
    log.close();
  }

  @Test
  void aSecondOfAHundredClientsAddsUp() throws Exception {
    work(Duration.ofSeconds(1));
    assertAddsUp();
  }

  @Test
  @Tag("sweep")
  void aMinuteOfAHundredClientsAddsUp() throws Exception {
    work(Duration.ofMinutes(1));
    assertAddsUp();
  }

  private void work(Duration duration) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(i);
      clients.add(
          CompletableFuture.runAsync(
              () -> {
                do {
                  something(random);
                } while (System.nanoTime() < end);
              },
              threads));
    }
    for (CompletableFuture<Void> client : clients) {
      client.get(duration.plus(Patience.LIMIT).toSeconds(), TimeUnit.SECONDS);
    }
  }

  private void something(Random random) {
    switch (random.nextInt(7)) {
      case 0, 1 -> count(random);
      case 2 -> transfer(random);
      case 3 -> insert("I-" + random.nextInt(KEYS));
      case 4 -> upsert(random);
      case 5 -> addAndDelete(random);
      default -> read();
    }
  }

  /** Reads a counter and writes one more, unless another client was faster. */
  private void count(Random random) {
    long id = 1 + random.nextInt(COUNTERS);
    JsonNode record = wire.get("/k/v1/record.json?app=1&id=" + id).json().path("record");
    Wire.Answer answer =
        wire.put(
            "/k/v1/record.json",
            "{'app':1,'id':%d,'revision':%d,'record':{'Q':{'value':%d}}}"
                .formatted(id, number(record, "$revision"), number(record, "Q") + 1));
    if (answer.status() == 200) {
      note(counted, id);
    } else {
      assertThat(answer.code()).isEqualTo("GAIA_CO02");
      lostRaces.incrementAndGet();
    }
  }

  /** Writes to both apps or to none; every second time the second write is refused. */
  private void transfer(Random random) {
    boolean good = random.nextBoolean();
    String touch =
        "{'method':'PUT','api':'/k/v1/record.json','payload':{'app':2,'id':1,'record':{}}}";
    String add =
        "{'method':'POST','api':'/k/v1/record.json','payload':{'app':2,'record':{'Q':{'value':'%s'}}}}"
            .formatted(good ? "1" : "one");
    Wire.Answer answer =
        wire.post("/k/v1/bulkRequest.json", "{'requests':[" + touch + "," + add + "]}");
    assertThat(answer.status()).isEqualTo(good ? 200 : 400);
    if (good) {
      transfers.incrementAndGet();
      noteId(2, answer.json().at("/results/1/id").asText());
    }
  }

  private void insert(String key) {
    Wire.Answer answer =
        wire.post("/k/v1/record.json", "{'app':1,'record':{'K':{'value':'" + key + "'}}}");
    if (answer.status() == 200) {
      note(inserts, key);
      noteId(1, answer.json().path("id").asText());
    } else {
      assertThat(answer.errorKeys()).containsExactly("record.K.value");
    }
  }

  private void upsert(Random random) {
    int first = random.nextInt(KEYS - 1);
    String rows =
        "{'updateKey':{'field':'K','value':'U-%d'},'record':{}}".formatted(first)
            + ",{'updateKey':{'field':'K','value':'U-%d'},'record':{}}".formatted(first + 1);
    Wire.Answer answer =
        wire.put("/k/v1/records.json", "{'app':1,'upsert':true,'records':[" + rows + "]}");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    for (int i = 0; i < 2; i++) {
      JsonNode result = answer.json().at("/records/" + i);
      String key = "U-" + (first + i);
      note(upserts, key);
      if (result.path("operation").asText().equals("INSERT")) {
        note(inserts, key);
        noteId(1, result.path("id").asText());
      }
    }
  }

  private void addAndDelete(Random random) {
    Wire.Answer answer = wire.post("/k/v1/records.json", "{'app':1,'records':[{},{},{}]}");
    List<String> mine = new ArrayList<>();
    answer.json().path("ids").forEach(id -> mine.add(id.asText()));
    mine.forEach(id -> noteId(1, id));
    assertThat(mine).hasSize(3);
    int kept = random.nextInt(4);
    if (kept < 3) {
      note(added, mine.remove(kept));
    }
    Wire.Answer deleted = wire.delete("/k/v1/records.json", "{'app':1,'ids':" + mine + "}");
    assertThat(deleted.status()).isEqualTo(200);
  }

  private void read() {
    Wire.Answer answer =
        wire.get("/k/v1/records.json?app=1&totalCount=true&query=K%20like%20%22U%22%20limit%20500");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("records")).hasSize(answer.json().path("totalCount").asInt());
    JsonNode stats = wire.get("/simulator/stats").json();
    assertThat(stats.path("running").asInt()).isLessThanOrEqualTo(CLIENTS);
  }

  private static <T> void note(Map<T, AtomicLong> book, T entry) {
    book.computeIfAbsent(entry, e -> new AtomicLong()).incrementAndGet();
  }

  private void noteId(int app, String id) {
    assertThat(ids.add(app + ":" + id)).as("id %s of app %s is given once", id, app).isTrue();
  }

  private void assertAddsUp() {
    assertThat(log.complaints()).isEmpty();
    assertThat(lostRaces.get()).as("the clients met").isPositive();
    long inserted = 0;
    for (JsonNode record : one.records()) {
      long id = number(record, "$id");
      String key = record.at("/K/value").asText();
      long revision = number(record, "$revision");
      if (id <= COUNTERS) {
        long writes = counted.getOrDefault(id, new AtomicLong()).get();
        assertThat(number(record, "Q")).as("no update of counter %s is lost", id).isEqualTo(writes);
        assertThat(revision).isEqualTo(writes + 1);
      } else if (key.isEmpty()) {
        assertThat(added).containsKey(Long.toString(id));
        inserted++;
      } else {
        assertThat(inserts.get(key).get()).as("%s is inserted once", key).isEqualTo(1);
        long writes = key.startsWith("U") ? upserts.get(key).get() : 1;
        assertThat(revision).as("writes of %s", key).isEqualTo(writes);
      }
    }
    assertThat(inserted).as("all that were not deleted").isEqualTo(added.size());
    assertThat(one.size()).isEqualTo(COUNTERS + inserts.size() + added.size());
    assertThat(two.size()).isEqualTo(COUNTERS + transfers.intValue());
    assertThat(number(two.records().get(0), "$revision")).isEqualTo(1 + transfers.get());
    assertThat(simulator.statistics().path("running").asInt()).isZero();
  }

  private static long number(JsonNode record, String code) {
    return record.path(code).path("value").asLong();
  }
}
