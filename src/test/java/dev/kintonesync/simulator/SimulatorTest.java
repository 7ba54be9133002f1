package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.KintoneClient;
import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.model.app.DeployStatus;
import com.kintone.client.model.app.field.FieldProperty;
import com.kintone.client.model.app.field.NumberFieldProperty;
import com.kintone.client.model.app.field.SingleLineTextFieldProperty;
import com.kintone.client.model.record.FieldType;
import com.kintone.client.model.record.NumberFieldValue;
import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import dev.kintonesync.Patience;
import java.math.BigDecimal;
import java.net.BindException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatorTest {
  private Simulator simulator;
  private Wire wire;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    wire = Wire.withToken(simulator.url(), "any");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void kintonesOwnClientMakesAnAppAndUsesIt() throws Exception {
    try (KintoneClient kintone =
        KintoneClientBuilder.create(simulator.url()).authByPassword("admin", "secret").build()) {
      long app = kintone.app().addApp("customers");
      SingleLineTextFieldProperty key = new SingleLineTextFieldProperty();
      key.setCode("K");
      key.setUnique(true);
      NumberFieldProperty quantity = new NumberFieldProperty();
      quantity.setCode("Q");
      kintone.app().addFormFields(app, List.of(key, quantity));
      kintone.app().deployApp(app);
      Patience.await().until(() -> kintone.app().getDeployStatus(app) == DeployStatus.SUCCESS);

      Map<String, FieldProperty> fields = kintone.app().getFormFields(app);
      assertThat(fields).containsKeys("K", "Q", "レコード番号", "作成者", "更新日時");
      assertThat(fields.get("K").getType()).isEqualTo(FieldType.SINGLE_LINE_TEXT);

      Record record = new Record();
      record.putField("K", new SingleLineTextFieldValue("A-1"));
      record.putField("Q", new NumberFieldValue(new BigDecimal("12.5")));
      long id = kintone.record().addRecord(app, record);
      Record read = kintone.record().getRecord(app, id);
      assertThat(read.getSingleLineTextFieldValue("K")).isEqualTo("A-1");
      assertThat(read.getNumberFieldValue("Q")).isEqualByComparingTo("12.5");
      assertThat(read.getCreatorFieldValue().getCode()).isEqualTo("admin");
      assertThat(kintone.record().getRecords(app, "K in (\"A-1\", \"B\") order by $id asc"))
          .hasSize(1);
      kintone.record().deleteRecords(app, List.of(id));
      assertThat(kintone.record().countRecords(app)).isZero();
    }
  }

  @Test
  void deploymentIsAsynchronous() {
    simulator.settings(simulator.settings().with("deployMs", 60_000));
    wire.post("/k/v1/preview/app.json", "{'name':'slow'}");
    wire.post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':1}]}");
    JsonNode status = wire.get("/k/v1/preview/app/deploy.json?apps[0]=1").json();
    assertThat(status.at("/apps/0/status").asText()).isEqualTo("PROCESSING");
    assertThat(wire.get("/k/v1/records.json?app=1").code()).isEqualTo("GAIA_AP01");

    simulator.settings(simulator.settings().with("deployMs", 10));
    wire.post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':1}]}");
    Patience.await().until(() -> wire.get("/k/v1/records.json?app=1").status() == 200);
  }

  @Test
  void aPortInUseIsSaidPlainly() {
    assertThatThrownBy(() -> Simulator.start(simulator.port())).isInstanceOf(BindException.class);
  }

  @Test
  void statisticsCountRequestsRecordsAndCalls() {
    SimulatedApp app = simulator.app("a", "{\"K\":{\"type\":\"SINGLE_LINE_TEXT\",\"code\":\"K\"}}");
    String add = "{'method':'POST','api':'/k/v1/record.json','payload':{'app':1,'record':{}}}";
    wire.post("/k/v1/bulkRequest.json", "{'requests':[" + add + "," + add + "]}");
    wire.get("/k/v1/records.json?app=1");
    JsonNode stats = wire.get("/simulator/stats").json();
    assertThat(app.size()).isEqualTo(2);
    assertThat(stats.at("/requests/POST ~1k~1v1~1bulkRequest.json/200").asInt()).isEqualTo(1);
    assertThat(stats.at("/subRequests/POST ~1k~1v1~1record.json").asInt()).isEqualTo(2);
    assertThat(stats.at("/records/inserted").asInt()).isEqualTo(2);
    assertThat(stats.at("/records/read").asInt()).isEqualTo(2);
    assertThat(stats.at("/calls/1").asInt()).isEqualTo(3);
  }

  @Test
  void anAppShowsItsRecordsAndTheirValues() {
    SimulatedApp app =
        simulator.app(
            "a",
            Wire.json(
                """
                {'properties':{'K':{'type':'SINGLE_LINE_TEXT','code':'K'},
                  'D':{'type':'DATE','code':'D'},
                  'C':{'type':'CHECK_BOX','code':'C','options':{'a':{'label':'a'}}},
                  'Record_number':{'type':'RECORD_NUMBER','code':'Record_number'}}}
                """));
    app.add("{\"K\":{\"value\":\"x\"},\"C\":{\"value\":[\"a\"]}}", "{}");
    assertThat(app.values("K")).containsExactly("x", "");
    assertThat(app.values("D")).containsExactly("", "");
    assertThat(app.values("C")).containsExactly("[\"a\"]", "[]");
    assertThat(app.values("Record_number")).isEqualTo(app.values("$id")).containsExactly("1", "2");
    assertThatThrownBy(() -> app.values("k"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("app 1 has no field k");
    assertThat(simulator.requests()).as("the tester's own looks are no requests").isEmpty();
    assertThat(simulator.app(1).records()).isEqualTo(app.records());
    assertThatThrownBy(() -> simulator.app(2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatKintoneWouldRefuseIsToldAndLeavesNothing() {
    assertThatThrownBy(() -> simulator.app("a", "{\"K\":{\"type\":\"NONE\"}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("properties[K].type");
    assertThatThrownBy(() -> simulator.app("a", "[]")).isInstanceOf(IllegalArgumentException.class);
    assertThat(wire.get("/k/v1/apps.json").json().path("apps")).isEmpty();
    SimulatedApp app =
        simulator.app(
            "a", "{\"K\":{\"type\":\"SINGLE_LINE_TEXT\",\"code\":\"K\",\"unique\":true}}");
    assertThatThrownBy(() -> app.add("{\"K\":{\"value\":\"x\"}}", "{\"K\":{\"value\":\"x\"}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("records[1].K.value");
    assertThatThrownBy(() -> app.add("1")).isInstanceOf(IllegalArgumentException.class);
    assertThat(app.size()).isZero();
  }

  @Test
  void settingsThatMeanNothingAreRefused() {
    for (String wrong :
        List.of(
            "{'timeZone':'Tokyo'}",
            "{'locale':'fr'}",
            "{'concurrencyLimit':0}",
            "{'latencyMs':-1}",
            "{'lockErrorStatus':200}",
            "{'latencyMs':null}",
            "{'x':1}")) {
      Wire.Answer answer = wire.put("/simulator/settings", wrong);
      assertThat(answer.status()).as(wrong).isEqualTo(400);
      assertThat(answer.message()).isNotEmpty();
    }
    assertThat(wire.post("/simulator/clock", "{'advanceSeconds':-1}").status()).isEqualTo(400);
    assertThat(wire.post("/simulator/faults", "{'status':99}").status()).isEqualTo(400);
  }
}
