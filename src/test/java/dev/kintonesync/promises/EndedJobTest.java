package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job is taken away between its runs, and never during one. */
@Timeout(60)
class EndedJobTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    Files.createDirectories(rehearsal.inbox());
    rehearsal.application().watch(rehearsal.job());
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private void drop(String name, String row) throws Exception {
    Files.writeString(rehearsal.inbox().resolve(name), "code,name\n" + row + "\n");
  }

  @Test
  void aRunGoesOnToItsEndAndTheJobWithIt() throws Exception {
    var written = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    rehearsal.crossing.before(
        "POST",
        "records.json",
        1,
        () -> {
          written.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    drop("a.csv", "A,abe");
    written.await();

    assertThat(rehearsal.application().jobs().end("customers")).isFalse();
    released.countDown();
    var run = rehearsal.awaitRun();
    drop("b.csv", "B,beck");
    var next = rehearsal.awaitRun();

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(next.report().counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "B");
  }

  @Test
  void anEndedJobReadsNothingAndLetsOthersHaveItsFolder() throws Exception {
    drop("a.csv", "A,abe");
    rehearsal.awaitRun();
    Awaitility.await().until(() -> rehearsal.application().jobs().end("customers"));

    drop("b.csv", "B,beck");
    assertThat(rehearsal.runWithin(1500)).isNull();
    assertThat(rehearsal.inbox().resolve("b.csv")).exists();

    rehearsal.application().watch(rehearsal.job()); // refused if the claim were left
    assertThat(rehearsal.awaitRun().report().counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "B");
  }
}
