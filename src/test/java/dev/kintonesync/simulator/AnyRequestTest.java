package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Whatever is asked, in whatever shape, Kintone's answer comes: a success, or a refusal in its
 * envelope; never a fault of the simulator.
 */
@PropertyDefaults(tries = 400, edgeCases = EdgeCasesMode.MIXIN)
class AnyRequestTest extends AnyParts {
  private static final String FIELDS =
      """
      {'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
       'T':{'type':'SINGLE_LINE_TEXT','code':'T','minLength':'1','defaultValue':'x'},
       'Q':{'type':'NUMBER','code':'Q','maxValue':'100'},
       'NK':{'type':'NUMBER','code':'NK','unique':true},
       'D':{'type':'DATE','code':'D'}, 'DT':{'type':'DATETIME','code':'DT'},
       'TI':{'type':'TIME','code':'TI'},
       'DD':{'type':'DROP_DOWN','code':'DD','options':{'a':{'label':'a'},'b':{'label':'b'}}},
       'CB':{'type':'CHECK_BOX','code':'CB','options':{'a':{'label':'a'},'b':{'label':'b'}}},
       'U':{'type':'USER_SELECT','code':'U'}, 'F':{'type':'FILE','code':'F'},
       'L':{'type':'LINK','code':'L'}, 'M':{'type':'MULTI_LINE_TEXT','code':'M'},
       'S':{'type':'SUBTABLE','code':'S','fields':{
         'a':{'type':'SINGLE_LINE_TEXT','code':'a'},
         'b':{'type':'NUMBER','code':'b'}}}}
      """;

  private static final String ADD = "{\"app\":1,\"records\":[{}]}";

  private static Simulator simulator;
  private static SimulatorLog log;
  private static Wire wire;

  @BeforeContainer
  static void start() throws IOException {
    simulator = Simulator.start();
    log = new SimulatorLog();
    wire = Wire.withPassword(simulator.url(), "u", "p");
  }

  @AfterContainer
  static void stop() {
    log.close();
    simulator.close();
  }

  @BeforeTry
  void makeApp() {
    log.complaints().clear();
    simulator.reset();
    simulator.settings(simulator.settings().with("deployMs", 0));
    SimulatedApp app = simulator.app("any", Wire.json(FIELDS));
    app.add(
        Wire.json("{'K':{'value':'K1'},'Q':{'value':'5'}}"), Wire.json("{'CB':{'value':['a']}}"));
  }

  @Property
  void anyParametersAreAnsweredAsKintoneDoes(
      @ForAll("calls") Tuple2<String, String> call,
      @ForAll("swaps") @Size(max = 3) List<Swap> swaps) {
    String[] line = call.get1().split(" ", 2);
    JsonNode body = Wire.json(call.get2());
    for (Swap swap : swaps) {
      body = swapped(body, swap);
    }
    Wire.Answer answer = wire.sendRaw(line[0], "/k/v1/" + line[1] + ".json", body.toString());
    assertIsKintones(answer, call.get1() + " " + body);
    if (answer.status() == 200 && line[1].endsWith("deploy")) {
      assertDeploymentEnds();
    }
  }

  @Property
  void anyTwoCallsAfterEachOtherAreAnsweredAsKintoneDoes(
      @ForAll("calls") Tuple2<String, String> first,
      @ForAll("swaps") @Size(max = 2) List<Swap> swaps,
      @ForAll("calls") Tuple2<String, String> second) {
    anyParametersAreAnsweredAsKintoneDoes(first, swaps);
    anyParametersAreAnsweredAsKintoneDoes(
        Tuple.of("POST preview/app/deploy", "{\"apps\":[{\"app\":1}]}"), List.of());
    anyParametersAreAnsweredAsKintoneDoes(second, List.of());
  }

  @Property(tries = 100)
  void anyQueryStringIsAnsweredAsKintoneDoes(
      @ForAll("reads") String resource,
      @ForAll("parameters") List<Tuple2<String, String>> parameters) {
    String query =
        parameters.stream()
            .map(p -> encoded(p.get1()) + "=" + encoded(p.get2()))
            .collect(Collectors.joining("&"));
    assertIsKintones(wire.get("/k/v1/" + resource + ".json?" + query), resource + "?" + query);
  }

  @Property(tries = 100)
  void anyBodyIsAnsweredAsKintoneDoes(
      @ForAll("calls") Tuple2<String, String> call, @ForAll("bytes") String body, @ForAll int cut) {
    String[] line = call.get1().split(" ", 2);
    String path = "/k/v1/" + line[1] + ".json";
    assertIsKintones(wire.sendRaw(line[0], path, body), body);
    String piece = call.get2().substring(0, Math.floorMod(cut, call.get2().length()));
    assertIsKintones(wire.sendRaw(line[0], path, piece), piece);
    assertIsKintones(
        wire.sendRaw(
            "POST", "/k/v1/file.json", body, "Content-Type", "multipart/form-data; boundary=a"),
        body);
  }

  @Property(tries = 100)
  void anyHeadersAreAnsweredAsKintoneDoes(
      @ForAll("headers") @Size(max = 3) List<Tuple2<String, String>> headers) {
    String[] flat =
        headers.stream()
            .flatMap(header -> List.of(header.get1(), header.get2()).stream())
            .toArray(String[]::new);
    assertIsKintones(wire.sendRaw("POST", "/k/v1/records.json", ADD, flat), headers.toString());
  }

  @Property(tries = 150)
  void anyControlIsObeyedOrRefused(
      @ForAll("controls") Tuple2<String, String> control,
      @ForAll("swaps") @Size(max = 2) List<Swap> swaps) {
    String[] line = control.get1().split(" ", 2);
    JsonNode body = Wire.json(control.get2());
    for (Swap swap : swaps) {
      body = swapped(body, swap);
    }
    Wire.Answer answer = wire.sendRaw(line[0], "/simulator/" + line[1], body.toString());
    assertThat(answer.status()).as("%s %s", line[1], log.complaints()).isIn(200, 400);
    boolean behindAWall = !body.path("basicAuth").asText().isEmpty(); // which speaks HTML
    if (line[1].equals("faults") || behindAWall) {
      return;
    }
    Wire.Answer next = wire.get("/k/v1/records.json?app=1");
    if (simulator.settings().toJson().path("maintenance").asBoolean()) {
      assertThat(next.status()).isEqualTo(503);
    } else {
      assertIsKintones(next, "after " + line[1] + " " + body);
    }
  }

  @Property(tries = 150)
  void anyAddressOfAWebhookIsRefusedOrDoesNoHarm(@ForAll("addresses") String url) {
    ObjectNode webhook = JsonNodeFactory.instance.objectNode().put("app", 1).put("url", url);
    Wire.Answer answer = wire.sendRaw("POST", "/simulator/webhooks", webhook.toString());
    assertThat(answer.status()).as(url).isIn(200, 400);
    assertIsKintones(wire.post("/k/v1/record.json", "{'app':1,'record':{}}"), url);
  }

  private static void assertIsKintones(Wire.Answer answer, String asked) {
    assertThat(log.complaints()).as(asked).isEmpty();
    assertThat(answer.status()).as(asked).isLessThan(500);
    String type = answer.header("Content-Type");
    if (answer.status() >= 400) {
      assertThat(type).as("%s: %s", asked, answer.response().body()).startsWith("application/json");
      JsonNode json = answer.json();
      if (json.has("results")) {
        assertThat(json.path("results").findValue("code")).as(asked).isNotNull();
      } else {
        assertThat(answer.code()).as(asked).matches("(CB|GAIA)_[A-Z]{2}[0-9]{2}");
        assertThat(answer.header("X-Cybozu-Error")).isEqualTo(answer.code());
        assertThat(answer.message()).as(asked).isNotEmpty().doesNotContain("{0}");
      }
    }
  }

  private static void assertDeploymentEnds() {
    Patience.await()
        .until(
            () ->
                !wire.get("/k/v1/preview/app/deploy.json?apps%5B0%5D=1")
                    .response()
                    .body()
                    .contains("PROCESSING"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<Tuple2<String, String>> controls() {
    return Arbitraries.of(
        Tuple.of("PUT settings", simulator.settings().toJson().toString()),
        Tuple.of("PUT settings", "{'maintenance':true}"),
        Tuple.of("PUT settings", "{'latencyMs':0,'timeZone':'Asia/Tokyo','locale':'en'}"),
        Tuple.of(
            "POST faults",
            "{'match':{'method':'GET','path':'x'},'status':503,'headers':{'A':'b'}}"),
        Tuple.of("POST tokens", "{'token':'t','app':2,'permissions':['view','add']}"),
        Tuple.of("POST users", "{'code':'u','name':'n','password':'p'}"),
        Tuple.of("POST groups", "{'code':'u','name':'n'}"),
        Tuple.of("POST clock", "{'advanceSeconds':60}"));
  }
}
