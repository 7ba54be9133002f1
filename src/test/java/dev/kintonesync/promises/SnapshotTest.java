package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With {@code diff = snapshot}, rows that earlier runs have confirmed cost no key lookup, and no
 * row is called unchanged that Kintone does not hold.
 */
class SnapshotTest extends SnapshotSync {
  @Test
  void whatIsConfirmedIsNotLookedUp() throws Exception {
    var job = confirmed();

    var report = again(job, ROWS);

    assertThat(report.counts().unchanged()).isEqualTo(3);
    assertThat(keysLookedUp()).isEmpty();
    assertThat(rehearsal.writes()).isEmpty();
  }

  @Test
  void onlyWhatTheSourceHasChangedIsLookedUp() throws Exception {
    var job = confirmed();

    var report = again(job, "code,name", "A,Abe", "B,Bando", "C,Chiba", "D,Doi");

    assertThat(report.counts().updated()).isEqualTo(1);
    assertThat(report.counts().inserted()).isEqualTo(1);
    assertThat(keysLookedUp()).singleElement().asString().contains("B", "D").doesNotContain("A\"");
    assertThat(rehearsal.held("name"))
        .isEqualTo(Map.of("A", "Abe", "B", "Bando", "C", "Chiba", "D", "Doi"));
    assertThat(again(job, "code,name", "B,Baba").counts().updated()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsEntry("B", "Baba");
  }

  @Test
  void aRecordThatCouldNotBeWrittenIsNotConfirmed() throws Exception {
    var job = confirmed();
    assertThat(again(job, "code,name", "A,Abe", "B," + "x".repeat(21)).counts().rejected())
        .isEqualTo(1);
    edit("B", "name", "by hand");
    again(job, ROWS);
    assertThat(rehearsal.held("name")).containsEntry("B", "Baba");
  }

  @Test
  void whatAnUnknownAnswerHidesIsLookedUpAndConfirmed() throws Exception {
    var job = confirmed();
    rehearsal.simulator.faults().add(answerLost("/records.json"));
    again(job, "code,name", "A,Abe", "B,Bando", "C,Chiba");
    assertThat(rehearsal.held("name")).containsEntry("B", "Bando");

    assertThat(again(job, "code,name", "A,Abe", "B,Bando", "C,Chiba").counts().unchanged())
        .isEqualTo(3);
    assertThat(keysLookedUp()).isEmpty();
    again(job, ROWS);
    assertThat(rehearsal.held("name")).containsEntry("B", "Baba");
  }

  @Test
  void aRunThatNeverEndedLeavesNothingToGoBy() throws Exception {
    var job = confirmed();
    var state = rehearsal.journal().snapshots(snapshots()).of("customers").orElseThrow();
    edit("B", "name", "by a killed run");
    rehearsal.journal().snapshots(snapshots()).takeAway("customers");

    again(job, ROWS);

    assertThat(keysLookedUp()).isNotEmpty();
    assertThat(rehearsal.held("name")).containsEntry("B", "Baba");
    assertThat(rehearsal.journal().snapshots(snapshots()).of("customers").orElseThrow().file())
        .isNotEqualTo(state.file());
  }

  @Test
  void anAppThatWasFilledAtOnceAndRestsSinceIsNotLookedUp() throws Exception {
    var lines = new ArrayList<>(List.of("code,name"));
    for (int i = 0; i < 1200; i++) {
      lines.add("K" + i + ",name " + i);
    }
    String[] rows = lines.toArray(String[]::new);
    var job = rehearsal.jobWith("diff = snapshot");
    rehearsal.sync(job, rows);
    rehearsal.simulator.clock().advance(Duration.ofHours(1));
    again(job, rows);

    var report = again(job, rows);

    assertThat(report.counts().unchanged()).isEqualTo(1200);
    assertThat(keysLookedUp()).isEmpty();
    assertThat(rehearsal.requests()).hasSizeLessThanOrEqualTo(20);
  }

  @Test
  void aRefusedRunTakesNoMemoryFromTheOthers() throws Exception {
    rehearsal.app.add("{\"code\":{\"value\":\"A\"}}");
    var refused = rehearsal.jobWith("diff = snapshot", "run-field = nowhere");
    for (int run = 0; run < 6; run++) {
      assertThat(rehearsal.sync(refused, ROWS).report().state()).isEqualTo(RunState.REFUSED);
    }
    var lines = new ArrayList<>(List.of("code,name"));
    for (int i = 0; i < 4000; i++) {
      lines.add("K" + i + ",name " + i);
    }
    var job = rehearsal.jobWith("diff = snapshot", "similar-keys = allow");

    assertThat(again(job, lines.toArray(String[]::new)).counts().inserted()).isEqualTo(4000);

    assertThat(keysLookedUp()).as("500 keys each, and no smaller batches").hasSize(8);
  }

  /** So that whatever is killed while it writes leaves none. */
  @Test
  void thereIsNoSnapshotWhileARunWrites() throws Exception {
    var job = confirmed();
    var there = new AtomicReference<Optional<?>>();
    rehearsal.crossing.after(
        "PUT",
        "/k/v1/records.json",
        1,
        () -> there.set(rehearsal.journal().snapshots(snapshots()).of("customers")));
    assertThat(again(job, "code,name", "B,Bando").counts().updated()).isEqualTo(1);
    assertThat(there.get()).isNotNull().isEqualTo(Optional.empty());
    assertThat(rehearsal.journal().snapshots(snapshots()).of("customers")).isPresent();
  }

  private Path snapshots() {
    return home.resolve("journal").resolve("snapshots");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mode = insert", "app", "form"})
  void anotherModeAppOrFormLooksAllUp(String change) throws Exception {
    confirmed();
    String mode = "mode = upsert";
    if (change.equals("app")) {
      rehearsal.withAnotherApp();
      rehearsal.app.add("{\"code\":{\"value\":\"X\"}}");
    } else if (change.equals("form")) {
      rehearsal.changeForm(
          "POST",
          """
          {"app": %d, "properties":
            {"note": {"type": "SINGLE_LINE_TEXT", "code": "note", "label": "note"}}}
          """
              .formatted(rehearsal.app.id()));
    } else {
      mode = change;
    }
    again(rehearsal.jobWith("diff = snapshot", mode), ROWS);
    assertThat(keysLookedUp()).isNotEmpty();
    assertThat(rehearsal.held("name")).containsAllEntriesOf(Map.of("A", "Abe", "B", "Baba"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"on-insert = name", "if-empty = name", "empty = keep"})
  void whatWasLeftToPeopleIsComparedOnceItIsNotAnyMore(String rule) throws Exception {
    rehearsal.app.add("{\"code\": {\"value\": \"A\"}, \"name\": {\"value\": \"theirs\"}}");
    String row = rule.startsWith("empty") ? "A," : "A,ours";
    var leaves = rehearsal.jobWith("diff = snapshot", "empty-column = clear", rule);
    for (int run = 0; run < 2; run++) {
      assertThat(again(leaves, "code,name", row).counts().unchanged()).isEqualTo(1);
    }
    assertThat(keysLookedUp()).isEmpty();

    again(rehearsal.jobWith("diff = snapshot", "empty-column = clear"), "code,name", row);

    assertThat(rehearsal.held("name")).containsEntry("A", row.substring(2));
  }

  @Test
  void afterSnapshotFullAllIsLookedUp() throws Exception {
    var job = confirmed("snapshot.full = 24h");
    rehearsal.clock.move(Duration.ofHours(23));
    again(job, ROWS);
    assertThat(keysLookedUp()).isEmpty();
    rehearsal.clock.move(Duration.ofHours(2));
    again(job, ROWS);
    assertThat(keysLookedUp()).isNotEmpty();
  }

  @Test
  void aPlanGoesByTheSnapshotAndLeavesItAsItIs() throws Exception {
    var job = confirmed();
    var plan = job.with(job.options().onlyPlanned());
    rehearsal.forgetRequests();
    var planned = rehearsal.sync(plan, "code,name", "A,Abe", "B,Bando").report();
    assertThat(planned.counts().unchanged()).isEqualTo(1);
    assertThat(planned.counts().updated()).isEqualTo(1);
    assertThat(keysLookedUp()).singleElement().asString().contains("B");
    again(job, ROWS);
    assertThat(keysLookedUp()).isEmpty();
  }

  @Test
  void aDamagedOrMissingFileLooksAllUp() throws Exception {
    var job = confirmed();
    String file = rehearsal.journal().snapshots(snapshots()).of("customers").orElseThrow().file();
    Files.write(snapshots().resolve(file), new byte[] {0, 0, 0, 0, 0, 0, 0, 9, 1});
    assertThat(again(job, ROWS).counts().unchanged()).isEqualTo(3);
    assertThat(keysLookedUp()).isNotEmpty();
  }
}
