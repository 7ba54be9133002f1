package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code check} says of every job whether it could run, and does nothing else. */
@LogOfProcess.Started
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
  void leavesNoRunBehind() throws Exception {
    Files.createDirectories(home.resolve("inbox/good"));
    Files.writeString(home.resolve("inbox/good/in.csv"), "code,name\nA,n\n,x\n");

    var ended = check("good");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("Writing was not tried");
    assertThat(simulator.requests()).noneMatch(request -> request.path().contains("bulkRequest"));
    assertThat(command.run("runs", "--lang", "en").err()).contains("There are no runs yet.");
    assertThat(home.resolve("runs")).isEmptyDirectory();
    assertThat(home.resolve("inbox/good/in.csv")).exists();
  }

  @Test
  void looksForTheFolderOfAttachments() throws Exception {
    Files.writeString(
        home.resolve("application.properties"),
        "job.good.attachments-dir = papers\n",
        StandardOpenOption.APPEND);

    var ended = check("good");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).contains("attachments-dir").contains("papers");

    Files.createDirectory(home.resolve("papers"));
    assertThat(check("good").exitCode()).isZero();
  }

  @Test
  void saysOfEveryJobWhetherItCouldRun() {
    var ended = check();

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out().lines())
        .filteredOn(line -> !line.startsWith(" "))
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
    assertThat(check("good").out()).contains(": 1.");
    assertThat(check("good").exitCode()).isZero();

    Files.writeString(file, "code,nmae\nA,n\n");
    var ended = check("good");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).startsWith("good: cannot run.").contains("nmae");
    assertThat(file).exists();
    assertThat(app.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "CODE=code, N=nmae; nmae; N=name",
        "CODE=code, N=tbl.nope; tbl.nope; N=name",
        "CODE=Code; Code; N=name",
        "N=name; code (コード); CODE=code, N=name",
        "'x'=code, N=name; code (コード); CODE=code, N=name",
        "CODE=code, N=name | simple(${bodi}); simple(${bodi}); N=name",
      })
  void looksAtWhatTheMapFillsBeforeThereIsAFileAndLeavesTheFile(
      String map, String named, String mended) throws Exception {
    Path properties = home.resolve("application.properties");
    String before = Files.readString(properties);
    Files.writeString(properties, before + "job.good.map = " + map + "\n");

    var ended = check("good");

    assertThat(ended.exitCode()).as(ended.out()).isEqualTo(2);
    assertThat(ended.out()).startsWith("good: cannot run.").contains(named);

    Path inbox = Files.createDirectories(home.resolve("inbox/good"));
    Path file = Files.writeString(inbox.resolve("a.csv"), "CODE,N\nA,n\n");
    assertThat(run("good").exitCode()).isEqualTo(2);
    assertThat(file).exists();
    assertThat(inbox.resolve("failed")).doesNotExist();

    String right = mended.contains("CODE") ? mended : "CODE=code, " + mended;
    Files.writeString(properties, before + "job.good.map = " + right + "\n");
    assertThat(run("good").exitCode()).isZero();
    assertThat(app.size()).isEqualTo(1);
  }

  private Command.Ended run(String job) {
    return command.run(Map.of("KINTONE_API_TOKEN", "t"), "run", job, "--once", "--lang", "en");
  }

  @Test
  void saysWhenAJobRuns() throws Exception {
    Files.writeString(
        home.resolve("application.properties"),
        """
        job.good.schedule = 30 2 * * 1-5
        job.good.time-zone = Asia/Tokyo
        job.none.after = good
        """,
        StandardOpenOption.APPEND);
    assertThat(check("good").out())
        .containsPattern(
            "Runs 30 2 \\* \\* 1-5; next: [-\\d]+ 02:30:00, [-\\d]+ 02:30:00, [-\\d]+ 02:30:00"
                + " \\(Asia/Tokyo\\)");
    Files.writeString(
        home.resolve("application.properties"),
        Files.readString(home.resolve("application.properties")).replace("app = 99", "app = 1"));
    assertThat(check("none").out()).contains("Runs after each run of good.");
  }

  @Test
  void namesTheNearestJob() {
    assertThat(check("god").out()).contains("god").contains("good");
  }
}
