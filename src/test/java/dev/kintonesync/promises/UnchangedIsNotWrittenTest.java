package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 6: unchanged is not written; an update carries only the fields that differ. */
class UnchangedIsNotWrittenTest {
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

  @Test
  void aSecondRunOfTheSameFileWritesNothing() throws Exception {
    var first = rehearsal.report("code,name,amount", "A,Abe,1", "B,Baba,2.50", "C,,");
    assertThat(first.counts()).isEqualTo(new Counts(3, 3, 0, 0, 0, 0, 0));

    rehearsal.forgetRequests();
    var second = rehearsal.report("code,name,amount", "A,Abe,1", "B,Baba,2.5", "C,,");

    assertThat(second.state()).isEqualTo(RunState.COMPLETED);
    assertThat(second.counts()).isEqualTo(new Counts(3, 0, 0, 3, 0, 0, 0));
    assertThat(rehearsal.writes()).isEmpty();
    assertThat(rehearsal.revision("A")).isEqualTo("1");
  }

  @Test
  void numbersAreComparedByValueAtTheAppsPrecision() throws Exception {
    rehearsal.report("code,amount", "A,1.00005", "B,1e3");
    rehearsal.forgetRequests();

    var second = rehearsal.report("code,amount", "A, 1.00005 ", "B,1000.0");

    assertThat(second.counts().unchanged()).isEqualTo(2);
    assertThat(rehearsal.writes()).isEmpty();
  }

  @Test
  void anUpdateCarriesOnlyTheFieldsThatDiffer() throws Exception {
    rehearsal.report("code,name,amount,rank", "A,Abe,1,A");

    var second = rehearsal.report("code,name,amount,rank", "A,Abe,2,A");

    assertThat(second.counts().updated()).isEqualTo(1);
    var put =
        rehearsal.simulator.requests().stream()
            .filter(request -> request.method().equals("PUT"))
            .reduce((earlier, later) -> later)
            .orElseThrow();
    assertThat(put.body().path("records").path(0).path("record").fieldNames())
        .toIterable()
        .containsExactly("amount");
  }

  @Test
  void aColumnThatTheSourceLacksIsNotTouched() throws Exception {
    rehearsal.report("code,name,amount", "A,Abe,1");
    rehearsal.report("code,name", "A,Arai");
    assertThat(rehearsal.held("amount")).containsEntry("A", "1");
    assertThat(rehearsal.held("name")).containsEntry("A", "Arai");
  }

  @Test
  void anEmptyCellClearsItsField() throws Exception {
    rehearsal.report("code,name,rank", "A,Abe,B", "B,Baba,B");
    var second = rehearsal.report("code,name,rank", "A,,", "B,Baba,B");
    assertThat(second.counts().updated()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsEntry("A", "");
    rehearsal.forgetRequests();
    rehearsal.report("code,name,rank", "A,,", "B,Baba,B");
    assertThat(rehearsal.writes()).isEmpty();
  }
}
