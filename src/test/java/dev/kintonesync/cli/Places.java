package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.http.Fault.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Makes installations with an app of their own, and random tables for their jobs. */
abstract class Places {
  static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "20"},
       "note": {"type": "MULTI_LINE_TEXT", "code": "note", "label": "note"},
       "amount": {"type": "NUMBER", "code": "amount", "label": "amount"},
       "day": {"type": "DATE", "code": "day", "label": "day"},
       "rank": {"type": "DROP_DOWN", "code": "rank", "label": "rank",
                "options": {"A": {"label": "A", "index": "0"}, "B": {"label": "B", "index": "1"}}},
       "tags": {"type": "CHECK_BOX", "code": "tags", "label": "tags",
                "options": {"x": {"label": "x", "index": "0"}, "y": {"label": "y", "index": "1"}}},
       "orders": {"type": "SUBTABLE", "code": "orders", "label": "orders", "fields": {
         "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "item"},
         "qty": {"type": "NUMBER", "code": "qty", "label": "qty"}}}}
      """;

  static final String FILE_FIELDS =
      """
      , "files": {"type": "FILE", "code": "files", "label": "files"},
       "rows": {"type": "SUBTABLE", "code": "rows", "label": "rows", "fields": {
         "line": {"type": "SINGLE_LINE_TEXT", "code": "line", "label": "line"},
         "scan": {"type": "FILE", "code": "scan", "label": "scan"}}}}
      """;

  /** Of the job by which records are changed; the first ones come by a mirror. */
  static final List<String> MODES =
      List.of(
          "mode = upsert",
          mirror("delete"),
          mirror("set rank=B"),
          "mode = insert",
          "mode = update");

  static final ObjectMapper JSON = new ObjectMapper();
  static final Map<String, String> TOKEN = Map.of("KINTONE_API_TOKEN", "t");

  @TempDir Path folder;
  private Simulator simulator;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  /** An installation with an app of its own. */
  final class Place {
    final Path home;
    final Command command;
    final SimulatedApp app;

    Place(String name) throws IOException {
      this(name, FIELDS);
    }

    Place(String name, String fields) throws IOException {
      home = Files.createDirectories(folder.resolve(name));
      command = new Command(home);
      app = simulator.app("customers", fields);
      Files.writeString(
          home.resolve("application.properties"),
          """
          kintone.base-url = %s
          job.customers.app = %d
          job.customers.update-key = code
          job.customers.source = folder
          job.customers.folder = inbox
          job.customers.table-rows = replace
          job.customers.%s
          """
              .formatted(simulator.url(), app.id(), MODES.get(1)));
    }

    /** From now on records are changed in another way. */
    void by(String mode) throws IOException {
      by(mode, "");
    }

    /** So that rows of one key are planned one after the other, and some remove their record. */
    void byBatchesOf(int records, String mode) throws IOException {
      String removes = mode.contains("mirror") ? "" : "job.customers.mirror.missing = delete\n";
      by(
          mode,
          """

          job.customers.delete-when = gone=1
          kintone.records-per-request = %d
          kintone.requests-per-batch = 1
          %s
          """
              .formatted(records, removes));
    }

    private void by(String mode, String others) throws IOException {
      Path file = home.resolve("application.properties");
      String properties = Files.readString(file);
      assertThat(properties).contains(MODES.get(1));
      Files.writeString(file, properties.replace(MODES.get(1), mode) + others);
    }

    Command.Ended run(String... words) {
      var ended = command.run(TOKEN, words);
      assertThat(ended.exitCode()).as(ended.out() + ended.err()).isLessThanOrEqualTo(1);
      return ended;
    }

    Command.Ended imports(Path file) {
      return run("import", file.toString(), "--job", "customers", "--lang", "en");
    }

    String newestRun() throws IOException {
      try (var runs = Files.list(home.resolve("runs"))) {
        return runs.filter(run -> Files.exists(run.resolve("changes.jsonl.gz")))
            .map(run -> run.getFileName().toString())
            .max(Comparator.comparing(Place::order))
            .orElseThrow();
      }
    }

    /** Runs of one second have a number behind their names. */
    private static String order(String run) {
      return run.matches(".*-customers") ? run + "-1" : run;
    }

    /** What the app holds by key, without what Kintone counts itself. */
    Map<String, JsonNode> held() {
      var held = new TreeMap<String, JsonNode>();
      for (JsonNode cells : app.records()) {
        var record = JSON.createObjectNode();
        for (String code : List.of("name", "note", "amount", "day", "rank", "tags", "orders")) {
          record.set(code, plain(cells.path(code).path("value")));
        }
        record.put("files", fileNames(cells.at("/files/value")));
        held.put(cells.path("code").path("value").asText(), record);
      }
      return held;
    }

    private JsonNode plain(JsonNode value) {
      JsonNode copy = value.deepCopy();
      copy.forEach(
          row -> {
            if (row instanceof ObjectNode object) {
              object.remove("id");
            }
          });
      return copy.isNull() ? JSON.getNodeFactory().textNode("") : copy;
    }

    /** Somebody saves a record in the browser. */
    void edit(String code, String field, String value) throws Exception {
      request(
          "PUT",
          """
          {"app": %d, "updateKey": {"field": "code", "value": "%s"},
           "record": {"%s": {"value": "%s"}}}
          """
              .formatted(app.id(), code, field, value));
    }

    /** Somebody deletes a record in the browser. */
    void delete(String code) throws Exception {
      for (JsonNode cells : app.records()) {
        if (cells.at("/code/value").asText().equals(code)) {
          String id = cells.path("$id").path("value").asText();
          request("records", "DELETE", "{\"app\":%d,\"ids\":[%s]}".formatted(app.id(), id));
        }
      }
    }

    private void request(String method, String body) throws Exception {
      request("record", method, body);
    }

    private void request(String what, String method, String body) throws Exception {
      var request =
          HttpRequest.newBuilder(URI.create(simulator.url() + "/k/v1/" + what + ".json"))
              .header("X-Cybozu-API-Token", "t")
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build();
      var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  private static String mirror(String missing) {
    return """
    mode = mirror
    job.customers.mirror.missing = %s
    job.customers.mirror.max-missing = 100%%\
    """
        .formatted(missing);
  }

  /** A file of records, each of which is there with some chance, and one that is rejected. */
  Path source(String name, Random random, int keys, String... files) throws IOException {
    return source(name, random, keys, false, files);
  }

  /**
   * A file of such records.
   *
   * @param repeated whether the rows of some keys come several times, with other values or to
   *     remove the record
   */
  Path source(String name, Random random, int keys, boolean repeated, String... files)
      throws IOException {
    var lines = new ArrayList<String>();
    for (int key = 0; key < keys; key++) {
      if (random.nextInt(5) > 0) {
        var row = JSON.createObjectNode();
        row.put("code", "K%04d".formatted(key));
        row.put("name", random.nextInt(20) == 0 ? "n".repeat(21) : "n" + random.nextInt(3));
        row.put("note", random.nextBoolean() ? "" : "a\nb" + random.nextInt(2));
        row.put("amount", random.nextInt(3) == 0 ? "" : "" + random.nextInt(4));
        row.put("day", random.nextBoolean() ? "" : "2026-01-0" + (1 + random.nextInt(3)));
        row.put("rank", List.of("", "A", "B").get(random.nextInt(3)));
        var tags = row.putArray("tags");
        List.of("x", "y").forEach(tag -> addSometimes(random, tags, tag));
        var orders = row.putArray("orders");
        for (int i = random.nextInt(4); i > 0; i--) {
          orders.addObject().put("item", "i" + random.nextInt(3)).put("qty", random.nextInt(3));
        }
        if (files.length > 0) {
          var attached = row.putArray("files");
          List.of(files).forEach(file -> addSometimes(random, attached, file));
        }
        lines.add(row.toString());
        if (repeated && random.nextInt(4) == 0) {
          lines.add(random.nextInt(lines.size()), changed(row, random));
          lines.add(random.nextInt(3) > 0 ? row.toString() : changed(row, random));
        }
      }
    }
    lines.add(JSON.createObjectNode().put("code", "LONG").put("name", "n".repeat(21)).toString());
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  static String changed(ObjectNode row, Random random) {
    var other = row.deepCopy();
    other.put("name", "n" + random.nextInt(3)).put("rank", random.nextBoolean() ? "A" : "");
    var orders = other.putArray("orders");
    if (random.nextBoolean()) {
      orders.addAll((ArrayNode) row.path("orders"));
      orders.addObject().put("item", "i" + random.nextInt(3)).put("qty", random.nextInt(3));
    }
    return other.put("gone", random.nextInt(4) == 0 ? "1" : "").toString();
  }

  private static void addSometimes(Random random, ArrayNode list, String value) {
    if (random.nextBoolean()) {
      list.add(value);
    }
  }

  /** The next writes are done, and nobody hears of it. */
  void answersAreLost() {
    simulator.faults().clear();
    for (String method : List.of("POST", "PUT", "DELETE")) {
      simulator.faults().add(Fault.of(Kind.RESET_AFTER_COMMIT).on(method, "/records.json"));
    }
    simulator.faults().add(Fault.of(Kind.RESET_AFTER_COMMIT).on("POST", "/bulkRequest.json"));
  }

  static List<Long> manySeeds() {
    return new Random(20261128).longs(40).boxed().toList();
  }

  static String fileNames(JsonNode files) {
    return String.join(",", files.findValuesAsText("name"));
  }

  static String rows(String... rows) {
    var lines = new StringBuilder();
    for (String row : rows) {
      String[] words = row.split(" ");
      lines.append("{\"code\":\"%s\",\"name\":\"%s\"}%n".formatted(words[0], words[1]));
    }
    return lines.toString();
  }

  static String names(Place place) {
    var names = new ArrayList<String>();
    place.held().forEach((key, record) -> names.add(key + " " + record.path("name").asText()));
    return String.join(", ", names);
  }
}
