package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import dev.kintonesync.settings.Job;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With {@code diff = snapshot}, rows that earlier runs have confirmed cost no key lookup, and no
 * row is called unchanged that Kintone does not hold.
 */
class SnapshotTest {
  private static final String[] ROWS = {"code,name", "A,Abe", "B,Baba", "C,Chiba"};

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

  /** A job whose first run has confirmed {@link #ROWS}. */
  private Job confirmed(String... properties) throws Exception {
    var all = new ArrayList<>(List.of("diff = snapshot"));
    all.addAll(List.of(properties));
    var job = rehearsal.jobWith(all.toArray(String[]::new));
    assertThat(rehearsal.sync(job, ROWS).report().state()).isEqualTo(RunState.COMPLETED);
    rehearsal.forgetRequests();
    return job;
  }

  private Report again(Job job, String... rows) throws IOException {
    rehearsal.forgetRequests();
    return rehearsal.sync(job, rows).report();
  }

  private List<String> keysLookedUp() {
    return rehearsal.simulator.requests().stream()
        .skip(rehearsal.simulator.requests().size() - rehearsal.requests().size())
        .map(request -> request.body().path("query").asText())
        .filter(query -> query.startsWith("code in"))
        .toList();
  }

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

  /** What people do in the app between two runs. */
  enum ByPeople {
    EDIT {
      @Override
      void happens(SnapshotTest test) {
        test.edit("B", "name", "by hand");
      }
    },
    DELETE {
      @Override
      void happens(SnapshotTest test) {
        test.rehearsal.somebodyElse().deleteRecords(test.rehearsal.app.id(), List.of(test.id("B")));
      }
    },
    DELETE_ALL {
      @Override
      void happens(SnapshotTest test) {
        var ids = test.rehearsal.held("$id").values().stream().map(Long::valueOf).toList();
        test.rehearsal.somebodyElse().deleteRecords(test.rehearsal.app.id(), ids);
      }
    },
    DELETE_AND_ADD_ANEW {
      @Override
      void happens(SnapshotTest test) {
        DELETE.happens(test);
        test.rehearsal.app.add("{\"code\":{\"value\":\"B\"},\"name\":{\"value\":\"by hand\"}}");
      }
    },
    DELETE_AND_ADD_ANOTHER {
      @Override
      void happens(SnapshotTest test) {
        DELETE.happens(test);
        test.rehearsal.app.add("{\"code\":{\"value\":\"Z\"},\"name\":{\"value\":\"by hand\"}}");
      }
    },
    CHANGE_THE_KEY {
      @Override
      void happens(SnapshotTest test) {
        test.edit("B", "code", "Y");
      }
    };

    abstract void happens(SnapshotTest test);
  }

  private static Fault answerLost(String path) {
    return Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("PUT", path);
  }

  private long id(String code) {
    return Long.parseLong(rehearsal.held("$id").get(code));
  }

  private void edit(String code, String field, String value) {
    rehearsal
        .somebodyElse()
        .updateRecord(
            rehearsal.app.id(),
            id(code),
            new Record().putField(field, new SingleLineTextFieldValue(value)));
  }

  @ParameterizedTest
  @EnumSource(ByPeople.class)
  void whatPeopleDoInTheAppIsSeenAfterTheFirstRun(ByPeople act) throws Exception {
    var job = confirmed();
    act.happens(this);
    again(job, ROWS);
    assertThat(rehearsal.held("name")).containsAllEntriesOf(Map.of("A", "Abe", "B", "Baba"));
  }

  /** When the records are old, so that nothing but ids and counts can tell. */
  @ParameterizedTest
  @EnumSource(ByPeople.class)
  void whatPeopleDoInTheAppIsSeenLongAfterwards(ByPeople act) throws Exception {
    var job = confirmed();
    again(job, ROWS);
    again(job, ROWS);
    act.happens(this);
    again(job, ROWS);
    assertThat(rehearsal.held("name")).containsAllEntriesOf(Map.of("A", "Abe", "B", "Baba"));
  }

  /** It is not among those whose number tells the next run whether others have deleted some. */
  @Test
  void aRecordThatTheRunHasAddedAndDeletedHidesNoOtherThatIsGone() throws Exception {
    rehearsal.close();
    rehearsal =
        new Rehearsal(
            home, Map.of("kintone.records-per-request", "1", "kintone.requests-per-batch", "1"));
    var job = confirmed("delete-when = name=gone", "mirror.missing = delete");
    var rows = List.of("code,name", "A,Abe", "B,Baba", "C,Chiba", "D,Doi", "D,gone");
    var report = again(job, rows.toArray(String[]::new));
    assertThat(report.counts().inserted()).isEqualTo(1);
    assertThat(report.deleted()).isEqualTo(1);

    rehearsal.somebodyElse().deleteRecords(rehearsal.app.id(), List.of(id("B")));

    assertThat(again(job, ROWS).counts().inserted()).isEqualTo(1);
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

  /** Source and people change records at random; after each run Kintone holds the source. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void kintoneHoldsTheSourceAfterEachRun(long seed) throws Exception {
    var random = new Random(seed);
    var job = rehearsal.jobWith("diff = snapshot");
    var source = new TreeMap<String, String>();
    for (int run = 0; run < 12; run++) {
      for (int change = random.nextInt(4); change > 0; change--) {
        source.put("K" + random.nextInt(12), "v" + random.nextInt(3));
      }
      var lines = new ArrayList<>(List.of("code,name"));
      source.forEach((code, name) -> lines.add(code + "," + name));
      if (run > 0) {
        people(random, List.copyOf(rehearsal.held("$id").keySet()));
      }
      if (random.nextInt(4) == 0) {
        rehearsal.simulator.faults().add(answerLost("/records.json"));
      }
      var report = again(job, lines.toArray(String[]::new));
      assertThat(report.counts().addUp()).isTrue();
      assertThat(rehearsal.held("name")).as("run %d", run).containsAllEntriesOf(source);
    }
  }

  private void people(Random random, List<String> codes) {
    for (int act = random.nextInt(3); act > 0 && !codes.isEmpty(); act--) {
      String code = codes.get(random.nextInt(codes.size()));
      if (!rehearsal.held("$id").containsKey(code)) {
        continue;
      }
      if (random.nextBoolean()) {
        edit(code, "name", "v" + random.nextInt(3));
      } else {
        rehearsal.somebodyElse().deleteRecords(rehearsal.app.id(), List.of(id(code)));
        if (random.nextBoolean()) {
          rehearsal.app.add(
              "{\"code\":{\"value\":\"%s\"},\"name\":{\"value\":\"v9\"}}".formatted(code));
        }
      }
    }
  }
}
