package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.record.RecordForUpdate;
import com.kintone.client.model.record.UpdateKey;
import dev.kintonesync.simulator.state.Permission;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Upserts and update keys. */
class UpsertTest extends ContractTest {

  private static String row(String key) {
    return "{'updateKey':{'field':'K','value':'" + key + "'},'record':{'T':{'value':'t'}}}";
  }

  @Behaviour(number = 1, evidence = "O,M5")
  void upsertUpdatesWhatIsThereAndInsertsTheRestInRequestOrder() {
    long first = add("K1");
    Wire.Answer answer = upsert("[" + row("K1") + "," + row("K2") + "]");
    assertThat(answer.status()).isEqualTo(200);
    JsonNode written = answer.json().path("records");
    assertThat(written.at("/0/id").textValue()).isEqualTo(Long.toString(first));
    assertThat(written.at("/0/operation").asText()).isEqualTo("UPDATE");
    assertThat(written.at("/0/revision").textValue()).isEqualTo("2");
    assertThat(written.at("/1/operation").asText()).isEqualTo("INSERT");
    assertThat(written.at("/1/id").textValue()).isEqualTo(Long.toString(first + 1));
    assertThat(written.at("/1/revision").textValue()).isEqualTo("1");
  }

  @Behaviour(number = 2, evidence = "M5")
  void anInsertedRecordHasTheKeyOfItsUpdateKey() {
    upsert("[{'updateKey':{'field':'K','value':'K2'},'record':{}}]");
    assertThat(only("K").asText()).isEqualTo("K2");
  }

  @Behaviour(number = 3, evidence = "J5,X1,O")
  void withoutUpsertAMissingKeyRefusesAll() {
    add("K1");
    List<JsonNode> before = all();
    KintoneUnderTest.Refused refused =
        refused(
            () ->
                records.updateRecords(
                    app,
                    List.of(
                        new RecordForUpdate(new UpdateKey("K", "K1"), of("T", text("x"))),
                        new RecordForUpdate(new UpdateKey("K", "K2"), of("T", text("x"))))));
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.code()).isEqualTo("GAIA_RE20");
    assertThat(refused.json().has("errors")).isFalse();
    assertThat(all()).isEqualTo(before);
    JsonNode updated = update("[" + row("K1") + "]").json();
    assertThat(updated.at("/records/0/revision").asText()).isEqualTo("2");
    assertThat(updated.at("/records/0").has("operation")).isFalse();
  }

  @Behaviour(number = 4, evidence = "M5")
  void theKeyFieldMustNotStandInTheRecord() {
    add("K1");
    List<JsonNode> before = all();
    for (String value : List.of("K1", "other")) {
      Wire.Answer answer =
          upsert(
              "[%s,{'updateKey':{'field':'K','value':'K1'},'record':{'K':{'value':'%s'}}}]"
                  .formatted(row("K9"), value));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("CB_VA01");
      assertThat(answer.errorKeys()).containsExactly("records[1].record[K]");
    }
    assertThat(all()).isEqualTo(before);
  }

  @Behaviour(number = 5, evidence = "M5")
  void aKeyTwiceInOneRequestIsRefused() {
    add("K1");
    List<JsonNode> before = all();
    for (String key : List.of("K1", "new")) {
      Wire.Answer answer = upsert("[" + row(key) + "," + row(key) + "]");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("GAIA_IQ28");
      assertThat(answer.errorKeys()).isEmpty();
    }
    assertThat(all()).isEqualTo(before);
  }

  @Behaviour(number = 6, evidence = "M5")
  void aKeyInTwoRequestsIsInsertedThenUpdated() {
    assertThat(upsert("[" + row("K1") + "]").json().at("/records/0/operation").asText())
        .isEqualTo("INSERT");
    assertThat(upsert("[" + row("K1") + "]").json().at("/records/0/operation").asText())
        .isEqualTo("UPDATE");
  }

  @Behaviour(number = 7, evidence = "M5")
  void anEmptyKeyNeverInserts() {
    Wire.Answer answer = upsert("[" + row("K1") + "," + row("") + "]");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("CB_VA01");
    assertThat(answer.errorKeys()).containsExactly("records[1].updateKey.value");
    assertThat(all()).isEmpty();
  }

  @Behaviour(number = 8, evidence = "M5")
  void numberKeysMatchByValueAndTextKeysByText() {
    wire.post("/k/v1/record.json", "{'app':" + app + ",'record':{'NK':{'value':5}}}");
    Wire.Answer number =
        upsert("[{'updateKey':{'field':'NK','value':'5.0'},'record':{'T':{'value':'x'}}}]");
    assertThat(number.json().at("/records/0/operation").asText()).isEqualTo("UPDATE");
    assertThat(only("NK").asText()).isEqualTo("5");
    add("1");
    assertThat(upsert("[" + row("001") + "]").json().at("/records/0/operation").asText())
        .isEqualTo("INSERT");
  }

  @Behaviour(number = 9, evidence = "J5")
  void onlyUniqueFieldsAreUpdateKeys() {
    Wire.Answer plain = upsert("[{'updateKey':{'field':'T','value':'x'},'record':{}}]");
    assertThat(plain.status()).isEqualTo(400);
    assertThat(plain.code()).isEqualTo("GAIA_IQ27");
    Wire.Answer unknown = upsert("[{'updateKey':{'field':'nope','value':'x'},'record':{}}]");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.code()).isEqualTo("GAIA_IQ11");
  }

  @Behaviour(number = 10, evidence = "O")
  void anUnknownIdIsInsertedUnderAFreshOne() {
    for (long dummy : List.of(4711L, -1L)) {
      JsonNode written =
          upsert("[{'id':" + dummy + ",'record':{'T':{'value':'x'}}}]").json().at("/records/0");
      assertThat(written.path("operation").asText()).isEqualTo("INSERT");
      assertThat(written.path("id").asLong()).isPositive().isNotEqualTo(dummy);
    }
    assertThat(all()).hasSize(2);
  }

  @Behaviour(number = 11, evidence = "J5")
  void aRecordIsNamedByIdOrUpdateKeyNotBothNorNone() {
    long id = add("K1");
    for (String name : List.of("'id':" + id + ",'updateKey':{'field':'K','value':'K1'},", "")) {
      Wire.Answer answer =
          wire.put("/k/v1/record.json", "{'app':" + app + "," + name + "'record':{}}");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("CB_VA01");
      assertThat(answer.errorKeys()).containsExactlyInAnyOrder("id", "updateKey");
      Wire.Answer many = upsert("[{" + name + "'record':{}}]");
      assertThat(many.errorKeys())
          .containsExactlyInAnyOrder("records[0].id", "records[0].updateKey");
    }
  }

  @Behaviour(number = 12, evidence = "O")
  void upsertNeedsPermissionToAddEvenWhenAllIsThere() {
    Simulator simulator = kintone.simulator();
    add("K1");
    List<JsonNode> before = all();
    simulator.token("editor", app, Permission.VIEW, Permission.EDIT);
    String body = "{'app':" + app + ",'upsert':true,'records':[" + row("K1") + "]}";
    Wire.Answer answer = kintone.withToken("editor").put("/k/v1/records.json", body);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.code()).isEqualTo("GAIA_NO01");
    assertThat(all()).isEqualTo(before);
  }

  @Test
  void twentyDigitKeysStayExact() {
    wire.put(
        "/k/v1/preview/app/settings.json",
        "{'app':" + app + ",'numberPrecision':{'digits':30,'decimalPlaces':4}}");
    kintone.deploy(app);
    String first = "{'updateKey':{'field':'NK','value':'12345678901234567890'},'record':{}}";
    String second = "{'updateKey':{'field':'NK','value':'12345678901234567891'},'record':{}}";
    assertThat(upsert("[" + first + "," + second + "]").status()).isEqualTo(200);
    assertThat(all()).hasSize(2);
    assertThat(upsert("[" + second + "]").json().at("/records/0/operation").asText())
        .isEqualTo("UPDATE");
  }

  @Test
  void keysAndIdsMayBeMixed() {
    long first = add("K1");
    Wire.Answer answer =
        upsert("[{'id':" + first + ",'record':{'T':{'value':'a'}}}," + row("K2") + "]");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(all()).hasSize(2);
  }

  @Test
  void aRequestOfNoRecordsDoesNothing() {
    assertThat(upsert("[]").json().toString()).isEqualTo("{\"records\":[]}");
    assertThat(addAll("[]").json().toString()).isEqualTo("{\"ids\":[],\"revisions\":[]}");
  }

  @Test
  void keysIgnoreCaseAndWidthWhenTheSettingSaysSo() {
    Simulator simulator = kintone.simulator();
    add("Abc");
    simulator.settings(simulator.settings().with("foldKeys", true));
    try {
      assertThat(upsert("[" + row("ＡＢＣ") + "]").json().at("/records/0/operation").asText())
          .isEqualTo("UPDATE");
    } finally {
      simulator.settings(simulator.settings().with("foldKeys", false));
    }
    assertThat(upsert("[" + row("ＡＢＣ") + "]").json().at("/records/0/operation").asText())
        .isEqualTo("INSERT");
  }

  @Test
  void aHundredUpsertsPass() {
    String rows = String.join(",", IntStream.range(0, 100).mapToObj(i -> row("K" + i)).toList());
    assertThat(upsert("[" + rows + "]").status()).isEqualTo(200);
    assertThat(all()).hasSize(100);
  }
}
