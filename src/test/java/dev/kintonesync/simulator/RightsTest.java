package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fields and records that are not for everybody. */
class RightsTest {
  private static final String FIELDS =
      """
      {'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
       'T':{'type':'SINGLE_LINE_TEXT','code':'T'},
       'SALARY':{'type':'NUMBER','code':'SALARY'}}
      """;

  private Simulator simulator;
  private Wire sato;
  private Wire others;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    sato = Wire.withPassword(simulator.url(), "sato", "any");
    others = Wire.withPassword(simulator.url(), "suzuki", "any");
    simulator
        .app("staff", Wire.json(FIELDS))
        .add(
            Wire.json("{'K':{'value':'K1'},'T':{'value':'mine'},'SALARY':{'value':'1'}}"),
            Wire.json("{'K':{'value':'K2'},'T':{'value':'theirs'},'SALARY':{'value':'2'}}"));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void limit(String rest) {
    Wire.Answer answer =
        others.post("/simulator/permissions", "{'user':'sato','app':1," + rest + "}");
    assertThat(answer.status()).isEqualTo(200);
  }

  private void limitRecords(String permissions) {
    limit("'records':'T in (\\\"mine\\\")','permissions':" + permissions);
  }

  private List<String> seenBy(Wire user) {
    return user.get("/k/v1/records.json?app=1&totalCount=true").json().findValues("K").stream()
        .map(cell -> cell.path("value").asText())
        .toList();
  }

  @Test
  void aFieldThatIsOnlyShownCannotBeWritten() {
    limit("'field':'SALARY','permissions':['view']");
    assertThat(sato.get("/k/v1/record.json?app=1&id=1").json().at("/record/SALARY/value").asText())
        .isEqualTo("1");
    String update = "{'app':1,'id':1,'record':{'SALARY':{'value':'9'}}}";
    Wire.Answer refused = sato.put("/k/v1/record.json", update);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("GAIA_FU01");
    assertThat(refused.message())
        .isEqualTo("Edit permissions are required to edit field \"SALARY\".");
    assertThat(sato.post("/k/v1/record.json", "{'app':1,'record':{'SALARY':{'value':'9'}}}").code())
        .isEqualTo("GAIA_FU01");
    assertThat(sato.put("/k/v1/record.json", update.replace("SALARY", "T")).status())
        .isEqualTo(200);
    assertThat(others.put("/k/v1/record.json", update).status()).isEqualTo(200);
  }

  @Test
  void aFieldThatIsHiddenIsNowhere() {
    limit("'field':'SALARY','permissions':[]");
    assertThat(sato.get("/k/v1/record.json?app=1&id=1").json().path("record").has("SALARY"))
        .isFalse();
    assertThat(sato.get("/k/v1/records.json?app=1").json().findValue("SALARY")).isNull();
    assertThat(sato.get("/k/v1/app/form/fields.json?app=1").json().path("properties").has("SALARY"))
        .isFalse();
    String cursor = sato.post("/k/v1/records/cursor.json", "{'app':1}").json().path("id").asText();
    JsonNode page = sato.get("/k/v1/records/cursor.json?id=" + cursor).json();
    assertThat(page.path("records")).hasSize(2);
    assertThat(page.findValue("SALARY")).isNull();
    assertThat(others.get("/k/v1/records.json?app=1").json().findValue("SALARY")).isNotNull();
  }

  @Test
  void recordsThatAreHiddenAreMissingFromListsAndStillKeepTheirKey() {
    limitRecords("['view','edit']");
    assertThat(seenBy(sato)).containsExactly("K1");
    assertThat(seenBy(others)).containsExactly("K2", "K1");
    assertThat(sato.get("/k/v1/records.json?app=1&totalCount=true").json().path("totalCount"))
        .isEqualTo(Wire.json("'1'"));
    assertThat(sato.get("/k/v1/record.json?app=1&id=2").code()).isEqualTo("CB_NO02");
    assertThat(sato.get("/k/v1/record.json?app=1&id=2").status()).isEqualTo(403);
    assertThat(sato.get("/k/v1/record/comments.json?app=1&record=2").code()).isEqualTo("CB_NO02");
    Wire.Answer taken = sato.post("/k/v1/record.json", "{'app':1,'record':{'K':{'value':'K2'}}}");
    assertThat(taken.errorKeys()).containsExactly("record.K.value");
  }

  @Test
  void whatMayBeDoneWithARecordIsNamed() {
    limitRecords("['view','edit']");
    String touch = "{'app':1,'id':%d,'record':{}}";
    assertThat(sato.put("/k/v1/record.json", touch.formatted(1)).status()).isEqualTo(200);
    assertThat(sato.put("/k/v1/record.json", touch.formatted(2)).code()).isEqualTo("CB_NO02");
    assertThat(sato.delete("/k/v1/records.json", "{'app':1,'ids':[1]}").code())
        .isEqualTo("CB_NO02");
    limitRecords("['delete']");
    assertThat(sato.delete("/k/v1/records.json", "{'app':1,'ids':[1]}").status()).isEqualTo(200);
    assertThat(sato.delete("/k/v1/records.json", "{'app':1,'ids':[2]}").code())
        .isEqualTo("CB_NO02");
    assertThat(others.get("/k/v1/records.json?app=1").json().path("records")).hasSize(1);
  }

  @Test
  void aLookupDoesNotFindWhatItsCallerDoesNotSee() {
    simulator.app(
        "lookup",
        Wire.json(
            """
            {'L':{'type':'SINGLE_LINE_TEXT','code':'L','lookup':{
               'relatedApp':{'app':'1'},'relatedKeyField':'K','fieldMappings':[],
               'lookupPickerFields':[],'filterCond':'','sort':''}}}
            """));
    limitRecords("['view']");
    String add = "{'app':2,'record':{'L':{'value':'%s'}}}";
    assertThat(sato.post("/k/v1/record.json", add.formatted("K1")).status()).isEqualTo(200);
    assertThat(sato.post("/k/v1/record.json", add.formatted("K2")).code()).isEqualTo("GAIA_LO04");
    assertThat(others.post("/k/v1/record.json", add.formatted("K2")).status()).isEqualTo(200);
  }

  @Test
  void aLimitOfRecordsThatIsNoQueryIsRefusedAndOneTheFormHasOutgrownFindsNothing() {
    String bad = "{'user':'sato','app':1,'records':'T in','permissions':['view']}";
    assertThat(others.post("/simulator/permissions", bad).status()).isEqualTo(400);
    assertThat(seenBy(sato)).hasSize(2);
    limit("'records':'GONE = 1','permissions':['view']");
    assertThat(seenBy(sato)).isEmpty();
    simulator.reset();
    simulator.app("staff", Wire.json(FIELDS)).add("{}");
    assertThat(seenBy(sato)).as("forgotten").hasSize(1);
  }

  @Behaviour(number = 67, evidence = "O3")
  void aUserIsToldWhatTheyMayDoWithRecordsAndFields() {
    limitRecords("['view','edit']");
    limit("'field':'SALARY','permissions':['view']");
    String question = "/k/v1/records/acl/evaluate.json?app=1&ids%5B0%5D=1&ids%5B1%5D=2";

    JsonNode rights = sato.get(question).json().path("rights");

    assertThat(rights.findValuesAsText("id")).containsExactly("1", "2");
    assertThat(rights.at("/0/record"))
        .isEqualTo(Wire.json("{'viewable':true,'editable':true,'deletable':false}"));
    assertThat(rights.at("/1/record"))
        .isEqualTo(Wire.json("{'viewable':false,'editable':false,'deletable':false}"));
    assertThat(rights.at("/0/fields"))
        .isEqualTo(
            Wire.json(
                "{'K':{'viewable':true,'editable':true},'T':{'viewable':true,'editable':true},"
                    + "'SALARY':{'viewable':true,'editable':false}}"));
    assertThat(others.get(question).json().at("/rights/1/record/deletable").asBoolean()).isTrue();
    assertThat(others.get(question.replace("=2", "=9")).code()).isEqualTo("GAIA_RE01");
    assertThat(Wire.withToken(simulator.url(), "t").get(question).code()).isEqualTo("GAIA_NO01");

    JsonNode ofRecords = others.get("/k/v1/record/acl.json?app=1").json().path("rights");
    assertThat(ofRecords.at("/0/filterCond").asText()).isEqualTo("T in (\"mine\")");
    assertThat(ofRecords.at("/0/entities/0/entity/code").asText()).isEqualTo("sato");
    JsonNode ofFields = others.get("/k/v1/field/acl.json?app=1").json().path("rights");
    assertThat(ofFields.at("/0/entities/0/accessibility").asText()).isEqualTo("READ");
  }
}
