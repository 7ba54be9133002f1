package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.Patience;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What administrators and the operator do to a domain while others work with it. */
class DomainEventsTest {
  private Simulator simulator;
  private Wire token;
  private Wire sato;
  private Wire suzuki;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    token = new Wire(simulator.url(), "X-Cybozu-API-Token", "t1");
    sato = Wire.withPassword(simulator.url(), "sato", "any");
    suzuki = Wire.withPassword(simulator.url(), "suzuki", "any");
    simulator
        .app(
            "app",
            Wire.json(
                """
                {'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
                 'N':{'type':'NUMBER','code':'N'}}
                """))
        .add(
            Wire.json("{'K':{'value':'seen'},'N':{'value':'1'}}"),
            Wire.json("{'K':{'value':'hidden'},'N':{'value':'2'}}"));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private void control(String method, String what, String body) {
    Wire.Answer answer = token.send(method, "/simulator/" + what, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
  }

  private static Wire.Answer records(Wire user) {
    return user.get("/k/v1/records.json?app=1");
  }

  private static Wire.Answer edit(Wire user, int id) {
    return user.put("/k/v1/record.json", "{'app':1,'id':" + id + ",'record':{}}");
  }

  @Behaviour(number = 51, evidence = "O3")
  void permissionsOfAGroupAreThoseOfItsMembers() {
    control("POST", "groups", "{'code':'readers','members':['sato']}");
    control("POST", "permissions", "{'group':'readers','app':1,'permissions':['view']}");
    assertThat(records(sato).status()).isEqualTo(200);
    assertThat(edit(sato, 1).code()).isEqualTo("CB_NO02");
    assertThat(edit(suzuki, 1).status()).as("who is in no group").isEqualTo(200);
    control("POST", "permissions", "{'user':'sato','app':1,'permissions':['view','edit']}");
    assertThat(edit(sato, 1).status()).as("what one of the two allows").isEqualTo(200);
    control("POST", "groups", "{'code':'blind','members':['suzuki']}");
    control("POST", "permissions", "{'group':'blind','app':1,'field':'N','permissions':[]}");
    assertThat(records(suzuki).json().at("/records/0").has("N")).isFalse();
    assertThat(records(sato).json().at("/records/0").has("N")).isTrue();
  }

  @Behaviour(number = 52, evidence = "O3")
  void aStateOfAllAssigneesIsLeftWhenTheLastOfThemHasActed() {
    simulator.settings(simulator.settings().with("deployMs", 0));
    String states =
        """
        {'Check':{'name':'Check','index':'0','assignee':{'type':'ALL','entities':[
           {'entity':{'type':'USER','code':'sato'}},{'entity':{'type':'USER','code':'suzuki'}}]}},
         'Done':{'name':'Done','index':'1','assignee':{'type':'ONE','entities':[]}}}
        """;
    token.put(
        "/k/v1/preview/app/status.json",
        "{'app':1,'enable':true,'states':%s,'actions':[{'name':'ok','from':'Check','to':'Done'}]}"
            .formatted(states));
    token.post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':1}]}");
    Patience.await().until(() -> records(token).json().findValues("ステータス").size() == 2);
    token.put("/k/v1/record/assignees.json", "{'app':1,'id':1,'assignees':['sato','suzuki']}");
    assertThat(move(sato).status()).isEqualTo(200);
    assertThat(stateOfFirst()).isEqualTo("Check");
    assertThat(move(sato).code()).as("who has acted").isEqualTo("GAIA_NT01");
    assertThat(move(suzuki).status()).isEqualTo(200);
    assertThat(stateOfFirst()).isEqualTo("Done");
  }

  private static Wire.Answer move(Wire user) {
    return user.put("/k/v1/record/status.json", "{'app':1,'id':1,'action':'ok'}");
  }

  private String stateOfFirst() {
    return token
        .get("/k/v1/record.json?app=1&id=1")
        .json()
        .findValue("ステータス")
        .path("value")
        .asText();
  }

  @Behaviour(number = 53, evidence = "O3")
  void aRecordThatIsHiddenIsNotFoundAndItsKeyIsTakenAllTheSame() {
    control(
        "POST",
        "permissions",
        "{'user':'sato','app':1,'records':'N = 1','permissions':['view','edit']}");
    assertThat(records(sato).json().findValuesAsText("K")).hasSize(1);
    assertThat(sato.get("/k/v1/record.json?app=1&id=2").code()).isEqualTo("CB_NO02");
    assertThat(edit(sato, 2).code()).isEqualTo("CB_NO02");
    Wire.Answer twice =
        sato.post("/k/v1/record.json", "{'app':1,'record':{'K':{'value':'hidden'}}}");
    assertThat(twice.code()).isEqualTo("CB_VA01");
  }

  @Behaviour(number = 54, evidence = "O,M4")
  void maintenanceIsAPageInHtmlForEveryCall() {
    control("PUT", "settings", "{'maintenance':true}");
    for (Wire.Answer answer : new Wire.Answer[] {records(token), edit(token, 1)}) {
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.response().headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/html");
    }
    control("PUT", "settings", "{'maintenance':false}");
    assertThat(edit(token, 1).status()).isEqualTo(200);
  }

  @Behaviour(number = 55, evidence = "M1")
  void aChangeOfTheFormIsProcessedForAWhileAndMeanwhileTheOldOneHolds() {
    simulator.settings(simulator.settings().with("deployMs", 60_000));
    token.post(
        "/k/v1/preview/app/form/fields.json",
        "{'app':1,'properties':{'X':{'type':'NUMBER','code':'X','label':'X'}}}");
    token.post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':1}]}");
    JsonNode state = token.get("/k/v1/preview/app/deploy.json?apps[0]=1").json();
    assertThat(state.at("/apps/0/status").asText()).isEqualTo("PROCESSING");
    assertThat(token.get("/k/v1/app/form/fields.json?app=1").json().path("properties").has("X"))
        .isFalse();
    assertThat(records(token).json().at("/records/0").has("X")).isFalse();
  }

  @Behaviour(number = 56, evidence = "M,O2")
  void aTokenThatIsRevokedIsUnknown() {
    assertThat(records(token).status()).isEqualTo(200);
    control("POST", "tokens", "{'token':'t1','app':1,'permissions':['view']}");
    control("DELETE", "tokens", "{'token':'t1'}");
    assertThat(records(token).status()).isEqualTo(400);
    assertThat(records(token).code()).isEqualTo("GAIA_IA02");
  }

  @Behaviour(number = 57, evidence = "M,X")
  void anAppThatMovesToAGuestSpaceLeavesItsOldAddress() {
    control("POST", "moves", "{'app':1,'space':7,'guest':true}");
    assertThat(records(token).code()).isEqualTo("GAIA_IL23");
    assertThat(token.get("/k/guest/7/v1/records.json?app=1").status()).isEqualTo(200);
    assertThat(token.get("/k/guest/7/v1/app.json?id=1").json().path("spaceId").asText())
        .isEqualTo("7");
    control("POST", "moves", "{'app':1}");
    assertThat(token.get("/k/guest/7/v1/records.json?app=1").code()).isEqualTo("CB_NO02");
    assertThat(records(token).status()).isEqualTo(200);
  }
}
