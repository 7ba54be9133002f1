package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.kintone.client.model.record.DropDownFieldValue;
import com.kintone.client.model.record.Record;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records that the source lacks are treated as the job says, and never by accident. */
class MirrorTest extends MirrorSync {
  @Test
  void whatTheSourceLacksIsDeletedWithinTheScope() throws Exception {
    var job = mirroredOnce("mirror.missing = delete");

    var run = rehearsal.sync(job, "code,name", "A,n", "B,n", "F,n");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "B", "F", "Z");
    assertThat(run.report().deleted()).isEqualTo(3);
    assertThat(run.report().missing()).isEqualTo(3);
    assertThat(run.report().counts().read()).isEqualTo(3);
    assertThat(run.summary().toString()).contains("3 read: ").contains("3 records deleted");
    assertThat(rehearsal.writes()).containsExactly("POST records", "DELETE records");
  }

  @Test
  void removedRecordsStandWholeInTheChanges() throws Exception {
    var job = mirroredOnce("mirror.missing = delete");

    var run = rehearsal.sync(job, "code,name", "A,n", "B,n", "C,n", "D,n");

    assertThat(Rehearsal.changes(run))
        .singleElement()
        .asString()
        .contains("\"outcome\":\"deleted\"", "\"key\":\"E\"", "\"rank\":{\"before\":\"A\"")
        .contains("\"amount\"");
  }

  @Test
  void whatTheSourceLacksIsMarkedOnce() throws Exception {
    var job = mirroredOnce("mirror.missing = set name=gone");

    var run = rehearsal.sync(job, "code,amount", "A,1", "B,1", "C,1", "D,1");
    assertThat(rehearsal.held("name")).containsEntry("E", "gone").containsEntry("Z", "n");
    assertThat(run.report().deleted()).isEqualTo(1);
    assertThat(run.report().flagged()).isEqualTo(1);
    assertThat(run.summary().toString()).contains("; 1 record flagged");

    var again = rehearsal.sync(job, "code,amount", "A,1", "B,1", "C,1", "D,1");
    assertThat(again.report().missing()).isZero();
    assertThat(again.report().deleted()).isZero();
  }

  @Test
  void theFirstRunOfAJobOnlyReports() throws Exception {
    held("A", "A");
    held("B", "A");

    var run = rehearsal.sync(mirror("mirror.missing = delete"), "code,name", "A,n");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "B");
    assertThat(run.report().missing()).isEqualTo(1);
    assertThat(run.report().deleted()).isZero();
    assertThat(run.report().remarks())
        .singleElement()
        .asString()
        .contains("1 record is missing from the source: B");
    assertThat(
            Files.readAllLines(
                home.resolve("runs").resolve(run.report().run()).resolve("missing.txt")))
        .containsExactly("B");
  }

  @Test
  void withoutAWordItOnlyReports() throws Exception {
    var job = mirroredOnce();

    var run = rehearsal.sync(job, "code,name", "A,n", "B,n");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "B", "C", "D", "E", "Z");
    assertThat(run.report().missing()).isEqualTo(3);
    assertThat(rehearsal.writes()).isEmpty();
  }

  @Test
  void aValueThatTheFieldDoesNotTakeIsTheFaultOfTheJob() throws Exception {
    var run = rehearsal.sync(mirror("mirror.missing = set amount=gone"), "code,name", "A,n");

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("set amount=gone");
    assertThat(run.disposition()).isEqualTo(RunResult.Disposition.STAYS);
  }

  @Test
  void aRemovalWhoseAnswerIsLostIsLookedUp() throws Exception {
    var job = mirroredOnce("mirror.missing = delete");
    rehearsal
        .simulator
        .faults()
        .add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("DELETE", "records.json").times(1));

    var run = rehearsal.sync(job, "code,name", "A,n", "B,n", "C,n", "D,n");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "B", "C", "D", "Z");
    assertThat(run.report().deleted()).isEqualTo(1);
    assertThat(rehearsal.writes()).containsExactly("DELETE records");
  }

  @Test
  void aRecordThatLeftTheScopeMeanwhileStays() throws Exception {
    var job = mirroredOnce("mirror.missing = delete");
    rehearsal.crossing.before(
        "DELETE",
        "records.json",
        1,
        () ->
            rehearsal
                .somebodyElse()
                .updateRecord(
                    rehearsal.app.id(),
                    5,
                    new Record().putField("rank", new DropDownFieldValue("B"))));

    rehearsal.sync(job, "code,name", "A,n", "B,n", "C,n", "D,n");

    assertThat(rehearsal.held("rank")).containsEntry("E", "B");
  }

  @Test
  void rowsWithTheFlagRemoveTheirRecordsInAnyMode() throws Exception {
    held("A", "A");
    held("B", "A");
    var job = rehearsal.jobWith("delete-when = DEL=1", "mirror.missing = delete");

    var run = rehearsal.sync(job, "code,name,DEL", "A,n,1", "B,new,0", "C,n,1");

    assertThat(rehearsal.held("name")).containsOnlyKeys("B").containsEntry("B", "new");
    assertThat(run.report().deleted()).isEqualTo(1);
    assertThat(run.report().counts().updated()).isEqualTo(1);
    assertThat(run.report().counts().removed()).isEqualTo(1);
    assertThat(run.report().counts().unchanged()).isEqualTo(1);
    assertThat(run.summary().toString()).contains("1 updated, 1 deleted, 1 unchanged");
    assertThat(Rehearsal.changes(run)).anyMatch(line -> line.contains("\"outcome\":\"deleted\""));
  }

  @Test
  void aRowRemovesWhatARowBeforeItHasAddedToAnEmptyApp() throws Exception {
    var job = rehearsal.jobWith("delete-when = DEL=1", "mirror.missing = delete");
    var lines = new ArrayList<String>(List.of("code,name,DEL"));
    for (int i = 0; i < 2_000; i++) {
      lines.add("K" + i + ",n,0");
    }
    lines.add("K7,n,1"); // in the second batch

    var run = rehearsal.sync(job, lines.toArray(String[]::new));

    assertThat(run.report().deleted()).isEqualTo(1);
    assertThat(rehearsal.held("name")).hasSize(1_999).doesNotContainKey("K7");
  }

  @Test
  void aScopeThatKintoneRefusesIsSaidBeforeAnythingIsWritten() throws Exception {
    var job = rehearsal.jobWith("mode = mirror", "mirror.scope = nosuch = \"1\"");

    var run = rehearsal.sync(job, "code,name", "A,n");

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("mirror.scope = nosuch");
    assertThat(rehearsal.app.size()).isZero();
  }

  @Test
  void aFolderNeedsAScope() {
    assertThatExceptionOfType(UserErrorException.class)
        .isThrownBy(() -> rehearsal.jobWith("mode = mirror"))
        .withMessageContaining("job.customers.mirror.scope");
  }
}
