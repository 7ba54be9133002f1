package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.simulator.OriginalApp;
import dev.kintonesync.simulator.SimulatedApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mode, kind of key, empty values, blank and double keys and the rows of tables, each with every
 * other: the tables in {@code matrix}, whose README says how they are read.
 */
class MatrixTest {
  private static final Path MATRIX = Path.of("src", "test", "resources", "matrix");
  private static final Path FORM = Path.of("src", "test", "resources", "scenarios", "form.json");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicLong APPS = new AtomicLong(100);

  @TempDir static Path home;
  private static Rehearsal rehearsal;
  private static JsonNode form;

  @BeforeAll
  static void start() throws IOException {
    rehearsal = new Rehearsal(home);
    form = JSON.readTree(FORM.toFile());
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  /**
   * One line of one table.
   *
   * @param mode the mode of the job
   * @param keys the file with the update key and the sources
   * @param line what the line says, by the columns of its table
   */
  private record Cell(String mode, Path keys, Map<String, String> line) {

    static Stream<Cell> of(Path table) {
      String[] name = table.getFileName().toString().replace(".md", "").split("-", 2);
      try {
        List<List<String>> lines =
            Files.readAllLines(table).stream()
                .map(line -> Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList())
                .toList();
        return lines.stream()
            .skip(2)
            .map(
                values -> {
                  var line = new LinkedHashMap<String, String>();
                  Iterator<String> value = values.iterator();
                  lines.get(0).forEach(column -> line.put(column, value.next()));
                  return new Cell(name[0], MATRIX.resolve(name[1] + ".json"), line);
                });
      } catch (IOException e) {
        throw new AssertionError(table.toString(), e);
      }
    }

    String says(String column) {
      return line.get(column);
    }

    /** The blocks of the properties of its job. */
    List<String> properties() {
      var properties =
          new ArrayList<>(
              List.of(
                  "mode = " + mode,
                  "empty = " + says("empty"),
                  "table-rows = " + says("table-rows"),
                  "source = folder",
                  "folder = inbox"));
      if (mode.equals("mirror")) {
        properties.add("mirror.scope = name != \"nobody\"");
        properties.add("mirror.missing = delete");
      }
      return properties;
    }

    @Override
    public String toString() {
      return mode
          + " "
          + keys.getFileName().toString().replace(".json", "")
          + ": "
          + String.join(", ", says("empty"), says("keys"), says("table-rows"));
    }
  }

  static Stream<Cell> cells() throws IOException {
    try (var files = Files.newDirectoryStream(MATRIX, "*-by-*.md")) {
      var cells = StreamSupport.stream(files.spliterator(), false).sorted().flatMap(Cell::of);
      return cells.toList().stream();
    }
  }

  /** A new app with the code that record numbers of the source have before them. */
  private static SimulatedApp app() {
    JsonNode none = JSON.missingNode();
    return rehearsal.simulator.copy(
        new OriginalApp(
            APPS.incrementAndGet(),
            null,
            JSON.createObjectNode().set("properties", form),
            JSON.createObjectNode().put("code", "KOKYAKU"),
            none,
            none));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void theRecordsAndTheCountsAreThoseOfTheTable(Cell cell) throws Exception {
    JsonNode keys = JSON.readTree(cell.keys().toFile());
    SimulatedApp app = app();
    for (JsonNode record : JSON.readTree(MATRIX.resolve("before.json").toFile())) {
      app.add(FlatRecords.cells(record, form));
    }
    Job job = job(cell, keys, app);
    if (cell.mode().equals("mirror")) {
      sync(job, keys.path("yesterday"));
    }
    JsonNode source = keys.path(cell.says("keys"));

    RunResult run = sync(job, source);

    assertThat(counts(run)).isEqualTo(counts(cell));
    assertThat(records(app, keys)).isEqualTo(expected(cell));
    rehearsal.forgetRequests();
    sync(job, source);
    assertThat(rehearsal.writes()).as("of a second run").isEmpty();
  }

  private static Job job(Cell cell, JsonNode keys, SimulatedApp app) throws IOException {
    String block =
        Stream.concat(
                Stream.of("app = " + app.id(), "update-key = " + keys.path("update-key").asText()),
                cell.properties().stream())
            .map(property -> "job.matrix." + property)
            .collect(Collectors.joining("\n"));
    Files.writeString(
        home.resolve("application.properties"),
        "kintone.base-url = " + rehearsal.simulator.url() + "\n" + block + "\n");
    return Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of("lang", "en"))
        .job("matrix");
  }

  private static RunResult sync(Job job, JsonNode rows) throws IOException {
    Path file = Files.writeString(home.resolve("rows.json"), rows.toString());
    return rehearsal.application().runner().run(job.on(new Source.OneFile(file)));
  }

  private static Map<String, String> counts(RunResult run) {
    JsonNode counts = JSON.valueToTree(run.report().counts());
    var words = new LinkedHashMap<String, String>();
    for (String count :
        List.of("inserted", "updated", "unchanged", "superseded", "rejected", "unprocessed")) {
      words.put(count, counts.path(count).asText());
    }
    words.put("removed", String.valueOf(run.report().deleted()));
    return words;
  }

  private static Map<String, String> counts(Cell cell) {
    var words = new LinkedHashMap<String, String>();
    for (String count :
        List.of("inserted", "updated", "unchanged", "superseded", "rejected", "removed")) {
      words.put(count, cell.says(count));
    }
    words.put("unprocessed", "0");
    return words;
  }

  private static Map<String, String> expected(Cell cell) {
    return Stream.of("A", "B", "C", "D", "E").collect(Collectors.toMap(name -> name, cell::says));
  }

  /** The records by their names in the tables, and those besides by their keys. */
  private static Map<String, String> records(SimulatedApp app, JsonNode keys) {
    var names = new LinkedHashMap<String, String>();
    keys.path("records")
        .properties()
        .forEach(name -> names.put(name.getValue().asText(), name.getKey()));
    var records = new LinkedHashMap<String, String>();
    names.values().forEach(name -> records.put(name, "-"));
    String key = keys.path("update-key").asText();
    for (JsonNode record : app.records()) {
      String held = record.path(key).path("value").asText().replaceFirst("^KOKYAKU-", "");
      records.put(names.getOrDefault(held, held), words(FlatRecords.of(record, form)));
    }
    return records;
  }

  /** {@code b: pad 3 + pen 4}. */
  private static String words(JsonNode record) {
    String name = record.path("name").asText();
    String rows =
        StreamSupport.stream(record.path("orders").spliterator(), false)
            .map(row -> row.path("item").asText() + " " + row.path("qty").asText())
            .collect(Collectors.joining(" + "));
    return (name.isEmpty() ? "\"\"" : name) + ": " + (rows.isEmpty() ? "no rows" : rows);
  }
}
