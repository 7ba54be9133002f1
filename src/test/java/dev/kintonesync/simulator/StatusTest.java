package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.model.record.RecordRevision;
import com.kintone.client.model.record.StatusAction;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Process management: states, actions and assignees. */
class StatusTest extends ContractTest {

  @BeforeEach
  void enableTheProcess() {
    String states =
        """
        {'Open':{'name':'Open','index':'0','assignee':{'type':'ONE','entities':[]}},
         'Doing':{'name':'Doing','index':'1','assignee':{'type':'ONE','entities':[
           {'entity':{'type':'USER','code':'%s'}}]}},
         'Done':{'name':'Done','index':'2','assignee':{'type':'ONE','entities':[]}}}
        """
            .formatted(kintone.user());
    String actions =
        """
        [{'name':'start','from':'Open','to':'Doing','filterCond':''},
         {'name':'finish','from':'Doing','to':'Done','filterCond':''},
         {'name':'skip','from':'Open','to':'Done','filterCond':'T = \\"skip\\"'}]
        """;
    Wire.Answer changed =
        wire.put(
            "/k/v1/preview/app/status.json",
            "{'app':%d,'enable':true,'states':%s,'actions':%s}".formatted(app, states, actions));
    assertThat(changed.status()).as(changed.response().body()).isEqualTo(200);
    kintone.deploy(app);
  }

  private String state(int index) {
    return all().get(index).findValue("ステータス").path("value").asText();
  }

  @Behaviour(number = 44, evidence = "M4")
  void anActionCountsTwoRevisionsAndABatchIsAllOrNothing() {
    long first = add("K1");
    long second = add("K2");
    assertThat(state(0)).isEqualTo("Open");
    assertThat(records.updateRecordStatus(app, first, "start", kintone.user())).isEqualTo(3);
    assertThat(state(0)).isEqualTo("Doing");

    List<JsonNode> before = all();
    List<StatusAction> moves =
        List.of(
            new StatusAction().setId(second).setAction("start").setAssignee(kintone.user()),
            new StatusAction().setId(first).setAction("start").setAssignee(kintone.user()));
    KintoneUnderTest.Refused refused = refused(() -> records.updateRecordStatuses(app, moves));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("GAIA_IL03");
    assertThat(all()).isEqualTo(before);

    List<RecordRevision> moved = records.updateRecordStatuses(app, moves.subList(0, 1));
    assertThat(moved.get(0).getRevision()).isEqualTo(3);
    assertThat(records.updateRecordStatus(app, first, "finish")).isEqualTo(5);
    assertThat(records.getRecords(app, "ステータス = \"Done\"")).hasSize(1);
    assertThat(refused(() -> records.getRecords(app, "ステータス = \"Nowhere\"")).code())
        .isEqualTo("GAIA_IQ10");
  }

  @Test
  void theProcessReadsAsItWasSet() {
    // this client does not know the actions' type
    JsonNode process = wire.get("/k/v1/app/status.json?app=" + app).json();
    assertThat(process.path("enable").asBoolean()).isTrue();
    assertThat(process.at("/states/Doing/assignee/type").asText()).isEqualTo("ONE");
    assertThat(process.path("actions")).hasSize(3);
    assertThat(process.path("revision").isTextual()).isTrue();
    assertThat(kintone.client().app().getFormFields(app)).containsKey("ステータス");
  }

  @Test
  void actionsFollowStatesThatAreRenamedAndGoWithThoseThatAreRemoved() {
    kintone.simulator();
    Wire.Answer changed =
        wire.put(
            "/k/v1/preview/app/status.json",
            "{'app':%d,'states':{'Open':{'name':'New','index':'0'},".formatted(app)
                + "'Done':{'name':'Ready','index':'1'}}}");
    assertThat(changed.status()).as(changed.response().body()).isEqualTo(200);
    kintone.deploy(app);
    JsonNode process = wire.get("/k/v1/app/status.json?app=" + app).json();
    assertThat(process.path("states").fieldNames()).toIterable().containsExactly("New", "Ready");
    assertThat(process.path("actions")).hasSize(1);
    assertThat(process.at("/actions/0/from").asText()).isEqualTo("New");
    assertThat(process.at("/actions/0/to").asText()).isEqualTo("Ready");
    long id = add("K1");
    records.updateRecord(app, id, of("T", text("skip")));
    records.updateRecordStatus(app, id, "skip");
    assertThat(state(0)).isEqualTo("Ready");
  }

  @Test
  void aStateHasANameOfItsOwn() {
    kintone.simulator();
    for (String states :
        List.of(
            "{'Open':{'name':'','index':'0'}}",
            "{'Open':{'name':{},'index':'0'}}",
            "{'Open':{'name':'Done','index':'0'},'Done':{'name':'Done','index':'1'}}")) {
      Wire.Answer changed =
          wire.put(
              "/k/v1/preview/app/status.json", "{'app':%d,'states':%s}".formatted(app, states));
      assertThat(changed.code()).as(states).isEqualTo("CB_VA01");
    }
  }

  @Test
  void anAssigneeIsDueWhereThereAreCandidatesAndMustBeOne() {
    long id = add("K1");
    assertThat(refused(() -> records.updateRecordStatus(app, id, "start")).code())
        .isEqualTo("GAIA_SA01");
    assertThat(refused(() -> records.updateRecordStatus(app, id, "start", "stranger")).code())
        .isEqualTo("GAIA_SA04");
  }

  @Test
  void onlyAnAssigneeMayAct() {
    kintone.simulator();
    long id = add("K1");
    records.updateRecordAssignees(app, id, List.of("somebody"));
    KintoneUnderTest.Refused refused =
        refused(() -> records.updateRecordStatus(app, id, "start", kintone.user()));
    assertThat(refused.code()).isEqualTo("GAIA_NT01");
    assertThat(records.updateRecordAssignees(app, id, List.of(kintone.user()))).isEqualTo(3);
    assertThat(records.updateRecordStatus(app, id, "start", kintone.user())).isEqualTo(5);
  }

  @Test
  void anActionMayHaveACondition() {
    long id = add("K1");
    assertThat(refused(() -> records.updateRecordStatus(app, id, "skip")).code())
        .isEqualTo("GAIA_IL03");
    records.updateRecord(app, id, of("T", text("skip")));
    records.updateRecordStatus(app, id, "skip");
    assertThat(state(0)).isEqualTo("Done");
  }

  @Test
  void statesAreWrittenByActionsOnlyAndWithinABulkRequest() {
    long id = add("K1");
    Wire.Answer put = update("[{'id':" + id + ",'record':{'ステータス':{'value':'Done'}}}]");
    assertThat(put.code()).isEqualTo("GAIA_UN10");
    String request =
        """
        {'requests':[{'method':'PUT','api':'/k/v1/record/status.json','payload':
          {'app':%d,'id':%d,'action':'start','assignee':'%s','revision':1}}]}
        """;
    Wire.Answer bulk =
        wire.post("/k/v1/bulkRequest.json", request.formatted(app, id, kintone.user()));
    assertThat(bulk.json().at("/results/0/revision").asText()).isEqualTo("3");
    assertThat(
            wire.post("/k/v1/bulkRequest.json", request.formatted(app, id, kintone.user()))
                .json()
                .at("/results/0/code")
                .asText())
        .isEqualTo("GAIA_CO02");
  }

  @Test
  void withoutAProcessThereIsNoStatus() {
    long plain = kintone.app(FIELDS);
    long id = records.addRecord(plain, of());
    assertThat(refused(() -> records.updateRecordStatus(plain, id, "start")).code())
        .isEqualTo("GAIA_ST02");
    assertThat(kintone.records(plain).get(0).has("ステータス")).isFalse();
  }
}
