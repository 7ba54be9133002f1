package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A file is sent once for all records that it is for, and again when its upload came to nothing.
 */
class UploadsTest extends AttachmentsSync {
  @Test
  void theSameFileForManyRecordsIsSentOnce() throws Exception {
    write("one/logo.png", "logo");
    write("two/logo.png", "logo");
    write("other.png", "logo");

    sync("merge", "code,files", "A,one/logo.png", "B,two/logo.png", "C,other.png");

    assertThat(files("B")).containsExactly("logo.png: logo");
    assertThat(files("C")).containsExactly("other.png: logo");
    assertThat(uploads()).isEqualTo(2);
  }

  @Test
  void anUploadThatExpiredBeforeItWasAttachedIsSentAgain() throws Exception {
    write("a.txt", "one");
    rehearsal.crossing.before(
        "POST",
        "/records.json",
        1,
        () -> rehearsal.simulator.clock().advance(java.time.Duration.ofDays(4)));

    var run = sync("merge", "code,files", "A,a.txt");

    assertThat(run.report().counts().inserted()).isEqualTo(1);
    assertThat(files("A")).containsExactly("a.txt: one");
    assertThat(uploads()).isEqualTo(2);
  }

  @Test
  void anUploadThatKintoneDoesNotLetTwoRecordsShareIsSentForEach() throws Exception {
    write("a.txt", "one");
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(404, "GAIA_BL01").on("POST", "/records.json").times(1));

    var run = sync("merge", "code,files", "A,a.txt", "B,a.txt");

    assertThat(run.report().counts().inserted()).isEqualTo(2);
    assertThat(files("B")).containsExactly("a.txt: one");
    assertThat(uploads()).as("one for both, then one for each").isEqualTo(3);
  }

  @Test
  void batchesThatAreWrittenAtTheSameTimeSendAFileOnce() throws Exception {
    stop();
    rehearsal =
        new Rehearsal(
            Files.createDirectory(home.resolve("small")),
            FIELDS,
            Map.of("kintone.records-per-request", "1", "kintone.requests-per-batch", "1"));
    folder = Files.createDirectories(rehearsal.home.resolve("papers"));
    write("a.txt", "one");
    var lines = new ArrayList<>(List.of("code,files"));
    for (int row = 0; row < 20; row++) {
      lines.add(row + ",a.txt");
    }

    sync("merge", lines.toArray(String[]::new));

    assertThat(rehearsal.app.size()).isEqualTo(20);
    assertThat(files("19")).containsExactly("a.txt: one");
    assertThat(uploads()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET", "RESET_AFTER_COMMIT"})
  void anUploadThatIsNotAnsweredIsSentAgain(Fault.Kind kind) throws Exception {
    write("a.txt", "one");
    rehearsal.simulator.faults().add(Fault.of(kind).on("POST", "/file.json").times(2));

    var run = sync("merge", "code,files", "A,a.txt", "B,");

    assertThat(run.report().counts().inserted()).isEqualTo(2);
    assertThat(files("A")).containsExactly("a.txt: one");
    assertThat(uploads()).isEqualTo(3);
  }

  @Test
  void aFileThatIsNeverAnsweredRejectsItsRowAlone() throws Exception {
    write("a.txt", "one");
    write("b.txt", "two");
    rehearsal
        .simulator
        .faults()
        .add(Fault.of(Fault.Kind.RESET).on("POST", "/file.json").after(1).times(3));

    var run = sync("merge", "code,files", "A,a.txt", "B,b.txt");

    assertThat(rehearsal.held("code")).containsOnlyKeys("A");
    assertThat(Rehearsal.rejects(run).get(1)).contains("b.txt").contains("sent 3 times");
  }

  @Test
  void aFileThatIsRefusedRejectsItsRowAlone() throws Exception {
    write("a.txt", "one");
    write("b.txt", "two");
    rehearsal
        .simulator
        .faults()
        .add(Fault.status(413, "<html>too large</html>").on("POST", "/file.json").times(1));

    var run = sync("merge", "code,files", "A,\"a.txt\nb.txt\"", "B,b.txt", "C,");

    assertThat(rehearsal.held("code")).containsOnlyKeys("B", "C");
    assertThat(Rehearsal.rejects(run).toString()).contains("a.txt").contains("HTTP 413");
  }

  @Test
  void aBusyKintoneIsAskedAgainAndACallerWithoutPermissionStops() throws Exception {
    write("a.txt", "one");
    var faults = rehearsal.simulator.faults();
    faults.add(Fault.error(429, "GAIA_TO04").on("POST", "/file.json").times(2));
    assertThat(sync("merge", "code,files", "A,a.txt").report().counts().inserted()).isEqualTo(1);

    faults.add(Fault.error(403, "GAIA_NO01").on("POST", "/file.json").times(1));
    write("b.txt", "two");
    var run = sync("merge", "code,files", "B,b.txt");
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("GAIA_NO01");
  }

  @Test
  void anUpdateWhoseAnswerIsLostIsSettledByTheContentOfItsFile() throws Exception {
    write("a.txt", "one");
    sync("merge", "code,files", "A,a.txt");
    write("a.txt", "two");
    rehearsal.forgetRequests();
    rehearsal
        .simulator
        .faults()
        .add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("PUT", "/records.json").times(1));

    var run = sync("merge", "code,files", "A,a.txt");

    assertThat(run.report().counts().updated()).isEqualTo(1);
    assertThat(files("A")).containsExactly("a.txt: two");
    assertThat(uploads()).isEqualTo(1);
    assertThat(rehearsal.revision("A")).isEqualTo("2");
  }

  @Test
  void aRunThatBreaksBetweenUploadAndWriteIsCompletedByTheNext() throws Exception {
    write("a.txt", "one");
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "GAIA_NO01").on("POST", "/records.json").times(1));

    assertThat(sync("merge", "code,files", "A,a.txt").report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.app.size()).isZero();
    sync("merge", "code,files", "A,a.txt");

    assertThat(files("A")).containsExactly("a.txt: one");
    assertThat(uploads()).isEqualTo(2);
  }

  /** What is remembered must not be what was there before the write that nobody heard of. */
  @Test
  void aRunThatBreaksBetweenAWriteAndItsAnswerLeavesNothingToMistake() throws Exception {
    write("a.txt", "one");
    sync("merge", "code,files", "A,a.txt");
    write("a.txt", "two");
    var faults = rehearsal.simulator.faults();
    faults.add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("PUT", "/records.json").times(1));
    faults.add(Fault.error(403, "GAIA_NO01").on("GET", "/records.json").after(2).times(1));
    assertThat(sync("merge", "code,files", "A,a.txt").report().state()).isEqualTo(RunState.STOPPED);
    assertThat(files("A")).containsExactly("a.txt: two");
    faults.clear();

    write("a.txt", "one");
    sync("merge", "code,files", "A,a.txt");

    assertThat(files("A")).containsExactly("a.txt: one");
  }

  @Test
  void whatStaysInARecordWhichSomebodyElseSavesMeanwhileIsWhatHeLeftThere() throws Exception {
    write("a.txt", "one");
    attach("A", "b.txt: bee");
    rehearsal.crossing.before("POST", "/file.json", 1, () -> replace("A", "c.txt: see"));

    sync("merge", "code,files", "A,a.txt");

    assertThat(files("A")).containsExactly("c.txt: see", "a.txt: one");
    assertThat(uploads()).as("two of somebody else's, and ours once").isEqualTo(3);
  }

  private void replace(String code, String... files) {
    for (JsonNode record : rehearsal.app.records()) {
      if (record.path("code").path("value").asText().equals(code)) {
        rehearsal
            .somebodyElse()
            .updateRecord(
                rehearsal.app.id(), record.path("$id").path("value").asLong(), value(files));
      }
    }
  }
}
