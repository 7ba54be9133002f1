package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.promises.Crossing;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit code of {@code run JOB --once} is true of all files that it has read. */
@LogOfProcess.Started
class ExitCodeTest {
  private static final String UNREADABLE = "code,nmae\nX,x\n";
  private static final String REJECTED = "code,name\n,x\n";

  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;
  private Path inbox;
  private int files;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app =
        simulator.app(
            "customers",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code", "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
            """);
    command = new Command(home);
    inbox = Files.createDirectories(home.resolve("inbox"));
    writeTo(simulator.url());
  }

  private void writeTo(String url) throws IOException {
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.customers.app = %d
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        """
            .formatted(url, app.id()));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  /** Each file is newer than the one before, so that they are read in this order. */
  private void drop(String... contents) throws Exception {
    for (String content : contents) {
      Path file = Files.writeString(inbox.resolve(++files + ".csv"), content);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600 - files)));
    }
  }

  private int exitCode() {
    return command.run(Map.of("KINTONE_API_TOKEN", "t"), "run", "customers", "--once").exitCode();
  }

  @Test
  void aRefusedFileBesideOneThatIsWrittenIsNoRefusalOfAll() throws Exception {
    drop("code,name\nA,a\n", UNREADABLE);
    assertThat(exitCode()).isEqualTo(1);
    assertThat(app.values("code")).containsExactly("A");

    drop(UNREADABLE, "code,name\nA,b\n", "code,name\nA,b\n");
    assertThat(exitCode()).isEqualTo(1);
    assertThat(app.values("name")).containsExactly("b");
  }

  @Test
  void whereNothingWasWrittenARefusalIsThat() throws Exception {
    drop(UNREADABLE);
    assertThat(exitCode()).isEqualTo(2);

    drop(UNREADABLE, REJECTED, UNREADABLE);
    assertThat(exitCode()).isEqualTo(2);
    assertThat(app.size()).isZero();

    drop(REJECTED);
    assertThat(exitCode()).isEqualTo(1);
    drop("code,name\nA,a\n");
    assertThat(exitCode()).isZero();
  }

  @Test
  void aFileThatCannotBeMovedHasStoppedTheOthers() throws Exception {
    try (var crossing = new Crossing(simulator.url())) {
      writeTo(crossing.url());
      crossing.before("POST", "/records.json", 1, () -> stand(inbox.resolve("done")));
      drop("code,name\nA,a\n", "code,name\nB,b\n");

      assertThat(exitCode()).isEqualTo(3);
      assertThat(app.values("code")).containsExactly("A");
    }
  }

  /** A file in the place of a folder. */
  private static void stand(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
