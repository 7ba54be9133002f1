package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.state.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many clients at once: no lost update, no value twice, no exception. */
class RaceTest extends ContractTest {
  private static final int CLIENTS = 100;

  @AfterEach
  void calm() {
    kintone.simulator().settings(Settings.DEFAULTS.with("deployMs", 0));
  }

  private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(calls.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void ofTwoWritersWithOneRevisionOneLoses() throws Exception {
    long id = add("K1");
    Callable<Wire.Answer> write =
        () -> update("[{'id':" + id + ",'revision':1,'record':{'T':{'value':'x'}}}]");
    List<Wire.Answer> answers = together(List.of(write, write));
    assertThat(answers).extracting(Wire.Answer::status).containsOnlyOnce(200);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 200)
        .extracting(Wire.Answer::code)
        .containsAnyOf("GAIA_CO02", "GAIA_DA02");
    assertThat(only("$revision").asText()).isEqualTo("2");
  }

  @Test
  void writersWhoMeetAtARecordGetALockError() throws Exception {
    Simulator simulator = kintone.simulator();
    long id = add("K1");
    simulator.settings(simulator.settings().with("latencyMs", 1_000));
    Callable<Wire.Answer> write = () -> update("[{'id':" + id + ",'record':{}}]");
    List<Wire.Answer> answers = together(List.of(write, write));
    assertThat(answers).extracting(Wire.Answer::status).containsExactlyInAnyOrder(200, 400);
    assertThat(answers).extracting(Wire.Answer::code).contains("GAIA_DA02");
    assertThat(only("$revision").asText()).isEqualTo("2");
    simulator.settings(simulator.settings().with("latencyMs", 0));
    assertThat(write.call().status()).as("free again").isEqualTo(200);
  }

  @Test
  void ofTwoInsertsOfOneValueOneLoses() throws Exception {
    Callable<Wire.Answer> insert = () -> addAll("[{'K':{'value':'K1'}}]");
    List<Wire.Answer> answers = together(List.of(insert, insert));
    assertThat(answers).extracting(Wire.Answer::status).containsExactlyInAnyOrder(200, 400);
    assertThat(all()).hasSize(1);
  }

  @Test
  void aHundredClientsForASecond() throws Exception {
    hundredClients(1);
  }

  @Test
  @Tag("sweep")
  void aHundredClientsForAMinute() throws Exception {
    hundredClients(60);
  }

  /**
   * Each client counts up one of ten counters, always from the value and revision it has read; the
   * counters must then tell how many writes were confirmed.
   */
  private void hundredClients(int seconds) throws Exception {
    Simulator simulator = kintone.simulator();
    simulator.settings(simulator.settings().with("concurrencyLimit", CLIENTS / 2));
    for (int i = 0; i < 10; i++) {
      records.addRecord(app, of("K", text("counter-" + i), "Q", number("0")));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Callable<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(() -> countUpUntil(end));
    }
    int confirmed = together(clients).stream().mapToInt(Integer::intValue).sum();
    simulator.settings(Settings.DEFAULTS.with("deployMs", 0));
    int counted = 0;
    for (JsonNode record : all()) {
      counted += record.at("/Q/value").asInt();
      assertThat(record.at("/$revision/value").asInt() - 1)
          .isEqualTo(record.at("/Q/value").asInt());
    }
    assertThat(counted).isEqualTo(confirmed).isPositive();
    simulator
        .statistics()
        .path("requests")
        .forEach(statuses -> assertThat(statuses.has("500")).isFalse());
  }

  private int countUpUntil(long end) {
    int confirmed = 0;
    while (System.nanoTime() < end) {
      String key = "counter-" + ThreadLocalRandom.current().nextInt(10);
      Wire.Answer read =
          wire.get("/k/v1/records.json?app=" + app + "&query=K%20in%20(%22" + key + "%22)");
      JsonNode record = read.json().at("/records/0");
      if (read.status() == 200) {
        Wire.Answer written =
            update(
                "[{'id':%s,'revision':%s,'record':{'Q':{'value':%d}}}]"
                    .formatted(
                        record.at("/$id/value").asText(),
                        record.at("/$revision/value").asText(),
                        record.at("/Q/value").asInt() + 1));
        assertThat(written.status()).isIn(200, 400, 409, 429);
        confirmed += written.status() == 200 ? 1 : 0;
      } else {
        assertThat(read.status()).isEqualTo(429);
      }
    }
    return confirmed;
  }
}
