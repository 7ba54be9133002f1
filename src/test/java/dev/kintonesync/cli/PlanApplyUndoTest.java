package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.LogOfProcess;
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
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A plan that is applied does what the run would have done, and a run that is taken back leaves
 * what was there before it: over modes, random tables, removals and edits of people in between.
 */
@LogOfProcess.Started
@Order(1) // it waits long
class PlanApplyUndoTest {
  private static final String FIELDS =
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

  private static final String UNREAD_FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
      """;

  private static final String FILE_FIELDS =
      """
      , "files": {"type": "FILE", "code": "files", "label": "files"},
       "rows": {"type": "SUBTABLE", "code": "rows", "label": "rows", "fields": {
         "line": {"type": "SINGLE_LINE_TEXT", "code": "line", "label": "line"},
         "scan": {"type": "FILE", "code": "scan", "label": "scan"}}}}
      """;

  /** Of the job by which records are changed; the first ones come by a mirror. */
  private static final List<String> MODES =
      List.of(
          "mode = upsert",
          mirror("delete"),
          mirror("set rank=B"),
          "mode = insert",
          "mode = update");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> TOKEN = Map.of("KINTONE_API_TOKEN", "t");

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
  private final class Place {
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
  private Path source(String name, Random random, int keys, String... files) throws IOException {
    return source(name, random, keys, false, files);
  }

  /**
   * A file of such records.
   *
   * @param repeated whether the rows of some keys come several times, with other values or to
   *     remove the record
   */
  private Path source(String name, Random random, int keys, boolean repeated, String... files)
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

  private static String changed(ObjectNode row, Random random) {
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

  @ParameterizedTest
  @ValueSource(longs = 1)
  void anAppliedPlanIsTheRunAndAnUndoneRunIsNone(long seed) throws Exception {
    var random = new Random(seed);
    Path first = source("first.jsonl", random, 60);
    boolean repeats = seed % 2 != 0;
    Path second = source("second.jsonl", random, 70, repeats);
    var runs = new Place("runs");
    var plans = new Place("plans");
    runs.imports(first);
    plans.imports(first);
    var before = runs.held();
    assertThat(plans.held()).isEqualTo(before);
    String mode = MODES.get(Math.floorMod(seed, MODES.size()));
    for (var place : List.of(runs, plans)) {
      if (repeats) {
        place.byBatchesOf(1, mode); // in a batch only the last row of a key counts
      } else {
        place.by(mode);
      }
    }
    runs.imports(second);
    var after = runs.held();
    assertThat(after).as(mode).isNotEqualTo(before);

    Path plan = folder.resolve("plan.json");
    plans.run("plan", second.toString(), "--job", "customers", "--out", plan.toString());
    assertThat(plans.held()).isEqualTo(before);
    answersAreLost();
    var applied = plans.run("apply", plan.toString(), "--lang", "en");

    assertThat(plans.held()).as(applied.out() + applied.err()).isEqualTo(after);
    assertThat(applied.out()).contains(" 0 rejected");
    JsonNode document = JSON.readTree(plan.toFile());
    assertThat(document.path("changes")).hasSize(document.path("changeCount").asInt());
    assertThat(document.path("rejects")).isNotEmpty();

    String run = runs.newestRun();
    answersAreLost();
    var undone = runs.run("undo", run, "--yes", "--lang", "en");
    assertThat(runs.held()).as(undone.out() + undone.err()).isEqualTo(before);
    assertThat(undone.out()).contains(" 0 rejected");
    String undo = runs.newestRun();
    assertThat(undo).isNotEqualTo(run);
    runs.run("undo", undo, "--yes", "--lang", "en");
    assertThat(runs.held()).isEqualTo(after);
  }

  /** The next writes are done, and nobody hears of it. */
  private void answersAreLost() {
    simulator.faults().clear();
    for (String method : List.of("POST", "PUT", "DELETE")) {
      simulator.faults().add(Fault.of(Kind.RESET_AFTER_COMMIT).on(method, "/records.json"));
    }
    simulator.faults().add(Fault.of(Kind.RESET_AFTER_COMMIT).on("POST", "/bulkRequest.json"));
  }

  static List<Long> manySeeds() {
    return new Random(20261128).longs(40).boxed().toList();
  }

  @Tag("sweep")
  @ParameterizedTest
  @MethodSource("manySeeds")
  void soItIsWhateverTheData(long seed) throws Exception {
    anAppliedPlanIsTheRunAndAnUndoneRunIsNone(seed);
  }

  /**
   * What people have touched since is left alone; of attachments that are gone from Kintone the
   * field stays as it is.
   */
  @Tag("sweep")
  @ParameterizedTest
  @MethodSource("manySeeds")
  void whatNobodyTouchedSinceIsAsItWasBefore(long seed) throws Exception {
    var random = new Random(seed);
    var place = new Place("touched", FIELDS.replaceFirst("\\}\\s*$", FILE_FIELDS));
    Path attachments = Files.createDirectories(place.home.resolve("files"));
    String[] files = {"a.txt", "b.txt", "c.txt"};
    for (String file : files) {
      Files.writeString(attachments.resolve(file), "content of " + file);
    }
    Files.writeString(
        place.home.resolve("application.properties"),
        "job.customers.attachments-dir = files\njob.customers.attachments = replace\n",
        StandardOpenOption.APPEND);
    place.imports(source("first.jsonl", random, 60, files));
    var before = place.held();
    place.imports(source("second.jsonl", random, 70, files));
    var after = place.held();
    String run = place.newestRun();
    var expected = new TreeMap<>(before);
    before.forEach(
        (key, was) -> {
          JsonNode is = after.get(key);
          String left = is == null ? "" : is.path("files").asText();
          var kept = List.of(left.split(","));
          if (!was.path("files").asText().isEmpty()
              && !kept.containsAll(List.of(was.path("files").asText().split(",")))) {
            expected.put(key, ((ObjectNode) was.deepCopy()).put("files", left));
          }
        });
    for (String key : after.keySet()) {
      int what = random.nextInt(12);
      if (what == 0) {
        place.edit(key, "note", "by hand");
        expected.put(key, ((ObjectNode) after.get(key).deepCopy()).put("note", "by hand"));
      } else if (what == 1) {
        place.delete(key);
        expected.remove(key);
      }
    }
    for (String key : before.keySet()) {
      if (!after.containsKey(key) && random.nextInt(4) == 0) {
        place.app.add("{\"code\":{\"value\":\"%s\"}}".formatted(key));
        expected.put(key, place.held().get(key));
      }
    }

    answersAreLost();
    var undone = place.run("undo", run, "--yes", "--lang", "en");

    assertThat(place.held()).as(undone.out() + undone.err()).isEqualTo(expected);
  }

  @Test
  void aRunThatHasUpdatedWhatNobodyReadIsNotUndone() throws Exception {
    var place = new Place("unread", UNREAD_FIELDS);
    place.by("mode = upsert\njob.customers.engine = native");
    Path file = folder.resolve("in.jsonl");
    Files.writeString(file, rows("A old"));
    place.imports(file);
    Files.writeString(file, rows("A new", "B new"));
    place.imports(file);

    var undone = place.command.run(TOKEN, "undo", place.newestRun(), "--yes", "--lang", "en");

    assertThat(undone.exitCode()).isEqualTo(2);
    assertThat(undone.err()).contains("updated 1 record without reading");
    assertThat(place.run("history", "A", "--job", "customers", "--lang", "en").out())
        .containsPattern("name: \\? \\S+ new");
    assertThat(names(place)).isEqualTo("A new, B new");
  }

  @Test
  void whatPeopleChangedSinceIsLeftAloneAndListed() throws Exception {
    var place = new Place("edits");
    Path file = folder.resolve("in.jsonl");
    Files.writeString(file, rows("A old", "B old", "C old", "D old"));
    place.imports(file);
    Files.writeString(file, rows("A new", "B new", "D old", "E new", "F new"));
    Path plan = folder.resolve("plan.json");
    place.run("plan", file.toString(), "--job", "customers", "--out", plan.toString());
    place.edit("B", "note", "by hand");
    place.edit("C", "note", "by hand");
    place.app.add("{\"code\":{\"value\":\"E\"},\"name\":{\"value\":\"mine\"}}");

    var applied = place.run("apply", plan.toString(), "--lang", "en");

    assertThat(applied.exitCode()).isEqualTo(1);
    assertThat(names(place)).isEqualTo("A new, B old, C old, D old, E mine, F new");
    assertThat(applied.out()).startsWith("5 read: 1 inserted, 1 updated, 0 unchanged");
    var again = place.command.run(TOKEN, "apply", plan.toString(), "--lang", "en");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("has already been applied, by run");

    String run = place.newestRun();
    place.edit("A", "note", "by hand");
    var planned = place.run("undo", run, "--plan", "--lang", "en");
    assertThat(names(place)).isEqualTo("A new, B old, C old, D old, E mine, F new");
    assertThat(planned.out()).contains("has changed since the plan was made");
    var asked = place.command.run(TOKEN, "undo", run, "--lang", "en");
    assertThat(asked.exitCode()).isEqualTo(2);
    assertThat(asked.err()).contains("--yes");
    var undone = place.run("undo", run, "--yes", "--lang", "en");
    assertThat(undone.exitCode()).isEqualTo(1);
    assertThat(names(place)).isEqualTo("A new, B old, C old, D old, E mine");
  }

  @Test
  void whatOneRunRemovesAndAddsAnewGetsBackWhatItHeld() throws Exception {
    var place = new Place("anew");
    Path file = folder.resolve("in.jsonl");
    Files.writeString(file, rows("A old", "B old"));
    place.imports(file);
    Files.writeString(
        place.home.resolve("application.properties"),
        """
        job.customers.delete-when = gone=1
        kintone.records-per-request = 1
        kintone.requests-per-batch = 1
        """,
        StandardOpenOption.APPEND);
    Files.writeString(
        file, "{\"code\":\"A\",\"gone\":\"1\"}\n" + rows("B old", "A new").strip() + "\n");
    place.imports(file);
    assertThat(names(place)).isEqualTo("A new, B old");

    var undone = place.run("undo", place.newestRun(), "--yes", "--lang", "en");

    assertThat(names(place)).as(undone.out() + undone.err()).isEqualTo("A old, B old");
  }

  @Test
  void ofRowsWithOneKeyThePlanHasWhatTheyComeTo() throws Exception {
    var runs = new Place("runs");
    var plans = new Place("plans");
    Path file = folder.resolve("in.jsonl");
    Files.writeString(file, rows("A old", "B old", "C old", "D old", "E old", "F old", "G old"));
    runs.imports(file);
    plans.imports(file);
    var before = runs.held();
    runs.byBatchesOf(1, "mode = upsert");
    plans.byBatchesOf(1, "mode = upsert");
    Files.writeString(
        file,
        rows("A new", "B old", "C one", "I one")
            + gone("D", "E", "F", "K")
            + rows("A old", "B new", "C two", "E two", "F two", "G new", "I two", "J one")
            + gone("F", "G", "J")
            + rows("C three", "E three"));
    var ran = runs.imports(file);
    var after = runs.held();
    assertThat(names(runs)).isEqualTo("A old, B new, C three, E three, I two");

    Path plan = folder.resolve("plan.json");
    var planned =
        plans.run(
            "plan",
            file.toString(),
            "--job",
            "customers",
            "--out",
            plan.toString(),
            "--lang",
            "en");
    JsonNode document = JSON.readTree(plan.toFile());
    var changes = new ArrayList<String>();
    document
        .path("changes")
        .forEach(
            change ->
                changes.add(
                    change.path("change").asText()
                        + " "
                        + change.path("key").asText()
                        + word(change.at("/fields/name/before"))
                        + word(change.at("/fields/name/after"))));
    assertThat(changes)
        .containsExactlyInAnyOrder(
            "update B old new",
            "update C old three",
            "insert I two",
            "remove D old",
            "remove E old",
            "insert E three",
            "remove F old",
            "remove G old");
    String counts = ran.out().lines().findFirst().orElseThrow();
    assertThat(counts).startsWith("21 read: ");
    assertThat(planned.out()).contains(counts);
    var applied = plans.run("apply", plan.toString(), "--lang", "en");
    assertThat(plans.held()).as(applied.out() + applied.err()).isEqualTo(after);
    assertThat(applied.exitCode()).isZero();
    var compared = plans.run("reconcile", file.toString(), "--job", "customers", "--lang", "en");
    assertThat(compared.out()).contains("no difference");

    plans.run("undo", plans.newestRun(), "--yes", "--lang", "en");
    assertThat(plans.held()).isEqualTo(before);
  }

  private static String word(JsonNode value) {
    return value.isMissingNode() ? "" : " " + value.asText();
  }

  private static String gone(String... keys) {
    var lines = new StringBuilder();
    for (String key : keys) {
      lines.append("{\"code\":\"%s\",\"gone\":\"1\"}%n".formatted(key));
    }
    return lines.toString();
  }

  @Test
  void filesAreUploadedByApplyAndWhatIsGoneIsNamedBeforeItIsTakenBack() throws Exception {
    var place = new Place("files", FIELDS.replaceFirst("\\}\\s*$", FILE_FIELDS));
    Path files = Files.createDirectories(place.home.resolve("files"));
    for (String name : List.of("a.txt", "b.txt", "c.txt")) {
      Files.writeString(files.resolve(name), "content of " + name);
    }
    Files.writeString(
        place.home.resolve("application.properties"),
        "job.customers.attachments-dir = files\njob.customers.attachments = replace\n",
        StandardOpenOption.APPEND);
    Path file = folder.resolve("in.jsonl");
    String row = "{\"code\":\"%s\",\"files\":[%s],\"rows\":[{\"scan\":[%s],\"line\":\"%s\"}]}%n";
    Files.writeString(
        file,
        row.formatted("A", "\"a.txt\"", "\"a.txt\"", "old")
            + row.formatted("B", "\"a.txt\"", "", "old"));
    place.imports(file);
    var before = List.of("A a.txt old a.txt", "B a.txt old ");
    assertThat(attached(place)).isEqualTo(before);
    Files.writeString(
        file,
        row.formatted("A", "\"a.txt\",\"b.txt\"", "\"a.txt\"", "new")
            + row.formatted("B", "\"c.txt\"", "\"b.txt\"", "new"));

    Path plan = folder.resolve("plan.json");
    place.run("plan", file.toString(), "--job", "customers", "--out", plan.toString());
    assertThat(attached(place)).isEqualTo(before);
    var applied = place.run("apply", plan.toString(), "--lang", "en");

    assertThat(applied.exitCode()).as(applied.out() + applied.err()).isZero();
    assertThat(attached(place)).containsExactly("A a.txt,b.txt new a.txt", "B c.txt new b.txt");

    var undone = place.run("undo", place.newestRun(), "--yes", "--lang", "en");
    assertThat(undone.err()).contains("1 attachment is no longer in Kintone", "B files: a.txt");
    assertThat(undone.exitCode()).as(undone.out() + undone.err()).isZero();
    assertThat(attached(place)).containsExactly("A a.txt old a.txt", "B c.txt old ");
  }

  /** Key, files, and the line and the files of the row of a table, for each record. */
  private static List<String> attached(Place place) {
    var attached = new ArrayList<String>();
    for (JsonNode cells : place.app.records()) {
      JsonNode row = cells.at("/rows/value/0/value");
      attached.add(
          cells.at("/code/value").asText()
              + " "
              + fileNames(cells.at("/files/value"))
              + " "
              + row.at("/line/value").asText()
              + " "
              + fileNames(row.at("/scan/value")));
    }
    return attached.stream().sorted().toList();
  }

  private static String fileNames(JsonNode files) {
    return String.join(",", files.findValuesAsText("name"));
  }

  private static String rows(String... rows) {
    var lines = new StringBuilder();
    for (String row : rows) {
      String[] words = row.split(" ");
      lines.append("{\"code\":\"%s\",\"name\":\"%s\"}%n".formatted(words[0], words[1]));
    }
    return lines.toString();
  }

  private static String names(Place place) {
    var names = new ArrayList<String>();
    place.held().forEach((key, record) -> names.add(key + " " + record.path("name").asText()));
    return String.join(", ", names);
  }
}
