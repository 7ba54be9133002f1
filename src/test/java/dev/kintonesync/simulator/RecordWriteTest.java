package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.api.record.UpdateRecordRequest;
import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.RecordForUpdate;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Adding, updating and deleting records: what is refused as a whole, and how it is said. */
class RecordWriteTest extends ContractTest {

  @Override
  String fields() {
    return """
    {'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
     'T':{'type':'SINGLE_LINE_TEXT','code':'T','maxLength':'5'},
     'R':{'type':'SINGLE_LINE_TEXT','code':'R','required':true,'defaultValue':'r'},
     'Q':{'type':'NUMBER','code':'Q'},
     'D':{'type':'DROP_DOWN','code':'D','options':{'A':{'label':'A','index':'0'}}},
     'C':{'type':'CALC','code':'C','expression':'Q * 2'},
     'S':{'type':'SUBTABLE','code':'S','fields':{
       'a':{'type':'SINGLE_LINE_TEXT','code':'a'}}}}
    """;
  }

  @Behaviour(number = 13, evidence = "M1")
  void aHundredRecordsPassAndOneMoreIsRefused() {
    List<Record> hundred = Collections.nCopies(100, of("T", text("x")));
    List<Long> ids = records.addRecords(app, hundred);
    assertThat(ids).hasSize(100);

    String empties = String.join(",", Collections.nCopies(101, "{}"));
    Wire.Answer add = addAll("[" + empties + "]");
    assertThat(add.status()).isEqualTo(400);
    assertThat(add.code()).isEqualTo("CB_VA01");
    assertThat(add.messages("records"))
        .containsExactly("A maximum of 100 records can be added at one time.");
    String updates = String.join(",", Collections.nCopies(101, "{'id':" + ids.get(0) + "}"));
    for (Wire.Answer answer : List.of(update("[" + updates + "]"), upsert("[" + updates + "]"))) {
      assertThat(answer.messages("records"))
          .containsExactly("A maximum of 100 records can be updated at one time.");
    }
    List<Long> tooMany = LongStream.rangeClosed(1, 101).boxed().toList();
    Wire.Answer delete =
        wire.delete("/k/v1/records.json", "{'app':" + app + ",'ids':" + tooMany + "}");
    assertThat(delete.messages("ids"))
        .containsExactly("Between 1 and 100 records can be deleted at one time.");
    Wire.Answer none = wire.delete("/k/v1/records.json", "{'app':" + app + "}");
    assertThat(none.messages("ids"))
        .containsExactlyInAnyOrder(
            "Between 1 and 100 records can be deleted at one time.", "Required field.");
    records.deleteRecords(app, ids);
    assertThat(all()).isEmpty();
  }

  @Behaviour(number = 14, evidence = "M1,M5")
  void oneBadRecordRefusesTheWholeRequestAndIsNamedByItsIndex() {
    long id = add("K1");
    List<JsonNode> before = all();
    List<Record> adds =
        List.of(of("T", text("x")), of("T", text("much too long")), of("T", text("y")));
    KintoneUnderTest.Refused added = refused(() -> records.addRecords(app, adds));
    assertThat(added.status()).isEqualTo(400);
    assertThat(added.code()).isEqualTo("CB_VA01");
    assertThat(added.errorKeys()).containsExactly("records[1].T.value");

    List<RecordForUpdate> updates =
        List.of(
            new RecordForUpdate(id, of("T", text("x"))),
            new RecordForUpdate(id, of("T", text("much too long"))));
    assertThat(refused(() -> records.updateRecords(app, updates)).errorKeys())
        .containsExactly("records[1].T.value");

    Wire.Answer upserted =
        upsert(
            """
            [{'updateKey':{'field':'K','value':'K9'},'record':{}},
             {'updateKey':{'field':'K','value':'K1'},'record':{'T':{'value':'much too long'}}}]
            """);
    assertThat(upserted.errorKeys()).containsExactly("records[1].T.value");
    assertThat(all()).isEqualTo(before);
  }

  @Behaviour(number = 15, evidence = "M1")
  void allProblemsOfAllRecordsAreToldTogether() {
    add("K1");
    Wire.Answer answer =
        addAll(
            """
            [{'R':{'value':''},'T':{'value':'123456'}},
             {'K':{'value':'K1'}},
             {'D':{'value':'B'},'Q':{'value':'abc'}}]
            """);
    assertThat(answer.code()).isEqualTo("CB_VA01");
    assertThat(answer.errorKeys())
        .containsExactlyInAnyOrder(
            "records[0].R.value",
            "records[0].T.value",
            "records[1].K.value",
            "records[2].D.value",
            "records[2][Q].value");
    assertThat(answer.messages("records[0].R.value")).containsExactly("Required.");
    assertThat(answer.messages("records[0].T.value"))
        .containsExactly("Enter less than 6 characters.");
    assertThat(answer.messages("records[1].K.value"))
        .containsExactly("This value already exists in another record.");
    assertThat(answer.messages("records[2].D.value"))
        .containsExactly("The value, \"B\", is not in options.");
    assertThat(answer.messages("records[2][Q].value")).containsExactly("Only numbers are allowed.");
  }

  @Behaviour(number = 16, evidence = "M1,M9")
  void sameValuesOrNoneStillMakeARevision() {
    long id = add("K1");
    assertThat(records.updateRecord(app, id, of("T", text("x")))).isEqualTo(2);
    assertThat(records.updateRecord(app, id, of("T", text("x")))).isEqualTo(3);
    assertThat(records.updateRecord(app, id, of())).isEqualTo(4);
  }

  @Behaviour(number = 17, evidence = "O,J5")
  void aStaleRevisionRefusesTheWholeRequest() {
    long first = add("K1");
    long second = add("K2");
    records.updateRecord(app, second, of("T", text("x")));
    List<JsonNode> before = all();
    List<RecordForUpdate> updates =
        List.of(
            new RecordForUpdate(first, of("T", text("y")), 1),
            new RecordForUpdate(second, of("T", text("y")), 1));
    KintoneUnderTest.Refused refused = refused(() -> records.updateRecords(app, updates));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("GAIA_CO02");
    assertThat(all()).isEqualTo(before);

    UpdateRecordRequest unchecked =
        new UpdateRecordRequest().setApp(app).setId(second).setRecord(of()).setRevision(-1L);
    assertThat(records.updateRecord(unchecked).getRevision()).isEqualTo(3);
    Wire.Answer tooSmall = update("[{'id':" + first + ",'revision':-2,'record':{}}]");
    assertThat(tooSmall.messages("records[0].revision"))
        .containsExactly("must be greater than or equal to -1");
  }

  @Behaviour(number = 18, evidence = "M4")
  void deletingAnUnknownRecordDeletesNone() {
    long first = add("K1");
    long second = add("K2");
    KintoneUnderTest.Refused refused =
        refused(() -> records.deleteRecords(app, List.of(first, second + 1000)));
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.code()).isEqualTo("GAIA_RE01");
    assertThat(all()).hasSize(2);
    String body = "{'app':" + app + ",'ids':[" + first + "," + second + "]}";
    assertThat(wire.delete("/k/v1/records.json", body).json().toString()).isEqualTo("{}");
    assertThat(add("K1")).isGreaterThan(second);
  }

  @Test
  void aStaleRevisionKeepsWhatWasToBeDeleted() {
    long first = add("K1");
    long second = add("K2");
    KintoneUnderTest.Refused refused =
        refused(() -> records.deleteRecords(app, List.of(first, second), List.of(-1L, 7L)));
    assertThat(refused.code()).isEqualTo("GAIA_CO02");
    assertThat(all()).hasSize(2);
    records.deleteRecords(app, List.of(first, second), List.of(-1L, 1L));
    assertThat(all()).isEmpty();
  }

  @Behaviour(number = 19, evidence = "O15,M8")
  void unknownFieldsAndTableFieldsOutsideTheirTableAreIgnored() {
    Wire.Answer answer = addAll("[{'nope':{'value':'x'},'a':{'value':'y'}}]");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(all().get(0).has("nope")).isFalse();
    assertThat(only("S")).isEmpty();
  }

  @Behaviour(number = 20, evidence = "M1")
  void defaultsFillOnlyWhatIsAbsentAndOnlyOnCreation() {
    long id = records.addRecord(app, of());
    assertThat(only("R").asText()).isEqualTo("r");
    KintoneUnderTest.Refused refused = refused(() -> records.addRecord(app, of("R", text(""))));
    assertThat(refused.errorKeys()).containsExactly("record.R.value");
    wire.put(
        "/k/v1/preview/app/form/fields.json",
        "{'app':" + app + ",'properties':{'T':{'defaultValue':'late'}}}");
    kintone.deploy(app);
    records.updateRecord(app, id, of("Q", number("1")));
    assertThat(only("T").asText()).isEmpty();
  }

  @Behaviour(number = 21, evidence = "M1")
  void aRuleThatCameLaterRefusesAnyUpdateOfTheRecord() {
    long id = add("K1");
    wire.put(
        "/k/v1/preview/app/form/fields.json",
        "{'app':" + app + ",'properties':{'T':{'required':true}}}");
    kintone.deploy(app);
    KintoneUnderTest.Refused refused =
        refused(() -> records.updateRecord(app, id, of("Q", number("1"))));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorKeys()).containsExactly("record.T.value");
  }

  @Behaviour(number = 22, evidence = "M1,M9")
  void uniqueIgnoresEmptyValuesAndTheRecordItself() {
    long first = add("K1");
    long second = add("");
    records.addRecord(app, of("K", text("")));
    records.updateRecord(app, first, of("K", text("K1")));
    KintoneUnderTest.Refused refused =
        refused(() -> records.updateRecord(app, second, of("K", text("K1"))));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("CB_VA01");
    assertThat(refused.errorKeys()).containsExactly("record.K.value");
  }

  @Behaviour(number = 23, evidence = "O16,M9")
  void aUniqueTextHasAtMost64Utf16Units() {
    add("x".repeat(64));
    add("😀".repeat(32));
    assertThat(refused(() -> add("x".repeat(65))).code()).isEqualTo("CB_VA01");
    assertThat(refused(() -> add("😀".repeat(32) + "x")).code()).isEqualTo("CB_VA01");
  }

  @Behaviour(number = 24, evidence = "J3,J5,M1")
  void systemFieldsCannotBeUpdatedAndComputedOnesAreIgnored() {
    long id = add("K1");
    List<JsonNode> before = all();
    for (String code : List.of("作成者", "作成日時", "更新者", "更新日時", "ステータス")) {
      Wire.Answer answer =
          wire.put(
              "/k/v1/record.json",
              "{'app':%d,'id':%d,'record':{'%s':{'value':''}}}".formatted(app, id, code));
      assertThat(answer.code()).as(code).isEqualTo("GAIA_UN10");
    }
    assertThat(all()).isEqualTo(before);
    String ignored = "{'C':{'value':'9'},'レコード番号':{'value':'9'},'T':{'value':'x'}}";
    assertThat(update("[{'id':" + id + ",'record':" + ignored + "}]").status()).isEqualTo(200);
    assertThat(only("T").asText()).isEqualTo("x");
    assertThat(only("C").asText()).isNotEqualTo("9");
    assertThat(only("レコード番号").asText()).isEqualTo(Long.toString(id));
  }

  @Test
  void twoRecordsOfOneRequestCannotShareAUniqueValue() {
    Wire.Answer answer = addAll("[{'K':{'value':'K1'}},{'K':{'value':'K1'}}]");
    assertThat(answer.errorKeys()).containsExactly("records[1].K.value");
    assertThat(all()).isEmpty();
  }

  @Test
  void idsOfARefusedRequestAreNotGivenAgain() {
    kintone.simulator();
    long first = add("K1");
    addAll("[{'K':{'value':'K2'}},{'K':{'value':'K1'}}]");
    assertThat(add("K3")).isGreaterThan(first + 1);
  }
}
