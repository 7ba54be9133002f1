package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.record.SubtableFieldValue;
import com.kintone.client.model.record.TableRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables: which rows a write keeps, changes, adds and deletes. */
class SubtableTest extends ContractTest {
  private long id;
  private List<String> rows;

  @BeforeEach
  void addRecordOfTwoRows() {
    TableRow first = new TableRow().putField("a", text("one")).putField("b", number("1"));
    TableRow second = new TableRow().putField("a", text("two")).putField("b", number("2"));
    id = records.addRecord(app, of("S", new SubtableFieldValue(first, second)));
    rows = ids();
  }

  private List<String> ids() {
    List<String> ids = new ArrayList<>();
    only("S").forEach(row -> ids.add(row.path("id").textValue()));
    return ids;
  }

  private List<String> values() {
    List<String> values = new ArrayList<>();
    for (JsonNode row : only("S")) {
      values.add(row.at("/value/a/value").asText() + row.at("/value/b/value").asText());
    }
    return values;
  }

  private Wire.Answer put(String rowsJson) {
    return wire.put(
        "/k/v1/record.json",
        "{'app':" + app + ",'id':" + id + ",'record':{'S':{'value':" + rowsJson + "}}}");
  }

  @Behaviour(number = 29, evidence = "M1,M4")
  void anUpdateMergesListedRowsAndDeletesTheOthers() {
    records.updateRecord(app, id, of("T", text("x")));
    assertThat(values()).as("table not sent").containsExactly("one1", "two2");

    put("[{'id':%s,'value':{'a':{'value':'ONE'}}},{'id':%s}]".formatted(rows.get(0), rows.get(1)));
    assertThat(values()).as("fields not sent are kept").containsExactly("ONE1", "two2");

    put("[{'id':%s},{'id':%s}]".formatted(rows.get(1), rows.get(0)));
    assertThat(ids()).as("the order sent").containsExactly(rows.get(1), rows.get(0));

    put("[{'id':%s},{'value':{'a':{'value':'new'}}}]".formatted(rows.get(0)));
    assertThat(values()).as("unlisted deleted, new added").containsExactly("ONE1", "new");
    assertThat(ids().get(1)).isNotIn(rows);

    put("[{'id':'999999999','value':{'a':{'value':'strange'}}}]");
    assertThat(values()).containsExactly("strange");
    assertThat(ids()).as("an unknown id is renumbered").doesNotContain("999999999");

    put("[]");
    assertThat(only("S")).isEmpty();
  }

  @Test
  void rowIdsOfANewRecordAreIgnored() {
    records.deleteRecords(app, List.of(id));
    String record = "{'S':{'value':[{'id':'%s','value':{}}]}}".formatted(rows.get(0));
    assertThat(addAll("[" + record + "]").status()).isEqualTo(200);
    assertThat(ids()).doesNotContainAnyElementsOf(rows);
  }

  @Test
  void aRowIdTwiceIsRefused() {
    Wire.Answer answer = put("[{'id':%1$s},{'id':%1$s}]".formatted(rows.get(0)));
    assertThat(answer.code()).isEqualTo("GAIA_SI01");
    assertThat(values()).containsExactly("one1", "two2");
  }

  @Test
  void problemsInRowsNameTableRowAndField() {
    wire.put(
        "/k/v1/preview/app/form/fields.json",
        "{'app':%d,'properties':{'S':{'fields':{'a':{'maxLength':3}}}}}".formatted(app));
    kintone.deploy(app);
    Wire.Answer answer = put("[{'value':{}},{'value':{'a':{'value':'long'}}}]");
    assertThat(answer.errorKeys()).containsExactly("record.S.value[1].value.a.value");
    Wire.Answer many = addAll("[{},{'S':{'value':[{'value':{'a':{'value':'long'}}}]}}]");
    assertThat(many.errorKeys()).containsExactly("records[1].S.value[0].value.a.value");
  }
}
