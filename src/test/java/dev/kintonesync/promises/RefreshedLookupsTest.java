package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.model.record.FieldValue;
import com.kintone.client.model.record.NumberFieldValue;
import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import com.kintone.client.model.record.UpdateKey;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Source;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.sync.RunState;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What lookup fields have copied follows the other app where a job wants it, and only what has
 * become stale is written.
 */
class RefreshedLookupsTest {
  private static final String ALL = "refresh-lookup-fields = true";
  private static final String[] LINES = {"code,branch,name", "A,T,a", "B,O,b", "C,T,c", "D,,d"};

  @TempDir Path home;
  private Rehearsal rehearsal;
  private SimulatedApp branches;
  private SimulatedApp customers;

  @BeforeEach
  void start() throws Exception {
    start(new Rehearsal(home));
  }

  private void start(Rehearsal started) throws Exception {
    rehearsal = started;
    branches =
        rehearsal.simulator.app(
            "branches",
            """
            {"bc": {"type": "SINGLE_LINE_TEXT", "code": "bc", "label": "", "unique": true},
             "bn": {"type": "SINGLE_LINE_TEXT", "code": "bn", "label": ""},
             "rate": {"type": "NUMBER", "code": "rate", "label": ""}}
            """);
    branches.add(
        "{\"bc\": {\"value\": \"T\"}, \"bn\": {\"value\": \"東京\"}, \"rate\": {\"value\":"
            + " \"1.50\"}}",
        "{\"bc\": {\"value\": \"O\"}, \"bn\": {\"value\": \"大阪\"}, \"rate\": {\"value\": \"2\"}}");
    customers =
        rehearsal.simulator.app(
            "lookups",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": ""},
             "branch": %s,
             "branch_name": {"type": "SINGLE_LINE_TEXT", "code": "branch_name", "label": ""},
             "branch_rate": {"type": "NUMBER", "code": "branch_rate", "label": ""},
             "visits": {"type": "SUBTABLE", "code": "visits", "label": "訪問", "fields": {
               "day": {"type": "DATE", "code": "day", "label": ""},
               "office": %s,
               "office_name": {"type": "SINGLE_LINE_TEXT", "code": "office_name", "label": ""}}}}
            """
                .formatted(
                    lookup(
                        "branch",
                        """
                        {"field": "branch_name", "relatedField": "bn"},
                        {"field": "branch_rate", "relatedField": "rate"}
                        """),
                    lookup("office", "{\"field\": \"office_name\", \"relatedField\": \"bn\"}")));
  }

  private String lookup(String code, String copies) {
    return """
    {"type": "SINGLE_LINE_TEXT", "code": "%s", "label": "", "lookup": {
      "relatedApp": {"app": "%d", "code": ""}, "relatedKeyField": "bc", "filterCond": "",
      "sort": "", "fieldMappings": [%s], "lookupPickerFields": []}}
    """
        .formatted(code, branches.id(), copies);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void onlyStaleCopiesAreWrittenAgain() throws Exception {
    sync(ALL, LINES);
    rename("T", "東京都");

    var run = sync(ALL, LINES);

    assertThat(run.report().counts().updated()).isEqualTo(2);
    assertThat(run.report().counts().unchanged()).isEqualTo(2);
    assertThat(customers.values("branch_name")).containsExactly("東京都", "大阪", "東京都", "");
    assertThat(customers.values("$revision")).containsExactly("2", "1", "2", "1");
    assertThat(Rehearsal.changes(run).get(0))
        .contains("\"branch_name\":{\"before\":\"東京\",\"after\":\"東京都\"}")
        .doesNotContain("\"branch\"");
    assertThat(secondRun(ALL, LINES).report().counts().unchanged()).isEqualTo(4);
  }

  @Test
  void aKeyOfTheOtherAppIsReadOnceInARun() throws Exception {
    rehearsal.close();
    start(
        new Rehearsal(
            home.resolve("2"),
            Map.of(
                "kintone.records-per-request", "1",
                "kintone.requests-per-batch", "1",
                "kintone.max-writers", "1")));
    String[] lines = {"code,branch", "A,T", "B,T", "C,T", "D,T", "E,T", "F,T", "G,T", "H,T"};
    sync(ALL, lines);
    rename("T", "東京都");
    long before = lastRequest();

    assertThat(sync(ALL, lines).report().counts().updated()).isEqualTo(8);

    assertThat(customers.values("branch_name")).containsOnly("東京都");
    assertThat(
            rehearsal.simulator.requests().stream()
                .filter(request -> request.number() > before)
                .filter(request -> request.body().path("query").asText().startsWith("bc in")))
        .as("by the batches that were in flight together")
        .hasSizeLessThanOrEqualTo(3);
  }

  private long lastRequest() {
    return rehearsal.simulator.requests().stream()
        .mapToLong(request -> request.number())
        .max()
        .orElse(0);
  }

  @Test
  void theyStayWhereNobodyWantsThemToFollow() throws Exception {
    sync(ALL, LINES);
    rename("T", "東京都");
    rehearsal.forgetRequests();

    assertThat(sync("mode = upsert", LINES).report().counts().unchanged()).isEqualTo(4);
    assertThat(rehearsal.requests()).hasSize(4);
  }

  @Test
  void numbersAreComparedAsNumbers() throws Exception {
    sync(ALL, LINES);
    update("T", "rate", new NumberFieldValue(new BigDecimal("1.5000")));
    assertThat(secondRun(ALL, LINES).report().counts().unchanged()).isEqualTo(4);

    update("T", "rate", new NumberFieldValue(new BigDecimal("1.6")));
    assertThat(sync(ALL, LINES).report().counts().updated()).isEqualTo(2);
    assertThat(customers.values("branch_rate")).startsWith("1.6");
  }

  @Test
  void whatIsUpdatedAnywayIsRefreshedByTheWay() throws Exception {
    sync(ALL, LINES);
    rename("T", "東京都");

    var run = sync(ALL, "code,branch,name", "A,T,new", "B,T,b");

    assertThat(run.report().counts().updated()).isEqualTo(2);
    assertThat(customers.values("branch_name")).startsWith("東京都", "東京都", "東京");
    assertThat(customers.values("name")).startsWith("new", "b");
  }

  @Test
  void aSourceRecordThatIsGoneLeavesItsCopies() throws Exception {
    sync(ALL, LINES);
    rehearsal.somebodyElse().deleteRecords(branches.id(), List.of(1L));

    assertThat(secondRun(ALL, LINES).report().counts().unchanged()).isEqualTo(4);
    assertThat(customers.values("branch_name")).startsWith("東京");
  }

  @Test
  void rowsOfTablesAreRefreshedToo() throws Exception {
    String job = ALL + "\njob.c.group-by = code\njob.c.map = code=code, day=day, office=office";
    String[] lines = {"code,day,office", "A,2026-11-01,T", "A,2026-11-02,O", "B,2026-11-03,O"};
    sync(job, lines);
    rename("T", "東京都");

    assertThat(sync(job, lines).report().counts().updated()).isEqualTo(1);
    assertThat(customers.records().get(0).path("visits").path("value").toString())
        .contains("東京都")
        .contains("大阪");
    assertThat(secondRun(job, lines).report().counts().unchanged()).isEqualTo(2);
  }

  @Test
  void onlyTheFieldsThatAreNamedAreRefreshed() throws Exception {
    String map = "\njob.c.map = code=code, branch=branch, office=office\njob.c.group-by = code";
    String[] lines = {"code,branch,office", "A,T,T"};
    sync("mode = upsert" + map, lines);
    rename("T", "東京都");

    sync("refresh-lookup-fields = office" + map, lines);

    assertThat(customers.values("branch_name")).containsExactly("東京");
    assertThat(customers.records().get(0).path("visits").toString()).contains("東京都");
  }

  @Test
  void manyKeysAreAskedForTogether() throws Exception {
    var lines = new ArrayList<>(List.of("code,branch,name"));
    for (int i = 0; i < 1200; i++) {
      branches.add("{\"bc\": {\"value\": \"N%d\"}, \"bn\": {\"value\": \"n\"}}".formatted(i));
      lines.add("K" + i + ",N" + i + ",x");
    }
    sync(ALL, lines.toArray(String[]::new));
    rename("N777", "new");
    rehearsal.forgetRequests();

    var run = sync(ALL, lines.toArray(String[]::new));

    assertThat(run.report().counts().updated()).isEqualTo(1);
    // the form, a sample, the settings, the other app; three lookups here and three there; a write
    assertThat(rehearsal.requests()).hasSize(4 + 3 + 3 + 1);
  }

  @Test
  void whatAPersonSavedLastIsLeftToHimAndNotRejected() throws Exception {
    sync(ALL, LINES);
    rename("T", "東京都");
    rehearsal
        .somebodyElse()
        .updateRecord(
            customers.id(),
            new UpdateKey("code", "A"),
            new Record().putField("name", new SingleLineTextFieldValue("a")));

    var run = sync(ALL + "\njob.c.hand-edits = reject", LINES);

    assertThat(run.report().counts().rejected()).isZero();
    assertThat(customers.values("branch_name")).containsExactly("東京", "大阪", "東京都", "");
  }

  @Test
  void anAppThatCannotBeSeenRefusesTheJob() throws Exception {
    rehearsal.simulator.token(
        "here", customers.id(), Permission.VIEW, Permission.ADD, Permission.EDIT);
    rehearsal.simulator.token("there", branches.id(), Permission.VIEW);
    syncWithTokens("here,there", ALL, LINES);
    rename("T", "東京都");

    var refused = syncWithTokens("here", ALL, LINES);

    assertThat(refused.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(refused.report().reason())
        .contains("lookup field branch")
        .contains("app " + branches.id())
        .contains("add a token of that app");
    assertThat(customers.values("branch_name")).startsWith("東京");

    assertThat(syncWithTokens("here,there", ALL, LINES).report().counts().updated()).isEqualTo(2);
    assertThat(customers.values("branch_name")).startsWith("東京都");
  }

  @Test
  void anAppThatNoFilledFieldCopiesFromNeedNotBeSeen() throws Exception {
    rehearsal.simulator.token(
        "here", customers.id(), Permission.VIEW, Permission.ADD, Permission.EDIT);

    assertThat(syncWithTokens("here", ALL, "code,name", "A,a").report().counts().inserted())
        .isEqualTo(1);
  }

  @Test
  void anAppThatFallsSilentStopsTheRunAndTheNextOneDoesTheRest() throws Exception {
    sync(ALL, LINES);
    rename("T", "東京都");
    rehearsal.crossing.breaksOn(body -> body.contains("bc in ("), 403);

    var stopped = sync(ALL, LINES);

    assertThat(stopped.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(stopped.report().reason()).contains("App " + branches.id());
    rehearsal.crossing.breaksOn(body -> false, 403);
    assertThat(sync(ALL, LINES).report().counts().updated()).isEqualTo(2);
  }

  @Test
  void aFieldThatIsNoLookupFieldOrIsNotFilledRefusesTheJob() throws Exception {
    assertThat(sync("refresh-lookup-fields = name", LINES).report().reason())
        .contains("no lookup field with that code")
        .contains("branch, office");
    assertThat(sync("refresh-lookup-fields = office", LINES).report().reason())
        .contains("no column of the source fills it");
    assertThat(customers.size()).isZero();
  }

  private void rename(String branch, String name) {
    update(branch, "bn", new SingleLineTextFieldValue(name));
  }

  private void update(String branch, String field, FieldValue value) {
    rehearsal
        .somebodyElse()
        .updateRecord(
            branches.id(), new UpdateKey("bc", branch), new Record().putField(field, value));
  }

  /** A run that must not write. */
  private RunResult secondRun(String properties, String... lines) throws Exception {
    rehearsal.forgetRequests();
    var run = sync(properties, lines);
    assertThat(rehearsal.writes()).isEmpty();
    return run;
  }

  private RunResult sync(String properties, String... lines) throws Exception {
    return syncWithTokens("t", properties, lines);
  }

  private RunResult syncWithTokens(String tokens, String properties, String... lines)
      throws Exception {
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.c.app = %d
        job.c.update-key = code
        job.c.source = folder
        job.c.folder = in
        job.c.%s
        """
            .formatted(rehearsal.crossing.url(), customers.id(), properties));
    var job =
        Configuration.read(home, Map.of("KINTONE_API_TOKEN", tokens), Map.of("lang", "en"))
            .job("c");
    return rehearsal.application().runner().run(job.on(new Source.OneFile(rehearsal.csv(lines))));
  }
}
