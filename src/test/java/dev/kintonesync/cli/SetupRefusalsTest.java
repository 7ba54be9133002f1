package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is asked wrongly is refused as docs/api.yaml says, in a sentence with what to do. */
@LogOfProcess.Started
@Order(1) // it waits long
class SetupRefusalsTest extends SetupByApi {
  private static HttpRequest.BodyPublisher text(String body) {
    return HttpRequest.BodyPublishers.ofString(body);
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  @Test
  void aJobThatIsNotThereIsAnsweredWithTheNearestOne() throws Exception {
    var client = SetupClient.come(command, page);
    Path file = home.resolve("application.properties");
    assertThat(said(client.refused(422, "POST", "/drafts", Map.of("job", "nix"))))
        .isEqualTo(
            "There is no job nix: "
                + file
                + " contains no jobs. Add one, starting with job.nix.app = 42");
    Files.writeString(file, properties() + "job.six.app = 1\njob.customers.app = 2\n");
    for (boolean copy : new boolean[] {false, true}) {
      assertThat(said(client.refused(422, "POST", "/drafts", Map.of("job", "nix", "copy", copy))))
          .isEqualTo("There is no job nix in " + file + ". Did you mean six?");
    }
  }

  private static String said(JsonNode answer) {
    return answer.path("message").asText();
  }

  @Test
  void aWordInThePlaceOfAnAppIsToldAtItsField() throws Exception {
    var client = SetupClient.come(command, page);
    for (String app : List.of("abc", "0", "1.5", "-1")) {
      var asked = Map.of("baseUrl", simulator.url(), "app", app, "token", "any");
      var answer = client.post("/connection", asked);
      assertThat(answer.path("ok").asBoolean()).isFalse();
      assertThat(answer.at("/problems/0/property").asText()).isEqualTo("app");
      assertThat(said(answer))
          .isEqualTo(
              app
                  + " is not the number of an app. Enter the number after /k/ in the address of"
                  + " the app, for example 42.");
      assertThat(said(client.post("/connection?lang=ja", asked)))
          .isEqualTo(app + " はアプリの番号ではありません。アプリの URL の /k/ の後の数字（例：42）を入力してください。");
    }
    assertThat(simulator.requests()).isEmpty();
  }

  @Test
  void aContentThatIsNoJsonIsUnreadable() throws Exception {
    var client = SetupClient.come(command, page);
    connect(client);
    Files.writeString(
        home.resolve("application.properties"),
        properties()
            + "job.c.app = 1\njob.c.source = folder\njob.c.folder = in\njob.c.update-key = code\n");
    Patience.await().until(() -> client.act("/reload?job=c") == 200);
    String draft = client.draft("d");
    for (var path :
        Map.of(
                "/api/setup/drafts",
                "POST",
                "/api/setup/connection",
                "POST",
                "/api/setup/drafts/" + draft,
                "PATCH",
                "/api/setup/drafts/" + draft + "/mapping",
                "PUT",
                "/api/setup/drafts/" + draft + "/save",
                "POST",
                "/api/desk/c/corrections",
                "POST")
            .entrySet()) {
      var english = client.ask(path.getValue(), path.getKey(), text("{\"a\": 1,\n \"b\": nix}"));
      assertThat(english.statusCode()).as(path + english.body()).isEqualTo(400);
      assertThat(english.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
      assertThat(english.body())
          .startsWith("The request cannot be read as a JSON object: line 2, column ");
      var japanese = client.ask(path.getValue(), path.getKey() + "?lang=ja", text("[]"));
      assertThat(japanese.statusCode()).as(path + japanese.body()).isEqualTo(400);
      assertThat(japanese.body()).startsWith("リクエストを JSON のオブジェクトとして読み取れません（1 行目");
    }
    var row =
        client.ask("POST", "/api/desk/c/corrections", text("{\"rows\": [{\"values\": [1]}]}"));
    assertThat(row.statusCode()).as(row.body()).isEqualTo(422);
    assertThat(said(json(row))).isEqualTo("The corrections cannot be read: rows[0]");
  }

  @Test
  void anUploadNamesWhatItLacks() throws Exception {
    var client = SetupClient.come(command, page);
    var sentences =
        Map.of(
            "/upload?file=a.csv", "The address of the upload lacks job: ",
            "/upload?job=&file=a.csv", "The address of the upload lacks job: ",
            "/upload?job=c", "The address of the upload lacks file: ",
            "/upload?job=nix&file=a.csv", "There is no job nix here.");
    for (var each : sentences.entrySet()) {
      var answer = client.ask("PUT", each.getKey(), text("code\n1\n"));
      assertThat(answer.statusCode()).as(each + answer.body()).isEqualTo(422);
      assertThat(said(json(answer))).startsWith(each.getValue()).doesNotContain("import");
      var plain = client.ask("POST", each.getKey(), text("code\n1\n"));
      assertThat(plain.statusCode()).isEqualTo(422);
      assertThat(plain.body()).startsWith(each.getValue());
    }
    assertThat(said(json(client.ask("PUT", "/upload?job=nix&file=a.csv&lang=ja", text("a")))))
        .startsWith("ジョブ nix はありません");
  }

  @Test
  void aChangeWithoutAVersionIsNoConflict() throws Exception {
    var client = SetupClient.come(command, page);
    String draft = client.draft("d");
    for (Object version : new Object[] {"1", "", 1.5, true, Map.of()}) {
      refusesTheVersion(client, draft, Map.of("version", version));
    }
    refusesTheVersion(client, draft, Map.of());
    assertThat(client.get("/drafts/" + draft).path("version").asInt()).isEqualTo(1);
    client.refused(409, "PATCH", "/drafts/" + draft, Map.of("version", 7));
  }

  private static void refusesTheVersion(SetupClient client, String draft, Map<String, ?> version)
      throws Exception {
    var body = new HashMap<String, Object>(version);
    body.put("properties", Map.of());
    body.put("columns", List.of());
    body.put("constants", List.of());
    for (var path : Map.of("", "PATCH", "/mapping", "PUT", "/save", "POST").entrySet()) {
      var refused = client.refused(422, path.getValue(), "/drafts/" + draft + path.getKey(), body);
      assertThat(refused.path("property").asText()).isEqualTo("version");
      assertThat(said(refused)).contains("version").doesNotContain("Somebody else");
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void allThatIsSaidOfAConnectionIsDocumented() throws Exception {
    var client = SetupClient.come(command, page);
    var names = new LinkedHashSet<String>();
    client.get("").path("connection").fieldNames().forEachRemaining(names::add);
    var api =
        (Map<String, Object>)
            new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(Path.of("docs", "api.yaml")));
    for (String step : List.of("components", "schemas", "Connection", "properties")) {
      api = (Map<String, Object>) api.get(step);
    }
    assertThat(api.keySet()).isEqualTo(names);
  }
}
