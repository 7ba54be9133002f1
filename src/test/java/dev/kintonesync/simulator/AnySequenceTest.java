package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/**
 * Whatever is written in whatever order: ids come once, revisions count the writes, unique values
 * are unique and found, and a refused request leaves no trace. Few keys and ids, so that they meet.
 */
class AnySequenceTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String FIELDS = ContractTest.FIELDS;

  private static Simulator simulator;
  private static Wire wire;

  private final Map<Integer, Long> lastIds = new HashMap<>();

  @BeforeContainer
  static void start() throws IOException {
    simulator = Simulator.start();
    wire = Wire.withToken(simulator.url(), "any");
  }

  @AfterContainer
  static void stop() {
    simulator.close();
  }

  /** A write as it goes over the wire. */
  record Write(String method, String resource, ObjectNode body) {

    Wire.Answer send() {
      return wire.sendRaw(method, "/k/v1/" + resource + ".json", body.toString());
    }

    /** How many records it inserts or updates when it is accepted. */
    int records() {
      if (body.has("requests")) {
        int sum = 0;
        for (JsonNode request : body.path("requests")) {
          sum += records(request.path("payload"));
        }
        return sum;
      }
      return records(body);
    }

    private static int records(JsonNode payload) {
      return payload.has("record") ? 1 : payload.path("records").size();
    }

    boolean deletes() {
      return method.equals("DELETE") || body.toString().contains("DELETE");
    }
  }

  /** All that can be seen of the two apps. */
  private record Dump(List<Map<Long, JsonNode>> apps) {

    static Dump now() {
      return new Dump(List.of(records(1), records(2)));
    }

    private static Map<Long, JsonNode> records(long app) {
      return simulator.app(app).records().stream()
          .collect(
              Collectors.toMap(
                  record -> number(record, "$id"), Function.identity(), (a, b) -> a, TreeMap::new));
    }
  }

  private static long number(JsonNode record, String code) {
    return record.path(code).path("value").asLong();
  }

  private static String value(JsonNode record, String code) {
    return record.path(code).path("value").asText();
  }

  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void invariantsHold(@ForAll("writes") @Size(min = 1, max = 25) List<Write> writes) {
    simulator.reset();
    lastIds.clear();
    simulator.app("one", Wire.json(FIELDS));
    simulator.app("two", Wire.json(FIELDS));
    Dump before = Dump.now();
    for (Write write : writes) {
      Wire.Answer answer = write.send();
      Dump after = Dump.now();
      Statistics.collect(write.resource(), answer.status() == 200);
      if (answer.status() == 200) {
        assertCounted(write, before, after);
      } else {
        assertThat(after).as("refused: %s %s", write, answer.response().body()).isEqualTo(before);
      }
      assertUniqueAndFound(after);
      before = after;
    }
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
  void aRestartChangesNothing(@ForAll("writes") @Size(min = 10, max = 20) List<Write> writes)
      throws IOException {
    Path folder = Files.createTempDirectory("simulator");
    Simulator shared = simulator;
    Wire sharedWire = wire;
    try {
      simulator = Simulator.start(0, folder);
      wire = Wire.withToken(simulator.url(), "any");
      simulator.app("one", Wire.json(FIELDS));
      simulator.app("two", Wire.json(FIELDS));
      writes.forEach(Write::send);
      Dump before = Dump.now();
      simulator.close();
      simulator = Simulator.start(0, folder);
      wire = Wire.withToken(simulator.url(), "any");
      assertThat(Dump.now()).isEqualTo(before);
      assertUniqueAndFound(before);
    } finally {
      simulator.close();
      simulator = shared;
      wire = sharedWire;
      for (String file : List.of("records.jsonl", "lock", "")) {
        Files.delete(folder.resolve(file));
      }
    }
  }

  private void assertCounted(Write write, Dump before, Dump after) {
    long written = 0;
    for (int app = 0; app < 2; app++) {
      long last = lastIds.getOrDefault(app, 0L);
      for (Map.Entry<Long, JsonNode> entry : after.apps().get(app).entrySet()) {
        JsonNode old = before.apps().get(app).get(entry.getKey());
        long revision = number(entry.getValue(), "$revision");
        if (old == null) {
          assertThat(entry.getKey()).as("a new id, after %s", write).isGreaterThan(last);
          written += revision;
        } else if (number(old, "$revision") == revision) {
          assertThat(entry.getValue()).isEqualTo(old);
        } else {
          written += revision - number(old, "$revision");
        }
        lastIds.merge(app, entry.getKey(), Math::max);
      }
    }
    if (write.deletes()) {
      assertThat(written).isLessThanOrEqualTo(write.records());
    } else {
      assertThat(written).as(write.toString()).isEqualTo(write.records());
      for (int app = 0; app < 2; app++) {
        assertThat(after.apps().get(app).keySet()).containsAll(before.apps().get(app).keySet());
      }
    }
  }

  private static void assertUniqueAndFound(Dump dump) {
    for (int app = 0; app < 2; app++) {
      Map<Long, JsonNode> records = dump.apps().get(app);
      Map<String, Long> byText = new HashMap<>();
      Map<BigDecimal, Long> byNumber = new HashMap<>();
      records.forEach(
          (id, record) -> {
            if (!value(record, "K").isEmpty()) {
              assertThat(byText.put(value(record, "K"), id)).as("K is unique").isNull();
            }
            if (!value(record, "NK").isEmpty()) {
              BigDecimal number = new BigDecimal(value(record, "NK")).stripTrailingZeros();
              assertThat(byNumber.put(number, id)).as("NK is unique").isNull();
            }
          });
      assertThat(found(app + 1, "K in (\"a\",\"b\",\"c\",\"d\")")).isEqualTo(sorted(byText));
      assertThat(found(app + 1, "NK in (1,2,\"3.00\")")).isEqualTo(sorted(byNumber));
    }
  }

  private static List<Long> sorted(Map<?, Long> ids) {
    return ids.values().stream().sorted().toList();
  }

  private static List<Long> found(int app, String query) {
    ObjectNode body = JSON.objectNode().put("app", app).put("query", query + " order by $id asc");
    List<Long> ids = new ArrayList<>();
    wire.sendRaw("GET", "/k/v1/records.json", body.toString())
        .json()
        .path("records")
        .forEach(record -> ids.add(number(record, "$id")));
    return ids;
  }

  @Provide
  Arbitrary<List<Write>> writes() {
    return Arbitraries.frequencyOf(Tuple.of(5, single()), Tuple.of(2, bulk())).list();
  }

  private static Arbitrary<Write> bulk() {
    return single()
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(
            writes -> {
              ObjectNode body = JSON.objectNode();
              ArrayNode requests = body.putArray("requests");
              for (Write write : writes) {
                requests
                    .addObject()
                    .put("method", write.method())
                    .put("api", "/k/v1/" + write.resource() + ".json")
                    .set("payload", write.body());
              }
              return new Write("POST", "bulkRequest", body);
            });
  }

  private static Arbitrary<Write> single() {
    return Arbitraries.oneOf(
            records().map(records -> write("POST", "records", records)),
            change(ids(), keys()).map(change -> write("PUT", "record", change)),
            change(ids(), keys())
                .list()
                .ofMaxSize(3)
                .map(all -> write("PUT", "records", array(all))),
            change(ids(), keys())
                .list()
                .ofMaxSize(3)
                .map(all -> write("PUT", "records", array(all).put("upsert", true))),
            ids()
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(all -> write("DELETE", "records", idArray(all))),
            record()
                .map(record -> write("POST", "record", JSON.objectNode().set("record", record))))
        .flatMap(write -> Arbitraries.of(1, 1, 1, 2).map(app -> ofApp(write, app)));
  }

  private static Write write(String method, String resource, ObjectNode body) {
    return new Write(method, resource, body);
  }

  private static Write ofApp(Write write, int app) {
    return new Write(write.method(), write.resource(), write.body().deepCopy().put("app", app));
  }

  private static ObjectNode array(List<ObjectNode> records) {
    return JSON.objectNode().set("records", JSON.arrayNode().addAll(records));
  }

  private static ObjectNode idArray(List<Integer> ids) {
    ObjectNode body = JSON.objectNode();
    ids.forEach(body.putArray("ids")::add);
    return body;
  }

  private static Arbitrary<ObjectNode> records() {
    return record().list().ofMaxSize(3).map(AnySequenceTest::array);
  }

  private static Arbitrary<Integer> ids() {
    return Arbitraries.frequency(
        Tuple.of(4, 1), Tuple.of(4, 2), Tuple.of(3, 3), Tuple.of(3, 4), Tuple.of(1, 99));
  }

  private static Arbitrary<String> keys() {
    return Arbitraries.frequency(
        Tuple.of(5, "a"), Tuple.of(5, "b"), Tuple.of(5, "c"), Tuple.of(5, "d"), Tuple.of(1, ""));
  }

  private static Arbitrary<ObjectNode> change(Arbitrary<Integer> ids, Arbitrary<String> keys) {
    Arbitrary<ObjectNode> targets =
        Arbitraries.oneOf(
            ids.map(id -> JSON.objectNode().put("id", id)),
            keys.map(key -> target("K", key)),
            Arbitraries.of("1", "2.0", "3").map(key -> target("NK", key)));
    Arbitrary<Integer> revisions = Arbitraries.of(0, -1, 1, 2, 3, 0, 0, 0);
    return Combinators.combine(targets, revisions, record())
        .as(
            (target, revision, record) -> {
              ObjectNode change = target.deepCopy();
              if (revision != 0) {
                change.put("revision", revision);
              }
              record.remove(target.path("updateKey").path("field").asText());
              return change.set("record", record);
            });
  }

  private static ObjectNode target(String field, String value) {
    ObjectNode target = JSON.objectNode();
    target.putObject("updateKey").put("field", field).put("value", value);
    return target;
  }

  private static Arbitrary<ObjectNode> record() {
    return Combinators.combine(
            keys().injectNull(0.6),
            Arbitraries.of("1", "1.0", "2", "3", "").injectNull(0.7),
            Arbitraries.of("1", "2", "3", "4", "5", "6", "seven").injectNull(0.6),
            Arbitraries.integers().between(0, 3).injectNull(0.7))
        .as(
            (key, number, quantity, rows) -> {
              ObjectNode record = JSON.objectNode();
              put(record, "K", key);
              put(record, "NK", number);
              put(record, "Q", quantity);
              if (rows != null) {
                ArrayNode table = record.putObject("S").putArray("value");
                for (int row = 0; row < rows; row++) {
                  put(table.addObject().putObject("value"), "a", "row " + row);
                }
              }
              return record;
            });
  }

  private static void put(ObjectNode record, String code, String value) {
    if (value != null) {
      record.putObject(code).put("value", value);
    }
  }
}
