package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Source;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.sync.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lookup fields get their keys; what Kintone copies is left to it. */
class LookupFieldsTest {
  @TempDir Path home;
  private Rehearsal rehearsal;
  private SimulatedApp branches;
  private SimulatedApp customers;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    Simulator simulator = rehearsal.simulator;
    branches =
        simulator.app(
            "branches",
            """
            {"bc": {"type": "SINGLE_LINE_TEXT", "code": "bc", "label": "", "unique": true},
             "bn": {"type": "SINGLE_LINE_TEXT", "code": "bn", "label": ""}}
            """);
    branches.add(
        "{\"bc\": {\"value\": \"T\"}, \"bn\": {\"value\": \"東京\"}}",
        "{\"bc\": {\"value\": \"O\"}, \"bn\": {\"value\": \"大阪\"}}");
    customers =
        simulator.app(
            "lookups",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true},
             "branch": {"type": "SINGLE_LINE_TEXT", "code": "branch", "label": "支店", "lookup": {
               "relatedApp": {"app": "%d"}, "relatedKeyField": "bc", "filterCond": "", "sort": "",
               "fieldMappings": [{"field": "branch_name", "relatedField": "bn"}],
               "lookupPickerFields": []}},
             "branch2": {"type": "SINGLE_LINE_TEXT", "code": "branch2", "label": "支店2", "lookup": {
               "relatedApp": {"app": "%d"}, "relatedKeyField": "bc", "filterCond": "", "sort": "",
               "fieldMappings": [], "lookupPickerFields": []}},
             "branch_name": {"type": "SINGLE_LINE_TEXT", "code": "branch_name", "label": ""}}
            """
                .formatted(branches.id(), branches.id()));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void theKeyIsSentAndTheCopiesAreLeftToKintone() throws Exception {
    var run = rehearsal.syncInto(customers, "code,branch,branch_name", "A,T,x", "B,O,y", "C,,z");

    assertThat(customers.values("branch_name")).containsExactly("東京", "大阪", "");
    assertThat(run.report().remarks()).singleElement().asString().contains("branch_name");
    rehearsal.forgetRequests();
    assertThat(
            rehearsal
                .syncInto(customers, "code,branch,branch_name", "A,T,x", "B,O,y", "C,,z")
                .report()
                .counts()
                .unchanged())
        .isEqualTo(3);
    assertThat(rehearsal.writes()).isEmpty();
  }

  @Test
  void aPlanPromisesNoMoreThanTheRunDoes() throws Exception {
    String[] lines = {"code,branch,branch2", "A,T,O", "B,X,T", "C,,O", "D,O,Y", "E,O,"};
    customers.add("{\"code\": {\"value\": \"A\"}}", "{\"code\": {\"value\": \"D\"}}");
    var job = rehearsal.jobInto(customers).on(new Source.OneFile(rehearsal.csv(lines)));

    var plan = rehearsal.application().runner().plan(job).get(0).report();
    var run = rehearsal.application().runner().run(job).report();

    assertThat(plan.counts()).isEqualTo(run.counts()).isEqualTo(new Counts(5, 2, 1, 0, 0, 2, 0));
    assertThat(Files.readString(Path.of(String.valueOf(plan.rejectsFile()))))
        .contains("branch (支店): \"\"X\"\" is not in the app", "branch2 (支店2): \"\"Y\"\"");
  }

  @Test
  void aPlanSaysWhatItCouldNotTry() throws Exception {
    rehearsal.simulator.token("t", customers.id(), Permission.VIEW, Permission.ADD);
    var job = rehearsal.jobInto(customers);
    var file = new Source.OneFile(rehearsal.csv("code,branch", "A,T", "B,X"));

    var plan = rehearsal.application().runner().plan(job.on(file)).get(0).report();

    assertThat(plan.counts().inserted()).isEqualTo(2);
    assertThat(plan.remarks())
        .singleElement()
        .asString()
        .contains("Lookup field branch (支店) was not tried: app " + branches.id());
  }

  @Test
  void rowsWithoutASourceRecordAreRejectedAloneAndFoundByTheirValue() throws Exception {
    var lines = new ArrayList<>(List.of("code,branch"));
    for (int i = 0; i < 1000; i++) {
      lines.add("K" + i + "," + (i % 10 == 3 ? "X" : i == 500 ? "Y" : "T"));
    }
    rehearsal.forgetRequests();
    var run = rehearsal.syncInto(customers, lines.toArray(String[]::new));

    assertThat(run.report().counts().rejected()).isEqualTo(101);
    assertThat(customers.size()).isEqualTo(899);
    assertThat(Rehearsal.rejects(run).get(1))
        .contains("branch (支店): \"\"X\"\" is not in the app")
        .contains("GAIA_LO04");
    assertThat(rehearsal.writes()).hasSizeLessThan(45);
  }

  @Test
  void inTablesTooAMissingSourceIsFoundByItsValue() throws Exception {
    var app =
        rehearsal.simulator.app(
            "visits",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true},
             "visits": {"type": "SUBTABLE", "code": "visits", "label": "訪問", "fields": {
               "note": {"type": "SINGLE_LINE_TEXT", "code": "note", "label": ""},
               "office": {"type": "SINGLE_LINE_TEXT", "code": "office", "label": "", "lookup": {
                 "relatedApp": {"app": "%d"}, "relatedKeyField": "bc", "filterCond": "",
                 "sort": "", "fieldMappings": [], "lookupPickerFields": []}}}}}
            """
                .formatted(branches.id()));
    var records = new ArrayList<String>();
    for (int i = 0; i < 1000; i++) {
      String missing = i % 10 == 3 ? "X" : i == 500 ? "Y" : "O";
      records.add(
          "{\"code\": \"K%d\", \"visits\": [{\"note\": \"X\", \"office\": \"T\"}, {\"office\": \"%s\"}]}"
              .formatted(i, missing));
    }
    Path file = Files.writeString(home.resolve("visits.json"), records.toString());
    rehearsal.forgetRequests();

    var run = rehearsal.syncInto(app, file);

    assertThat(run.report().counts().rejected()).isEqualTo(101);
    assertThat(app.size()).isEqualTo(899);
    assertThat(Files.readString(Path.of(run.report().rejectsFile())))
        .contains("訪問")
        .contains("row 2")
        .contains("office: \\\"X\\\" is not in the app");
    assertThat(rehearsal.writes()).hasSizeLessThan(45);
  }

  @Test
  void aMissingSourceIsNotBlamedOnAFieldWhoseNameAndValueStandInTheWordsByChance()
      throws Exception {
    var run = rehearsal.syncInto(customers, "code,branch,branch2", "A,T,T1", "B,T,O", "C,T,T");

    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(customers.values("code")).containsExactly("B", "C");
    assertThat(Rehearsal.rejects(run).get(1)).contains("branch2 (支店2)");
  }

  @Test
  void aTokenOfTheOtherAppGoesWithTheFirst() throws Exception {
    rehearsal.simulator.token(
        "here", customers.id(), Permission.VIEW, Permission.ADD, Permission.EDIT);
    rehearsal.simulator.token("there", branches.id(), Permission.VIEW);

    assertThat(syncWithToken("here")).isEqualTo(1);
    assertThat(syncWithToken("here,there")).isZero();
    assertThat(customers.values("branch_name")).containsExactly("東京");
  }

  private long syncWithToken(String tokens) throws Exception {
    Files.writeString(
        home.resolve("application.properties"),
        "kintone.base-url = "
            + rehearsal.crossing.url()
            + "\njob.c.app = "
            + customers.id()
            + "\njob.c.update-key = code\njob.c.source = folder\njob.c.folder = in\n");
    var job = Configuration.read(home, Map.of("KINTONE_API_TOKEN", tokens), Map.of()).job("c");
    var file = rehearsal.csv("code,branch", "A,T");
    return rehearsal
        .application()
        .runner()
        .run(job.on(new Source.OneFile(file)))
        .report()
        .counts()
        .rejected();
  }
}
