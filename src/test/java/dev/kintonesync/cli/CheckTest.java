package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} says of every job whether it could run, and does nothing else. */
class CheckTest {
  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app =
        simulator.app(
            "customers",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "コード", "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
            """);
    command = new Command(home);
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.good.app = %d
        job.good.update-key = code
        job.good.source = folder
        job.good.folder = inbox/good
        job.bad.app = %d
        job.bad.update-key = name
        job.bad.source = folder
        job.bad.folder = inbox/bad
        job.none.app = 99
        job.none.update-key = code
        job.none.source = folder
        job.none.folder = inbox/none
        """
            .formatted(simulator.url(), app.id(), app.id()));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private Command.Ended check(String... job) {
    var words = new ArrayList<>(List.of("check"));
    words.addAll(List.of(job));
    words.addAll(List.of("--lang", "en"));
    return command.run(Map.of("KINTONE_API_TOKEN", "t"), words.toArray(String[]::new));
  }

  @Test
  void saysOfEveryJobWhetherItCouldRun() {
    var ended = check();

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out().lines())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("good: ready. App " + app.id() + ", form revision"))
        .anyMatch(line -> line.startsWith("bad: cannot run.") && line.contains("duplicate"))
        .anyMatch(line -> line.startsWith("none: cannot run.") && line.contains("99"));
    assertThat(simulator.requests()).allMatch(request -> request.line().startsWith("GET"));
  }

  @Test
  void looksAtTheColumnsOfTheFirstFileThatWaits() throws Exception {
    Path inbox = Files.createDirectories(home.resolve("inbox/good"));
    Path file = Files.writeString(inbox.resolve("a.csv"), "code,name\nA,n\n");
    assertThat(check("good").out()).contains("1 files wait");
    assertThat(check("good").exitCode()).isZero();

    Files.writeString(file, "code,nmae\nA,n\n");
    var ended = check("good");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).startsWith("good: cannot run.").contains("nmae");
    assertThat(file).exists();
    assertThat(app.size()).isZero();
  }

  @Test
  void namesTheNearestJob() {
    assertThat(check("god").out()).contains("god").contains("good");
  }
}
