package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
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
class AnyRequestTest {
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

  /** Well-formed requests for each kind of call, by its line. */
  private static final JsonNode PLAUSIBLE = plausible();

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

  /** A value that is put in the place of another one, counted in the order of the text. */
  record Swap(int place, JsonNode value) {}

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

  private static JsonNode plausible() {
    try (var requests = AnyRequestTest.class.getResourceAsStream("plausible-requests.json")) {
      return Wire.MAPPER.readTree(requests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** The tree with the value at a place, counted from the root, replaced. */
  private static JsonNode swapped(JsonNode tree, Swap swap) {
    List<Runnable> places = new ArrayList<>();
    collect(tree, swap.value(), places);
    if (!places.isEmpty()) {
      places.get(Math.floorMod(swap.place(), places.size())).run();
    }
    return tree;
  }

  private static void collect(JsonNode tree, JsonNode value, List<Runnable> places) {
    if (tree instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        places.add(() -> object.set(entry.getKey(), value.deepCopy()));
        places.add(
            () -> {
              object.remove(entry.getKey());
              object.set(value.asText("odd"), entry.getValue());
            });
        collect(entry.getValue(), value, places);
      }
    } else if (tree instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        places.add(() -> array.set(index, value.deepCopy()));
        collect(array.get(i), value, places);
      }
      places.add(() -> array.add(value.deepCopy()));
    }
  }

  @Provide
  Arbitrary<Tuple2<String, String>> calls() {
    List<Tuple2<String, String>> calls = new ArrayList<>();
    for (String line : Simulator.endpoints()) {
      for (JsonNode body : PLAUSIBLE.path(PLAUSIBLE.has(line) ? line : "otherwise")) {
        calls.add(Tuple.of(line, body.toString()));
      }
    }
    return Arbitraries.of(calls);
  }

  @Provide
  Arbitrary<List<Swap>> swaps() {
    Arbitrary<Swap> swap =
        Arbitraries.integers().between(0, 200).flatMap(place -> odd().map(v -> new Swap(place, v)));
    return swap.list();
  }

  /** Addresses and what looks like them; none leads away from this machine. */
  @Provide
  Arbitrary<String> addresses() {
    return Combinators.combine(
            Arbitraries.of("http://", "https://", "HTTP://", "http:", "ftp://", "//", ""),
            Arbitraries.of("127.0.0.1", "localhost", "[::1]", "u:p@127.0.0.1", "a b", "[", "%", ""),
            Arbitraries.of("", ":", ":1", ":0", ":-1", ":65536", ":99999999999", ":x"),
            Arbitraries.oneOf(
                Arbitraries.of("", "/", "/a?b=c#d", "/%zz"), texts().map(text -> "/" + text)))
        .as((scheme, host, port, path) -> scheme + host + port + path);
  }

  @Provide
  Arbitrary<String> reads() {
    return Arbitraries.of(
        Simulator.endpoints().stream()
            .filter(line -> line.startsWith("GET "))
            .map(line -> line.substring(4))
            .toList());
  }

  @Provide
  Arbitrary<List<Tuple2<String, String>>> parameters() {
    Arbitrary<String> names =
        Arbitraries.of(
            "app",
            "id",
            "query",
            "fields[0]",
            "fields",
            "fields[x]",
            "totalCount",
            "size",
            "ids[0]",
            "limit",
            "offset",
            "order",
            "record",
            "apps[0]",
            "apps",
            "name",
            "fileKey",
            "[0]",
            "");
    return names.flatMap(name -> texts().map(text -> Tuple.of(name, text))).list().ofMaxSize(5);
  }

  @Provide
  Arbitrary<String> bytes() {
    return Arbitraries.oneOf(
        texts(),
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.of(
            "{\"app\":1e999999999}",
            "{\"app\":1,\"id\":-1e-999999999}",
            "{\"app\":" + "9".repeat(900) + "}",
            "{\"app\":1,\"app\":2}",
            "[".repeat(2000),
            "{\"a\":".repeat(2000),
            "--a\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"%zz\"\r\n\r\n"
                + "x\r\n"
                + "--a--",
            "--a\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%zz\r\n\r\n"
                + "x\r\n"
                + "--a--",
            "--a\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                + "\\\"".repeat(20_000)
                + "\"\r\n\r\nx\r\n--a--",
            "--a\r\nname=file\r\n\r\n--a",
            "--a--a--a",
            "--a\r\n\r\n\r\n--a"));
  }

  @Provide
  Arbitrary<List<Tuple2<String, String>>> headers() {
    Arbitrary<String> names =
        Arbitraries.of(
            "X-Cybozu-Authorization",
            "X-Cybozu-API-Token",
            "Authorization",
            "Accept-Language",
            "X-HTTP-Method-Override",
            "Content-Type",
            "Cookie",
            "Accept-Encoding");
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(30),
            Arbitraries.of(
                "GET",
                "PUT",
                "DELETE",
                "delete",
                "multipart/form-data",
                "application/json",
                "*",
                "multipart/form-data; boundary=",
                "en;q=x",
                "ja;q=99",
                "OnU=",
                "Og==",
                "dTpw",
                "t,".repeat(20),
                "x".repeat(5000)));
    return names.flatMap(name -> values.map(value -> Tuple.of(name, value))).list();
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

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "",
            " ",
            "K1",
            "K",
            "a",
            "1",
            "0",
            "-1",
            "1e9999",
            "1e-9999",
            "1E400",
            "9".repeat(40),
            "2026-02-30",
            "24:00",
            "2026-01-02T03:04:05+99:00",
            "0000-00-00",
            "true",
            "null",
            "go",
            "$id",
            "$id desc",
            "order by",
            "limit 501",
            "limit 0 offset 0",
            "Q in ()",
            "Q = NOW(",
            "K = \"",
            "K = \"a\" and",
            "(".repeat(500),
            "not",
            "U in (LOGINUSER(), \"x\")",
            "DT > FROM_TODAY(999999999999,YEARS)",
            "D = FROM_TODAY(-999999999,WEEKS)",
            "D = THIS_MONTH(31)",
            "D = LAST_WEEK(SUNDAY)",
            "S = \"1\"",
            "a = \"1\"",
            "F like \"x\"",
            "Q > 1e400",
            "NK in (1e9999,2)",
            "x".repeat(200),
            "\u0000",
            "\ud83d\ude00",
            "\ud800",
            "UP",
            "SUM(b)",
            "Q + ",
            "Q / 0",
            "IF(Q > 1, 2",
            "K & T",
            "SINGLE_LINE_TEXT",
            "SUBTABLE",
            "CALC",
            "CREATOR",
            "STATUS",
            "UTF-8",
            "Asia/Tokyo",
            "POST",
            "PUT",
            "/k/v1/records.json",
            "/k/v1/record/status.json",
            "/k/guest/1/v1/records.json",
            "ab",
            "X",
            "レコード番号"),
        Arbitraries.strings().ofMaxLength(8));
  }

  private static Arbitrary<JsonNode> odd() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Arbitrary<JsonNode> scalars =
        Arbitraries.of(
            json.nullNode(),
            json.booleanNode(true),
            json.booleanNode(false),
            json.numberNode(0),
            json.numberNode(1),
            json.numberNode(2),
            json.numberNode(-1),
            json.numberNode(101),
            json.numberNode(Long.MAX_VALUE),
            json.numberNode(Long.MIN_VALUE),
            json.numberNode(BigInteger.TEN.pow(40)),
            json.numberNode(new BigDecimal("1.5")),
            json.numberNode(new BigDecimal("1E+9999")),
            json.arrayNode(),
            json.objectNode());
    Arbitrary<JsonNode> leaves = Arbitraries.oneOf(scalars, texts().map(json::textNode));
    return Arbitraries.lazyOf(
        () -> leaves,
        () -> leaves,
        () -> leaves.list().ofMaxSize(3).map(all -> json.arrayNode().addAll(all)),
        () -> leaves.map(value -> json.objectNode().set("value", value)),
        () ->
            Arbitraries.of("code", "type", "value", "id", "app", "name")
                .flatMap(
                    name -> leaves.map(value -> (JsonNode) json.objectNode().set(name, value))));
  }
}
