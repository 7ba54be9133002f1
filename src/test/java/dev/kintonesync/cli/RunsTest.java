package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code runs} shows what has run. */
@LogOfProcess.Started
class RunsTest {
  @TempDir Path home;

  @Test
  void showsTheLastRunsAndOneInFull() throws Exception {
    try (var simulator = Simulator.start()) {
      var app =
          simulator.app(
              "customers",
              """
              {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": true},
               "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "n"}}
              """);
      var command = new Command(home);
      assertThat(command.run("runs", "--lang", "en").err()).contains("There are no runs yet.");
      Path file = Files.writeString(home.resolve("in.csv"), "code,name\nA,n\nA,m\n,x\n");
      var environment = Map.of("KINTONE_BASE_URL", simulator.url(), "KINTONE_API_TOKEN", "t");
      var imported =
          command.run(
              environment,
              "import",
              file.toString(),
              "--app",
              String.valueOf(app.id()),
              "--update-key",
              "code");
      assertThat(imported.exitCode()).isEqualTo(1);

      var runs = command.run("runs", "--lang", "en");
      assertThat(runs.exitCode()).isZero();
      assertThat(runs.out().lines())
          .singleElement()
          .asString()
          .contains("-import  completed with rejected rows  3 read: 1 inserted", file.toString());
      String name = runs.out().substring(0, runs.out().indexOf(' '));

      var shown = command.run("runs", "show", name, "--lang", "en");
      assertThat(shown.out())
          .contains(name + ": job import, app " + app.id() + ", mode upsert")
          .contains("1 rejected")
          .contains("API request")
          .contains("changes.jsonl.gz");

      assertThat(command.run("runs", "--lang", "ja").out()).contains("完了（エラー行あり）");
      assertThat(command.run("runs", "show", name, "--lang", "ja").out())
          .contains("完了（エラー行あり）", "区切りテキストとして読みます")
          .doesNotContain("Read as");

      var json = new ObjectMapper().readTree(command.run("runs", "--json").out());
      assertThat(json).hasSize(1);
      assertThat(json.path(0).path("run").asText()).isEqualTo(name);
      assertThat(new ObjectMapper().readTree(command.run("runs", "show", name, "--json").out()))
          .isEqualTo(json.path(0));

      command.run(
          environment,
          "plan",
          file.toString(),
          "--app",
          String.valueOf(app.id()),
          "--update-key",
          "code");
      assertThat(command.run("runs", "--lang", "en").out().lines())
          .hasSize(2)
          .first()
          .asString()
          .contains("dry run, completed");

      assertThat(command.run("runs", "show", "nothing", "--lang", "en").exitCode()).isEqualTo(2);
      assertThat(command.run("runs", "one", "two", "--lang", "en").exitCode()).isEqualTo(2);
    }
  }
}
