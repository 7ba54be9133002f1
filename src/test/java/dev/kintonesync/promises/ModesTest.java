package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job does with records that are there and that are not, with doubles and empty values. */
class ModesTest {
  @TempDir static Path home;
  private static Rehearsal rehearsal;

  @BeforeAll
  static void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  @BeforeEach
  void begin() throws Exception {
    rehearsal.withAnotherApp();
  }

  private void held(String... records) {
    for (String record : records) {
      String[] cells = record.split(",", -1);
      rehearsal.app.add(
          "{\"code\":{\"value\":\"%s\"},\"name\":{\"value\":\"%s\"}}"
              .formatted(cells[0], cells[1]));
    }
    rehearsal.forgetRequests();
  }

  private static List<String> reasons(RunResult run) throws Exception {
    return Rehearsal.rejects(run).stream().skip(1).map(line -> line.replace("\"", "")).toList();
  }

  @Test
  void insertAddsWhatIsMissingAndLeavesAloneWhatIsThere() throws Exception {
    held("A,old");

    var run = rehearsal.sync(rehearsal.jobWith("mode = insert"), "code,name", "A,new", "B,new");

    assertThat(rehearsal.held("name")).containsEntry("A", "old").containsEntry("B", "new");
    assertThat(run.report().counts().inserted()).isEqualTo(1);
    assertThat(run.report().counts().unchanged()).isEqualTo(1);
    assertThat(rehearsal.writes()).containsExactly("POST records");
  }

  @Test
  void insertRejectsWhatIsThereWithOtherValuesWhenItIsToldTo() throws Exception {
    held("A,old", "B,same");

    var run =
        rehearsal.sync(
            rehearsal.jobWith("mode = insert", "existing = reject"),
            "code,name",
            "A,new",
            "B,same",
            "C,new");

    assertThat(rehearsal.held("name")).containsEntry("A", "old").containsEntry("C", "new");
    assertThat(reasons(run)).singleElement().asString().startsWith("A,new,").contains("name");
    assertThat(run.report().counts().unchanged()).isEqualTo(1);
  }

  @Test
  void updateAddsNothingAndRejectsTheRowsOfMissingKeys() throws Exception {
    held("A,old");

    var run = rehearsal.sync(rehearsal.jobWith("mode = update"), "code,name", "A,new", "B,new");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A").containsEntry("A", "new");
    assertThat(reasons(run)).singleElement().asString().contains("Key B is not in app");
  }

  @Test
  void updateRejectsEveryRowOfAnEmptyApp() throws Exception {
    var run = rehearsal.sync(rehearsal.jobWith("mode = update"), "code,name", "A,new", "B,new");

    assertThat(rehearsal.app.size()).isZero();
    assertThat(run.report().counts().rejected()).isEqualTo(2);
  }

  @Test
  void updateSkipsMissingKeysWhenItIsToldTo() throws Exception {
    held("A,old");

    var run =
        rehearsal.sync(
            rehearsal.jobWith("mode = update", "missing-key = skip"), "code,name", "A,n", "B,n");

    assertThat(rehearsal.held("name")).containsOnlyKeys("A");
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().counts().unchanged()).isEqualTo(1);
  }

  @Test
  void theFirstRowOfAKeyCountsAcrossBatchesWhenItIsToldTo() throws Exception {
    var lines = new String[2203];
    lines[0] = "code,name";
    lines[1] = "A,first";
    lines[2] = "A,second";
    for (int i = 3; i < 2202; i++) {
      lines[i] = "K" + i + ",x";
    }
    lines[2202] = "A,last";

    var run = rehearsal.sync(rehearsal.jobWith("duplicates = first"), lines);

    assertThat(rehearsal.held("name")).containsEntry("A", "first");
    assertThat(run.report().counts().superseded()).isEqualTo(2);
    assertThat(run.report().counts().addUp()).isTrue();
  }

  @Test
  void laterRowsOfAKeyAreRejectedWhenItIsToldTo() throws Exception {
    var run =
        rehearsal.sync(rehearsal.jobWith("duplicates = reject"), "code,name", "A,1", "A,2", "B,3");

    assertThat(rehearsal.held("name")).containsEntry("A", "1").containsEntry("B", "3");
    assertThat(reasons(run)).singleElement().asString().startsWith("A,2,");
  }

  @Test
  void anEmptyValueClearsOrKeeps() throws Exception {
    held("A,old", "B,old");

    rehearsal.sync(rehearsal.jobWith("empty = keep"), "code,name", "A,", "B,x");
    assertThat(rehearsal.held("name")).containsEntry("A", "old").containsEntry("B", "x");

    rehearsal.sync(rehearsal.jobWith("empty = clear"), "code,name", "A,", "B,x");
    assertThat(rehearsal.held("name")).containsEntry("A", "").containsEntry("B", "x");
  }

  @Test
  void aColumnThatTheSourceLacksIsNeverTouched() throws Exception {
    held("A,old");

    rehearsal.sync(rehearsal.jobWith(), "code,amount", "A,5");

    assertThat(rehearsal.held("name")).containsEntry("A", "old");
  }

  @Test
  void fieldsBelongToTheSourceOrToWhoFilledThemFirst() throws Exception {
    held("A,old", "B,");
    var job = rehearsal.jobWith("if-empty = name", "on-insert = rank");

    var run = rehearsal.sync(job, "code,name,rank,amount", "A,new,A,1", "B,new,A,1", "C,new,A,1");

    assertThat(rehearsal.held("name"))
        .containsEntry("A", "old")
        .containsEntry("B", "new")
        .containsEntry("C", "new");
    assertThat(rehearsal.held("rank")).containsEntry("A", "null").containsEntry("C", "A");
    assertThat(run.report().counts().updated()).isEqualTo(2);
    assertThat(
            rehearsal
                .sync(job, "code,name,rank,amount", "A,new,A,1", "B,new,A,1", "C,new,A,1")
                .report()
                .counts()
                .unchanged())
        .isEqualTo(3);
  }

  @Test
  void aFieldWithARuleMustBeInTheForm() throws Exception {
    var run = rehearsal.sync(rehearsal.jobWith("if-empty = nmae"), "code,name", "A,x");

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("nmae");
    assertThat(run.disposition())
        .as("it is the job's fault")
        .isEqualTo(RunResult.Disposition.STAYS);
  }

  @Test
  void recordsThatAPersonSavedLastAreRejectedWhenToldTo() throws Exception {
    rehearsal.sync(rehearsal.jobWith(), "code,name", "A,ours", "B,ours");
    rehearsal
        .somebodyElse()
        .updateRecord(
            rehearsal.app.id(),
            1,
            new Record().putField("name", new SingleLineTextFieldValue("by hand")));

    var run = rehearsal.sync(rehearsal.jobWith("hand-edits = reject"), "code,name", "A,n", "B,n");

    assertThat(rehearsal.held("name")).containsEntry("A", "by hand").containsEntry("B", "n");
    assertThat(reasons(run)).singleElement().asString().contains("sato");
  }
}
