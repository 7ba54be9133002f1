package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fields say by which run a record was written, and are no change themselves. */
class RunFieldsTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "n"},
       "id": {"type": "SINGLE_LINE_TEXT", "code": "id", "label": "i", "unique": true},
       "amount": {"type": "NUMBER", "code": "amount", "label": "a"},
       "run": {"type": "SINGLE_LINE_TEXT", "code": "run", "label": "r"},
       "at": {"type": "DATETIME", "code": "at", "label": "t"}}
      """;

  private static final String[] STAMPED = {"run-field = run", "synced-at-field = at"};

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, FIELDS, Map.of());
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void onlyWhatIsWrittenAnywayIsStamped() throws Exception {
    var first = rehearsal.sync(rehearsal.jobWith(STAMPED), "code,name", "A,one", "B,two");
    String began = first.report().startedAt().truncatedTo(ChronoUnit.MINUTES).toString();
    assertThat(rehearsal.held("run")).containsValues(first.report().run()).hasSize(2);
    assertThat(rehearsal.held("at")).containsEntry("A", began).containsEntry("B", began);

    rehearsal.forgetRequests();
    var same = rehearsal.sync(rehearsal.jobWith(STAMPED), "code,name", "A,one", "B,two");
    assertThat(same.report().counts().unchanged()).isEqualTo(2);
    assertThat(rehearsal.writes()).isEmpty();

    var second = rehearsal.sync(rehearsal.jobWith(STAMPED), "code,name", "A,one", "B,new", "C,x");
    assertThat(rehearsal.held("run"))
        .containsEntry("A", first.report().run())
        .containsEntry("B", second.report().run())
        .containsEntry("C", second.report().run());
    assertThat(Rehearsal.changes(second))
        .hasSize(2)
        .allSatisfy(change -> assertThat(change).doesNotContain("\"run\"", "\"at\""));
  }

  @Test
  void whatTheFormCannotTakeIsSaidBeforeAnythingIsWritten() throws Exception {
    assertRefused("run-field = nothing", "run-field = nothing", "no field with this code");
    assertRefused("run-field = name", "the column name fills it already");
    assertRefused("run-field = id", "it allows no duplicate values");
    assertRefused("run-field = amount", "run-field = amount is not possible");
    assertRefused("synced-at-field = run-field", "synced-at-field");
    assertThat(rehearsal.held("code")).isEmpty();
  }

  private void assertRefused(String property, String... said) throws Exception {
    var run = rehearsal.sync(rehearsal.jobWith(property), "code,name", "A,one");
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains(said);
  }
}
