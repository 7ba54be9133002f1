package dev.kintonesync.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.NumberPrecision;
import dev.kintonesync.form.RememberedLookups;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.AdaptiveLimiter;
import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.FileHashes;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Isolation;
import dev.kintonesync.sync.Plan;
import dev.kintonesync.sync.RichTexts;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.SimilarKeys;
import dev.kintonesync.sync.SyncRecord;
import dev.kintonesync.sync.Target;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The steps of a batch of 2,000 rows of ten columns, without Kintone: mapping, comparing and
 * planning, and the JSON of requests and answers. Run it with {@code mvn -Pbenchmarks test-compile
 * exec:exec -Dbenchmark=dev.kintonesync.bench.SyncBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = "-Xmx512m")
public class SyncBenchmark {
  private static final int ROWS = 2000;
  private static final int KEYS = 500;
  private static final List<String> COLUMNS =
      List.of(
          "code", "name", "kana", "zip", "address", "phone", "mail", "since", "limit", "orders");

  private final ObjectMapper json = new ObjectMapper();
  private final List<Map<String, String>> rows = new ArrayList<>();
  private final List<byte[]> answers = new ArrayList<>();
  private final List<Answer> same = new ArrayList<>();
  private final List<Answer> changed = new ArrayList<>();
  private final List<SyncRecord> records = new ArrayList<>();
  private Target target;
  private JsonNode request;

  /** Makes the form, the rows, and what Kintone would answer. */
  @Setup
  public void start() throws IOException {
    var form = Form.of("1", json.readTree(fields()), NumberPrecision.KINTONE_DEFAULT);
    var mapping = Mapping.of(form, COLUMNS, Map.of(), form.requireKey("code"));
    target =
        new Target(
            new KintoneConnection(
                URI.create("http://localhost"), null, Credentials.ofTokens("t"), "en"),
            "1",
            form,
            mapping,
            Rules.DEFAULT,
            Map.of(),
            Map.of(),
            new SimilarKeys(),
            true,
            false,
            new Target.Sizes(100, 20, KEYS),
            new AdaptiveLimiter(4, 20, Duration.ofSeconds(10)),
            RichTexts.NONE,
            FileHashes.NONE,
            new RememberedLookups(),
            null,
            null);
    for (int i = 0; i < ROWS; i++) {
      rows.add(row(i));
    }
    for (int from = 0; from < ROWS; from += KEYS) {
      answers.add(json.writeValueAsBytes(answer(from, false)));
      same.add(new Answer.Done(answer(from, false)));
      changed.add(new Answer.Done(answer(from, true)));
    }
    for (int i = 0; i < ROWS; i++) {
      var mapped = mapping.map(rows.get(i));
      var source = new SourceRecord(new Position(i + 1, i + 2), Map.of(), List.of(), null);
      records.add(new SyncRecord(source, String.valueOf(mapped.key()), mapped.values()));
    }
    var plan = planned(changed);
    request = plan.next().get(0).updateRecords().payload();
  }

  private static String fields() {
    var properties = new ArrayList<String>();
    for (String code : COLUMNS) {
      String type =
          switch (code) {
            case "since" -> "DATE";
            case "limit", "orders" -> "NUMBER";
            case "address" -> "MULTI_LINE_TEXT";
            default -> "SINGLE_LINE_TEXT";
          };
      properties.add(
          "\"%1$s\": {\"type\": \"%2$s\", \"code\": \"%1$s\", \"label\": \"%1$s\", \"unique\": %3$s}"
              .formatted(code, type, code.equals("code")));
    }
    return "{\"revision\": \"1\", \"properties\": {" + String.join(", ", properties) + "}}";
  }

  private static Map<String, String> row(int i) {
    var row = new LinkedHashMap<String, String>();
    row.put("code", "C%07d".formatted(i));
    row.put("name", "株式会社サンプル" + i);
    row.put("kana", "カブシキガイシャサンプル" + i);
    row.put("zip", "100-%04d".formatted(i % 10_000));
    row.put("address", "東京都千代田区丸の内" + i + "丁目");
    row.put("phone", "03-1234-%04d".formatted(i % 10_000));
    row.put("mail", "info" + i + "@example.com");
    row.put("since", "2026-01-%02d".formatted(1 + i % 28));
    row.put("limit", i + "000");
    row.put("orders", String.valueOf(i % 50));
    return row;
  }

  private JsonNode answer(int from, boolean other) {
    var answer = json.createObjectNode();
    var found = answer.putArray("records");
    for (int i = from; i < from + KEYS; i++) {
      var record = found.addObject();
      record.putObject("$id").put("type", "__ID__").put("value", String.valueOf(i + 1));
      record.putObject("$revision").put("type", "__REVISION__").put("value", "3");
      for (var cell : row(i).entrySet()) {
        String value = other && cell.getKey().equals("name") ? "以前の名前" : cell.getValue();
        record.putObject(cell.getKey()).put("type", "SINGLE_LINE_TEXT").put("value", value);
      }
    }
    return answer;
  }

  private Plan planned(List<Answer> answered) {
    var guards = new Guards(Guards.Limits.DEFAULT, Set.of(), () -> 0);
    var batch = new Batch(1, records, List.of(), 0);
    var plan = new Plan(target, batch, new Isolation.Budget(100), guards);
    plan.lookUps();
    return plan.found(answered);
  }

  /** 2,000 rows become values of Kintone's. */
  @Benchmark
  public int map2000() {
    int values = 0;
    for (var row : rows) {
      values += target.mapping().map(row).values().size();
    }
    return values;
  }

  /** 2,000 records are compared with what Kintone holds, and are the same. */
  @Benchmark
  public Plan planUnchanged2000() {
    return planned(same);
  }

  /** 2,000 records are compared with what Kintone holds, and one field of each is to be updated. */
  @Benchmark
  public int planChanged2000() {
    return planned(changed).next().size();
  }

  /** The JSON of an update of 100 records. */
  @Benchmark
  public int writeJsonOf100() throws IOException {
    return json.writeValueAsBytes(request).length;
  }

  /** The JSON of an answer of 500 records. */
  @Benchmark
  public JsonNode readJsonOf500() throws IOException {
    return json.readTree(answers.get(0));
  }

  /** Runs all; arguments as JMH takes them are not needed. */
  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(SyncBenchmark.class.getSimpleName()).build()).run();
  }
}
