package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.record.Record;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reading records and the queries that say which. */
class ReadTest extends ContractTest {

  @Override
  String fields() {
    return """
    {'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
     'T':{'type':'SINGLE_LINE_TEXT','code':'T'},
     'Q':{'type':'NUMBER','code':'Q'},
     'D':{'type':'DROP_DOWN','code':'D','options':{'A':{'label':'A','index':'0'}}},
     'S':{'type':'SUBTABLE','code':'S','fields':{
       'a':{'type':'SINGLE_LINE_TEXT','code':'a'}}}}
    """;
  }

  private Wire.Answer query(String query) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    return wire.get("/k/v1/records.json?app=" + app + "&query=" + encoded);
  }

  private static List<String> keys(JsonNode answer) {
    List<String> keys = new ArrayList<>();
    answer.path("records").forEach(record -> keys.add(record.at("/K/value").asText()));
    return keys;
  }

  @Behaviour(number = 34, evidence = "M2")
  void limitsAndDefaultsOfAList() {
    List<Record> hundred = IntStream.range(0, 100).mapToObj(i -> of("K", text("K" + i))).toList();
    records.addRecords(app, hundred);
    add("last");
    assertThat(query("limit 501").code()).isEqualTo("GAIA_QU01");
    assertThat(query("offset 10001").code()).isEqualTo("GAIA_QU02");
    assertThat(query("limit -1").code()).isEqualTo("CB_VA01");
    assertThat(query("limit -1").errorKeys()).containsExactly("query");
    JsonNode all = query("").json();
    assertThat(keys(all)).hasSize(100).startsWith("last", "K99").doesNotContain("K0");
    assertThat(all.get("totalCount").isNull()).isTrue();
    assertThat(records.countRecords(app)).isEqualTo(101);
    JsonNode counted = wire.get("/k/v1/records.json?app=" + app + "&totalCount=true").json();
    assertThat(counted.path("totalCount").textValue()).isEqualTo("101");
  }

  @Behaviour(number = 36, evidence = "M2,M4")
  void eachWrongQueryHasItsCode() {
    assertThat(query("T = 'x'").code()).isEqualTo("CB_VA01");
    assertThat(query("T = \"a\tb\"").code()).isEqualTo("CB_VA01");
    assertThat(query("T > \"x\"").code()).isEqualTo("GAIA_IQ03");
    assertThat(query("a = \"x\"").code()).isEqualTo("GAIA_IQ07");
    assertThat(query("nope = \"x\"").code()).isEqualTo("GAIA_IQ11");
    assertThat(query("D in (\"B\")").code()).isEqualTo("GAIA_IQ10");
    assertThat(query("T > \"x\"").message()).contains("T", ">").doesNotContain("{0}", "{1}");
    assertThat(refused(() -> records.getRecords(app, "nope = \"x\"")).status()).isEqualTo(400);
  }

  @Behaviour(number = 37, evidence = "M2,M8,M9")
  void literalsAreUnescapedAndLongQueriesNeedAPost() {
    wire.sendRaw(
        "POST",
        "/k/v1/records.json",
        """
        {"app":%d,"records":[{"K":{"value":"say \\"hi\\""}},{"K":{"value":"back\\\\slash"}}]}
        """
            .formatted(app));
    assertThat(keys(query("K = \"say \\\"hi\\\"\"").json())).containsExactly("say \"hi\"");
    assertThat(keys(query("K in (\"back\\\\slash\")").json())).containsExactly("back\\slash");

    String in =
        IntStream.range(0, 900)
            .mapToObj(i -> "\\\"some-long-key-%d\\\"".formatted(i))
            .collect(Collectors.joining(","));
    add("some-long-key-899");
    String body = "{\"app\":%d,\"query\":\"K in (%s)\"}".formatted(app, in);
    Wire.Answer posted =
        wire.sendRaw("POST", "/k/v1/records.json", body, "X-HTTP-Method-Override", "GET");
    assertThat(keys(posted.json())).containsExactly("some-long-key-899");
    Wire.Answer inUrl = query("K in (" + in.replace("\\", "") + ")");
    assertThat(inUrl.status()).isEqualTo(414);
    assertThat(inUrl.header("Content-Type")).startsWith("text/html");
  }

  @Behaviour(number = 47, evidence = "O,J1")
  void fieldsSayWhatComesBack() {
    long id = add("K1");
    JsonNode record =
        wire.get("/k/v1/records.json?app=%d&fields%%5B0%%5D=K&fields%%5B1%%5D=$id".formatted(app))
            .json()
            .at("/records/0");
    assertThat(record.size()).isEqualTo(2);
    assertThat(record.at("/K/value").asText()).isEqualTo("K1");
    assertThat(record.at("/$id/value").asText()).isEqualTo(Long.toString(id));
    assertThat(records.getRecords(app, List.of("K"), "").get(0).getFieldCodes(true))
        .containsExactly("K");
  }

  @Test
  void keysAreLookedUpThroughTheIndexInTheOrderAsked() {
    List<Record> many = IntStream.range(0, 50).mapToObj(i -> of("K", text("K" + i))).toList();
    records.addRecords(app, many);
    String in = "K in (\"K7\",\"K3\",\"missing\",\"K12\")";
    assertThat(keys(query(in + " order by $id asc").json())).containsExactly("K3", "K7", "K12");
    assertThat(keys(query(in).json())).containsExactly("K12", "K7", "K3");
    assertThat(keys(query(in + " order by K asc limit 2").json())).containsExactly("K12", "K3");
    assertThat(keys(query(in + " limit 1 offset 1").json())).containsExactly("K7");
    assertThat(keys(query("$id > 0 and " + in + " and Q = \"\"").json())).hasSize(3);
  }

  @Test
  void pagesAreSoughtByTheRecordNumber() {
    records.addRecords(app, IntStream.range(0, 30).mapToObj(i -> of("K", text("K" + i))).toList());
    List<String> seen = new ArrayList<>();
    long last = 0;
    while (true) {
      List<Record> page = records.getRecords(app, "$id > " + last + " order by $id asc limit 7");
      page.forEach(record -> seen.add(record.getSingleLineTextFieldValue("K")));
      if (page.size() < 7) {
        break;
      }
      last = page.get(page.size() - 1).getId();
    }
    assertThat(seen).hasSize(30).doesNotHaveDuplicates();
  }

  @Test
  void relatedRecordsAreLookedIntoByQueriesAndNotAnswered() {
    long orders =
        kintone.app(
            "{'C':{'type':'SINGLE_LINE_TEXT','code':'C'},'N':{'type':'NUMBER','code':'N'}}");
    wire.post(
        "/k/v1/preview/app/form/fields.json",
        """
        {'app':%d,'properties':{'ORDERS':{'type':'REFERENCE_TABLE','code':'ORDERS',
          'referenceTable':{'relatedApp':{'app':'%d'},'filterCond':'N > 0',
            'condition':{'field':'K','relatedField':'C'},'displayFields':['N']}}}}
        """
            .formatted(app, orders));
    kintone.deploy(app);
    add("K1");
    add("K2");
    records.addRecord(orders, of("C", text("K1"), "N", number("5")));
    records.addRecord(orders, of("C", text("K2"), "N", number("-5")));
    assertThat(keys(query("ORDERS.N > 3").json())).containsExactly("K1");
    assertThat(keys(query("ORDERS.N < 3").json())).isEmpty();
    assertThat(query("ORDERS.N = 5").code()).isEqualTo("GAIA_IQ07");
    assertThat(query("ORDERS.X > 5").code()).isEqualTo("GAIA_IQ11");
    assertThat(query("S.a in (\"x\")").code()).isEqualTo("GAIA_IR02");
    assertThat(query("").json().at("/records/0").has("ORDERS")).isFalse();
  }

  @Test
  void aRecordThatIsNotThereIsNamed() {
    Wire.Answer answer = wire.get("/k/v1/record.json?app=" + app + "&id=4711");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.code()).isEqualTo("GAIA_RE01");
    assertThat(answer.message()).contains("4711");
    assertThat(wire.get("/k/v1/record.json").errorKeys()).containsExactlyInAnyOrder("app", "id");
  }
}
