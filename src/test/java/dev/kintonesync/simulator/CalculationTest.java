package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.model.record.SubtableFieldValue;
import com.kintone.client.model.record.TableRow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calculated fields: when they are worked out and how they read. */
class CalculationTest extends ContractTest {

  @Override
  String fields() {
    return """
    {'Q':{'type':'NUMBER','code':'Q'},
     'P':{'type':'NUMBER','code':'P'},
     'FROM':{'type':'TIME','code':'FROM'},
     'D':{'type':'DATE','code':'D'},
     'TOTAL':{'type':'CALC','code':'TOTAL','expression':'DOUBLE + SUM(sub)'},
     'DOUBLE':{'type':'CALC','code':'DOUBLE','expression':'Q * 2'},
     'RATIO':{'type':'CALC','code':'RATIO','expression':'Q / P'},
     'NEXT':{'type':'CALC','code':'NEXT','expression':'D + 86400','format':'DATE'},
     'HOURS':{'type':'CALC','code':'HOURS','expression':'FROM + 86400','format':'HOUR_MINUTE'},
     'TEXT':{'type':'SINGLE_LINE_TEXT','code':'TEXT','expression':'"No. " & Q'},
     'S':{'type':'SUBTABLE','code':'S','fields':{
       'n':{'type':'NUMBER','code':'n'},
       'sub':{'type':'CALC','code':'sub','expression':'n * Q'}}}}
    """
        .replace("\"No. \"", "\\'No. \\'")
        .replace("\\'", "\\\"");
  }

  @Test
  void formulasAreWorkedOutOnEveryWrite() {
    TableRow first = new TableRow().putField("n", number("1"));
    TableRow second = new TableRow().putField("n", number("2"));
    long id =
        records.addRecord(
            app,
            of("Q", number("5"), "P", number("3"), "S", new SubtableFieldValue(first, second)));
    assertThat(only("DOUBLE").asText()).isEqualTo("10");
    assertThat(only("RATIO").asText()).isEqualTo("1.6667");
    assertThat(only("TEXT").asText()).isEqualTo("No. 5");
    assertThat(only("S").at("/1/value/sub/value").asText()).isEqualTo("10");
    assertThat(only("TOTAL").asText()).isEqualTo("25");
    // the client reads no dates of calculated fields, so it is asked for the one only
    assertThat(records.getRecords(app, List.of("TOTAL"), "").get(0).getCalcFieldValue("TOTAL"))
        .isEqualByComparingTo("25");

    records.updateRecord(app, id, of("Q", number("1")));
    assertThat(only("TOTAL").asText()).isEqualTo("5");
    assertThat(records.getRecords(app, List.of("$id"), "TOTAL = 5")).hasSize(1);
  }

  @Test
  void anUpsertedKeyIsThereWhenFormulasAreWorkedOut() {
    wire.post(
        "/k/v1/preview/app/form/fields.json",
        """
        {'app':%d,'properties':{
          'NK':{'type':'NUMBER','code':'NK','unique':true},
          'TWICE':{'type':'CALC','code':'TWICE','expression':'NK * 2'}}}
        """
            .formatted(app));
    kintone.deploy(app);
    upsert("[{'updateKey':{'field':'NK','value':'21'},'record':{}}]");
    assertThat(only("TWICE").asText()).isEqualTo("42");
  }

  @Test
  void whatHasNoResultReadsEmptyAndAMissingInputIsZero() {
    records.addRecord(app, of());
    assertThat(only("RATIO").textValue()).isEmpty();
    assertThat(only("DOUBLE").asText()).isEqualTo("0");
    records.addRecord(app, of("Q", number("999999999999")));
    assertThat(all().get(1).at("/DOUBLE/value").textValue()).isEmpty();
  }

  @Test
  void datesAndTimesHaveTheirFormat() {
    addAll("[{'D':{'value':'2026-02-28'},'FROM':{'value':'02:30'}}]");
    assertThat(only("NEXT").asText()).isEqualTo("2026-03-01");
    assertThat(only("HOURS").asText()).isEqualTo("26:30");
  }

  @Test
  void aFormulaThatCannotBeReadIsRefused() {
    for (String formula : new String[] {"1 +", "nowhere * 2"}) {
      Wire.Answer answer =
          wire.post(
              "/k/v1/preview/app/form/fields.json",
              "{'app':%d,'properties':{'X':{'type':'CALC','code':'X','expression':'%s'}}}"
                  .formatted(app, formula));
      assertThat(answer.code()).as(formula).isEqualTo("GAIA_IL01");
    }
  }
}
