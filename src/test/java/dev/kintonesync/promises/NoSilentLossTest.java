package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kintone would swallow without a word is said. */
class NoSilentLossTest {
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
  void aColumnThatIsNoFieldRefusesTheRun() throws Exception {
    var run = rehearsal.sync("code,name,nmae", "A,n,x");

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("nmae", "name");
    assertThat(rehearsal.app.size()).isZero();
  }

  @Test
  void columnsOfFieldsThatOnlyKintoneWritesAreLeftOutAndNamed() throws Exception {
    var run = rehearsal.sync("code,name,更新日時", "A,n,2020-01-01T00:00:00Z");

    assertThat(rehearsal.held("name")).containsEntry("A", "n");
    assertThat(run.report().remarks()).singleElement().asString().contains("更新日時");
  }

  @Test
  void columnsThatTheMapDoesNotNameAreNamed() throws Exception {
    var run =
        rehearsal.sync(
            rehearsal.jobWith("map = CODE=code, N=name"), "CODE,N,FAX", "A,n,0312345678");

    assertThat(run.report().remarks()).singleElement().asString().contains("FAX");
  }

  @Test
  void decimalsThatTheAppDoesNotKeepAreSaid() throws Exception {
    var run = rehearsal.sync("code,amount", "A,1.23456", "B,2", "C,3.33333");

    assertThat(rehearsal.held("amount")).containsEntry("A", "1.2346");
    assertThat(run.report().remarks())
        .singleElement()
        .asString()
        .contains("2 values", "line 2", "1.23456", "1.2346");
    assertThat(
            rehearsal.report("code,amount", "A,1.23456", "B,2", "C,3.33333").counts().unchanged())
        .isEqualTo(3);
  }

  @Test
  void aRowWithMoreColumnsThanTheHeaderIsRejected() throws Exception {
    var run = rehearsal.sync("code,name", "A,n", "B,n,surplus");

    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(Rehearsal.rejects(run).get(1)).startsWith("B,n,").endsWith(",surplus");
  }
}
