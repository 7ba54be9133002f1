package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records are updated by id, and only at the revision that the source has seen. */
class RevisionsTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    rehearsal.sync("code,name", "A,a", "B,b", "C,c");
    rehearsal.sync("code,name", "B,b2");
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void aRecordThatHasMovedIsNotOverwritten() throws Exception {
    var job = rehearsal.jobWith("revision-column = $revision");
    var run = rehearsal.sync(job, "code,name,$revision", "A,x,1", "B,x,1", "C,x,-1", "D,d,");

    assertThat(rehearsal.held("name"))
        .containsEntry("A", "x")
        .containsEntry("B", "b2")
        .containsEntry("C", "x")
        .containsEntry("D", "d");
    assertThat(Rehearsal.rejects(run)).hasSize(2);
    assertThat(Rehearsal.rejects(run).get(1)).contains("expected revision 1, found 2");
  }

  @Test
  void aRowThatExpectsARevisionDoesNotAddARecord() throws Exception {
    var job = rehearsal.jobWith("revision-column = rev");
    var run = rehearsal.sync(job, "code,name,rev", "E,e,3", "A,x,first");

    assertThat(rehearsal.held("name")).doesNotContainKey("E").containsEntry("A", "a");
    assertThat(Rehearsal.rejects(run).get(1)).contains("there is no such record");
    assertThat(Rehearsal.rejects(run).get(2)).contains("\"\"first\"\" in the column rev");
  }

  @Test
  void whatWasWrittenIsUnchangedTheSecondTimeAlthoughTheRevisionMoved() throws Exception {
    var job = rehearsal.jobWith("revision-column = rev");
    rehearsal.sync(job, "code,name,rev", "A,x,1");

    assertThat(rehearsal.sync(job, "code,name,rev", "A,x,1").report().counts().unchanged())
        .isEqualTo(1);
  }

  @Test
  void idsAreTheKeyInAColumnOfTheirOwn() throws Exception {
    String id = rehearsal.held("$id").get("B");
    rehearsal.syncByRecordNumber("$id,name", id + ",by id");

    assertThat(rehearsal.held("name")).containsEntry("B", "by id");
    assertThat(rehearsal.syncByRecordNumber("$id,name", "999,x").report().counts().rejected())
        .isEqualTo(1);
  }

  @Test
  void aColumnOfRevisionsThatIsNotThereRefusesTheJob() throws Exception {
    var run = rehearsal.sync(rehearsal.jobWith("revision-column = rev"), "code,name", "A,x");

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("revision-column names column rev");
  }
}
