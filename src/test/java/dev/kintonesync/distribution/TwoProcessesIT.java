package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real processes at one folder, one job or one file: the second says who has it. */
class TwoProcessesIT {
  private static final Path TOKYO =
      Path.of("src/test/resources/data/postal-codes-tokyo.csv").toAbsolutePath();
  private static final int ROWS = 4089;

  @TempDir static Path folder;

  private static Installation installation;
  private static SimulatorProcess simulator;
  private static int homes;

  private Installation first;
  private String app;
  private Path inbox;

  @BeforeAll
  static void start() throws IOException {
    installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
    simulator = SimulatorProcess.start(installation);
  }

  @AfterEach
  void answer() {
    simulator.answersAll();
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  @BeforeEach
  void install() throws IOException {
    app = simulator.postalCodeApp();
    inbox = Files.createDirectory(folder.resolve("inbox-" + ++homes));
    first = installed("codes");
  }

  @Test
  void theSecondServiceWaitsAndStartsByItselfWhenTheFirstIsKilled() throws IOException {
    try (var service = first.start("run");
        var second = startedSecond(first, service)) {
      drop("codes.csv");
      service.awaitText("4,089 inserted");
      assertThat(second.said()).as("not a second run of the file").doesNotContain("read:");

      service.close();
      second.awaitText("codes: watching " + inbox);
      drop("again.csv");
      second.awaitText("4,089 unchanged");
      second.terminate();
      var ended = second.ended();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.err().lines().filter(line -> line.contains("waiting"))).hasSize(1);
      assertThat(ended.err().lines().filter(line -> line.contains("watching"))).hasSize(1);
    }
    assertThat(simulator.revisionsAbove(app, 1)).isZero();
  }

  @Test
  @Tag("sweep")
  void theSecondServiceStartsWhenTheFirstEndsAsItShould() {
    try (var service = first.start("run");
        var second = startedSecond(first, service)) {
      service.terminate();
      assertThat(service.ended().exitCode()).isZero();
      second.awaitText("codes: watching " + inbox);
    }
  }

  @Test
  @Tag("sweep")
  void anotherInstallationWithAnotherJobWaitsForTheFolder() throws IOException {
    var other = installed("postal");
    try (var service = first.start("run")) {
      service.awaitText("codes: watching");
      try (var second = other.start("run")) {
        second.awaitText("postal: waiting. The folder " + inbox.toRealPath() + " is being read by");
        assertThat(second.said()).contains("process " + service.pid() + " on ", "sync run)");
        service.close();
        second.awaitText("postal: watching " + inbox);
      }
    }
  }

  @Test
  void theServiceDoesARunThatIsAskedForAndImportsIntoItsJobOrFolderStopWithExitThree()
      throws IOException {
    try (var service = first.start("run")) {
      service.awaitText("codes: watching");
      var once = first.run("run", "codes", "--once");
      assertThat(once.exitCode()).as(once.said()).isZero();
      assertThat(once.said()).contains("process " + service.pid(), "That process does the run");
      refused(service, "Job codes", "import", TOKYO.toString(), "--job", "codes");
      Files.createDirectories(inbox.resolve("done"));
      // one that the watcher leaves alone, so that only the import is at it
      Path part = Files.copy(TOKYO, inbox.resolve("codes.csv.part"));
      refused(service, "folder " + inbox.toRealPath(), imported(part));
      assertThat(simulator.size(app)).isZero();

      var elsewhere = first.run(imported(TOKYO));
      assertThat(elsewhere.exitCode()).as(elsewhere.said()).isZero();
      assertThat(simulator.size(app)).isEqualTo(ROWS);
    }
  }

  @Test
  @Tag("sweep")
  void oneFileIsImportedByOneProcessAtATimeAndOtherFilesBesideIt() throws IOException {
    Path file = Files.copy(TOKYO, inbox.resolve("codes.csv"));
    Path other = Files.write(inbox.resolve("few.csv"), Files.readAllLines(TOKYO).subList(0, 3));
    try (var one = startedAndHeldUp(imported(file))) {
      refused(one, "file " + file, imported(file));
      simulator.answersAll();
      var beside = first.run(imported(other));
      assertThat(beside.exitCode()).as(beside.said()).isZero();
      assertThat(one.ended().exitCode()).isZero();
    }
    assertThat(first.run(imported(file)).exitCode()).isZero();
    assertThat(simulator.size(app)).isEqualTo(ROWS);
    assertThat(simulator.revisionsAbove(app, 1)).isZero();
  }

  @Test
  @Tag("sweep")
  void aServiceAndAnImportOfOneWaitingFileNeverReadItAtOnce() throws IOException {
    Path file = Files.copy(TOKYO, inbox.resolve("codes.csv"));
    try (var one = startedAndHeldUp(imported(file))) {
      try (var service = first.start("run")) {
        service.awaitText("The file " + file.toRealPath() + " is being synced by process");
        simulator.answersAll();
        assertThat(one.ended().exitCode()).isZero();
        service.awaitText("4,089 unchanged");
      }
    }
    assertThat(simulator.revisionsAbove(app, 1)).isZero();
  }

  private static StartedProgram startedSecond(Installation home, StartedProgram service) {
    service.awaitText("codes: watching");
    var second = home.start("run");
    second.awaitText("codes: waiting. Job codes is being run by process " + service.pid() + " on ");
    return second;
  }

  /** An import in its midst, which does not come to its end before the simulator answers again. */
  private StartedProgram startedAndHeldUp(String... command) {
    int before = simulator.records("inserted");
    simulator.answersWrites(1);
    var program = first.start(command);
    Patience.await().until(() -> simulator.records("inserted") > before);
    return program;
  }

  private void refused(StartedProgram holder, String what, String... command) {
    var ended = first.run(command);
    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err()).contains(what, "by process " + holder.pid() + " on ", ", since ");
  }

  private String[] imported(Path file) {
    return new String[] {
      "import", file.toString(), "--app", app, "--update-key", "postal_code", "--api-token", "t"
    };
  }

  private void drop(String name) throws IOException {
    Path part = Files.copy(TOKYO, inbox.resolve(name + ".part"));
    Files.move(part, inbox.resolve(name));
  }

  private Installation installed(String job) throws IOException {
    return Installation.withHome(Files.createDirectory(folder.resolve("home-" + ++homes)))
        .with("KINTONE_API_TOKEN", "t")
        .configured(
            """
            kintone.base-url = %1$s
            kintone.bulk-timeout = 2s
            kintone.max-retry-delay = 100ms
            job.%2$s.app = %3$s
            job.%2$s.update-key = postal_code
            job.%2$s.source = folder
            job.%2$s.folder = %4$s
            """
                .formatted(simulator.url(), job, app, inbox));
  }
}
