package dev.kintonesync.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The simulator over HTTP, client and server in one process, on an app of 100,000 records: looking
 * up 500 keys, and a bulkRequest of 2,000 upserts of which half are new. Run it with {@code mvn
 * -Pbenchmarks test-compile exec:exec}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgs = "-Xmx1g")
public class SimulatorBenchmark {
  static final int RECORDS = 100_000;
  static final String FIELDS =
      """
      {"code":{"type":"SINGLE_LINE_TEXT","code":"code","unique":true},
       "name":{"type":"SINGLE_LINE_TEXT","code":"name"},
       "amount":{"type":"NUMBER","code":"amount"},
       "day":{"type":"DATE","code":"day"}}
      """;

  private final Random random = new Random(1);
  private final HttpClient http = HttpClient.newHttpClient();
  private Simulator simulator;
  private int fresh = RECORDS;

  /** Starts a simulator and fills an app. */
  @Setup
  public void start() throws IOException {
    simulator = Simulator.start();
    fill(simulator.app("customers", FIELDS), 0, RECORDS);
  }

  /** Adds records from a number on, by thousands. */
  static void fill(SimulatedApp app, int first, int records) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    for (int from = first; from < first + records; from += 1000) {
      JsonNode[] page = new JsonNode[1000];
      for (int i = 0; i < page.length; i++) {
        page[i] = mapper.readTree("{" + record(from + i, true) + "}");
      }
      app.add(page);
    }
  }

  private static String record(int number, boolean key) {
    return (key ? "\"code\":{\"value\":\"" + key(number) + "\"}," : "")
        + "\"name\":{\"value\":\"Customer number %d\"},\"amount\":{\"value\":\"%d.50\"},"
            .formatted(number, number)
        + "\"day\":{\"value\":\"2026-01-%02d\"}".formatted(1 + number % 28);
  }

  /** How many bytes the values of a record of five digits are as text. */
  static long textBytes() {
    return key(12_345).length() + "Customer number 12345".length() + "12345.50".length() + 10;
  }

  private static String key(int number) {
    return "C-%07d".formatted(number);
  }

  @TearDown
  public void stop() {
    simulator.close();
  }

  /** One GET of records.json for 500 keys that are there. */
  @Benchmark
  public int lookUp500Keys() throws IOException, InterruptedException {
    StringBuilder query = new StringBuilder("code in (");
    for (int i = 0; i < 500; i++) {
      query.append(i == 0 ? "" : ",").append("\\\"").append(key(random.nextInt(RECORDS)));
      query.append("\\\"");
    }
    query.append(") limit 500");
    String body =
        "{\"app\":1,\"fields\":[\"$id\",\"$revision\",\"code\",\"name\",\"amount\"],\"query\":\""
            + query
            + "\"}";
    return send("records", "GET", body);
  }

  /** One bulkRequest of 20 upserts of 100 records; every second record is new. */
  @Benchmark
  public int upsert2000() throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder("{\"requests\":[");
    int known = random.nextInt(RECORDS - 1000);
    for (int request = 0; request < 20; request++) {
      body.append(request == 0 ? "" : ",");
      body.append("{\"method\":\"PUT\",\"api\":\"/k/v1/records.json\",\"payload\":");
      body.append("{\"app\":1,\"upsert\":true,\"records\":[");
      for (int i = 0; i < 100; i++) {
        int number = i % 2 == 0 ? known++ : fresh++;
        body.append(i == 0 ? "" : ",").append("{\"updateKey\":{\"field\":\"code\",\"value\":\"");
        body.append(key(number)).append("\"},\"record\":{").append(record(number, false));
        body.append("}}");
      }
      body.append("]}}");
    }
    return send("bulkRequest", "POST", body.append("]}").toString());
  }

  private int send(String resource, String method, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(simulator.url() + "/k/v1/" + resource + ".json"))
            .header("X-Cybozu-API-Token", "t")
            .header("Content-Type", "application/json")
            .header("X-HTTP-Method-Override", method)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(new String(answer.body(), StandardCharsets.UTF_8));
    }
    return answer.body().length;
  }

  /** Runs both; arguments as JMH takes them are not needed. */
  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(SimulatorBenchmark.class.getSimpleName()).build())
        .run();
  }
}
