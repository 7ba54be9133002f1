package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What scripts rely on: JSON, silence, standard input, and the options of cli-kintone. */
@LogOfProcess.Started
@ResourceLock("System.in")
class ScriptsTest {
  @TempDir Path home;

  private Simulator simulator;
  private SimulatedApp app;
  private Command command;
  private Path file;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app =
        simulator.app(
            "customers",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "n", "maxLength": "5"},
             "tel": {"type": "SINGLE_LINE_TEXT", "code": "tel", "label": "t"}}
            """);
    command = new Command(home);
    file = Files.writeString(home.resolve("in.csv"), "code,name,tel\nA,Abe,1\nB,too long,2\n");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private Command.Ended run(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--app", "" + app.id(), "--update-key", "code", "--lang", "en"));
    return command.run(
        Map.of("KINTONE_BASE_URL", simulator.url(), "KINTONE_API_TOKEN", "t"),
        all.toArray(String[]::new));
  }

  private static JsonNode json(Command.Ended ended) throws Exception {
    return new ObjectMapper().readTree(ended.out());
  }

  @Test
  void anImportPrintsItsReportAsJson() throws Exception {
    var ended = run("import", file.toString(), "--json");

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
    assertThat(json(ended).path("inserted").asInt()).isEqualTo(1);
    assertThat(json(ended).path("rejected").asInt()).isEqualTo(1);
    assertThat(ended.err()).contains("Rejected rows, with reasons");
  }

  @Test
  void aPlanAndACheckPrintJson() throws Exception {
    var planned = run("plan", file.toString(), "--json");
    assertThat(json(planned).at("/0/changes/0/key").asText()).as(planned.err()).isEqualTo("A");
    assertThat(json(planned).at("/0/rejects/0/key").asText()).isEqualTo("B");

    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.good.app = %d
        job.good.update-key = code
        job.good.source = folder
        job.good.folder = inbox
        job.bad.app = 4711
        job.bad.update-key = code
        job.bad.source = folder
        job.bad.folder = outbox
        """
            .formatted(simulator.url(), app.id()));
    var checked = command.run(Map.of("KINTONE_API_TOKEN", "t"), "check", "--json", "--lang", "en");
    assertThat(checked.exitCode()).isEqualTo(2);
    assertThat(json(checked).findValuesAsText("state")).containsExactly("ready", "refused");
    assertThat(json(checked).at("/1/reason").asText()).contains("4711");
  }

  @Test
  void quietPrintsErrorsOnly() {
    var good = run("import", file.toString(), "--quiet");
    assertThat(good.exitCode()).isEqualTo(1);
    assertThat(good.out()).isEmpty();
    assertThat(good.err()).isEmpty();
    assertThat(run("plan", file.toString(), "-q").out()).isEmpty();

    var refused = run("import", home.resolve("none.csv").toString(), "--quiet");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("none.csv");
  }

  @Test
  void readsStandardInputWhateverItsFormat() throws Exception {
    Path rejects = home.resolve("rejects.csv");
    var csv = piped("code,name\nA,Abe\nB,too long\n", "import", "-", "--rejects", "" + rejects);
    assertThat(csv.exitCode()).as(csv.err()).isEqualTo(1);
    assertThat(rejects).content().contains("B,too long");
    var json = piped("[{\"code\": \"C\", \"name\": \"Coe\"}]", "import", "--file-path", "-");
    assertThat(json.exitCode()).as(json.err()).isZero();
    assertThat(app.values("code")).containsExactlyInAnyOrder("A", "C");
    var nothing = piped("", "import", "-");
    assertThat(nothing.exitCode()).as(nothing.err()).isNotEqualTo(3);
    assertThat(nothing.err()).doesNotContain("Exception");
  }

  @Test
  void whatCameOnStandardInputIsCalledThat() throws Exception {
    var refused = piped("", "import", "-");
    assertThat(refused.err()).contains("standard input").doesNotContain("stdin");
    var imported = piped("code,name\nA,Abe\n", "import", "-");
    assertThat(imported.exitCode()).as(imported.err()).isZero();

    assertThat(command.run("runs", "--lang", "en").out())
        .contains("standard input")
        .doesNotContain("stdin");
    assertThat(command.run("runs", "--lang", "ja").out()).contains("標準入力").doesNotContain("stdin");
    assertThat(command.run("runs", "--json").out())
        .containsPattern("\"source\" ?: ?\"-\"")
        .doesNotContain("stdin");
    assertThat(command.run("history", "A", "--lang", "en").out()).contains("standard input");
    var plan = piped("code,name\nA,Abe\n", "plan", "-", "--key", "B");
    assertThat(plan.out() + plan.err()).contains("standard input").doesNotContain("stdin");
  }

  @Test
  void aPlanOfStandardInputIsATable() throws Exception {
    app.add("{\"code\": {\"value\": \"A\"}, \"name\": {\"value\": \"Abe\"}}");

    var plan = piped("code,name\nA,Ann\nB,Bob\n\nC,too long\n", "plan", "-", "--format", "csv");

    assertThat(plan.exitCode()).as(plan.err()).isEqualTo(1);
    assertThat(plan.out())
        .startsWith("outcome,key,record,field,before,after")
        .contains("updated,A,1,name,Abe,Ann")
        .contains("inserted,B,,name,,Bob")
        .doesNotContain("too long");
    assertThat(app.values("name")).containsExactly("Abe");
  }

  private Command.Ended piped(String text, String... words) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    try {
      return run(words);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void takesTheOptionsOfCliKintone() {
    var fields = run("import", file.toString(), "--fields", "code,tel");
    assertThat(fields.exitCode()).as(fields.err()).isZero();
    assertThat(app.values("tel")).containsExactlyInAnyOrder("1", "2");
    assertThat(app.values("name")).containsOnly("");

    var both = run("import", file.toString(), "--fields", "code", "--map", "code=code");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("--map and --fields");

    var login = run("import", file.toString(), "-u", "somebody", "-p", "secret");
    assertThat(login.exitCode()).as(login.err()).isLessThan(2);
  }
}
