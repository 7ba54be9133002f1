package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another app as the source of a job. */
class OtherAppsTest {
  private static final String OPTIONS =
      "\"options\": {\"A\": {\"label\": \"A\", \"index\": \"0\"},"
          + " \"B\": {\"label\": \"B\", \"index\": \"1\"}}";

  /** Every type that people fill in, and one that Kintone calculates. */
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "コード", "unique": true},
       "text": {"type": "SINGLE_LINE_TEXT", "code": "text", "label": "文字"},
       "long": {"type": "MULTI_LINE_TEXT", "code": "long", "label": "long"},
       "rich": {"type": "RICH_TEXT", "code": "rich", "label": "rich"},
       "number": {"type": "NUMBER", "code": "number", "label": "number"},
       "checks": {"type": "CHECK_BOX", "code": "checks", "label": "checks", OPTIONS},
       "radio": {"type": "RADIO_BUTTON", "code": "radio", "label": "radio", "required": true, OPTIONS},
       "several": {"type": "MULTI_SELECT", "code": "several", "label": "several", OPTIONS},
       "drop": {"type": "DROP_DOWN", "code": "drop", "label": "drop", OPTIONS},
       "date": {"type": "DATE", "code": "date", "label": "date"},
       "time": {"type": "TIME", "code": "time", "label": "time"},
       "moment": {"type": "DATETIME", "code": "moment", "label": "moment"},
       "link": {"type": "LINK", "code": "link", "label": "link", "protocol": "WEB"},
       "users": {"type": "USER_SELECT", "code": "users", "label": "users"},
       "orgs": {"type": "ORGANIZATION_SELECT", "code": "orgs", "label": "orgs"},
       "groups": {"type": "GROUP_SELECT", "code": "groups", "label": "groups"},
       "files": {"type": "FILE", "code": "files", "label": "files"},
       "twice": {"type": "CALC", "code": "twice", "label": "twice", "expression": "number * 2"},
       "lines": {"type": "SUBTABLE", "code": "lines", "label": "lines", "fields": {
         "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "item"},
         "price": {"type": "NUMBER", "code": "price", "label": "price"},
         "who": {"type": "USER_SELECT", "code": "who", "label": "who"},
         "kinds": {"type": "CHECK_BOX", "code": "kinds", "label": "kinds", OPTIONS},
         "paper": {"type": "FILE", "code": "paper", "label": "paper"},
         "sum": {"type": "CALC", "code": "sum", "label": "sum", "expression": "price * 2"}}}}
      """
          .replace("OPTIONS", OPTIONS);

  private static final String FULL =
      """
      {"code": {"value": "A-1"}, "text": {"value": "文字 \\"quoted\\""},
       "long": {"value": "one\\ntwo"}, "rich": {"value": "<b>bold</b>"},
       "number": {"value": "12.5"}, "checks": {"value": ["A", "B"]}, "radio": {"value": "B"},
       "several": {"value": ["B"]}, "drop": {"value": "A"}, "date": {"value": "2026-04-23"},
       "time": {"value": "15:31"}, "moment": {"value": "2026-04-23T06:31:00Z"},
       "link": {"value": "https://example.com/"}, "users": {"value": [{"code": "sato"}]},
       "orgs": {"value": [{"code": "sales"}]}, "groups": {"value": [{"code": "staff"}]},
       "lines": {"value": [
         {"value": {"item": {"value": "x"}, "price": {"value": "3"},
                    "who": {"value": [{"code": "sato"}]}, "kinds": {"value": ["A"]}}},
         {"value": {"item": {"value": ""}, "price": {"value": ""}}}]}}
      """;

  @TempDir Path home;
  private Rehearsal rehearsal;
  private SimulatedApp source;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, FIELDS, Map.of());
    source = rehearsal.simulator.app("source", FIELDS);
    rehearsal.simulator.directory().registerUser("sato", "佐藤", "secret");
    rehearsal.simulator.directory().register(Directory.Kind.ORGANIZATION, "sales", "営業");
    rehearsal.simulator.directory().register(Directory.Kind.GROUP, "staff", "社員");
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private void fill(int from, int to) {
    IntStream.rangeClosed(from, to).forEach(i -> add("K" + i));
  }

  private void add(String code) {
    source.add("{\"code\": {\"value\": \"%s\"}, \"text\": {\"value\": \"n\"}}".formatted(code));
  }

  @Test
  void everyTypeThatPeopleFillInIsCopiedAndTheSecondRunWritesNothing() throws Exception {
    source.add(FULL);
    add("empty");
    var job = rehearsal.appJob(source);

    var first = rehearsal.runNow(job);

    assertThat(first.reason()).isNull();
    assertThat(first.report().counts()).isEqualTo(new Counts(2, 2, 0, 0, 0, 0, 0));
    assertThat(first.report().source()).endsWith("/k/" + source.id());
    assertThat(first.remarks().toString()).contains("files").contains("paper").contains("twice");
    assertThat(shown(rehearsal.app)).isEqualTo(shown(source));
    rehearsal.forgetRequests();
    assertThat(rehearsal.runNow(job).report().counts()).isEqualTo(new Counts(2, 0, 0, 2, 0, 0, 0));
    assertThat(rehearsal.writes()).isEmpty();
  }

  /** The values of all records, without what belongs to one app alone. */
  private static List<String> shown(SimulatedApp app) {
    return app.records().stream()
        .map(
            record -> {
              var shown = new ArrayList<String>();
              for (var cell : record.properties()) {
                if (!cell.getKey().startsWith("$")
                    && !cell.getValue()
                        .path("type")
                        .asText()
                        .matches("RECORD_NUMBER|CREAT.*|MODIF.*|UPDATED.*")) {
                  shown.add(cell.getKey() + withoutIds(cell.getValue().path("value")));
                }
              }
              return shown.toString();
            })
        .toList();
  }

  private static String withoutIds(JsonNode value) {
    return value.toString().replaceAll("\"id\":\"\\d+\",?", "");
  }

  @Test
  void whatKintoneFillsItselfIsThereForAMap() throws Exception {
    source.add(FULL);
    var run =
        rehearsal.runNow(
            rehearsal.appJob(source, "map = $id=code, twice=number, 作成者=users, 作成日時=moment"));
    assertThat(run.reason()).isNull();
    JsonNode copied = rehearsal.app.records().get(0);
    assertThat(copied.at("/code/value").asText()).isEqualTo("1");
    assertThat(copied.at("/number/value").asText()).isEqualTo("25");
    assertThat(copied.at("/users/value/0/code").asText()).isEqualTo("Administrator");
    assertThat(copied.at("/moment/value").asText()).endsWith(":00Z");
    assertThat(copied.at("/text/value").asText()).isEmpty();
  }

  @Test
  void aQuerySaysWhichRecordsAreReadAndAllPagesOfThemArrive() throws Exception {
    fill(1, 25);
    var run =
        rehearsal.runNow(
            rehearsal.appJob(
                source, "query = $id <= 3 or $id > 5", "page-size = 10", "map = code=code"));
    assertThat(run.report().counts().inserted()).isEqualTo(23);
    assertThat(rehearsal.app.values("code")).contains("K3", "K25").doesNotContain("K4", "K5");
  }

  @Test
  void recordsThatComeWhileOthersAreReadAreNotLost() throws Exception {
    fill(1, 30);
    rehearsal.crossing.before("GET", "/records.json", 3, () -> add("new" + source.size()));
    var job = rehearsal.appJob(source, "page-size = 10", "checkpoint = 更新日時", "overlap = 1m");
    rehearsal.runNow(job);
    rehearsal.runNow(job);
    assertThat(rehearsal.app.values("code")).hasSize(33).containsAll(source.values("code"));
  }

  @Test
  void anIncrementalRunReadsOnlyWhatWasSavedSince() throws Exception {
    fill(1, 40);
    var job = rehearsal.appJob(source, "checkpoint = 更新日時", "overlap = 2m");
    assertThat(rehearsal.runNow(job).report().counts().inserted()).isEqualTo(40);
    advance(Duration.ofMinutes(30));
    change("K7", "changed");
    add("late");

    var second = rehearsal.runNow(job).report().counts();

    // those of the checkpoint's own minute are read again
    assertThat(second.read()).isGreaterThanOrEqualTo(2);
    assertThat(second.updated()).isEqualTo(1);
    assertThat(second.inserted()).isEqualTo(1);
    advance(Duration.ofMinutes(30));
    assertThat(rehearsal.runNow(job).report().counts()).isEqualTo(new Counts(2, 0, 0, 2, 0, 0, 0));
    assertThat(rehearsal.held("text")).containsEntry("K7", "changed").containsKey("late");
  }

  @Test
  void whatIsSavedInTheMinuteOfTheCheckpointIsNotLost() throws Exception {
    fill(1, 2);
    var job = rehearsal.appJob(source, "checkpoint = 更新日時", "overlap = 0");
    rehearsal.runNow(job);
    change("K1", "in the same minute");
    rehearsal.runNow(job);
    assertThat(rehearsal.held("text")).containsEntry("K1", "in the same minute");
  }

  private void advance(Duration by) {
    rehearsal.simulator.clock().advance(by);
    rehearsal.clock.moveTo(rehearsal.clock.instant().plus(by));
  }

  private void change(String code, String text) {
    rehearsal
        .somebodyElse()
        .updateRecord(
            source.id(),
            source.values("code").indexOf(code) + 1L,
            new Record().putField("text", new SingleLineTextFieldValue(text)));
  }

  @Test
  void theCheckpointStaysWhereItWasWhenARunStops() throws Exception {
    fill(1, 5);
    var job = rehearsal.appJob(source, "checkpoint = 更新日時");
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(403, "CB_NO02").on("POST", "/records.json").times(1));
    assertThat(rehearsal.runNow(job).report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.journal().checkpoints().of("customers")).isEmpty();
    rehearsal.runNow(job);
    assertThat(rehearsal.app.size()).isEqualTo(5);
  }

  @Test
  void aRejectedRecordIsTriedAgainWithItsTable() throws Exception {
    source.add(FULL);
    rehearsal.changeForm(
        "PUT",
        """
        {"app": 1, "properties": {"text": {"type": "SINGLE_LINE_TEXT", "code": "text",
          "label": "text", "maxLength": "3"}}}
        """);
    var job = rehearsal.appJob(source, "checkpoint = 更新日時", "overlap = 0");
    var rejected = rehearsal.runNow(job);
    assertThat(rejected.report().open()).isEqualTo(1);
    assertThat(Files.readString(Path.of(rejected.report().rejectsFile()))).contains("\"lines\":[{");
    rehearsal.changeForm(
        "PUT",
        """
        {"app": 1, "properties": {"text": {"type": "SINGLE_LINE_TEXT", "code": "text",
          "label": "text", "maxLength": "30"}}}
        """);
    advance(Duration.ofMinutes(5));
    add("K2");
    var report = rehearsal.runNow(job).report();
    assertThat(report.retried()).isEqualTo(1);
    assertThat(report.open()).isZero();
    assertThat(withoutIds(rehearsal.app.records().get(0).at("/lines/value")))
        .isEqualTo(withoutIds(source.records().get(0).at("/lines/value")));
  }

  @Test
  void aMirrorFollowsTheOtherApp() throws Exception {
    fill(1, 30);
    var job =
        rehearsal.appJob(
            source, "mode = mirror", "mirror.missing = delete", "mirror.max-missing = 5");
    rehearsal.runNow(job);
    rehearsal.somebodyElse().deleteRecords(source.id(), List.of(2L, 3L));
    assertThat(rehearsal.runNow(job).report().deleted()).isEqualTo(2);
    assertThat(rehearsal.app.values("code")).hasSize(28).doesNotContain("K2", "K3");
  }

  @Test
  void aBusyKintoneIsAskedAgain() throws Exception {
    fill(1, 3);
    rehearsal
        .simulator
        .faults()
        .add(Fault.error(429, "GAIA_TO04").on("GET", "/records.json").times(3));
    rehearsal
        .simulator
        .faults()
        .add(Fault.of(Fault.Kind.RESET).on("GET", "/records.json").after(5).times(1));
    assertThat(rehearsal.runNow(rehearsal.appJob(source)).report().counts().inserted())
        .isEqualTo(3);
  }

  @Test
  void anotherAppHasATokenOfItsOwn() throws Exception {
    fill(1, 3);
    rehearsal.simulator.token(
        "t", rehearsal.app.id(), Permission.VIEW, Permission.ADD, Permission.EDIT);
    var refused = rehearsal.runNow(rehearsal.appJob(source));
    assertThat(refused.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(refused.reason()).asString().contains("App " + source.id()).contains("source.app");
    rehearsal.simulator.token("other", source.id(), Permission.VIEW);
    var run = rehearsal.runNow(rehearsal.appJob(Map.of("SOURCE_TOKEN_CUSTOMERS", "other"), source));
    assertThat(run.report().counts().inserted()).isEqualTo(3);
  }

  @Test
  void whatCannotWorkIsRefusedInWords() throws Exception {
    fill(1, 1);
    assertThatThrownBy(() -> rehearsal.appJob(rehearsal.app))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("write to the same app");
    assertThat(rehearsal.runNow(rehearsal.appJob(source, "map = code=code, files=files")).reason())
        .asString()
        .contains("ttachments are not copied");
    assertThat(rehearsal.runNow(rehearsal.appJob(source, "map = code=code, txet=text")).reason())
        .asString()
        .contains("txet")
        .contains("text");
    assertThat(rehearsal.runNow(rehearsal.appJob(source, "checkpoint = moment")).reason())
        .asString()
        .contains("更新日時");
    assertThat(rehearsal.runNow(rehearsal.appJob(source, "query = nothing = \"1\"")).reason())
        .asString()
        .contains("query");
  }

  @Test
  void aPlanAndACheckWriteNothing() throws Exception {
    fill(1, 3);
    var job = rehearsal.appJob(source, "checkpoint = 更新日時");
    assertThat(rehearsal.application().runner().plan(job).get(0).report().counts().inserted())
        .isEqualTo(3);
    assertThat(rehearsal.application().runner().check(job).planned().reason()).isNull();
    assertThat(rehearsal.journal().checkpoints().of("customers")).isEmpty();
    assertThat(rehearsal.app.size()).isZero();
  }

  @Test
  void tenThousandRecords() throws Exception {
    var records =
        IntStream.rangeClosed(1, 10_000)
            .mapToObj(i -> "{\"code\": {\"value\": \"K" + i + "\"}}")
            .toArray(String[]::new);
    source.add(records);
    var run = rehearsal.runNow(rehearsal.appJob(source, "map = code=code, text=text"));
    assertThat(run.report().counts().inserted()).isEqualTo(10_000);
    assertThat(rehearsal.app.size()).isEqualTo(10_000);
  }
}
