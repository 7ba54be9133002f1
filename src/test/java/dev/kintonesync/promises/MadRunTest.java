package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mad run stops itself. */
class MadRunTest {
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

  private RunResult sync(Job job, int rows, IntFunction<String> name) throws Exception {
    var lines =
        Stream.concat(
            Stream.of("code,name"),
            IntStream.range(0, rows).mapToObj(i -> "K" + i + "," + name.apply(i)));
    return rehearsal.sync(job, lines.toArray(String[]::new));
  }

  private static final String TOO_LONG = "x".repeat(21);

  @Test
  void aTenthOfTheRowsMayBeRejectedAndNotMore() throws Exception {
    var borne = sync(rehearsal.jobWith(), 2000, i -> i % 10 == 0 ? TOO_LONG : "n");
    assertThat(borne.report().counts().rejected()).isEqualTo(200);
    assertThat(borne.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);

    var tooMany = sync(rehearsal.jobWith(), 2000, i -> i % 9 == 0 ? TOO_LONG : "n");
    assertThat(tooMany.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(tooMany.disposition()).isEqualTo(RunResult.Disposition.STAYS);
    assertThat(tooMany.report().reason())
        .contains("max-rejected = 10%")
        .contains("line 2:")
        .contains("line 11:")
        .contains("line 20:");
  }

  @Test
  void aHundredRejectsAreBorneInASmallFile() throws Exception {
    var run = sync(rehearsal.jobWith(), 150, i -> i % 3 < 2 ? TOO_LONG : "n");

    assertThat(run.report().counts().rejected()).isEqualTo(100);
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
  }

  @Test
  void twoHundredRowsInARowForOneReasonAreEnough() throws Exception {
    var run = sync(rehearsal.jobWith(), 10_000, i -> i >= 1000 && i < 1200 ? TOO_LONG : "n");

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("200 consecutive rows");
    assertThat(run.report().counts().read()).isLessThan(10_001);
  }

  @Test
  void badRowsAtTheTopOfALongFileDoNotStopIt() throws Exception {
    var run = sync(rehearsal.jobWith(), 10_000, i -> i < 400 && i % 2 == 0 ? TOO_LONG : "n");

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(run.report().counts().inserted()).isEqualTo(9_800);
  }

  @Test
  void oneRunMayPassAGuard() throws Exception {
    var accepted = new RunOptions(true, Long.MAX_VALUE, Set.of(Guard.MAX_REJECTED), null);

    var run = sync(rehearsal.jobWith().with(accepted), 300, i -> TOO_LONG);

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(run.report().counts().rejected()).isEqualTo(300);
  }

  @Test
  void moreUpdatesThanAllowedAreNotWritten() throws Exception {
    sync(rehearsal.jobWith(), 500, i -> "old");
    rehearsal.forgetRequests();

    var run = sync(rehearsal.jobWith("max-updated = 150"), 500, i -> i < 200 ? "new" : "old");

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("150").contains("K0 (name)").contains("K2 (name)");
    assertThat(rehearsal.writes()).isEmpty();
    assertThat(rehearsal.held("name")).doesNotContainValue("new");
  }

  @Test
  void asManyUpdatesAsAllowedAreWritten() throws Exception {
    sync(rehearsal.jobWith(), 500, i -> "old");

    var run = sync(rehearsal.jobWith("max-updated = 30%"), 500, i -> i < 150 ? "new" : "old");

    assertThat(run.report().counts().updated()).isEqualTo(150);
  }

  @Test
  void aColumnThatIsEmptyInEveryRowClearsNothingAndIsNamed() throws Exception {
    rehearsal.sync("code,name,amount", "A,old,1", "B,old,2");

    var run = rehearsal.sync(rehearsal.jobWith(), "code,name,amount", "A,,3", "B,,2");

    assertThat(rehearsal.held("name")).containsEntry("A", "old").containsEntry("B", "old");
    assertThat(rehearsal.held("amount")).containsEntry("A", "3");
    assertThat(run.report().remarks()).singleElement().asString().contains("name");
  }

  @Test
  void aColumnThatIsEmptyInEveryRowClearsItsFieldWhenToldTo() throws Exception {
    rehearsal.sync("code,name,amount", "A,old,1", "B,old,2");

    rehearsal.sync(rehearsal.jobWith("empty-column = clear"), "code,name,amount", "A,,3", "B,,2");

    assertThat(rehearsal.held("name")).containsEntry("A", "").containsEntry("B", "");
  }

  @Test
  void aColumnWithOneValueFarDownClearsTheOthers() throws Exception {
    sync(rehearsal.jobWith(), 3000, i -> "old");

    sync(rehearsal.jobWith(), 3000, i -> i == 2999 ? "new" : "");

    assertThat(rehearsal.held("name")).containsEntry("K0", "").containsEntry("K2999", "new");
  }
}
