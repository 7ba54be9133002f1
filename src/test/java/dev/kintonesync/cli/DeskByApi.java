package dev.kintonesync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.SimulatedApp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;

/** Gives files to the jobs of a service, and corrects their rejected rows, as the page does. */
abstract class DeskByApi {
  static final String PASSWORD = "open sesame, please";
  private static final String LOGIN =
      "Basic " + Base64.getEncoder().encodeToString(("x:" + PASSWORD).getBytes(UTF_8));
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  static final ObjectMapper JSON = new ObjectMapper();

  int port;

  HttpResponse<String> send(String method, String path, String body) throws Exception {
    return send(method, path, BodyPublishers.ofString(body));
  }

  HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body)
      throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, body)
            .headers("X-Kintone-Sync", "t", "Authorization", LOGIN, "Accept-Language", "en")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  JsonNode get(String path) throws Exception {
    return JSON.readTree(send("GET", path, "").body());
  }

  JsonNode put(String job, String name, String content, int status) throws Exception {
    return put(job, name, BodyPublishers.ofString(content), status);
  }

  JsonNode put(String job, String name, HttpRequest.BodyPublisher content, int status)
      throws Exception {
    var answer = send("PUT", "/upload?job=" + job + "&file=" + name, content);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  JsonNode correct(String job, int status, String... rows) throws Exception {
    var answer =
        send(
            "POST",
            "/api/desk/" + job + "/corrections",
            "{\"rows\":[" + String.join(",", rows) + "]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  static String row(JsonNode reject, String column, String value) {
    return JSON.createObjectNode()
        .put("id", reject.path("id").asText())
        .put("version", reject.path("version").asText())
        .set("values", JSON.createObjectNode().put(column, value))
        .toString();
  }

  /** What became of something that was taken, once it is over. */
  JsonNode answerTo(String job, JsonNode taken) throws Exception {
    String id = taken.path("id").asText();
    assertThat(id).isNotEmpty();
    return Patience.await()
        .until(
            () -> {
              for (JsonNode upload : get("/api/desk/" + job).path("uploads")) {
                if (upload.path("id").asText().equals(id)) {
                  return upload;
                }
              }
              throw new AssertionError("not among the uploads: " + id);
            },
            upload -> upload.path("state").asText().matches("done|failed"));
  }

  /** The open reject whose first value this is. */
  JsonNode reject(String job, String code) throws Exception {
    for (JsonNode row : get("/api/desk/" + job + "/rejects").path("rows")) {
      if (row.at("/values/0").asText().equals(code)) {
        return row;
      }
    }
    throw new AssertionError("not open: " + code);
  }

  static JsonNode record(SimulatedApp app, String code) {
    for (JsonNode record : JSON.valueToTree(app.records())) {
      if (record.at("/code/value").asText().equals(code)) {
        return record;
      }
    }
    throw new AssertionError("no record " + code);
  }

  static String ofRecord(JsonNode reject, String members) throws Exception {
    return JSON.createObjectNode()
        .put("id", reject.path("id").asText())
        .put("version", reject.path("version").asText())
        .set("members", JSON.readTree(members))
        .toString();
  }
}
