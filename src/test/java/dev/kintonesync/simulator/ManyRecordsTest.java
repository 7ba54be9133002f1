package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real app with a million records can be rehearsed, and what is too much is refused in words. */
class ManyRecordsTest {
  private static final int MILLION = 1_000_000;
  private static final int A_REQUEST = 100;
  private static final int A_BULK = 20 * A_REQUEST;

  @TempDir Path folder;

  @Test
  @Tag("sweep")
  void aMillionRecordsOfTenFieldsAreHeldFoundAndThereAgain() throws Exception {
    String data = folder.resolve("data").toString();
    String app = Path.of(getClass().getResource("/simulator/ten-fields.json").toURI()).toString();
    Duration slowest;
    try (var simulator = new SimulatorProcess("1500m", "--data", data, "--app-file", app)) {
      Wire wire = Wire.withToken(simulator.url(), "any");
      long began = System.nanoTime();
      fill(wire);
      report("writing", began);
      slowest = ask(wire);
    }
    assertThat(slowest).isLessThan(Duration.ofSeconds(5));
    long began = System.nanoTime();
    try (var simulator = new SimulatorProcess("1500m", "--data", data)) {
      report("opening", began);
      ask(Wire.withToken(simulator.url(), "any"));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(2));
    }
  }

  private static void report(String what, long began) {
    System.out.printf("%s: %d ms%n", what, (System.nanoTime() - began) / 1_000_000);
  }

  private static void fill(Wire wire) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(4);
    List<Future<Wire.Answer>> answers = new ArrayList<>();
    for (int from = 0; from < MILLION; from += A_BULK) {
      int first = from;
      answers.add(clients.submit(() -> wire.post("/k/v1/bulkRequest.json", bulk(first))));
    }
    for (Future<Wire.Answer> answer : answers) {
      assertThat(answer.get().status()).as(answer.get().response().body()).isEqualTo(200);
    }
    clients.shutdown();
  }

  private static String bulk(int from) {
    return IntStream.range(0, A_BULK / A_REQUEST)
        .mapToObj(
            i ->
                "{'method':'POST','api':'/k/v1/records.json','payload':{'app':1,'records':["
                    + records(from + i * A_REQUEST)
                    + "]}}")
        .collect(Collectors.joining(",", "{'requests':[", "]}"));
  }

  private static String records(int from) {
    return IntStream.range(from, from + A_REQUEST)
        .mapToObj(ManyRecordsTest::record)
        .collect(Collectors.joining(","));
  }

  private static String record(int n) {
    return ("{'code':{'value':'%s'},'name':{'value':'佐藤 %d'},'kana':{'value':'サトウ'},"
            + "'mail':{'value':'sato%d@example.com'},'amount':{'value':'%d.5'},"
            + "'day':{'value':'2026-01-%02d'},'at':{'value':'2026-01-02T03:%02d:00Z'},"
            + "'state':{'value':'open'},'city':{'value':'東京都千代田区'},"
            + "'note':{'value':'delivered to the door, %d times'}}")
        .formatted(key(n), n, n, n, n % 28 + 1, n % 60, n);
  }

  private static String key(int n) {
    return "C-%08d".formatted(n);
  }

  /** Asks as a synchronisation and a person would; answers how long the slowest took. */
  private static Duration ask(Wire wire) {
    String keys =
        IntStream.range(0, 500)
            .mapToObj(i -> "\\\"" + key(i * 1999) + "\\\"")
            .collect(Collectors.joining(","));
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      took.add(ask(wire, "code in (" + keys + ") limit 500", 500));
    }
    took.add(ask(wire, "$id > 999600 order by $id asc limit 500", 400));
    took.add(ask(wire, "更新日時 >= \\\"2020-01-01T00:00:00Z\\\" order by 更新日時 asc limit 100", 100));
    took.add(ask(wire, "name = \\\"佐藤 123456\\\"", 1));
    took.add(ask(wire, "amount > 999000 order by amount desc limit 500", 500));
    return took.stream().max(Duration::compareTo).orElseThrow();
  }

  private static Duration ask(Wire wire, String query, int found) {
    long began = System.nanoTime();
    JsonNode answer =
        wire.sendRaw("GET", "/k/v1/records.json", "{\"app\":1,\"query\":\"" + query + "\"}").json();
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertThat(answer.path("records")).as("%s: %s", query, answer.path("message")).hasSize(found);
    System.out.printf(
        "%d ms: %s%n", took.toMillis(), query.substring(0, Math.min(60, query.length())));
    return took;
  }

  @Test
  void whatIsTooMuchForTheMemoryIsRefusedInWordsAndTheRestGoesOn() throws Exception {
    String data = folder.resolve("data").toString();
    String app = Path.of(getClass().getResource("/simulator/ten-fields.json").toURI()).toString();
    char[] text = new char[60_000];
    Arrays.fill(text, 'x');
    String record = "{'note':{'value':'" + new String(text) + "'}}";
    String ten =
        "{'app':1,'records':["
            + IntStream.range(0, 10).mapToObj(i -> record).collect(Collectors.joining(","))
            + "]}";
    try (var simulator = new SimulatorProcess("48m", "--data", data, "--app-file", app)) {
      Wire wire = Wire.withToken(simulator.url(), "any");
      Wire.Answer answer = wire.post("/k/v1/records.json", ten);
      int written = 0;
      for (; answer.status() == 200 && written < 100; written++) {
        answer = wire.post("/k/v1/records.json", ten);
      }
      assertThat(answer.status()).as("after %d requests", written).isEqualTo(507);
      assertThat(answer.code()).isEqualTo("SIMULATOR_MEMORY");
      assertThat(answer.message()).contains("-Xmx", written * 10 + " records");
      assertThat(
              wire.get("/k/v1/records.json?app=1&query=limit%201&totalCount=true")
                  .json()
                  .path("totalCount")
                  .asText())
          .as("reading goes on, and what was refused was not written")
          .isEqualTo(Integer.toString(written * 10));
      assertThat(wire.delete("/k/v1/records.json", "{'app':1,'ids':[1]}").status()).isEqualTo(200);
    }
  }
}
