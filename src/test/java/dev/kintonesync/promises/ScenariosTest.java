package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Source;
import dev.kintonesync.simulator.OriginalApp;
import dev.kintonesync.simulator.SimulatedApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cases as data: a new one is a folder in {@code scenarios}, without a line of Java. There, {@code
 * form.json} has the fields of the app (the one beside the folders where it is missing), {@code
 * settings.json} its settings where they matter, {@code before.json} and {@code after.json} its
 * records, {@code job.properties} the job without its beginning {@code job.NAME.}, {@code input.*}
 * what is read, and {@code report.json} the counts, and in {@code rejects} words of each rejected
 * row in turn. The files that rows name lie in {@code attachments}. A second run writes nothing.
 */
class ScenariosTest {
  private static final Path FOLDERS = Path.of("src", "test", "resources", "scenarios");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicLong COPIES = new AtomicLong(10_000);

  @TempDir static Path home;
  private static Rehearsal rehearsal;

  @BeforeAll
  static void start() throws IOException {
    rehearsal = new Rehearsal(home);
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  static Stream<Path> scenarios() throws IOException {
    return Files.list(FOLDERS).filter(Files::isDirectory).sorted();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void theRecordsAndTheReportAreAsWrittenDown(Path scenario) throws Exception {
    Path own = scenario.resolve("form.json");
    JsonNode form = read(Files.exists(own) ? own : FOLDERS.resolve("form.json"));
    SimulatedApp app = app(scenario, form);
    for (JsonNode record : read(scenario.resolve("before.json"))) {
      app.add(FlatRecords.cells(record, form));
    }

    RunResult run = sync(scenario, app);

    JsonNode report = read(scenario.resolve("report.json"));
    ObjectNode counts = JSON.valueToTree(run.report().counts());
    for (var expected : report.properties()) {
      if (!expected.getKey().equals("rejects")) {
        assertThat(counts.path(expected.getKey()).asLong())
            .as("%s; %s", expected.getKey(), run.report())
            .isEqualTo(expected.getValue().asLong());
      }
    }
    assertThat(FlatRecords.of(app, form)).isEqualTo(read(scenario.resolve("after.json")));
    List<String> rejects =
        run.report().rejectsFile() == null ? List.of("") : Rehearsal.rejects(run);
    for (int i = 0; i < report.path("rejects").size(); i++) {
      assertThat(rejects.get(i + 1)).contains(report.path("rejects").path(i).asText());
    }
    rehearsal.forgetRequests();
    sync(scenario, app);
    assertThat(rehearsal.writes()).as("of a second run").isEmpty();
  }

  private static SimulatedApp app(Path scenario, JsonNode form) throws IOException {
    Path settings = scenario.resolve("settings.json");
    if (!Files.exists(settings)) {
      return rehearsal.simulator.app(scenario.getFileName().toString(), form.toString());
    }
    JsonNode none = JSON.missingNode();
    JsonNode fields = JSON.createObjectNode().set("properties", form);
    return rehearsal.simulator.copy(
        new OriginalApp(COPIES.incrementAndGet(), null, fields, read(settings), none, none));
  }

  private static RunResult sync(Path scenario, SimulatedApp app) throws IOException {
    var block = new StringBuilder("kintone.base-url = " + rehearsal.crossing.url() + "\n");
    var lines =
        Stream.concat(
            Stream.of("app = " + app.id(), "source = folder", "folder = inbox"),
            Files.readAllLines(scenario.resolve("job.properties")).stream());
    Path attachments = scenario.resolve("attachments");
    if (Files.isDirectory(attachments)) {
      lines = Stream.concat(lines, Stream.of("attachments-dir = " + attachments.toAbsolutePath()));
    }
    lines.forEach(line -> block.append("job.scenario.").append(line).append('\n'));
    Files.writeString(home.resolve("application.properties"), block);
    var job =
        Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of("lang", "en"))
            .job("scenario");
    try (var files = Files.list(scenario)) {
      Path input =
          files
              .filter(file -> file.getFileName().toString().startsWith("input."))
              .findFirst()
              .orElseThrow();
      Path copy = home.resolve("in-" + app.id() + "-" + input.getFileName());
      return rehearsal
          .application()
          .runner()
          .run(job.on(new Source.OneFile(Files.write(copy, Files.readAllBytes(input)))));
    }
  }

  private static JsonNode read(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }
}
