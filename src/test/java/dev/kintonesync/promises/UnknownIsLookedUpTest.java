package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.http.Fault.Kind;
import dev.kintonesync.sync.Counts;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise 4: an unknown outcome is looked up, not repeated. */
class UnknownIsLookedUpTest {
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

  private void whenWriting(Fault fault) {
    rehearsal.simulator.faults().add(fault);
  }

  @Test
  void anInsertThatWasCommittedBeforeTheResetIsInsertedOnce() throws Exception {
    whenWriting(Fault.of(Kind.RESET_AFTER_COMMIT).on("POST", "/records.json"));

    var report = rehearsal.report("code,name", "A,Abe", "B,Baba");

    assertThat(report.counts()).isEqualTo(new Counts(2, 2, 0, 0, 0, 0, 0));
    assertThat(rehearsal.held("name"))
        .containsExactly(Map.entry("A", "Abe"), Map.entry("B", "Baba"));
    assertThat(rehearsal.revision("A")).isEqualTo("1");
    assertThat(rehearsal.writes()).containsExactly("POST records");
  }

  @Test
  void anInsertThatWasNotCommittedIsSentAgain() throws Exception {
    whenWriting(Fault.of(Kind.RESET).on("POST", "/records.json"));

    var report = rehearsal.report("code,name", "A,Abe");

    assertThat(report.counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsExactly(Map.entry("A", "Abe"));
  }

  @Test
  void anUpdateThatWasCommittedBeforeTheResetIsUpdatedOnce() throws Exception {
    rehearsal.report("code,name", "A,Abe");
    whenWriting(Fault.of(Kind.RESET_AFTER_COMMIT).on("PUT", "/records.json"));

    var report = rehearsal.report("code,name", "A,Arai");

    assertThat(report.counts()).isEqualTo(new Counts(1, 0, 1, 0, 0, 0, 0));
    assertThat(rehearsal.revision("A")).isEqualTo("2");
    assertThat(rehearsal.held("name")).containsEntry("A", "Arai");
  }

  @Test
  void anUpdateThatWasNotCommittedIsSentAgainWithTheRevisionSeen() throws Exception {
    rehearsal.report("code,name", "A,Abe");
    whenWriting(Fault.of(Kind.RESET).on("PUT", "/records.json"));

    var report = rehearsal.report("code,name", "A,Arai");

    assertThat(report.counts().updated()).isEqualTo(1);
    assertThat(rehearsal.revision("A")).isEqualTo("2");
  }

  @Test
  void aBulkRequestWhoseAnswerIsLostIsLookedUpWhole() throws Exception {
    whenWriting(Fault.of(Kind.RESET_AFTER_COMMIT).on("POST", "/bulkRequest.json"));
    var lines = new String[251];
    lines[0] = "code,name";
    for (int i = 1; i < lines.length; i++) {
      lines[i] = "K" + i + ",n" + i;
    }

    var report = rehearsal.report(lines);

    assertThat(report.counts().inserted()).isEqualTo(250);
    assertThat(rehearsal.held("code")).hasSize(250);
    // two requests in the first bulkRequest; the third goes singly, and none goes twice
    assertThat(rehearsal.writes()).containsExactly("POST bulkRequest", "POST records");
  }

  @Test
  void noAnswerWithinTheTimeoutIsUnknown() throws Exception {
    rehearsal.close();
    rehearsal = new Rehearsal(home.resolve("2"), Map.of("kintone.timeout", "500ms"));
    whenWriting(Fault.of(Kind.HANG).on("POST", "/records.json"));
    var report = rehearsal.report("code,name", "A,Abe");
    assertThat(report.counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.held("name")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void aServerErrorThatIsNotKintonesIsUnknown(int status) throws Exception {
    whenWriting(Fault.status(status, "<html>Bad Gateway</html>").on("POST", "/records.json"));
    var report = rehearsal.report("code,name", "A,Abe");
    assertThat(report.counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsExactly(Map.entry("A", "Abe"));
  }

  @Test
  void aReadThatIsLostIsReadAgain() throws Exception {
    rehearsal.report("code,name", "A,Abe");
    rehearsal
        .simulator
        .faults()
        .add(Fault.of(Kind.RESET).on("GET", "/records.json").after(1).times(2));
    var report = rehearsal.report("code,name", "A,Abe");
    assertThat(report.counts().unchanged()).isEqualTo(1);
    assertThat(report.requests().retries()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "429 GAIA_TO04",
        "400 GAIA_DA02",
        "520 GAIA_DA02",
        "520 GAIA_RE18",
        "400 GAIA_LT01"
      })
  void aBusyKintoneIsARefusalAndAskedAgain(String error) throws Exception {
    String[] parts = error.split(" ");
    whenWriting(
        Fault.error(Integer.parseInt(parts[0]), parts[1]).on("POST", "/records.json").times(3));

    var report = rehearsal.report("code,name", "A,Abe");

    assertThat(report.counts().inserted()).isEqualTo(1);
    assertThat(report.requests().retries()).isEqualTo(3);
    assertThat(rehearsal.writes()).hasSize(4).containsOnly("POST records");
  }
}
