package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Somebody who sets up by the API, having come by a link. */
final class SetupClient {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LINK =
      Pattern.compile("http://127\\.0\\.0\\.1:\\d+/setup\\?link=\\S+");

  private final String page;
  private final String session;

  /** All that was answered. */
  final List<String> answers = new ArrayList<>();

  private SetupClient(String page, String session) {
    this.page = page;
    this.session = session;
  }

  /**
   * Comes by a new link, once the page is served.
   *
   * @param command of the home
   * @param page where it is to be found
   */
  static SetupClient come(Command command, String page) throws Exception {
    command.awaitSetupPage();
    var link = LINK.matcher(command.run("setup", "--lang", "en").out());
    assertThat(link.find()).isTrue();
    var entered =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(link.group())).build(),
            HttpResponse.BodyHandlers.ofString());
    String cookie = entered.headers().firstValue("Set-Cookie").orElseThrow();
    return new SetupClient(page, cookie.substring(0, cookie.indexOf(';')));
  }

  HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    return ask(method, "/api/setup" + path, body);
  }

  /** Sends a request that need not be of the setup. */
  HttpResponse<String> ask(String method, String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    var answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(page + path))
                .method(method, body)
                .header("Cookie", session)
                .header("X-Kintone-Sync", "t")
                .header("Accept-Language", "en")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    answers.add(answer.body());
    return answer;
  }

  /** Has something done that is not of the setup; the status of the answer. */
  int act(String path) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(page + path))
                .method("POST", HttpRequest.BodyPublishers.noBody())
                .header("Cookie", session)
                .header("X-Kintone-Sync", "t")
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private JsonNode done(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  JsonNode get(String path) throws Exception {
    return done(send("GET", path, HttpRequest.BodyPublishers.noBody()));
  }

  JsonNode post(String path, Map<String, ?> body) throws Exception {
    return done(send("POST", path, json(body)));
  }

  JsonNode delete(String path) throws Exception {
    return done(send("DELETE", path, HttpRequest.BodyPublishers.noBody()));
  }

  /** The answer to something that is refused with a status. */
  JsonNode refused(int status, String method, String path, Map<String, ?> body) throws Exception {
    var answer = send(method, path, json(body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  static HttpRequest.BodyPublisher json(Map<String, ?> body) throws IOException {
    return HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
  }

  /** A new draft of a new job. */
  String draft(String name) throws Exception {
    return post("/drafts", Map.of("name", name)).path("id").asText();
  }

  /** Sets properties of a draft, whatever its version; returns it. */
  JsonNode set(String draft, Map<String, ?> properties) throws Exception {
    int version = get("/drafts/" + draft).path("version").asInt();
    return done(
        send(
            "PATCH",
            "/drafts/" + draft,
            json(Map.of("version", version, "properties", properties))));
  }

  JsonNode sample(String draft, String name, byte[] content) throws Exception {
    return done(
        send(
            "PUT",
            "/drafts/" + draft + "/sample?file=" + URLEncoder.encode(name, StandardCharsets.UTF_8),
            HttpRequest.BodyPublishers.ofByteArray(content)));
  }

  /** The plan of a draft, once it is there. */
  JsonNode plan(String draft) throws Exception {
    post("/drafts/" + draft + "/plan", Map.of());
    Patience.await()
        .until(() -> !get("/drafts/" + draft + "/plan").path("state").asText().equals("running"));
    return get("/drafts/" + draft + "/plan");
  }

  JsonNode save(String draft) throws Exception {
    int version = get("/drafts/" + draft).path("version").asInt();
    return post("/drafts/" + draft + "/save", Map.of("version", version));
  }
}
