package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page at {@code /simulator/}: what it is made of, what it asks for, and who may ask. */
class PageTest {
  private static final String FIELDS =
      """
      {'Number':{'type':'RECORD_NUMBER','code':'Number','label':'No.'},
       'K':{'type':'SINGLE_LINE_TEXT','code':'K','label':'Key'},
       'S':{'type':'SUBTABLE','code':'S','label':'Lines','fields':{
         'a':{'type':'SINGLE_LINE_TEXT','code':'a','label':'Article'}}}}
      """;

  private Simulator simulator;
  private Wire wire;

  @BeforeEach
  void start() throws IOException {
    simulator = Simulator.start();
    wire = new Wire(simulator.url(), "X-Cybozu-API-Token", "t");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  private SimulatedApp app() {
    return simulator.app("顧客", Wire.json(FIELDS));
  }

  private static String file(String name) throws IOException {
    try (InputStream content = Simulator.class.getResourceAsStream("page/" + name)) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private JsonNode overview() {
    return wire.get("/simulator/overview").json();
  }

  @Test
  void thePageSpeaksTheLanguageAskedFor() {
    String english = wire.get("/simulator/").response().body();
    assertThat(english).contains("<html lang=\"en\">", "<h1 tabindex=\"-1\">Overview</h1>");
    String japanese = wire.get("/simulator/", "Accept-Language", "ja,en;q=0.5").response().body();
    assertThat(japanese).contains("<html lang=\"ja\">", "<h1 tabindex=\"-1\">概要</h1>");
    assertThat(wire.get("/simulator/?lang=ja").response().body()).isEqualTo(japanese);
    assertThat(wire.get("/simulator/?lang=en", "Accept-Language", "ja").response().body())
        .isEqualTo(english);
  }

  @Test
  void bothLanguagesHaveTheWordsOfThePageAndNoOthers() throws IOException {
    Set<String> gaps =
        Pattern.compile("\\{\\{([^}]*)}}")
            .matcher(file("index.html"))
            .results()
            .map(gap -> gap.group(1))
            .collect(Collectors.toCollection(HashSet::new));
    gaps.remove("lang");
    for (String language : List.of("en", "ja")) {
      Properties words = new Properties();
      words.load(new StringReader(file("words_" + language + ".properties")));
      assertThat(words.stringPropertyNames()).as(language).isEqualTo(gaps);
      assertThat(
              String.join(
                  "", words.stringPropertyNames().stream().map(words::getProperty).toList()))
          .doesNotContain("<", "&", "{");
      assertThat(wire.get("/simulator/?lang=" + language).response().body()).doesNotContain("{{");
    }
    List<String> asked =
        Pattern.compile("(?:word|copy|template:) ?\\(?\"([a-z-]+)\"")
            .matcher(file("page.js"))
            .results()
            .map(MatchResult::group)
            .map(use -> use.substring(use.indexOf('"') + 1, use.length() - 1))
            .toList();
    assertThat(asked).contains("overview", "app", "record", "request", "too-long");
    assertThat(asked)
        .allSatisfy(id -> assertThat(file("index.html")).contains("id=\"" + id + "\""));
  }

  @Test
  void nothingOfItComesFromElsewhereAndNothingRunsThatIsNotItsOwn() throws IOException {
    for (String part : List.of("", "page.css", "page.js", "icon.svg", "overview")) {
      Wire.Answer answer = wire.get("/simulator/" + part);
      assertThat(answer.status()).as(part).isEqualTo(200);
      assertThat(answer.header("Content-Security-Policy"))
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe", "*");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
      assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
      assertThat(answer.response().body().replace("http://www.w3.org/2000/svg", ""))
          .doesNotContain("//www", "http:", "https:");
    }
    assertThat(file("page.js"))
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval");
    assertThat(file("index.html")).doesNotContain("<style", "style=", " onclick");
  }

  @Test
  void theOverviewShowsAppsRequestsAndCounts() {
    long app = app().id();
    wire.post("/k/v1/record.json", "{'app':" + app + ",'record':{'K':{'value':'<script>'}}}");
    String add = "{'method':'POST','api':'/k/v1/record.json','payload':{'app':1,'record':{}}}";
    wire.post("/k/v1/bulkRequest.json", "{'requests':[" + add + "," + add + "]}");
    wire.post("/k/v1/preview/app.json", "{'name':'later'}");
    JsonNode seen = overview();
    assertThat(seen.path("apps"))
        .containsExactly(
            Wire.json("{'id':1,'name':'顧客','live':true,'records':3,'calls':3}"),
            Wire.json("{'id':2,'name':'later','live':false,'records':0,'calls':0}"));
    assertThat(seen.path("requests").findValuesAsText("path"))
        .containsExactly("/k/v1/preview/app.json", "/k/v1/bulkRequest.json", "/k/v1/record.json");
    JsonNode bulk = seen.at("/requests/1");
    assertThat(bulk.path("method").asText()).isEqualTo("POST");
    assertThat(bulk.path("subRequests").asInt()).isEqualTo(2);
    assertThat(bulk.path("status").asInt()).isEqualTo(200);
    assertThat(bulk.path("millis").isIntegralNumber()).isTrue();
    assertThat(seen.at("/requests/2/app").asLong()).isEqualTo(app);
    assertThat(seen.at("/statistics/records/inserted").asInt()).isEqualTo(3);
  }

  @Test
  void aRequestTakesAsLongAsItTook() {
    app();
    simulator.settings(simulator.settings().with("latencyMs", 60));
    wire.get("/k/v1/records.json?app=1");
    assertThat(overview().at("/requests/0/millis").asInt()).isBetween(60, 20_000);
  }

  @Test
  void whoKnowsThePresentVersionIsToldOfNothingUntilSomethingHappens() {
    SimulatedApp app = app();
    String version = overview().path("version").asText();
    JsonNode same = wire.get("/simulator/overview?since=" + version).json();
    assertThat(same).isEqualTo(Wire.json("{'version':'" + version + "'}"));
    app.add("{}");
    JsonNode added = wire.get("/simulator/overview?since=" + version).json();
    assertThat(added.at("/apps/0/records").asInt()).isEqualTo(1);
    wire.get("/k/v1/records.json?app=1");
    JsonNode asked = wire.get("/simulator/overview?since=" + added.path("version").asText()).json();
    assertThat(asked.path("requests")).hasSize(1);
    wire.post("/simulator/reset", "{}");
    JsonNode reset = wire.get("/simulator/overview?since=" + asked.path("version").asText()).json();
    assertThat(reset.path("apps")).isEmpty();
    assertThat(simulator.requests()).as("the page's own questions are no requests").isEmpty();
  }

  @Test
  void recordsComeByFiftiesTheNewestFirst() {
    SimulatedApp app = app();
    for (int i = 1; i <= 120; i++) {
      app.add("{\"K\":{\"value\":\"" + i + "\"}}");
    }
    JsonNode first = wire.get("/simulator/records?app=1").json();
    assertThat(first.path("total").asInt()).isEqualTo(120);
    assertThat(first.path("name").asText()).isEqualTo("顧客");
    assertThat(first.path("records")).hasSize(50);
    assertThat(first.at("/records/0/K/value").asText()).isEqualTo("120");
    JsonNode last = wire.get("/simulator/records?app=1&offset=100&order=asc").json();
    assertThat(last.path("records")).hasSize(20);
    assertThat(last.at("/records/19/K/value").asText()).isEqualTo("120");
    assertThat(wire.get("/simulator/records?app=1&offset=999999999999").json().path("records"))
        .isEmpty();
  }

  @Test
  void columnsAreTheFieldsByTheirLabelsTheNumberFirst() {
    app();
    JsonNode fields = wire.get("/simulator/records?app=1").json().path("fields");
    assertThat(fields)
        .extracting(field -> field.path("label").asText())
        .startsWith("No.", "Key", "Lines")
        .endsWith("$revision")
        .doesNotContain("カテゴリー", "ステータス");
    assertThat(fields.at("/2/fields/0/label").asText()).isEqualTo("Article");
    wire.send("DELETE", "/k/v1/preview/app/form/fields.json", "{'app':1,'fields':['Number']}");
    simulator.settings(simulator.settings().with("deployMs", 0));
    wire.post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':1}]}");
    Patience.await()
        .untilAsserted(
            () ->
                assertThat(
                        wire.get("/simulator/records?app=1").json().at("/fields/0/code").asText())
                    .as("without its field, the number itself")
                    .isEqualTo("$id"));
  }

  @Test
  void longValuesAreCutAmongOthersAndWholeAlone() {
    String row = "{\"value\":{\"a\":{\"value\":\"" + "y".repeat(1000) + "\"}}}";
    String rows = String.join(",", List.of(row, row, row, row, row));
    app()
        .add("{\"K\":{\"value\":\"%s\"},\"S\":{\"value\":[%s]}}".formatted("x".repeat(1000), rows));
    JsonNode among = wire.get("/simulator/records?app=1").json().at("/records/0");
    assertThat(among.at("/K/value").asText()).hasSize(301).endsWith("x…");
    assertThat(among.at("/S/value")).hasSize(3);
    assertThat(among.at("/S/more").asInt()).isEqualTo(2);
    assertThat(among.at("/S/value/0/value/a/value").asText()).hasSize(301);
    JsonNode alone = wire.get("/simulator/record?app=1&id=1").json().path("record");
    assertThat(alone.at("/K/value").asText()).hasSize(1000);
    assertThat(alone.at("/S/value")).hasSize(5);
    assertThat(simulator.app(1).records().get(0).at("/S/value"))
        .as("the record is whole")
        .hasSize(5);
  }

  @Test
  void aRequestIsShownWithItsParametersAndItsRefusal() {
    app();
    wire.post("/k/v1/record.json", "{'app':1,'id':'<script>'}", "Accept-Language", "ja");
    wire.post("/k/v1/records.json", "{'app':1,'records':'x'}");
    JsonNode good = wire.get("/simulator/request?number=1").json();
    assertThat(good.path("body").asText()).isEqualTo("{\"app\":1,\"id\":\"<script>\"}");
    assertThat(good.path("answer").asText()).isEmpty();
    JsonNode bad = wire.get("/simulator/request?number=2").json();
    assertThat(bad.path("answer").asText()).contains("\"code\":\"CB_");
    assertThat(bad.path("status").asInt()).isEqualTo(400);
    assertThat(simulator.requests().get(1).refusal()).isEqualTo(bad.path("answer").asText());
    simulator.settings(simulator.settings().with("recordedRequests", 1));
    wire.post("/k/v1/records.json", "{'app':1,'records':['" + "x".repeat(2 << 20) + "']}");
    JsonNode large = wire.get("/simulator/request?number=3").json();
    assertThat(large.path("body").asText()).hasSize(1 << 20);
    assertThat(large.path("cut").asBoolean()).isTrue();
    assertThat(wire.get("/simulator/request?number=1").status()).as("forgotten").isEqualTo(404);
  }

  @Test
  void whatIsNotThereIs404AndNonsenseIs400() {
    for (String path : List.of("records?app=9", "record?app=9&id=1", "request?number=9", "x.js")) {
      assertThat(wire.get("/simulator/" + path).status()).as(path).isEqualTo(404);
    }
    for (String path :
        List.of("records", "records?app=x", "records?app=1&offset=-1", "record?app=1", "request")) {
      assertThat(wire.get("/simulator/" + path).status()).as(path).isEqualTo(400);
    }
    assertThat(wire.get("/simulator/../../etc/passwd").status()).isIn(400, 404);
  }

  @Test
  void theAddressAloneLeadsToThePage() {
    for (String path : List.of("/", "/simulator")) {
      assertThat(wire.get(path).status()).isEqualTo(302);
      assertThat(wire.get(path).header("Location")).isEqualTo("/simulator/");
    }
  }

  @Test
  void onlyThisMachineByItsOwnNameMayRead() throws IOException {
    int port = simulator.port();
    for (String host : List.of("127.0.0.1:" + port, "localhost:" + port, "LOCALHOST", "[::1]:1")) {
      assertThat(statusOf("GET /simulator/overview", "Host: " + host)).as(host).isEqualTo(200);
    }
    for (String host :
        List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "127.0.0.1:x", "")) {
      for (String path : List.of("/simulator/", "/simulator/overview", "/simulator/page.js")) {
        assertThat(statusOf("GET " + path, "Host: " + host)).as(host).isEqualTo(403);
      }
    }
  }

  @Test
  void aBrowserThatWasMisledDoesNotReachTheRecordsEither() throws IOException {
    app();
    String call = "GET /k/v1/records.json?app=1";
    String token = "X-Cybozu-API-Token: t";
    String browser = "Sec-Fetch-Site: same-origin";
    assertThat(statusOf(call, "Host: evil.example", token, browser)).isEqualTo(403);
    assertThat(statusOf(call, "Host: 127.0.0.1", token, browser)).isEqualTo(200);
    assertThat(statusOf(call, "Host: kintone.test", token)).as("no browser").isEqualTo(200);
  }

  @Test
  void aForeignPageCannotForgetEverything() throws IOException {
    app();
    String host = "Host: 127.0.0.1:" + simulator.port();
    for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1:1")) {
      assertThat(statusOf("POST /simulator/reset", host, "Origin: " + origin)).isEqualTo(403);
    }
    assertThat(simulator.appIds()).containsExactly(1L);
    String own = "Origin: http://127.0.0.1:" + simulator.port();
    assertThat(statusOf("POST /simulator/reset", host, own)).isEqualTo(200);
    assertThat(simulator.appIds()).isEmpty();
  }

  /** The status of an answer to a request with exactly these headers. */
  private int statusOf(String line, String... headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", simulator.port())) {
      String request =
          line + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.setSoTimeout(10_000);
      String answer =
          new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
      return Integer.parseInt(answer.substring(9));
    }
  }
}
