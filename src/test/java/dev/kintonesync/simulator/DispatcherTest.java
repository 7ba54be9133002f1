package dev.kintonesync.simulator;

import static dev.kintonesync.simulator.KintoneUnderTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.AtOnce;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.http.RecordedRequest;
import dev.kintonesync.simulator.state.DomainSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens before and around the calls: language, limits, faults, and bad input. */
class DispatcherTest extends ContractTest {

  @AfterEach
  void calm() {
    kintone.simulator().settings(DomainSettings.DEFAULTS.with("deployMs", 0));
    kintone.simulator().faults().clear();
  }

  @Behaviour(number = 39, evidence = "M1,O11,M7")
  void theCallBeyondTheLimitIsRefusedAndCallsAreCountedByApp() throws Exception {
    Simulator simulator = kintone.simulator();
    Wire.Answer one = wire.get("/k/v1/records.json?app=" + app);
    assertThat(one.header("X-ConcurrencyLimit-Limit")).isEqualTo("100");
    assertThat(one.header("X-ConcurrencyLimit-Running")).isEqualTo("1");

    simulator.settings(simulator.settings().with("latencyMs", 600_000));
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<CompletableFuture<Void>> slow = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        slow.add(
            CompletableFuture.runAsync(() -> wire.get("/k/v1/records.json?app=" + app), threads));
      }
      Patience.await().until(() -> simulator.statistics().path("running").asInt() == 100);
      Wire.Answer tooMuch = wire.get("/k/v1/records.json?app=" + app);
      assertThat(tooMuch.status()).isEqualTo(429);
      assertThat(tooMuch.code()).isEqualTo("GAIA_TO04");
      assertThat(tooMuch.header("X-ConcurrencyLimit-Running")).isEqualTo("101");
    } finally {
      kintone.restart();
      threads.shutdownNow();
    }
  }

  @Test
  void subRequestsAreCountedAndTheirEnvelopeIsNot() {
    Simulator simulator = kintone.simulator();
    String path = "/calls/" + app;
    int before = simulator.statistics().at(path).asInt();
    String add =
        "{'method':'POST','api':'/k/v1/record.json','payload':{'app':" + app + ",'record':{}}}";
    wire.post("/k/v1/bulkRequest.json", "{'requests':[" + add + "," + add + "]}");
    assertThat(simulator.statistics().at(path).asInt()).isEqualTo(before + 2);
  }

  @Behaviour(number = 40, evidence = "M10,J4,M4")
  void faultsComeAsTheyAreOrdered() {
    Simulator simulator = kintone.simulator();
    String rows = "[{'updateKey':{'field':'K','value':'K1'},'record':{}}]";
    simulator.faults().add(Fault.error(400, "GAIA_DA02").on("PUT", "records.json"));
    simulator.faults().add(Fault.error(520, "GAIA_DA02").on("PUT", "records.json"));
    simulator.faults().add(Fault.status(503, "<html>maintenance</html>").on("PUT", ""));
    Wire.Answer locked = upsert(rows);
    assertThat(locked.status()).isEqualTo(400);
    assertThat(locked.code()).isEqualTo("GAIA_DA02");
    assertThat(upsert(rows).status()).isEqualTo(520);
    Wire.Answer maintenance = upsert(rows);
    assertThat(maintenance.status()).isEqualTo(503);
    assertThat(maintenance.header("Content-Type")).startsWith("text/html");
    assertThat(all()).isEmpty();

    simulator.faults().add(Fault.of(Fault.Kind.RESET).on("PUT", "records.json"));
    assertThatThrownBy(() -> upsert(rows)).isInstanceOf(UncheckedIOException.class);
    assertThat(all()).isEmpty();
    simulator.faults().add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("PUT", "records.json"));
    assertThatThrownBy(() -> upsert(rows)).isInstanceOf(UncheckedIOException.class);
    assertThat(all()).hasSize(1);
    assertThat(upsert(rows).json().at("/records/0/operation").asText()).isEqualTo("UPDATE");
    assertThat(all()).hasSize(1);
  }

  @Test
  void theDateOfAnAnswerIsThatOfTheDomainsClock() {
    Simulator simulator = kintone.simulator();
    simulator.clock().advance(Duration.ofDays(40));
    try {
      add("K1");
      Wire.Answer answer = wire.get("/k/v1/records.json?app=" + app);
      Instant date =
          ZonedDateTime.parse(
                  String.valueOf(answer.header("Date")), DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant();
      assertThat(date.plusSeconds(1)).isAfter(Instant.now().plus(Duration.ofDays(39)));
      assertThat(Instant.parse(only("更新日時").asText()))
          .isBeforeOrEqualTo(date)
          .isAfter(date.minusSeconds(120));
    } finally {
      simulator.clock().reset();
    }
  }

  @Test
  void aFaultSkipsAndCounts() {
    kintone.simulator();
    wire.post(
        "/simulator/faults",
        """
        {'match':{'method':'GET','path':'records.json'},'skip':1,'count':2,'kind':'status',
         'status':502,'body':'bad gateway','headers':{'X-From':'proxy'}}
        """);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Wire.Answer answer = wire.get("/k/v1/records.json?app=" + app);
      statuses.add(answer.status());
      if (answer.status() == 502) {
        assertThat(answer.header("X-From")).isEqualTo("proxy");
      }
    }
    assertThat(statuses).containsExactly(200, 502, 502, 200);
  }

  @Test
  void aFaultSpoilsOneSubRequestAndTakesTheBulkRequestBack() {
    kintone
        .simulator()
        .faults()
        .add(Fault.error(400, "GAIA_DA02").on("POST", "record.json").after(1));
    String add =
        "{'method':'POST','api':'/k/v1/record.json','payload':{'app':" + app + ",'record':{}}}";
    Wire.Answer answer =
        wire.post("/k/v1/bulkRequest.json", "{'requests':[" + add + "," + add + "]}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/results/1/code").asText()).isEqualTo("GAIA_DA02");
    assertThat(all()).isEmpty();
  }

  @Behaviour(number = 45, evidence = "M1")
  void messagesComeInTheLanguageAskedFor() {
    kintone.simulator();
    String path = "/k/v1/records.json?app=999999";
    String japanese = "指定したアプリ（id: 999999）が見つかりません。削除されている可能性があります。";
    String english = "The app (ID: 999999) not found. The app may have been deleted.";
    assertThat(wire.get(path, "Accept-Language", "ja").message()).isEqualTo(japanese);
    assertThat(wire.get(path, "Accept-Language", "en").message()).isEqualTo(english);
    assertThat(wire.get(path, "Accept-Language", "en,ja;q=0.9").message()).isEqualTo(english);
    assertThat(wire.get(path, "Accept-Language", "fr;q=1,ja-JP;q=0.5,en;q=0.1").message())
        .isEqualTo(japanese);
    assertThat(wire.get(path, "Accept-Language", "*").message()).isEqualTo(japanese);
    kintone.simulator().settings(kintone.simulator().settings().with("locale", "en"));
    assertThat(wire.get(path, "Accept-Language", "*").message()).isEqualTo(english);
  }

  @Test
  void anErrorHasItsEnvelopeAndHeader() {
    Wire.Answer answer = wire.get("/k/v1/records.json?app=999999");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("X-Cybozu-Error")).isEqualTo("GAIA_AP01");
    assertThat(answer.json().path("id").asText()).hasSize(20);
    List<String> names = new ArrayList<>();
    answer.json().fieldNames().forEachRemaining(names::add);
    assertThat(names).containsExactly("code", "id", "message");
  }

  @Test
  void brokenRequestsAreRefusedInKintonesWords() {
    assertThat(wire.post("/k/v1/records.json", "{'app':").code()).isEqualTo("CB_IJ01");
    assertThat(wire.post("/k/v1/records.json", "[]").code()).isEqualTo("CB_IJ01");
    assertThat(wire.post("/k/v1/records.json", "{} {}").code()).isEqualTo("CB_IJ01");
    assertThat(wire.post("/k/v1/records.json", "[".repeat(100_000)).code()).isEqualTo("CB_IJ01");
    assertThat(wire.put("/k/v1/apps.json", "{}").code()).isEqualTo("CB_IL02");
    assertThat(wire.post("/k/v1/records.json", "{}", "Content-Type", "text/plain").code())
        .isEqualTo("CB_IL02");
    assertThat(wire.get("/k/v1/nothing.json").status()).isEqualTo(404);
    assertThat(wire.get("/k").status()).isEqualTo(404);
    assertThat(wire.get("/k/v1/records.json?app=x").errorKeys()).containsExactly("app");
    assertThat(wire.get("/k/v1/records.json?app=0").messages("app"))
        .containsExactly("must be greater than or equal to 1");
    assertThat(wire.get("/k/v1/records.json?app=99999999999999999999").errorKeys())
        .containsExactly("app");
    assertThat(wire.get("/k/v1/records.json?app=1&totalCount=maybe").messages("totalCount"))
        .containsExactly("must be boolean.");
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedByTheFront() {
    kintone.simulator().settings(kintone.simulator().settings().with("maxBodyBytes", 1000));
    Wire.Answer answer = addAll("[{'T':{'value':'" + "x".repeat(2000) + "'}}]");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(all()).isEmpty();
  }

  @Test
  void garbageAndHalfOpenConnectionsDoNotStopIt() throws IOException {
    int port = kintone.simulator().port();
    List<Socket> halfOpen = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Socket socket = new Socket("127.0.0.1", port);
      String sent =
          switch (i % 3) {
            case 0 -> "";
            case 1 -> "\u0000\u0001garbage\r\n\r\n";
            default -> "POST /k/v1/records.json HTTP/1.1\r\nContent-Length: 1000\r\n\r\n{";
          };
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
      halfOpen.add(socket);
    }
    assertThat(wire.get("/k/v1/records.json?app=" + app).status()).isEqualTo(200);
    for (Socket socket : halfOpen) {
      socket.close();
    }
  }

  @Test
  void requestsAreRecorded() {
    add("K1");
    upsert("[]");
    List<RecordedRequest> requests = kintone.simulator().requests();
    RecordedRequest last = requests.get(requests.size() - 1);
    assertThat(last.line()).isEqualTo("PUT records");
    assertThat(last.app()).isEqualTo(app);
    assertThat(last.status()).isEqualTo(200);
    assertThat(last.body().path("upsert").asBoolean()).isTrue();
    assertThat(requests.get(requests.size() - 2).line()).isEqualTo("POST record");
  }

  @Test
  void settingsAreReadAndChangedByName() {
    kintone.simulator();
    JsonNode changed = wire.put("/simulator/settings", "{'latencyMs':1,'locale':'en'}").json();
    assertThat(changed.path("latencyMs").asInt()).isEqualTo(1);
    assertThat(wire.get("/simulator/settings").json()).isEqualTo(changed);
    assertThat(wire.put("/simulator/settings", "{'latency':1}").status()).isEqualTo(400);
    assertThat(wire.put("/simulator/settings", "{'latencyMs':'x'}").status()).isEqualTo(400);
  }

  @Test
  void serialWritesWaitForEachOther() {
    Simulator simulator = kintone.simulator();
    simulator.settings(
        simulator.settings().with("serialWrites", true).with("latencyPerRecordMs", 100));
    long start = System.nanoTime();
    List<CompletableFuture<Long>> adds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      adds.add(AtOnce.ask(() -> records.addRecord(app, of())));
    }
    adds.forEach(CompletableFuture::join);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(300_000_000L);
  }

  @Test
  void resetForgetsEverything() {
    Simulator simulator = kintone.simulator();
    wire.post("/simulator/reset", "{}");
    assertThat(simulator.statistics().path("requests")).isEmpty();
    assertThat(refused(() -> records.getRecords(app)).code()).isEqualTo("GAIA_AP01");
  }

  @Behaviour(number = 62, evidence = "M")
  void anEmptyNumberInAnAddressIsMissing() {
    Wire.Answer answer = wire.get("/k/v1/record.json?app=&id=");
    assertThat(answer.errorKeys()).containsExactlyInAnyOrder("app", "id");
    assertThat(answer.messages("app")).containsExactly("Required field.");
    assertThat(wire.get("/k/v1/app.json?id=").messages("id")).containsExactly("Required field.");
    assertThat(wire.get("/k/v1/app.json?id=x").messages("id"))
        .containsExactly("Enter an integer value.");
  }

  @Test
  void aCallThatIsNotSimulatedIsToldInJsonAndCounted() {
    Wire.Answer answer = wire.get("/k/v1/app/plugins.json?app=" + app);
    assertThat(answer.code()).isEqualTo("SIMULATOR_UNKNOWN");
    assertThat(answer.message()).contains("GET /k/v1/app/plugins.json", "docs/simulator.md");
    wire.get("/k/v1/app/plugins.json?app=" + app);
    assertThat(wire.put("/k/v1/preview/app/views.json", "{'app':1,'views':{}}").code())
        .isEqualTo("SIMULATOR_UNKNOWN");
    assertThat(wire.get("/simulator/stats").json().path("notSimulated"))
        .hasToString("{\"GET app/plugins\":2,\"PUT preview/app/views\":1}");
  }

  @Behaviour(number = 63, evidence = "O")
  void theDesignOfANewAppIsReadInAllItsParts() {
    JsonNode rights = wire.get("/k/v1/app/acl.json?app=" + app).json().path("rights");
    assertThat(rights.at("/0/entity/type").asText()).isEqualTo("CREATOR");
    assertThat(rights.at("/0/appEditable").asBoolean()).isTrue();
    assertThat(rights.at("/1/entity/code").asText()).isEqualTo("everyone");
    assertThat(rights.at("/1/recordViewable").asBoolean()).isTrue();
    assertThat(rights.at("/1/appEditable").asBoolean()).isFalse();
    assertThat(wire.get("/k/v1/app/views.json?app=" + app).json().path("views").isObject())
        .isTrue();
    JsonNode custom = wire.get("/k/v1/app/customize.json?app=" + app).json();
    assertThat(custom.path("scope").asText()).isEqualTo("ALL");
    assertThat(custom.at("/mobile/css").isArray()).isTrue();

    long formed =
        kintone.app(
            """
            {'N':{'type':'NUMBER','code':'N','required':true,'maxValue':'9'},
             'D':{'type':'DROP_DOWN','code':'D','options':{
               'b':{'label':'b','index':'1'},'a':{'label':'a','index':'0'}}},
             'S':{'type':'SUBTABLE','code':'S','fields':{
               'i':{'type':'SINGLE_LINE_TEXT','code':'i'}}}}
            """);
    Map<String, JsonNode> fields = new HashMap<>();
    wire.get("/k/v1/form.json?app=" + formed)
        .json()
        .path("properties")
        .forEach(field -> fields.put(field.path("code").asText(), field));
    assertThat(fields.get("N").path("required").textValue()).isEqualTo("true");
    assertThat(fields.get("N").path("maxValue").textValue()).isEqualTo("9");
    assertThat(fields.get("N").path("minValue").isNull()).isTrue();
    assertThat(fields.get("D").path("options")).hasToString("[\"a\",\"b\"]");
    assertThat(fields.get("S").at("/fields/0/code").asText()).isEqualTo("i");
  }
}
