package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.api.common.BulkRequestsRequest;
import com.kintone.client.api.record.AddRecordRequest;
import com.kintone.client.api.record.DeleteRecordsRequest;
import com.kintone.client.api.record.UpdateRecordRequest;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several writes as one transaction. */
class BulkRequestTest extends ContractTest {

  private static Wire.Answer bulk(String... requests) {
    return wire.post("/k/v1/bulkRequest.json", "{'requests':[" + String.join(",", requests) + "]}");
  }

  private static String request(String method, String payload) {
    return "{'method':'%s','api':'/k/v1/records.json','payload':%s}".formatted(method, payload);
  }

  private String adding(String key) {
    return request("POST", "{'app':" + app + ",'records':[{'K':{'value':'" + key + "'}}]}");
  }

  @Behaviour(number = 31, evidence = "O5,J1")
  void oneRefusedRequestTakesAllOfThemBackOverAllApps() {
    long other = kintone.app(FIELDS);
    long id = records.addRecord(other, of("K", text("K1")));
    List<JsonNode> before = kintone.records(other);
    BulkRequestsRequest bulk = new BulkRequestsRequest();
    bulk.registerUpdateRecord(
        new UpdateRecordRequest().setApp(other).setId(id).setRecord(of("T", text("x"))));
    bulk.registerUpdateRecord(
        new UpdateRecordRequest().setApp(app).setId(999_999L).setRecord(of()));
    bulk.registerAddRecord(new AddRecordRequest().setApp(app).setRecord(of()));
    KintoneUnderTest.Refused refused = refused(() -> kintone.client().bulkRequests(bulk));
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.json().has("code")).isFalse();
    JsonNode results = refused.json().path("results");
    assertThat(results).hasSize(3);
    assertThat(results.get(0)).isEmpty();
    assertThat(results.at("/1/code").asText()).isEqualTo("GAIA_RE01");
    assertThat(results.get(2)).isEmpty();
    assertThat(kintone.records(other)).isEqualTo(before);
    assertThat(all()).isEmpty();
  }

  @Test
  void problemsAreNumberedWithinTheirRequest() {
    Wire.Answer answer = bulk(adding("K1"), adding("x".repeat(65)));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/results/1/errors").has("records[0].K.value")).isTrue();
    assertThat(all()).isEmpty();
  }

  @Behaviour(number = 32, evidence = "O5,J1")
  void resultsStandBesideTheirRequests() {
    long first = add("K1");
    String upsert =
        request(
            "PUT",
            """
            {'app':%d,'upsert':true,'records':[
              {'updateKey':{'field':'K','value':'K1'},'record':{}},
              {'updateKey':{'field':'K','value':'K2'},'record':{}}]}
            """
                .formatted(app));
    String delete = request("DELETE", "{'app':" + app + ",'ids':[" + first + "]}");
    Wire.Answer answer = bulk(upsert, delete, adding("K3"));
    assertThat(answer.status()).isEqualTo(200);
    JsonNode results = answer.json().path("results");
    assertThat(results.at("/0/records/0/operation").asText()).isEqualTo("UPDATE");
    assertThat(results.at("/0/records/1/operation").asText()).isEqualTo("INSERT");
    assertThat(results.get(1).toString()).isEqualTo("{}");
    assertThat(results.at("/2/ids")).hasSize(1);
    assertThat(all()).hasSize(2);
  }

  @Behaviour(number = 33, evidence = "O5,J5")
  void tooManyOrForeignRequestsAreRefusedBeforeAnythingRuns() {
    String[] tooMany = Collections.nCopies(21, adding("")).toArray(new String[0]);
    Wire.Answer many = bulk(tooMany);
    assertThat(many.status()).isEqualTo(400);
    assertThat(many.code()).isEqualTo("CB_VA01");
    assertThat(many.errorKeys()).containsExactly("requests");
    Wire.Answer reading = bulk(adding("K1"), request("GET", "{'app':" + app + "}"));
    assertThat(reading.status()).isEqualTo(400);
    assertThat(reading.code()).isEqualTo("CB_VA01");
    Wire.Answer missing = wire.post("/k/v1/bulkRequest.json", "{}");
    assertThat(missing.errorKeys()).containsExactly("requests");
    assertThat(missing.messages("requests")).containsExactly("Required field.");
    assertThat(
            wire.post("/k/guest/5/v1/bulkRequest.json", "{'requests':[" + adding("K1") + "]}")
                .code())
        .isEqualTo("CB_VA01");
    assertThat(all()).isEmpty();
    assertThat(bulk(Collections.nCopies(20, adding("")).toArray(new String[0])).status())
        .isEqualTo(200);
    assertThat(all()).hasSize(20);
  }

  @Test
  void laterRequestsSeeEarlierOnes() {
    BulkRequestsRequest bulk = new BulkRequestsRequest();
    long id = add("K1");
    bulk.registerDeleteRecords(new DeleteRecordsRequest().setApp(app).setIds(List.of(id)));
    bulk.registerAddRecord(new AddRecordRequest().setApp(app).setRecord(of("K", text("K1"))));
    kintone.client().bulkRequests(bulk);
    assertThat(all()).hasSize(1);
  }

  @Test
  void aDeletedRecordIsBackAfterARollback() {
    long id = add("K1");
    List<JsonNode> before = all();
    Wire.Answer answer =
        bulk(
            request("DELETE", "{'app':" + app + ",'ids':[" + id + "]}"),
            adding("K1"),
            request("DELETE", "{'app':" + app + ",'ids':[" + id + "]}"));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(all()).isEqualTo(before);
    assertThat(upsert("[{'updateKey':{'field':'K','value':'K1'},'record':{}}]").json())
        .as("the index too")
        .isEqualTo(
            Wire.json("{'records':[{'id':'" + id + "','revision':'2','operation':'UPDATE'}]}"));
  }
}
