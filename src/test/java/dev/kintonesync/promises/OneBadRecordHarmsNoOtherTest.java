package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.console.RunFiles;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 5: every good record is applied, each bad one is rejected with Kintone's own words. */
class OneBadRecordHarmsNoOtherTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void badRecordsThatKintoneNamesAreRejectedAndTheirNeighboursApplied() throws Exception {
    rehearsal = new Rehearsal(home);
    rehearsal.app.add(
        "{\"code\": {\"value\": \"X\"}, \"email\": {\"value\": \"taken@example.com\"}}");
    var lines = rows("code,email", 300, i -> "K" + i + ",k" + i + "@example.com");
    lines.set(50, "BAD1,taken@example.com");
    lines.set(250, "BAD2,taken@example.com");

    var run = rehearsal.sync(lines.toArray(String[]::new));

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(run.report().counts()).isEqualTo(new Counts(300, 298, 0, 0, 0, 2, 0));
    assertThat(rehearsal.held("code")).hasSize(299).doesNotContainKeys("BAD1", "BAD2");
    assertThat(Rehearsal.rejects(run))
        .hasSize(3)
        .anySatisfy(
            line ->
                assertThat(line).startsWith("BAD1,taken@example.com,").contains("email", "CB_VA01"))
        .anySatisfy(line -> assertThat(line).startsWith("BAD2,").endsWith("/BAD2"));
    // one refused bulkRequest, its three requests singly, and one more for each that held a bad row
    assertThat(rehearsal.writes())
        .containsExactly(
            "POST bulkRequest", "POST records", "POST records", "POST records", "POST records");
    assertThat(run.report().requests().isolation()).isEqualTo(2);
  }

  @Test
  void aReasonIsShownInTheLanguageOfTheReader() throws Exception {
    rehearsal = new Rehearsal(home);
    var run = rehearsal.sync("code,amount", "A,1", "B,two");
    assertThat(Rehearsal.rejects(run).get(1)).contains("is not a number");

    var rows =
        new RunFiles(home.resolve("runs"))
            .rejectedRows(run.report().run(), RunFiles.Part.first(9), MessageBundle.JAPANESE);
    assertThat(rows.first()).hasSize(1);
    assertThat(rows.first().get(0).row()).isEqualTo(3);
    assertThat(rows.first().get(0).reason()).contains("「two」は数値ではありません");
  }

  @Test
  void badUpdatesAreFoundTheSameWay() throws Exception {
    rehearsal = new Rehearsal(home);
    rehearsal.app.add(
        "{\"code\": {\"value\": \"X\"}, \"email\": {\"value\": \"taken@example.com\"}}");
    rehearsal.sync(
        rows("code,email,amount", 150, i -> "K" + i + ",k" + i + "@example.com,1")
            .toArray(String[]::new));
    var lines = rows("code,email,amount", 150, i -> "K" + i + ",k" + i + "@example.com,2");
    lines.set(120, "K120,taken@example.com,2");

    var run = rehearsal.sync(lines.toArray(String[]::new));

    assertThat(run.report().counts()).isEqualTo(new Counts(150, 0, 149, 0, 0, 1, 0));
    assertThat(rehearsal.held("amount")).containsEntry("K119", "2").containsEntry("K120", "1");
  }

  @Test
  void aRefusalThatNamesOnlyAValueIsTracedToItsRecord() throws Exception {
    rehearsal = new Rehearsal(home);
    var branches =
        rehearsal.simulator.app(
            "branches",
            """
            {"name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "支店", "unique": true}}
            """);
    branches.add("{\"name\": {\"value\": \"Tokyo\"}}");
    var app =
        rehearsal.simulator.app(
            "orders",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "No", "unique": true},
             "branch": {"type": "SINGLE_LINE_TEXT", "code": "branch", "label": "支店",
                        "lookup": {"relatedApp": {"app": "%d", "code": ""},
                                   "relatedKeyField": "name", "fieldMappings": [],
                                   "lookupPickerFields": [], "filterCond": "", "sort": ""}}}
            """
                .formatted(branches.id()));
    var lines = rows("code,branch", 100, i -> "K" + i + ",Tokyo");
    lines.set(42, "K42,Nowhere");
    lines.set(43, "K43,Nowhere");
    lines.set(77, "K77,Elsewhere");

    var run = rehearsal.syncInto(app, lines.toArray(String[]::new));

    assertThat(run.report().counts()).isEqualTo(new Counts(100, 97, 0, 0, 0, 3, 0));
    assertThat(app.size()).isEqualTo(97);
    assertThat(Rehearsal.rejects(run))
        .anySatisfy(line -> assertThat(line).startsWith("K42,Nowhere,").contains("GAIA_LO04"))
        .anySatisfy(line -> assertThat(line).startsWith("K77,Elsewhere,").contains("GAIA_LO04"));
    int bad = 3;
    double bound = 2 * bad * Math.log(100) / Math.log(2) + bad;
    assertThat(run.report().requests().isolation()).isLessThanOrEqualTo((long) bound);
  }

  @Test
  void byRecordNumberRecordsAreUpdatedAndUnknownNumbersRejected() throws Exception {
    rehearsal = new Rehearsal(home);
    rehearsal.sync("code,name", "A,Abe", "B,Baba");
    String id = rehearsal.held("$id").get("B");

    var run = rehearsal.syncByRecordNumber("レコード番号,name", id + ",Bando", "987654,Nobody");

    assertThat(run.report().counts()).isEqualTo(new Counts(2, 0, 1, 0, 0, 1, 0));
    assertThat(rehearsal.held("name")).isEqualTo(Map.of("A", "Abe", "B", "Bando"));
    assertThat(Rehearsal.rejects(run).get(1)).startsWith("987654,Nobody,");
  }

  @Test
  void whatTheFormForbidsIsRejectedBeforeAnythingIsSent() throws Exception {
    rehearsal = new Rehearsal(home);
    var run =
        rehearsal.sync(
            "code,name,amount,rank",
            "A,Abe,1,A",
            "B,a name that is far too long,1,A",
            "C,Chiba,many,A",
            "D,Doi,2000000,A",
            "E,Endo,1,Z",
            ",Fujii,1,A",
            "G,Goto,1");
    assertThat(run.report().counts()).isEqualTo(new Counts(7, 1, 0, 0, 0, 6, 0));
    assertThat(rehearsal.held("name")).containsExactly(Map.entry("A", "Abe"));
    assertThat(rehearsal.writes()).containsExactly("POST records");
    assertThat(Rehearsal.rejects(run)).hasSize(7);
  }

  @Test
  void anotherUniqueFieldThanTheKeyIsABadRowAndNoLostRace() throws Exception {
    rehearsal = new Rehearsal(home);
    rehearsal.app.add(
        "{\"code\": {\"value\": \"X\"}, \"email\": {\"value\": \"taken@example.com\"}}");
    rehearsal.forgetRequests();
    var run = rehearsal.sync("code,email", "A,taken@example.com");
    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(run.report().conflicts()).isZero();
    assertThat(rehearsal.writes()).hasSize(1);
  }

  @Test
  void badRowsWithoutEndStopTheRunAtTheBudgetAndKeepTheSource() throws Exception {
    rehearsal = new Rehearsal(home, Map.of("kintone.max-isolation-calls", "5"));
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(400, "GAIA_XX99").on("POST", "/records.json").times(1_000));
    var lines = rows("code", 100, i -> "K" + i);
    var run = rehearsal.sync(lines.toArray(String[]::new));
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("kintone.max-isolation-calls");
    assertThat(run.report().counts().addUp()).isTrue();
    assertThat(rehearsal.writes()).hasSizeLessThan(10);
  }

  private static List<String> rows(String header, int count, IntFunction<String> row) {
    var lines = new ArrayList<>(List.of(header));
    IntStream.rangeClosed(1, count).mapToObj(row).forEach(lines::add);
    return lines;
  }
}
