package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of tables go where they belong, and none is deleted that nobody wants deleted. */
class TablesTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "", "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": ""},
       "orders": {"type": "SUBTABLE", "code": "orders", "label": "注文", "fields": {
         "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "品名"},
         "qty": {"type": "NUMBER", "code": "qty", "label": "数量"}}}}
      """;

  @TempDir static Path home;
  private static Rehearsal rehearsal;

  @BeforeAll
  static void start() throws Exception {
    rehearsal = new Rehearsal(home, FIELDS, Map.of());
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
  void rowsOfOneGroupAreTheRowsOfOneRecordsTable() throws Exception {
    String[] lines = {"code,name,品名,qty", "A,a,pen,1", "A,a,ink,2", "B,b,pad,\"1,000\""};

    assertThat(sync("group-by = code", lines).report().counts().inserted()).isEqualTo(2);

    assertThat(rows("A")).containsExactly("pen 1", "ink 2");
    assertThat(rows("B")).containsExactly("pad 1000");
    assertThat(sync("group-by = code", lines).report().counts().unchanged()).isEqualTo(2);
  }

  @Test
  void aMergeChangesAndAddsRowsAndKeepsIdsAndTheOthers() throws Exception {
    table("pen 1", "ink 2", "pad 3");
    var ids = ids();

    sync("group-by = code\njob.customers.row-key = item", "code,item,qty", "A,ink,5", "A,nib,9");

    assertThat(rows("A")).containsExactly("pen 1", "ink 5", "pad 3", "nib 9");
    assertThat(ids().subList(0, 3)).isEqualTo(ids);
  }

  @Test
  void withoutARowKeyRowsGoByTheirOrder() throws Exception {
    table("pen 1", "ink 2", "pad 3");
    var ids = ids();

    sync("group-by = code", "code,item,qty", "A,pen,7", "A,INK,2");

    assertThat(rows("A")).containsExactly("pen 7", "INK 2", "pad 3");
    assertThat(ids()).isEqualTo(ids);
  }

  @Test
  void aReplacementTakesOrderAndRowsOfTheSource() throws Exception {
    table("pen 1", "ink 2", "pad 3");
    var ids = ids();
    String job =
        "group-by = code\njob.customers.table-rows = replace\njob.customers.row-key = item";

    sync(job, "code,item,qty", "A,pad,3", "A,pen,1");

    assertThat(rows("A")).containsExactly("pad 3", "pen 1");
    assertThat(ids()).containsExactly(ids.get(2), ids.get(0));
    assertThat(sync(job, "code,item,qty", "A,pad,3", "A,pen,1").report().counts().unchanged())
        .isEqualTo(1);
  }

  @Test
  void anAppendAddsWhatIsNotThereAndTouchesNothingElse() throws Exception {
    table("pen 1", "ink 2");
    String job = "group-by = code\njob.customers.table-rows = append";

    sync(job, "code,item,qty", "A,ink,2", "A,pen,8");
    sync(job, "code,item,qty", "A,ink,2", "A,pen,8");

    assertThat(rows("A")).containsExactly("pen 1", "ink 2", "pen 8");
  }

  @Test
  void cellsOfARowThatTheSourceDoesNotMentionStay() throws Exception {
    table("pen 1");
    sync("group-by = code", "code,item", "A,PEN");

    assertThat(rows("A")).containsExactly("PEN 1");
  }

  @Test
  void aTableThatTheSourceDoesNotMentionStays() throws Exception {
    table("pen 1");
    sync("table-rows = replace", "code,name", "A,new");

    assertThat(rows("A")).containsExactly("pen 1");
  }

  @Test
  void groupsThatAreScatteredAreRefused() throws Exception {
    for (String policy : List.of("merge", "replace", "append")) {
      String job = "group-by = code\njob.customers.table-rows = " + policy;
      for (String between : List.of("B,ink,2", ",ink,2")) {
        var run = sync(job, "code,item,qty", "A,pen,1", between, "A,pad,3");

        assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
        assertThat(run.report().reason()).contains("line 4").contains("Sort the file by code");
        assertThat(rehearsal.app.size()).isZero();
      }
    }
  }

  @Test
  void aRowThatCannotBeReadDoesNotScatterAGroup() throws Exception {
    var run =
        sync("group-by = code", "code,item,qty", "A,pen,1", "A,ink", "A,pad,3", "B,b,1", "C,c,1");

    assertThat(rehearsal.held("code")).containsOnlyKeys("C");
    assertThat(Rehearsal.rejects(run)).hasSize(5);
  }

  @Test
  void aSecondGroupOfTheSameRecordIsRejected() throws Exception {
    var starred = sync("table-rows = merge", "*,code,item", "*,A,pen", "*,B,ink", "*,A,pad");
    assertThat(Rehearsal.rejects(starred).get(1)).startsWith("*,A,pad,").contains("Key A");

    var grouped = sync("group-by = name", "name,code,item", "x,C,pen", "y,B,ink", "z,C,pad");
    assertThat(Rehearsal.rejects(grouped).get(1)).startsWith("z,C,pad,").contains("Key C");

    assertThat(rows("A")).containsExactly("pen ");
    assertThat(rows("C")).containsExactly("pen ");
  }

  @Test
  void oneBadRowRejectsAllRowsOfItsRecord() throws Exception {
    var run = sync("group-by = code", "code,item,qty", "A,pen,1", "A,ink,many", "B,pad,3");

    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(Rehearsal.rejects(run)).hasSize(3);
    assertThat(Rehearsal.rejects(run).get(1)).matches("A,pen,1,,[^,]+/3/A");
    assertThat(Rehearsal.rejects(run).get(2))
        .startsWith("A,ink,many,")
        .contains("orders (注文): qty (数量): \"\"many\"\" is not a number");
    assertThat(rehearsal.held("code")).containsOnlyKeys("B");
  }

  @Test
  void aRowThatCannotBeReadHoldsBackTheRecordsOnBothSides() throws Exception {
    var run = sync("group-by = code", "code,item,qty", "A,pen,1", "B,ink", "B,pad,3", "C,nib,4");

    assertThat(rehearsal.held("code")).containsOnlyKeys("C");
    assertThat(run.report().counts().rejected()).isEqualTo(2);
    assertThat(Rehearsal.rejects(run)).hasSize(4);
  }

  @Test
  void rowsThatContradictEachOtherOutsideOfTheTableAreRejected() throws Exception {
    var run = sync("group-by = code", "code,name,item", "A,a,pen", "A,b,ink");

    assertThat(Rehearsal.rejects(run).get(2))
        .startsWith("A,b,ink,")
        .contains("\"\"a\"\" and \"\"b\"\"");
  }

  @Test
  void rowsOfOneGroupWithSeveralKeysAreRejected() throws Exception {
    var run = sync("group-by = name", "name,code,item", "x,A,pen", "x,B,ink", "y,C,pad", "y,,nib");

    assertThat(Rehearsal.rejects(run)).hasSize(3);
    assertThat(Rehearsal.rejects(run).get(2))
        .startsWith("x,B,ink,")
        .contains("\"\"A\"\" and \"\"B\"\"");
    assertThat(rehearsal.held("code")).containsOnlyKeys("C");
    assertThat(rows("C")).containsExactly("pad ", "nib ");
  }

  @Test
  void aRowKeyThatIsEmptyOrTwiceThereIsRejected() throws Exception {
    var run =
        sync(
            "group-by = code\njob.customers.row-key = item",
            "code,item,qty",
            "A,,1",
            "B,pen,1",
            "B,pen,2");

    assertThat(run.report().counts().rejected()).isEqualTo(2);
    assertThat(Rehearsal.rejects(run).get(1)).contains("row key item (品名) is empty");
    assertThat(Rehearsal.rejects(run).get(3)).contains("B,pen,2,", "occurs twice");
  }

  @Test
  void theDialectOfKintonesExportIsReadWithItsRowIds() throws Exception {
    table("pen 1", "ink 2");
    var ids = ids();

    sync(
        "table-rows = replace",
        "*,code,name,orders,item,qty",
        "*,A,a," + ids.get(1) + ",ink,5",
        ",,,," + "nib,6",
        "*,B,b,,,");

    assertThat(rows("A")).containsExactly("ink 5", "nib 6");
    assertThat(ids().get(0)).isEqualTo(ids.get(1));
    assertThat(rows("B")).isEmpty();
  }

  @Test
  void aRowThatIsNotThereAnyMoreOverwritesNoOther() throws Exception {
    table("pen 1", "ink 2");
    var ids = ids();
    sync("group-by = code\njob.customers.table-rows = replace", "code,item,qty", "A,pen,1");
    sync("group-by = code\njob.customers.table-rows = append", "code,item,qty", "A,pad,3");
    String[] export = {
      "*,code,orders,item,qty", "*,A," + ids.get(0) + ",pen,7", ",," + ids.get(1) + ",ink,8"
    };

    for (String policy : List.of("merge", "replace")) {
      var run = sync("table-rows = " + policy, export);

      assertThat(Rehearsal.rejects(run)).hasSize(3);
      assertThat(Rehearsal.rejects(run).get(1)).contains("row " + ids.get(1));
      assertThat(rows("A")).containsExactly("pen 1", "pad 3");
    }
    sync("row-key = item", export);
    assertThat(rows("A")).containsExactly("pen 7", "pad 3", "ink 8");
  }

  @Test
  void idsOfAnotherAppAreNotMissed() throws Exception {
    table("pen 1", "ink 2");
    sync("table-rows = merge", "*,code,orders,item,qty", "*,A,990001,pen,7", ",,990002,ink,8");

    assertThat(rows("A")).containsExactly("pen 7", "ink 8");
  }

  @Test
  void rowsWithRichTextAreNotAppendedWithoutARowKey() throws Exception {
    rehearsal.app =
        rehearsal.simulator.app(
            "orders",
            FIELDS.replace(
                "\"品名\"},",
                "\"品名\"}, \"note\": {\"type\": \"RICH_TEXT\", \"code\": \"note\", \"label\":"
                    + " \"\"},"));
    String job = "group-by = code\njob.customers.table-rows = append";

    var run = sync(job, "code,item,note", "A,pen,<b>x</b>");
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("orders (注文)").contains("row-key");

    sync(job, "code,item", "A,pen");
    sync(job + "\njob.customers.row-key = item", "code,item,note", "A,ink,<b>x</b>");
    sync(job + "\njob.customers.row-key = item", "code,item,note", "A,ink,<b>x</b>");
    assertThat(rows("A")).containsExactly("pen ", "ink ");
  }

  @Test
  void theRejectsOfThatDialectComeBackTheSame() throws Exception {
    String[] lines = {"*,code,item,qty", "*,A,pen,x", ",,ink,2", "*,B,pad,3"};
    var run = sync("table-rows = replace", lines);
    var mended = new ArrayList<>(Rehearsal.rejects(run));
    mended.set(1, mended.get(1).replace("pen,x", "pen,1"));

    sync("table-rows = replace", mended.toArray(String[]::new));

    assertThat(rows("A")).containsExactly("pen 1", "ink 2");
    assertThat(rows("B")).containsExactly("pad 3");
  }

  @Test
  void listsOfJsonAreTheRowsByCodeOrLabel() throws Exception {
    Path file =
        Files.writeString(
            home.resolve("orders.jsonl"),
            """
            {"code": "A", "orders": [{"品名": "pen", "qty": 1}, {"item": "ink", "数量": "2.0"}]}
            {"code": "B", "name": "b"}
            """);
    for (int run = 0; run < 2; run++) {
      rehearsal.sync(file);
      assertThat(rows("A")).containsExactly("pen 1", "ink 2");
      assertThat(rehearsal.revision("A")).isEqualTo("1");
    }
  }

  @Test
  void theAreasOfTokyoAreRead() throws Exception {
    rehearsal.app =
        rehearsal.simulator.app(
            "orders",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "postal_code",
                      "unique": true, "required": true},
             "prefecture": {"type": "SINGLE_LINE_TEXT", "code": "prefecture", "label": ""},
             "area_table": {"type": "SUBTABLE", "code": "area_table", "label": "", "fields": {
               "area": {"type": "SINGLE_LINE_TEXT", "code": "area", "label": ""}}}}
            """);
    Path file = Path.of("src/test/resources/data/postal-areas-tokyo-table.csv");
    var lines = Files.readAllLines(file);
    long records = lines.stream().skip(1).filter(line -> line.startsWith("*")).count();

    var first = rehearsal.sync(file).report().counts();
    var second = rehearsal.sync(file).report().counts();

    assertThat(first.inserted()).isEqualTo(records);
    assertThat(second.unchanged()).isEqualTo(records);
    int rows =
        rehearsal.app.records().stream()
            .mapToInt(record -> record.path("area_table").path("value").size())
            .sum();
    assertThat(rows).isEqualTo(lines.size() - 1);
  }

  private RunResult sync(String property, String... lines) throws Exception {
    return rehearsal.sync(rehearsal.jobWith(property), lines);
  }

  /** The record A has a table with these rows. */
  private void table(String... rows) throws Exception {
    var lines = new ArrayList<>(List.of("code,item,qty"));
    for (String row : rows) {
      lines.add("A," + row.replace(' ', ','));
    }
    sync("group-by = code", lines.toArray(String[]::new));
    assertThat(rows("A")).containsExactly(rows);
  }

  private List<String> rows(String code) {
    var rows = new ArrayList<String>();
    for (JsonNode row : tableOf(code)) {
      JsonNode cells = row.path("value");
      rows.add(
          cells.path("item").path("value").asText()
              + " "
              + cells.path("qty").path("value").asText());
    }
    return rows;
  }

  private List<String> ids() {
    var ids = new ArrayList<String>();
    tableOf("A").forEach(row -> ids.add(row.path("id").asText()));
    return ids;
  }

  private JsonNode tableOf(String code) {
    return rehearsal.app.records().stream()
        .filter(record -> record.path("code").path("value").asText().equals(code))
        .findFirst()
        .orElseThrow()
        .path("orders")
        .path("value");
  }
}
