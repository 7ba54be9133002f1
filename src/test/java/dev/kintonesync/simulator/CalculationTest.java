package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.record.SubtableFieldValue;
import com.kintone.client.model.record.TableRow;
import java.util.List;
import java.util.stream.Stream;
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

  private Wire.Answer make(String fields, String... headers) {
    return wire.post(
        "/k/v1/preview/app/form/fields.json",
        "{'app':%d,'properties':{%s}}".formatted(app, fields),
        headers);
  }

  private static String calculation(String code, String formula) {
    return "'%s':{'type':'CALC','code':'%s','label':'the %s','expression':'%s'}"
        .formatted(code, code, code, formula);
  }

  @Behaviour(number = 58, evidence = "M3")
  void aConditionReadsOneOrZero() {
    kintone.simulator();
    long conditions =
        kintone.app(
            """
            {'N':{'type':'NUMBER','code':'N'},
             'B':{'type':'CHECK_BOX','code':'B','options':{'x':{'label':'x'},'y':{'label':'y'}}},
             'MORE':{'type':'CALC','code':'MORE','expression':'N > 5'},
             'SAME':{'type':'CALC','code':'SAME','expression':'N = 7'},
             'BOTH':{'type':'CALC','code':'BOTH','expression':'AND(N > 5, N < 7)'},
             'ANY':{'type':'CALC','code':'ANY','expression':'OR(N > 5, N < 7)'},
             'LESS':{'type':'CALC','code':'LESS','expression':'NOT(N > 5)'},
             'HAS':{'type':'CALC','code':'HAS','expression':'CONTAINS(B, \\"x\\")'},
             'SAYS':{'type':'SINGLE_LINE_TEXT','code':'SAYS','expression':'N > 5'}}
            """);
    wire.post(
        "/k/v1/record.json",
        "{'app':%d,'record':{'N':{'value':'7'},'B':{'value':['x','y']}}}".formatted(conditions));
    JsonNode record =
        wire.get("/k/v1/records.json?app=" + conditions).json().path("records").get(0);
    assertThat(
            Stream.of("MORE", "SAME", "BOTH", "ANY", "LESS", "HAS", "SAYS")
                .map(code -> record.path(code).path("value").textValue()))
        .containsExactly("1", "1", "0", "1", "0", "1", "1");
  }

  @Behaviour(number = 59, evidence = "M3")
  void aFormulaThatCannotWorkIsRefusedWithItsReason() {
    kintone.simulator();
    assertThat(
            make(
                    calculation("A", "B + 1") + "," + calculation("B", "A + 1"),
                    "Accept-Language",
                    "ja")
                .message())
        .isEqualTo("フィールド「the A」の計算式が正しくありません。(エラーの内容：フィールドの参照が循環しています。)");
    assertThat(make(calculation("A", "A + 1")).message()).contains("the A", "circular");
    assertThat(make(calculation("A", "FOO(1)"), "Accept-Language", "ja").message())
        .contains("(エラーの内容：FOO関数は使用できません。)");
    assertThat(make(calculation("A", "nowhere * 2"), "Accept-Language", "ja").message())
        .contains("計算式に含まれるフィールドコード（nowhere）が存在しません。");
    assertThat(make(calculation("A", "1 +"), "Accept-Language", "ja").message())
        .contains("計算式の文法が正しくありません。");
    assertThat(make(calculation("A", "IF(1 = 1, 2)"), "Accept-Language", "ja").message())
        .contains("IF関数には3個の引数が必要です。");
    assertThat(make(calculation("A", "NOT(1 = 1, 2)"), "Accept-Language", "ja").message())
        .contains("NOT関数に指定できる引数は1個までです。");
    Wire.Answer rich =
        make(
            "'R':{'type':'RICH_TEXT','code':'R'},'T':{'type':'SINGLE_LINE_TEXT','code':'T',"
                + "'expression':'R & R'}");
    assertThat(rich.code()).isEqualTo("GAIA_IL01");
    assertThat(rich.message()).contains("RICH_TEXT");
    Wire.Answer format =
        make("'A':{'type':'CALC','code':'A','expression':'1','format':'CURRENCY'}");
    assertThat(format.code()).isEqualTo("CB_VA01");
    assertThat(format.errorKeys()).containsExactly("properties[A].format");
    assertThat(
            make("'TBL':{'type':'SUBTABLE','code':'TBL','fields':{"
                    + calculation("A", "B")
                    + ","
                    + calculation("B", "A")
                    + "}}")
                .message())
        .contains("circular");
  }

  @Test
  void aLookupThatCopiesIntoAMissingFieldIsRefused() {
    Wire.Answer answer =
        make(
            "'L':{'type':'SINGLE_LINE_TEXT','code':'L','lookup':{'relatedApp':{'app':'%d'},"
                    .formatted(app)
                + "'relatedKeyField':'Q','fieldMappings':[{'field':'gone','relatedField':'Q'}]}}");
    assertThat(answer.code()).isEqualTo("GAIA_FC01");
    assertThat(answer.message()).contains("gone");
  }
}
