package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.camel.run.RunReports;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose program is gone get the report that it could not write. */
class AbandonedRunsTest {
  @TempDir Path home;

  @BeforeEach
  void begin() {
    try (var journal = Journal.open(home.resolve("journal"))) {
      journal.begun(running("r1"));
      journal.begun(running("r2"));
    }
  }

  private void closeAbandoned() {
    try (var journal = Journal.open(home.resolve("journal"))) {
      new RunReports(home.resolve("runs"), PublishedRejects.in(home), journal, Clock.systemUTC())
          .closeAbandoned();
    }
  }

  @Test
  void oneWhoseFolderIsGoneKeepsNobodyFromBeginning() throws Exception {
    Files.createDirectories(home.resolve("runs").resolve("r2"));
    closeAbandoned();
    assertThat(RunFolder.read(home.resolve("runs").resolve("r2")).state())
        .isEqualTo(RunState.STOPPED);
    assertThat(home.resolve("runs").resolve("r1")).doesNotExist();
  }

  @Test
  void oneThatCannotBeWrittenIsSaid() throws Exception {
    Files.createDirectories(home.resolve("runs").resolve("r1").resolve("report.json").resolve("x"));
    assertThatThrownBy(this::closeAbandoned).isInstanceOf(UserErrorException.class);
  }
}
