package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.kintone.client.model.record.DropDownFieldValue;
import com.kintone.client.model.record.Record;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that the source lacks are treated as the job says, and never by accident. */
class MirrorTest {
  private static final String SCOPE = "mirror.scope = rank in (\"A\")";

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

  private void held(String code, String rank) {
    rehearsal.app.add(
        "{\"code\":{\"value\":\"%s\"},\"rank\":{\"value\":\"%s\"},\"name\":{\"value\":\"n\"}}"
            .formatted(code, rank));
  }

  private Job mirror(String... properties) throws Exception {
    var all = new ArrayList<>(List.of("mode = mirror", SCOPE));
    all.addAll(List.of(properties));
    return rehearsal.jobWith(all.toArray(String[]::new));
  }

  /** A job whose first run is over, with A to E in the app. */
  private Job mirroredOnce(String... properties) throws Exception {
    var job = mirror(properties);
    for (String code : List.of("A", "B", "C", "D", "E")) {
      held(code, "A");
    }
    held("Z", "B");
    var first = rehearsal.sync(job, "code,name", "A,n", "B,n", "C,n", "D,n", "E,n");
    assertThat(first.report().state()).isEqualTo(RunState.COMPLETED);
    rehearsal.forgetRequests();
    return job;
  }

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
  void correctedRowsThatComeBackAreNoCompleteSource() throws Exception {
    var job = mirroredOnce("mirror.missing = delete");
    var first = rehearsal.sync(job, "code,amount", "A,1", "B,1", "C,1", "D,1", "E,many");
    Path rejects = Path.of(String.valueOf(first.report().rejectsFile()));
    String corrected = Files.readString(rejects).replace("E,many", "E,1");

    var run = rehearsal.sync(job, corrected.split("\r\n"));

    assertThat(rehearsal.held("amount")).containsOnlyKeys("A", "B", "C", "D", "E", "Z");
    assertThat(rehearsal.held("amount")).containsEntry("E", "1");
    assertThat(run.report().deleted()).isZero();
    assertThat(run.report().mirrored()).isFalse();
    assertThat(run.report().remarks()).anyMatch(remark -> remark.contains("corrected"));
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
  void aRejectedRowProtectsItsRecord() throws Exception {
    var job = mirroredOnce("mirror.missing = delete");

    var run = rehearsal.sync(job, "code,name", "A," + "x".repeat(21), "B,n", "C,n", "D,n");

    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "B", "C", "D", "Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0600001", "６００００１", "600001"})
  void aRowWhoseKeyWasSpoiltProtectsTheRecordThatItWasMeantFor(String there) throws Exception {
    var job = mirror("mirror.missing = delete");
    held(there, "A");
    held("B", "A");
    rehearsal.sync(job, "code,name", there + ",n", "B,n");

    var run = rehearsal.sync(job, "code,name", "600001,n", "B,n");

    assertThat(rehearsal.held("name")).containsOnlyKeys(there, "B");
    assertThat(run.report().deleted()).isZero();
  }

  @Test
  void anEarlierRunThatCouldNotTellWhatIsMissingIsNoFirstOne() throws Exception {
    var job = mirror("mirror.missing = delete");
    held("A", "A");
    held("B", "A");
    rehearsal.sync(job, "code,name");
    rehearsal.sync(job, "code,name", "A,n", ",n");
    rehearsal.sync(job.with(new RunOptions(true, 1, Set.of(), null)), "code,name", "A,n", "B,n");

    var first = rehearsal.sync(job, "code,name", "A,n");
    assertThat(rehearsal.held("name")).as("only reported").containsOnlyKeys("A", "B");
    assertThat(first.report().missing()).isEqualTo(1);

    rehearsal.sync(job, "code,name", "A,n");
    assertThat(rehearsal.held("name")).containsOnlyKeys("A");
  }

  @Test
  void aRunThatCannotWriteDownWhatIsMissingHasStoppedAndRemovesNothing() throws Exception {
    var job = mirroredOnce("mirror.missing = delete");
    rehearsal.crossing.before("GET", "records.json", 99, this::spoilListOfMissing);

    var run = rehearsal.sync(job, "code,name", "A,changed", "B,n", "C,n", "D,n");

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().counts().updated()).isEqualTo(1);
    assertThat(rehearsal.held("name")).hasSize(6);
  }

  /** A folder stands where the newest run would write its list. */
  private void spoilListOfMissing() {
    try (var runs = Files.list(home.resolve("runs"))) {
      Path newest = runs.sorted().reduce((before, next) -> next).orElseThrow();
      Files.createDirectories(newest.resolve("missing.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aValueThatTheFieldDoesNotTakeIsTheFaultOfTheJob() throws Exception {
    var run = rehearsal.sync(mirror("mirror.missing = set amount=gone"), "code,name", "A,n");

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("set amount=gone");
    assertThat(run.disposition()).isEqualTo(RunResult.Disposition.STAYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {",n", "B,n,surplus"})
  void aKeyThatCannotBeReadProtectsAllRecords(String row) throws Exception {
    var job = mirroredOnce("mirror.missing = delete");

    var run = rehearsal.sync(job, "code,name", "A,n", row);

    assertThat(rehearsal.held("name")).containsOnlyKeys("A", "B", "C", "D", "E", "Z");
    assertThat(run.report().remarks()).singleElement().asString().contains("line 3");
  }

  @Test
  void anEmptySourceRemovesNothing() throws Exception {
    var job = mirroredOnce("mirror.missing = delete");

    var run = rehearsal.sync(job, "code,name");

    assertThat(rehearsal.held("name")).hasSize(6);
    assertThat(run.report().remarks()).singleElement().asString().contains("no rows");
  }

  @Test
  void aStoppedRunRemovesNothing() throws Exception {
    var job = mirroredOnce("mirror.missing = delete", "max-updated = 0");

    var run = rehearsal.sync(job, "code,name", "A,changed");

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.held("name")).hasSize(6);
  }

  @Test
  void aPartOfTheSourceRemovesNothing() throws Exception {
    var job = mirroredOnce("mirror.missing = delete");

    var run =
        rehearsal.sync(
            job.with(new RunOptions(true, 2, Set.of(), null)), "code,name", "A,n", "B,n", "C,n");

    assertThat(rehearsal.held("name")).hasSize(6);
    assertThat(run.report().counts().read()).isEqualTo(2);
    assertThat(run.report().remarks()).singleElement().asString().contains("Only a part");
  }

  @Test
  void tooManyMissingRecordsAreNotRemovedUnlessARunMayPass() throws Exception {
    var job = mirror("mirror.missing = delete");
    IntStream.range(0, 1100).forEach(i -> held("K" + i, "A"));
    var all = new String[1101];
    all[0] = "code,name";
    IntStream.range(0, 1100).forEach(i -> all[i + 1] = "K" + i + ",n");
    rehearsal.sync(job, all);
    var without21 = Arrays.copyOf(all, 1101 - 21);

    var stopped = rehearsal.sync(job, without21);

    assertThat(rehearsal.app.size()).isEqualTo(1100);
    assertThat(stopped.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(stopped.disposition()).isEqualTo(RunResult.Disposition.STAYS);
    assertThat(stopped.report().reason())
        .contains(
            "21 of the 1100 records in the scope are missing", "K1079", "--accept max-missing");

    var passed =
        rehearsal.sync(
            job.with(new RunOptions(true, Long.MAX_VALUE, Set.of(Guard.MAX_MISSING), null)),
            without21);
    assertThat(passed.report().deleted()).isEqualTo(21);
    assertThat(rehearsal.app.size()).isEqualTo(1079);
  }

  @Test
  void twentyMissingRecordsAreBorne() throws Exception {
    var job = mirror("mirror.missing = delete");
    IntStream.range(0, 40).forEach(i -> held("K" + i, "A"));
    rehearsal.sync(job, "code,name", "K0,n");
    var half = new String[21];
    half[0] = "code,name";
    IntStream.range(0, 20).forEach(i -> half[i + 1] = "K" + i + ",n");

    rehearsal.sync(job, half);

    assertThat(rehearsal.app.size()).isEqualTo(20);
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
