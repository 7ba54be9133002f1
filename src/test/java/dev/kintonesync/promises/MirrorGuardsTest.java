package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mirror removes nothing when it cannot tell what the source lacks, or when that is too much. */
class MirrorGuardsTest extends MirrorSync {
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

  /** The cell is emptied where the row is to have another key. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.csv;code,name,_error,_ref;A,n2,,",
        "a.csv;code,name,_error;A,n2,wrong",
        "a.csv;code,name,_error,_ref;A,n2",
        "a.csv;code,name,_error,_ref",
        "a.jsonl;{\"code\":\"A\",\"name\":\"n2\",\"_error\":\"wrong\",\"_ref\":\"\"}",
        "a.jsonl;{\"code\":\"A\",\"name\":\"n2\",\"_ref\":null}"
      })
  void rowsOfARejectsFileAreNotTheWholeSourceAlsoWithoutTheirReference(String file)
      throws Exception {
    var job = mirroredOnce("mirror.missing = delete");
    String[] lines = file.split(";");
    Files.createDirectories(rehearsal.inbox());
    rehearsal.drop(lines[0], Arrays.copyOfRange(lines, 1, lines.length));

    var run = rehearsal.application().runner().runWaiting(job).get(0);

    assertThat(run.report().deleted()).isZero();
    assertThat(rehearsal.held("name")).containsKeys("A", "B", "C", "D", "E", "Z");
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
}
