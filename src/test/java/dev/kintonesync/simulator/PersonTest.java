package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.state.Permission;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do to records on the page: by Kintone's rules, in their own name. */
class PersonTest {
  private Simulator simulator;
  private Wire wire;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    wire = new Wire(simulator.url(), "X-Cybozu-API-Token", "t");
    simulator.app(
        "app",
        Wire.json(
            """
            {'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
             'N':{'type':'NUMBER','code':'N'}, 'M':{'type':'MODIFIER','code':'M'}}
            """));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private Wire.Answer save(String body) {
    return wire.post("/simulator/record", body);
  }

  @Test
  void whatAPersonChangesIsChangedInTheirNameAndCountsAsNoCall() {
    assertThat(save("{'app':1,'user':'sato','record':{'K':{'value':'a'}}}").status())
        .isEqualTo(200);
    Wire.Answer changed =
        save("{'app':1,'id':1,'revision':'1','user':'suzuki','record':{'N':{'value':'5'}}}");
    assertThat(changed.json().path("revision").asText()).isEqualTo("2");
    JsonNode record = simulator.app(1).records().get(0);
    assertThat(record.at("/M/value/code").asText()).isEqualTo("suzuki");
    assertThat(record.at("/N/value").asText()).isEqualTo("5");
    assertThat(simulator.statistics().path("calls").path("1").asInt()).isZero();
    assertThat(simulator.requests()).isEmpty();
  }

  @Test
  void itIsRefusedAsKintoneRefusesIt() {
    simulator.app(1).add("{\"K\":{\"value\":\"a\"}}");
    Wire.Answer twice = save("{'app':1,'lang':'en','record':{'K':{'value':'a'}}}");
    assertThat(twice.json().path("code").asText()).isEqualTo("CB_VA01");
    assertThat(twice.json().path("errors").path("record.K.value").path("messages")).hasSize(1);
    Wire.Answer stale = save("{'app':1,'id':1,'revision':'7','record':{'N':{'value':'5'}}}");
    assertThat(stale.status()).isEqualTo(409);
    simulator.rights().limitRecords("sato", 1, "N = 1", Set.of(Permission.VIEW));
    Wire.Answer hidden = save("{'app':1,'id':1,'user':'sato','record':{'N':{'value':'5'}}}");
    assertThat(hidden.status()).isEqualTo(403);
    simulator.directory().registerUser("sato", "Sato", "p");
    assertThat(save("{'app':1,'user':'nobody','record':{}}").json().path("message").asText())
        .isEqualTo("there is no user nobody");
    assertThat(simulator.app(1).size()).isEqualTo(1);
  }

  @Test
  void aForeignPageMayNotEdit() throws IOException {
    Wire foreign = new Wire(simulator.url(), "Origin", "http://evil.example");
    assertThat(foreign.post("/simulator/record", "{'app':1,'record':{}}").status()).isEqualTo(403);
    assertThat(simulator.app(1).size()).isZero();
  }

  @Test
  void aRecordIsDeletedByHand() {
    simulator.app(1).add("{}");
    assertThat(wire.send("DELETE", "/simulator/record", "{'app':1,'id':1}").status())
        .isEqualTo(200);
    assertThat(simulator.app(1).size()).isZero();
  }

  @Test
  void recordsAreLookedForByTextAndByQuery() {
    for (String key : new String[] {"Apfel", "Birne", "apfelmus"}) {
      simulator.app(1).add("{\"K\":{\"value\":\"" + key + "\"}}");
    }
    assertThat(found("apfel")).isEqualTo("3 1");
    assertThat(found("K%20=%20%22Birne%22")).isEqualTo("2");
    assertThat(found("nichts")).isEmpty();
    assertThat(wire.get("/simulator/records?app=1&search=K%20~%20%22x%22").status()).isEqualTo(400);
    Wire.Answer unknown = wire.get("/simulator/records?app=1&lang=ja&search=Z%20%3D%20%22x%22");
    assertThat(unknown.json().at("/refusal/code").asText()).isEqualTo("GAIA_IQ11");
    assertThat(unknown.json().at("/refusal/message").asText()).isEqualTo("指定されたフィールド（Z）が見つかりません。");
  }

  private String found(String sought) {
    StringBuilder ids = new StringBuilder();
    wire.get("/simulator/records?app=1&search=" + sought)
        .json()
        .path("records")
        .forEach(record -> ids.append(record.at("/$id/value").asText()).append(' '));
    return ids.toString().strip();
  }

  @Test
  void aRegistrationSaysWhomItLocksOut() {
    JsonNode said = wire.post("/simulator/users", "{'code':'sato','password':'p'}").json();
    assertThat(said.path("message").asText()).contains("only registered users", "CB_WA01");
    assertThat(said.path("users").get(0).asText()).isEqualTo("sato");
    assertThat(wire.post("/simulator/tokens", "{'token':'t1','app':1}").json().path("message"))
        .asString()
        .contains("only registered API tokens", "GAIA_IA02");
  }
}
