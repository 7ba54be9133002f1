package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that cannot be written down to its end is over all the same, and its source is kept. */
class UnwrittenRunTest {
  /** What is written to it meets a full disk. */
  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    assumeThat(FULL).exists();
    rehearsal = new Rehearsal(home);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  /** Lets the file of this name in the folder of the run that is under way meet a full disk. */
  private void fill(String name) {
    try (var runs = Files.list(home.resolve("runs"))) {
      for (Path run : runs.toList()) {
        Files.createSymbolicLink(run.resolve(name), FULL);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void itIsStoppedInTheJournalToo() throws Exception {
    rehearsal.crossing.before("POST", "/records.json", 1, () -> fill("reasons.jsonl"));

    var run = rehearsal.sync(rehearsal.job(), "code,amount", "A,1", "B,many");

    assertThat(rehearsal.held("amount")).containsOnlyKeys("A");
    assertThat(run.disposition()).isEqualTo(RunResult.Disposition.STAYS);
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason())
        .contains("reasons.jsonl cannot be written", "free disk space");
    var kept = rehearsal.journal().run(run.report().run()).orElseThrow();
    assertThat(kept.state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.journal().runs("customers", 10)).hasSize(1);

    var next = rehearsal.sync(rehearsal.job(), "code,amount", "A,1", "B,2");
    assertThat(next.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("amount")).containsOnlyKeys("A", "B");
  }
}
