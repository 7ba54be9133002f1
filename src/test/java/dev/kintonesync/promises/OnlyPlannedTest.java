package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job with {@code write = false} looks at every file once, reports, and changes nothing. */
class OnlyPlannedTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void itReportsWritesNothingAndLeavesTheFile() throws Exception {
    var job = rehearsal.jobWith("write = false");
    Path file = rehearsal.drop("in.csv", "code,name", "A,n");

    rehearsal.application().watch(job);

    var run = rehearsal.awaitRun();
    assertThat(run.report().written()).isFalse();
    assertThat(run.report().counts().inserted()).isEqualTo(1);
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.app.size()).isZero();
    assertThat(rehearsal.writes()).isEmpty();
    assertThat(file).exists();
    assertThat(rehearsal.runWithin(500)).as("it is not looked at a second time").isNull();

    rehearsal.drop("in.csv", "code,name", "A,n", "B,n");
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(2);
  }

  @Test
  void aRunOverAPartOfAFileLeavesItToTheNext() throws Exception {
    Path file = rehearsal.drop("in.csv", "code,name", "A,n", "B,n");
    var part = new RunOptions(true, 1, Set.of(), null);

    var runs = rehearsal.application().runner().runWaiting(rehearsal.jobWith().with(part));

    assertThat(runs).hasSize(1);
    assertThat(rehearsal.held("name")).containsOnlyKeys("A");
    assertThat(file).exists();
  }
}
