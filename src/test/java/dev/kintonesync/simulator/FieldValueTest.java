package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.record.CheckBoxFieldValue;
import com.kintone.client.model.record.DateFieldValue;
import com.kintone.client.model.record.DateTimeFieldValue;
import com.kintone.client.model.record.DropDownFieldValue;
import com.kintone.client.model.record.TimeFieldValue;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What values become when they are stored, by type of field. */
class FieldValueTest extends ContractTest {

  @Override
  String fields() {
    String options = "'options':{'A':{'label':'A','index':'0'},'B':{'label':'B','index':'1'}}";
    return """
    {'T':{'type':'SINGLE_LINE_TEXT','code':'T'},
     'ML':{'type':'MULTI_LINE_TEXT','code':'ML'},
     'RT':{'type':'RICH_TEXT','code':'RT'},
     'MIN':{'type':'SINGLE_LINE_TEXT','code':'MIN','defaultValue':'abc','minLength':3},
     'Q':{'type':'NUMBER','code':'Q','minValue':'-1000000','maxValue':'999999999999'},
     'LIM':{'type':'NUMBER','code':'LIM','minValue':'1','maxValue':'10'},
     'D':{'type':'DROP_DOWN','code':'D',OPTIONS},
     'RB':{'type':'RADIO_BUTTON','code':'RB','required':true,OPTIONS},
     'CB':{'type':'CHECK_BOX','code':'CB',OPTIONS},
     'MS':{'type':'MULTI_SELECT','code':'MS',OPTIONS},
     'DT':{'type':'DATE','code':'DT'},
     'TM':{'type':'TIME','code':'TM'},
     'TS':{'type':'DATETIME','code':'TS'},
     'L':{'type':'LINK','code':'L'},
     'U':{'type':'USER_SELECT','code':'U'},
     'S':{'type':'SUBTABLE','code':'S','fields':{
       'a':{'type':'SINGLE_LINE_TEXT','code':'a'},
       'b':{'type':'NUMBER','code':'b'}}}}
    """
        .replace("OPTIONS", options);
  }

  private Wire.Answer addOne(String record) {
    return wire.post("/k/v1/record.json", "{'app':" + app + ",'record':" + record + "}");
  }

  @Behaviour(number = 25, evidence = "M1,M8,M5")
  void numbersAreExactDecimalsOfTheAppsPrecision() {
    List<String> given = List.of("1.5e1", " 42 ", "0.00005", "0.00015", "-0", "1.50", "+7");
    List<String> kept = List.of("15", "42", "0", "0.0002", "0", "1.5", "7");
    for (int i = 0; i < given.size(); i++) {
      assertThat(addOne("{'Q':{'value':'" + given.get(i) + "'}}").status()).isEqualTo(200);
      assertThat(all().get(i).at("/Q/value").asText()).as(given.get(i)).isEqualTo(kept.get(i));
    }
    Wire.Answer comma = addOne("{'Q':{'value':'1,000'}}");
    assertThat(comma.status()).isEqualTo(400);
    assertThat(comma.errorKeys()).containsExactly("record[Q].value");
    Wire.Answer digits = addOne("{'Q':{'value':'1234567890123'}}");
    assertThat(digits.status()).isEqualTo(400);
    assertThat(digits.errorKeys()).containsExactly("record.Q.value");
  }

  @Test
  void jsonNumbersAreReadWithoutADouble() {
    addOne("{'Q':{'value':99999999999.9991}}");
    assertThat(only("Q").asText()).isEqualTo("99999999999.9991");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e9999", "1e-9999", "1e99999", "１２", "1 2", "0x10", "NaN", "--1", "."})
  void strangeNumbersAreRefusedOrRounded(String text) {
    Wire.Answer answer = addOne("{'Q':{'value':'" + text + "'}}");
    assertThat(answer.status()).isEqualTo(text.equals("1e-9999") ? 200 : 400);
  }

  @Test
  void numbersKeepTheirLimits() {
    assertThat(addOne("{'LIM':{'value':'0'}}").messages("record.LIM.value"))
        .containsExactly("The value must be 1 or more.");
    assertThat(addOne("{'LIM':{'value':'11'}}").messages("record.LIM.value"))
        .containsExactly("The value must be 10 or less.");
    assertThat(addOne("{'LIM':{'value':''}}").status()).isEqualTo(200);
  }

  @Behaviour(number = 26, evidence = "M1")
  void aBadNumberInATableIsSwallowed() {
    Wire.Answer answer = addOne("{'S':{'value':[{'value':{'b':{'value':'1,000'}}}]}}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(only("S").at("/0/value/b/value").textValue()).isEmpty();
  }

  @Behaviour(number = 27, evidence = "O1,M1")
  void instantsAreUtcAndToTheMinute() {
    // this client writes the local time of what it is given and calls it UTC
    records.addRecord(
        app, of("TS", new DateTimeFieldValue(ZonedDateTime.parse("2026-04-23T06:31:45Z"))));
    assertThat(only("TS").asText()).isEqualTo("2026-04-23T06:31:00Z");
    addOne("{'TS':{'value':'2026-04-23T15:31:45+09:00'}}");
    JsonNode second = all().get(1);
    assertThat(second.at("/TS/value").asText()).isEqualTo("2026-04-23T06:31:00Z");
    second
        .properties()
        .forEach(
            field -> {
              if (field.getValue().path("type").asText().matches("(CREATED|UPDATED)_TIME")) {
                assertThat(field.getValue().path("value").asText())
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:00Z");
              }
            });
    addOne("{'TS':{'value':'2026-04-23'}}");
    assertThat(all().get(2).at("/TS/value").asText()).isEqualTo("2026-04-23T00:00:00Z");
  }

  @Behaviour(number = 28, evidence = "M1")
  void emptyValuesReadByTheirType() {
    addOne("{'D':{'value':''},'CB':{'value':[]},'T':{'value':''},'MS':{'value':null}}");
    assertThat(only("D").isNull()).isTrue();
    assertThat(only("RB").isNull()).isTrue();
    assertThat(only("CB")).isEmpty();
    assertThat(only("MS").isArray()).isTrue();
    assertThat(only("T").textValue()).isEmpty();
    assertThat(only("Q").textValue()).isEmpty();
    assertThat(only("S").isArray()).isTrue();
    JsonNode record = all().get(0);
    assertThat(record.at("/$id/type").asText()).isEqualTo("__ID__");
    assertThat(record.at("/$revision/type").asText()).isEqualTo("__REVISION__");
  }

  @Test
  void richTextIsKeptAsItCameUnlessItIsToBeRewritten() {
    String html = "<b>a</b><script>b</script>";
    addOne("{'RT':{'value':'" + html + "'}}");
    assertThat(only("RT").asText()).isEqualTo(html);
    Simulator simulator = kintone.simulator();
    simulator.settings(simulator.settings().with("rewriteRichText", true));
    addOne("{'RT':{'value':'" + html + "'}}");
    assertThat(all().get(1).at("/RT/value").asText()).isEqualTo("<div><b>a</b></div>");
    addOne("{'RT':{'value':'<div><b>a</b></div>'}}");
    assertThat(all().get(2).at("/RT/value").asText()).isEqualTo("<div><b>a</b></div>");
    addOne("{'RT':{'value':''}}");
    assertThat(all().get(3).at("/RT/value").asText()).isEmpty();
    simulator.settings(simulator.settings().with("rewriteRichText", false));
  }

  @Test
  void valuesOfKintonesClientComeBack() {
    long id =
        records.addRecord(
            app,
            of(
                "DT", new DateFieldValue(LocalDate.of(2026, 4, 23)),
                "TM", new TimeFieldValue(LocalTime.of(15, 31)),
                "D", new DropDownFieldValue("A"),
                "CB", new CheckBoxFieldValue("B", "A")));
    com.kintone.client.model.record.Record read = records.getRecord(app, id);
    assertThat(read.getDateFieldValue("DT")).isEqualTo(LocalDate.of(2026, 4, 23));
    assertThat(read.getTimeFieldValue("TM")).isEqualTo(LocalTime.of(15, 31));
    assertThat(read.getDropDownFieldValue("D")).isEqualTo("A");
    assertThat(read.getCheckBoxFieldValue("CB")).containsExactlyInAnyOrder("A", "B");
  }

  @ParameterizedTest
  @CsvSource({
    "2026, 2026-01-01",
    "2026-4, 2026-04-01",
    "2026-04, 2026-04-01",
    "2026-4-3, 2026-04-03",
    "9999-12-31, 9999-12-31"
  })
  void datesArePadded(String given, String kept) {
    addOne("{'DT':{'value':'" + given + "'}}");
    assertThat(only("DT").asText()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0999-01-01", "2026-02-30", "2026/04/23", "today", "20260423"})
  void badDatesAreRefused(String given) {
    Wire.Answer answer = addOne("{'DT':{'value':'" + given + "'}}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.errorKeys()).containsExactly("record.DT.value");
  }

  @Behaviour(number = 49, evidence = "M4")
  void minLengthHoldsForEmptyAndAbsentTexts() {
    assertThat(addOne("{'MIN':{'value':''}}").messages("record.MIN.value"))
        .containsExactly("Enter more than 2 characters.");
    wire.put(
        "/k/v1/preview/app/form/fields.json",
        "{'app':" + app + ",'properties':{'MIN':{'defaultValue':''}}}");
    kintone.deploy(app);
    assertThat(addOne("{}").errorKeys()).containsExactly("record.MIN.value");
  }

  @Behaviour(number = 50, evidence = "M1")
  void requiredIsNotEnforcedForRadioButtons() {
    assertThat(addOne("{}").status()).isEqualTo(200);
    assertThat(only("RB").isNull()).isTrue();
  }

  @Test
  void choicesMustBeOptions() {
    assertThat(addOne("{'CB':{'value':['A','X']}}").errorKeys())
        .containsExactly("record.CB.values[1].value");
    assertThat(
            refused(() -> records.addRecord(app, of("D", new DropDownFieldValue("X")))).errorKeys())
        .containsExactly("record.D.value");
  }

  @Test
  void linksHaveTheFormOfTheirProtocol() {
    assertThat(addOne("{'L':{'value':'https://example.com/'}}").status()).isEqualTo(200);
    assertThat(addOne("{'L':{'value':'example'}}").errorKeys()).containsExactly("record.L.value");
  }

  @Test
  void aValueOfTheWrongJsonTypeIsBadJson() {
    for (String record :
        List.of(
            "{'T':{'value':['x']}}",
            "{'CB':{'value':'A'}}",
            "{'U':{'value':[{'code':['x']}]}}",
            "{'S':{'value':'x'}}",
            "{'S':{'value':[{'id':'abc'}]}}",
            "{'T':'x'}")) {
      assertThat(addOne(record).code()).as(record).isEqualTo("CB_IJ01");
    }
  }

  @Test
  void usersAreKeptByCodeAndUnknownOnesRefused() {
    Simulator simulator = kintone.simulator();
    addOne("{'U':{'value':[{'code':'u1'},{'code':'u1'}]}}");
    assertThat(only("U").toString()).isEqualTo("[{\"code\":\"u1\",\"name\":\"u1\"}]");
    wire.post("/simulator/users", "{'code':'u1','name':'U One'}");
    try {
      assertThat(only("U").at("/0/name").asText()).isEqualTo("U One");
      assertThat(addOne("{'U':{'value':[{'code':'u2'}]}}").code()).isEqualTo("GAIA_IL26");
    } finally {
      simulator.directory().clear();
    }
  }
}
