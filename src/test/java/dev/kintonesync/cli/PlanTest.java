package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code plan} shows what a run would do, and does nothing. */
@LogOfProcess.Started
class PlanTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "20"},
       "tel": {"type": "SINGLE_LINE_TEXT", "code": "tel", "label": "tel"}}
      """;

  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;
  private Map<String, String> environment;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    command = new Command(home);
    environment =
        Map.of(
            "KINTONE_BASE_URL", simulator.url(), "KINTONE_API_TOKEN", "t", "LANG", "en_US.UTF-8");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void held(String code, String name, String tel) {
    app.add(
        "{\"code\":{\"value\":\"%s\"},\"name\":{\"value\":\"%s\"},\"tel\":{\"value\":\"%s\"}}"
            .formatted(code, name, tel));
  }

  private Path csv(String... lines) throws Exception {
    return Files.writeString(home.resolve("in.csv"), String.join("\n", lines) + "\n");
  }

  private Command.Ended plan(String... options) {
    var words = new ArrayList<>(List.of("plan"));
    words.addAll(List.of(options));
    words.addAll(List.of("--app", "" + app.id(), "--update-key", "code", "--lang", "en"));
    return command.run(environment, words.toArray(String[]::new));
  }

  private List<String> writes() {
    return simulator.requests().stream()
        .map(request -> request.line())
        .filter(line -> !line.startsWith("GET"))
        .toList();
  }

  @Test
  void showsHowTheFileAndItsFirstRowsAreUnderstood() throws Exception {
    Path file = csv("code,name,tel", "Ａ-1, Abe ,", "B,Baba,2", "C,Chiba,3", "D,Doi,4");

    var ended = plan(file.toString());

    assertThat(ended.out().lines())
        .anyMatch(line -> line.matches("Read as delimited text: .*UTF-8.*, .*in line 1\\."))
        .contains("    code: Ａ-1 -> code: Ａ-1", "    tel: - -> tel: -", "    tel: 3 -> tel: 3")
        .doesNotContain("    tel: 4 -> tel: 4");
    assertThat(ended.out().lines().filter(line -> line.endsWith("is read as:"))).hasSize(3);
  }

  @Test
  void theReportOfAPlanSaysWhatTheFileWasTakenFor() throws Exception {
    Path report = home.resolve("plan.json");

    plan(csv("code,name", "A,Abe").toString(), "--report", report.toString());

    assertThat(new ObjectMapper().readTree(report.toFile()).path("understood").asText())
        .startsWith("Read as delimited text: encoding UTF-8")
        .contains("delimiter ,", "line 1");
  }

  @Test
  void showsWhatWouldBeDoneFieldByFieldAndDoesNothing() throws Exception {
    held("A", "Abe", "1");
    held("B", "Baba", "2");
    held("C", "Chiba", "3");
    Path file = csv("code,name,tel", "A,Abe,1", "B,Ban,", "D,Doi,4", "E," + "x".repeat(21) + ",5");

    var ended = plan(file.toString());

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(writes()).isEmpty();
    assertThat(app.size()).isEqualTo(3);
    assertThat(ended.out().lines())
        .containsSequence("~ B (2)", "    name: Baba -> Ban", "    tel: 2 -> -")
        .containsSequence("+ D", "    code: D", "    name: Doi", "    tel: 4")
        .contains("Rows that would be rejected: 1")
        .anyMatch(line -> line.startsWith("    row 5 E: name"))
        .containsSequence("Values that would be cleared: 1", "    B tel: 2 -> -")
        .anyMatch(line -> line.startsWith("API requests (estimated): about 6;"));
    assertThat(ended.out().lines().findFirst().orElseThrow())
        .contains("Nothing was written", "1 inserted", "1 updated", "1 unchanged", "1 rejected");
    assertThat(home.resolve("rejects")).as("nothing is left beside the file").doesNotExist();
  }

  @Test
  void showsErrorsFirstThenTotalsByFieldThenExamples() throws Exception {
    held("A", "Abe", "1");
    held("B", "Baba", "2");
    Path file = csv("code,name,tel", "A,Ando,9", "B,Ban,2", "C," + "x".repeat(21) + ",5", "D,d,1");

    var lines = plan(file.toString()).out().lines().toList();

    assertThat(lines)
        .containsSequence("Updated records by field:", "    name: 2", "    tel: 1")
        .containsSubsequence(
            "Rows that would be rejected: 1", "Updated records by field:", "~ A (1)");
  }

  @Test
  void showsUsersByNameWhereKintoneGivesIt() throws Exception {
    var staff =
        simulator.app(
            "staff",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": true},
             "who": {"type": "USER_SELECT", "code": "who", "label": "w", "entities": []}}
            """);
    staff.add(
        """
        {"code": {"value": "A"}, "who": {"value": [{"code": "abe"}]}}
        """);
    Path file = csv("code,who", "A,baba");

    var ended =
        command.run(
            environment,
            "plan",
            file.toString(),
            "--app",
            "" + staff.id(),
            "--update-key",
            "code",
            "--lang",
            "en");

    assertThat(ended.out()).contains("who: ").contains("-> baba").doesNotContain("{\"code\"");
  }

  @Test
  void showsTwentyAndSaysHowManyMore() throws Exception {
    var lines = new ArrayList<>(List.of("code,name"));
    IntStream.range(0, 45).forEach(i -> lines.add("K" + i + ",n"));
    Path file = csv(lines.toArray(String[]::new));

    var first = plan(file.toString());
    assertThat(first.out().lines().filter(line -> line.startsWith("+ "))).hasSize(20);
    assertThat(first.out()).contains("... and 25 more (--all shows them)");

    var all = plan(file.toString(), "--all");
    assertThat(all.out().lines().filter(line -> line.startsWith("+ "))).hasSize(45);

    var some = plan(file.toString(), "--limit", "7");
    assertThat(some.out().lines().filter(line -> line.startsWith("+ "))).hasSize(7);
    assertThat(some.exitCode()).isZero();
  }

  @Test
  void writesThePlanAsJson() throws Exception {
    held("A", "Abe", "1");
    Path file = csv("code,name,tel", "A,Ando,", "B,Baba,2");

    var ended = plan(file.toString(), "--report", home.resolve("plan.json").toString());

    assertThat(ended.exitCode()).isZero();
    JsonNode plan = new ObjectMapper().readTree(home.resolve("plan.json").toFile());
    assertThat(plan.path("written").asBoolean()).isFalse();
    assertThat(plan.path("updated").asInt()).isEqualTo(1);
    assertThat(plan.path("changes").path(0).path("key").asText()).isEqualTo("A");
    assertThat(plan.path("clears").asInt()).isEqualTo(1);
    assertThat(plan.path("cleared").path(0).path("field").asText()).isEqualTo("tel");
    assertThat(plan.path("calls").asInt()).isPositive();
  }

  @Test
  void explainsOneKey() throws Exception {
    held("0600001", "Abe", "1");
    Path file = csv("code,name,tel", "0600001,Abe,1", "0600002,Baba,2");

    var same = plan(file.toString(), "--key", " 0600001 ");
    assertThat(same.exitCode()).isZero();
    assertThat(same.out().lines())
        .contains("In the source, line 2:", "In Kintone, record 1, revision 1:", "    name: Abe")
        .contains(
            "Decision: nothing would be written: Kintone already has all values that"
                + " the mode upsert may write.");

    assertThat(plan(file.toString(), "--key", "0600002").out())
        .contains("Decision: the record would be added");
    assertThat(plan(file.toString(), "--key", "nobody").out())
        .contains("No row of " + file + " has the key nobody.");
    assertThat(plan(file.toString(), "--key", "0600001", "--mode", "insert").exitCode()).isZero();
  }

  @Test
  void plansWhatWaitsInTheFolderOfAJob() throws Exception {
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.customers.app = %d
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        """
            .formatted(simulator.url(), app.id()));
    Path inbox = Files.createDirectories(home.resolve("inbox"));
    Files.writeString(inbox.resolve("a.csv"), "code,name\nA,n\n");
    Files.writeString(inbox.resolve("b.csv"), "code,name\nB,n\nC,n\n");

    var ended = command.run(environment, "plan", "customers", "--lang", "en");

    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out().lines()).contains("+ A", "+ B", "+ C");
    assertThat(writes()).isEmpty();
    assertThat(inbox.resolve("a.csv")).exists();
    assertThat(inbox.resolve("b.csv")).exists();
    assertThat(inbox.resolve("done")).doesNotExist();
  }

  @Test
  void aMissingFileIsSaid() {
    var ended = plan("custmers.csv");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("custmers.csv");
  }
}
