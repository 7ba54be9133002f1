package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is asked, in whatever order, the store keeps its word. */
class StorePropertiesTest {
  private static Simulator simulator;
  private static Wire wire;

  @BeforeContainer
  static void start() throws IOException {
    simulator = Simulator.start();
    wire = Wire.withToken(simulator.url(), "any");
  }

  @AfterContainer
  static void stop() {
    simulator.close();
  }

  /** One write of {@code records.json}; {@code APP} and {@code '} are yet to be replaced. */
  record Write(String method, String payload) {}

  @Provide
  Arbitrary<List<List<Write>>> requests() {
    Arbitrary<String> key = Arbitraries.of("a", "b", "c", "d", "");
    Arbitrary<Integer> id = Arbitraries.integers().between(1, 12);
    Arbitrary<Integer> revision = Arbitraries.of(-1, -1, -1, 1, 2);
    Arbitrary<String> record =
        Arbitraries.of(
            "{}",
            "{'Q':{'value':'1'}}",
            "{'Q':{'value':'2.50'}}",
            "{'Q':{'value':'bad'}}",
            "{'S':{'value':[{'value':{'s':{'value':'x'}}}]}}");
    Arbitrary<Write> add =
        key.map(k -> "{'K':{'value':'" + k + "'}}")
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(list -> new Write("POST", "{'app':APP,'records':" + list + "}"));
    Arbitrary<String> byId =
        Combinators.combine(id, revision, record)
            .as("{'id':%d,'revision':%d,'record':%s}"::formatted);
    Arbitrary<String> byKey =
        Combinators.combine(key, record)
            .as("{'updateKey':{'field':'K','value':'%s'},'record':%s}"::formatted);
    Arbitrary<Write> update =
        Arbitraries.oneOf(byId, byKey)
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(list -> new Write("PUT", "{'app':APP,'records':" + list + "}"));
    Arbitrary<Write> upsert =
        byKey
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(list -> new Write("PUT", "{'app':APP,'upsert':true,'records':" + list + "}"));
    Arbitrary<Write> delete =
        id.set()
            .ofMinSize(1)
            .ofMaxSize(2)
            .map(ids -> new Write("DELETE", "{'app':APP,'ids':" + List.copyOf(ids) + "}"));
    return Arbitraries.frequencyOf(
            Tuple.of(3, add), Tuple.of(2, update), Tuple.of(3, upsert), Tuple.of(1, delete))
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void theStoreKeepsItsInvariants(@ForAll("requests") List<List<Write>> requests) {
    SimulatedApp app =
        simulator.app(
            "p",
            """
            {"K":{"type":"SINGLE_LINE_TEXT","code":"K","unique":true},
             "Q":{"type":"NUMBER","code":"Q"},
             "S":{"type":"SUBTABLE","code":"S","fields":{
               "s":{"type":"SINGLE_LINE_TEXT","code":"s"}}}}
            """);
    Set<String> idsEver = new HashSet<>();
    long highest = 0;
    for (List<Write> request : requests) {
      Map<String, JsonNode> before = records(app);
      int status = send(app, request);
      Map<String, JsonNode> after = records(app);
      assertThat(status).isIn(200, 400, 404, 409);
      if (status != 200) {
        assertThat(after).as("a refused request changes nothing").isEqualTo(before);
      }
      for (String id : after.keySet()) {
        if (!before.containsKey(id)) {
          assertThat(idsEver.add(id)).as("an id is given once").isTrue();
          assertThat(Long.parseLong(id)).as("ids rise").isGreaterThan(highest);
        } else {
          assertThat(revision(after.get(id))).isGreaterThanOrEqualTo(revision(before.get(id)));
          if (revision(after.get(id)) == revision(before.get(id))) {
            assertThat(after.get(id)).isEqualTo(before.get(id));
          }
        }
      }
      highest =
          Math.max(highest, after.keySet().stream().mapToLong(Long::parseLong).max().orElse(0));
      assertKeysAreUniqueAndFound(app, after);
    }
  }

  private static int send(SimulatedApp app, List<Write> request) {
    List<String> subs = new ArrayList<>();
    for (Write write : request) {
      String payload = write.payload().replace("APP", Long.toString(app.id()));
      if (request.size() == 1) {
        return wire.send(write.method(), "/k/v1/records.json", payload).status();
      }
      subs.add(
          "{'method':'%s','api':'/k/v1/records.json','payload':%s}"
              .formatted(write.method(), payload));
    }
    return wire.post("/k/v1/bulkRequest.json", "{'requests':" + subs + "}").status();
  }

  private static Map<String, JsonNode> records(SimulatedApp app) {
    Map<String, JsonNode> records = new HashMap<>();
    app.records().forEach(record -> records.put(record.at("/$id/value").asText(), record));
    return records;
  }

  private static long revision(JsonNode record) {
    return record.at("/$revision/value").asLong();
  }

  private static void assertKeysAreUniqueAndFound(SimulatedApp app, Map<String, JsonNode> records) {
    for (String key : List.of("a", "b", "c", "d")) {
      List<String> holders =
          records.entrySet().stream()
              .filter(entry -> entry.getValue().at("/K/value").asText().equals(key))
              .map(Map.Entry::getKey)
              .toList();
      assertThat(holders).as("one record at most holds " + key).hasSizeLessThan(2);
      JsonNode found =
          wire.get(
                  "/k/v1/records.json?app=%d&query=K%%20in%%20(%%22%s%%22)"
                      .formatted(app.id(), key))
              .json();
      assertThat(found.path("records").findValuesAsText("$id")).hasSize(holders.size());
    }
  }
}
