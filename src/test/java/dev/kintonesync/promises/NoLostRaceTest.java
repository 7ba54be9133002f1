package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import dev.kintonesync.sync.Counts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 7: no lost race, no hidden overwrite. */
class NoLostRaceTest {
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

  /** Just before our next writes arrive, somebody else does this. */
  private void meanwhile(String method, int times, Runnable happens) {
    rehearsal.crossing.before(method, "/records.json", times, happens);
  }

  private void somebodySets(String code, String field, String value) {
    long id = Long.parseLong(rehearsal.held("$id").get(code));
    var record = new Record().putField(field, new SingleLineTextFieldValue(value));
    rehearsal.somebodyElse().updateRecord(rehearsal.app.id(), id, record);
  }

  @Test
  void aKeyThatSomebodyElseAddsFirstIsUpdatedInstead() throws Exception {
    meanwhile("POST", 1, () -> rehearsal.app.add("{\"code\": {\"value\": \"A\"}}"));

    var report = rehearsal.report("code,name", "A,Abe", "B,Baba");

    assertThat(report.counts()).isEqualTo(new Counts(2, 1, 1, 0, 0, 0, 0));
    assertThat(report.conflicts()).isEqualTo(1);
    assertThat(rehearsal.held("name"))
        .containsExactly(Map.entry("A", "Abe"), Map.entry("B", "Baba"));
  }

  @Test
  void aRecordThatSomebodyElseSavesFirstIsReadAndPlannedAgain() throws Exception {
    rehearsal.report("code,name,amount", "A,Abe,1", "B,Baba,1");
    meanwhile("PUT", 1, () -> somebodySets("A", "email", "abe@example.com"));

    var report = rehearsal.report("code,name,amount", "A,Abe,2", "B,Baba,2");

    assertThat(report.counts()).isEqualTo(new Counts(2, 0, 2, 0, 0, 0, 0));
    assertThat(report.conflicts()).isEqualTo(1);
    assertThat(rehearsal.held("email")).containsEntry("A", "abe@example.com");
    assertThat(rehearsal.held("amount")).containsEntry("A", "2").containsEntry("B", "2");
  }

  @Test
  void aRecordThatSomebodyElseAlreadyBroughtInStepIsUnchanged() throws Exception {
    rehearsal.report("code,name", "A,Abe");
    meanwhile("PUT", 1, () -> somebodySets("A", "name", "Arai"));

    var report = rehearsal.report("code,name", "A,Arai");

    assertThat(report.counts()).isEqualTo(new Counts(1, 0, 0, 1, 0, 0, 0));
  }

  @Test
  void aRecordThatSomebodyElseDeletesIsAddedAgain() throws Exception {
    rehearsal.report("code,name", "A,Abe", "B,Baba");
    long id = Long.parseLong(rehearsal.held("$id").get("A"));
    meanwhile(
        "PUT", 1, () -> rehearsal.somebodyElse().deleteRecords(rehearsal.app.id(), List.of(id)));

    var report = rehearsal.report("code,name", "A,Arai", "B,Bando");

    assertThat(report.counts()).isEqualTo(new Counts(2, 1, 1, 0, 0, 0, 0));
    assertThat(rehearsal.held("name"))
        .containsExactly(Map.entry("A", "Arai"), Map.entry("B", "Bando"));
  }

  @Test
  void afterFiveLostRacesTheRecordIsRejectedWithKintonesWords() throws Exception {
    rehearsal.report("code,name", "A,Abe", "B,Baba");
    meanwhile("PUT", 100, () -> somebodySets("A", "email", "x" + System.nanoTime()));

    var run = rehearsal.sync(rehearsal.csv("code,name", "A,Arai", "B,Bando"));

    assertThat(run.report().counts()).isEqualTo(new Counts(2, 0, 1, 0, 0, 1, 0));
    assertThat(Rehearsal.rejects(run).get(1)).contains("GAIA_CO02");
    assertThat(rehearsal.held("name")).containsEntry("A", "Abe").containsEntry("B", "Bando");
  }

  @Test
  void aKeyThatIsTakenButCannotBeSeenIsRejectedInWords() throws Exception {
    rehearsal.report("code,name", "A,Abe");
    rehearsal.simulator.settings(rehearsal.simulator.settings().with("foldKeys", true));

    var run = rehearsal.sync(rehearsal.csv("code,name", "a,Abe", "B,Baba"));

    assertThat(run.report().counts().read()).isEqualTo(2);
    assertThat(rehearsal.held("name")).containsEntry("B", "Baba").containsEntry("A", "Abe");
  }

  @Test
  void whatWasChangedIsOnRecordAndOverEditsAreListed() throws Exception {
    rehearsal.report("code,name,amount", "A,Abe,1", "B,Baba,1");
    somebodySets("A", "name", "edited by hand");

    var run = rehearsal.sync("code,name,amount", "A,Abe,1", "B,Baba,2");

    assertThat(run.report().overEdits()).isEqualTo(1);
    assertThat(Rehearsal.changes(run))
        .hasSize(2)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("\"key\":\"A\"", "\"overEdit\":\"sato\"")
                    .contains("\"name\":{\"before\":\"edited by hand\",\"after\":\"Abe\"}"))
        .anySatisfy(
            line -> assertThat(line).contains("\"amount\":{\"before\":\"1\",\"after\":\"2\"}"));
  }
}
