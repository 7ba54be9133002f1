package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An app that is made again from what its API answers is the same app. */
class AppCopyTest {
  private static final String FIELDS =
      """
      {'Number':{'type':'RECORD_NUMBER','code':'Number'},
       'Author':{'type':'CREATOR','code':'Author'},
       'Born':{'type':'CREATED_TIME','code':'Born'},
       'State':{'type':'STATUS','code':'State','enabled':true},
       'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
       'Q':{'type':'NUMBER','code':'Q'}, 'C':{'type':'CALC','code':'C','expression':'Q * 2'},
       'D':{'type':'DATE','code':'D'}, 'T':{'type':'TIME','code':'T'},
       'DT':{'type':'DATETIME','code':'DT'},
       'CB':{'type':'CHECK_BOX','code':'CB','options':{'a':{'label':'a'},'b':{'label':'b'}}},
       'U':{'type':'USER_SELECT','code':'U'},
       'S':{'type':'SUBTABLE','code':'S','fields':{
         'a':{'type':'SINGLE_LINE_TEXT','code':'a'}, 'b':{'type':'NUMBER','code':'b'}}}}
      """;

  private Simulator real;
  private Simulator here;
  private Wire wire;

  @BeforeEach
  void start() throws IOException {
    real = Simulator.start();
    here = Simulator.start();
    wire = Wire.withPassword(real.url(), "sato", "secret");
    real.app("other", "{}");
    real.app("原本", Wire.json(FIELDS));
    real.settings(real.settings().with("deployMs", 0));
  }

  @AfterEach
  void stop() {
    real.close();
    here.close();
  }

  private OriginalApp original() {
    return new OriginalApp(
        2,
        null,
        wire.get("/k/v1/app/form/fields.json?app=2").json(),
        wire.get("/k/v1/app/settings.json?app=2").json(),
        wire.get("/k/v1/app/form/layout.json?app=2").json(),
        wire.get("/k/v1/app/status.json?app=2").json());
  }

  private void giveItAProcess() {
    wire.put(
        "/k/v1/preview/app/status.json",
        """
        {'app':2,'enable':true,'states':{
           'new':{'name':'new','index':'0','assignee':{'type':'ONE','entities':[]}},
           'done':{'name':'done','index':'1','assignee':{'type':'ONE','entities':[]}}},
         'actions':[{'name':'finish','from':'new','to':'done'}]}
        """);
    wire.post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':2}]}");
    Patience.await()
        .until(
            () ->
                wire.get("/k/v1/app/status.json?app=2").json().path("enable").asBoolean()
                    && wire.get("/k/v1/preview/app/deploy.json?apps%5B0%5D=2")
                        .response()
                        .body()
                        .contains("SUCCESS"));
  }

  @Test
  void designAndRecordsAreTheSame() {
    giveItAProcess();
    wire.post(
        "/k/v1/records.json",
        """
        {'app':2,'records':[
          {'K':{'value':'x'},'Q':{'value':'1.5'},'D':{'value':'2026-01-02'},'T':{'value':'03:04'},
           'DT':{'value':'2026-01-02T03:04:00Z'},'CB':{'value':['b']},
           'U':{'value':[{'code':'ito'}]},'S':{'value':[{'value':{'a':{'value':'r1'}}},
             {'value':{'b':{'value':'7'}}}]}},
          {},{}]}
        """);
    wire.put("/k/v1/record.json", "{'app':2,'id':3,'record':{}}");
    wire.put("/k/v1/record/status.json", "{'app':2,'id':1,'action':'finish'}");
    wire.delete("/k/v1/records.json", "{'app':2,'ids':[2]}");
    SimulatedApp copy = here.copy(original());
    copy.copy(real.app(2).records());

    Wire copied = Wire.withPassword(here.url(), "sato", "secret");
    assertThat(copy.id()).isEqualTo(2);
    assertThat(copy.name()).isEqualTo("原本");
    assertThat(copy.records()).isEqualTo(real.app(2).records());
    assertThat(copy.values("State")).containsExactly("done", "new");
    for (String resource :
        List.of("app/form/fields", "app/form/layout", "app/settings", "app/status")) {
      assertThat(withoutRevision(copied, resource)).isEqualTo(withoutRevision(wire, resource));
    }
    assertThat(copied.post("/k/v1/record.json", "{'app':2,'record':{}}").json().path("id").asText())
        .as("ids go on after the last one")
        .isEqualTo("4");
    assertThat(
            copied
                .put(
                    "/k/v1/record.json",
                    "{'app':2,'updateKey':{'field':'K','value':'x'},'record':{'S':{'value':[{}]}}}")
                .status())
        .isEqualTo(200);
    assertThat(copy.records().get(0).at("/S/value/0/id").asLong())
        .as("so do ids of rows")
        .isGreaterThan(real.app(2).records().get(0).at("/S/value/1/id").asLong());
  }

  private static JsonNode withoutRevision(Wire kintone, String resource) {
    ObjectNode answer = (ObjectNode) kintone.get("/k/v1/" + resource + ".json?app=2").json();
    answer.remove("revision");
    return answer;
  }

  @Test
  void aLookupIntoAnAppThatIsNotHereIsAnOrdinaryField() {
    JsonNode form =
        Wire.json(
            """
            {'properties':{'L':{'type':'SINGLE_LINE_TEXT','code':'L','lookup':{
                'relatedApp':{'app':'77'},'relatedKeyField':'K','lookupPickerFields':[],
                'fieldMappings':[{'field':'T','relatedField':'T'}],'filterCond':'','sort':''}},
              'T':{'type':'SINGLE_LINE_TEXT','code':'T'}}}
            """);
    JsonNode none = MissingNode.getInstance();
    SimulatedApp copy = here.copy(new OriginalApp(9, null, form, none, none, none));
    copy.add("{\"L\":{\"value\":\"free\"},\"T\":{\"value\":\"too\"}}");
    assertThat(copy.values("T")).containsExactly("too");
    assertThat(here.appIds()).containsExactly(9L);
    assertThat(here.app("next", "{}").id()).isEqualTo(10);
  }

  @Test
  void whatIsNoAppOrNoRecordIsRefusedAndLeavesNothing() {
    here.copy(original());
    assertThatThrownBy(() -> here.copy(original())).isInstanceOf(IllegalArgumentException.class);
    JsonNode none = MissingNode.getInstance();
    assertThatThrownBy(() -> here.copy(new OriginalApp(3, null, none, none, none, none)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(here.appIds()).containsExactly(2L);
    assertThatThrownBy(
            () ->
                here.app(2)
                    .copy(
                        List.of(
                            Wire.json("{'$id':{'value':'1'},'$revision':{'value':'1'}}"),
                            Wire.json("{'$id':{'value':'x'}}"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(here.app(2).size()).isZero();
  }
}
