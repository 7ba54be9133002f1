package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan that is not the one for here and now, and a run whose changes are gone, are refused. */
@LogOfProcess.Started
class PlanRefusalsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> TOKEN = Map.of("KINTONE_API_TOKEN", "t");
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
      """;

  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    app.add("{\"code\":{\"value\":\"A\"},\"name\":{\"value\":\"old\"}}");
    command = new Command(home);
    file = Files.writeString(home.resolve("in.csv"), "code,name\nA,new\nB,b\n");
    configured(app.id());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void configured(long appId) throws IOException {
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.customers.app = %d
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        """
            .formatted(simulator.url(), appId));
  }

  /** Whatever is refused has sent nothing that writes. */
  private void refused(String sentence, String... words) throws IOException {
    long writes = writes();
    var ended = command.run(TOKEN, words);
    assertThat(ended.err()).as(Arrays.toString(words)).contains(sentence);
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
    assertThat(writes()).isEqualTo(writes);
  }

  private long writes() {
    return simulator.requests().stream().filter(one -> !one.line().startsWith("GET")).count();
  }

  private Path plan() throws IOException {
    Path plan = home.resolve("plan.json");
    command.run(TOKEN, "plan", file.toString(), "--job", "customers", "--out", plan.toString());
    return plan;
  }

  private void refusedIf(Path made, String sentence, Consumer<ObjectNode> altered)
      throws IOException {
    var plan = (ObjectNode) JSON.readTree(made.toFile());
    altered.accept(plan);
    Path other = home.resolve("other.json");
    JSON.writeValue(other.toFile(), plan);
    refused(sentence, "apply", other.toString(), "--lang", "en");
  }

  @Test
  void aPlanOfAnotherPlaceFormOrProgramIsRefusedAndSoIsAPartOfOne() throws IOException {
    Path made = plan();
    refusedIf(
        made, "was made for https://other", plan -> plan.put("domain", "https://other.example"));
    refusedIf(made, "was made for app 99", plan -> plan.put("app", "99"));
    refusedIf(made, "update key name", plan -> plan.put("updateKey", "name"));
    refusedIf(made, "by version 0.0.1 of the program", plan -> plan.put("program", "0.0.1"));
    refusedIf(made, "is not complete", plan -> plan.put("complete", false));
    refusedIf(made, "schema version 9", plan -> plan.put("version", 9));
    refusedIf(made, "changes", plan -> plan.withArray("changes").remove(0));
    refusedIf(
        made,
        "The form has changed",
        plan -> {
          ((ObjectNode) plan.path("form")).put("revision", 0);
          var fields = (ObjectNode) plan.at("/form/fields");
          fields.put("name", "0".repeat(fields.path("name").asText().length()));
        });
    byte[] whole = Files.readAllBytes(made);
    Path cut = Files.write(home.resolve("cut.json"), Arrays.copyOf(whole, whole.length * 2 / 3));
    refused("cut.json", "apply", cut.toString(), "--lang", "en");
    refused("in.csv", "apply", file.toString(), "--lang", "en");
    assertThat(app.values("name")).containsExactly("old");
  }

  @Test
  void aRunIsNotTakenBackIfItWroteNothingOrItsChangesAreGoneCutOffOrOfAnotherApp()
      throws IOException {
    plan();
    refused("wrote nothing", "undo", newestRun(), "--yes", "--lang", "en");
    refused("no-such-run", "undo", "no-such-run", "--yes", "--lang", "en");
    command.run(TOKEN, "import", file.toString(), "--job", "customers");
    String run = newestRun();
    configured(simulator.app("other", FIELDS).id());
    refused("wrote to app " + app.id(), "undo", run, "--yes", "--lang", "en");
    configured(app.id());
    Path changes = home.resolve("runs").resolve(run).resolve("changes.jsonl.gz");
    byte[] whole = Files.readAllBytes(changes);
    Files.write(changes, Arrays.copyOf(whole, whole.length / 2));
    refused("is cut off", "undo", run, "--yes", "--lang", "en");
    try (var nothing = new GZIPOutputStream(Files.newOutputStream(changes))) {
      nothing.finish();
    }
    refused("is cut off", "undo", run, "--yes", "--lang", "en");
    Files.delete(changes);
    refused("no longer there", "undo", run, "--yes", "--lang", "en");
    Files.write(changes, whole);
    assertThat(app.values("name")).containsExactly("new", "b");

    assertThat(command.run(TOKEN, "undo", run, "--yes", "--lang", "en").exitCode()).isZero();
    assertThat(app.values("name")).containsExactly("old");
    refused("has already been applied", "undo", run, "--yes", "--lang", "en");
  }

  private String newestRun() throws IOException {
    try (var runs = Files.list(home.resolve("runs"))) {
      return runs.map(run -> String.valueOf(run.getFileName()))
          // runs of one second have a number behind their names
          .max(Comparator.comparing(run -> run.matches(".*-customers") ? run + "-1" : run))
          .orElseThrow();
    }
  }

  @Test
  void aRunThatChangedNothingHasNothingToTakeBack() throws IOException {
    command.run(TOKEN, "import", file.toString(), "--job", "customers");
    command.run(TOKEN, "import", file.toString(), "--job", "customers");
    refused("changed no record", "undo", newestRun(), "--yes", "--lang", "en");
    assertThat(app.values("name")).containsExactly("new", "b");
  }
}
