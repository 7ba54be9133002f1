package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A {@code simulate} process, spoken to over HTTP alone. */
final class SimulatorProcess implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

  private final StartedProgram program;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  private SimulatorProcess(StartedProgram program) {
    this.program = program;
    program.awaitText("http://");
    var address = ADDRESS.matcher(program.said());
    assertThat(address.find()).isTrue();
    this.url = address.group();
  }

  /** Starts one on a free port. */
  static SimulatorProcess start(Installation installation, String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "simulate";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return new SimulatorProcess(installation.start(arguments));
  }

  String url() {
    return url;
  }

  StartedProgram program() {
    return program;
  }

  /** Makes the app of the demo, with Kintone's own calls; returns its id. */
  String postalCodeApp() throws IOException {
    var app = MAPPER.readTree(Installation.PACKAGED.resolve("demo/app.json").toFile());
    return app(app.path("name").asText(), app.path("properties"));
  }

  /** Makes an app with Kintone's own calls; returns its id. */
  String app(String name, JsonNode properties) {
    String id =
        send("POST", "/k/v1/preview/app.json", object().put("name", name)).path("app").asText();
    send(
        "POST",
        "/k/v1/preview/app/form/fields.json",
        object().put("app", id).set("properties", properties));
    var deploy = object();
    deploy.putArray("apps").addObject().put("app", id);
    send("POST", "/k/v1/preview/app/deploy.json", deploy);
    Patience.await()
        .alias("app " + id + " is deployed")
        .until(
            () ->
                send("GET", "/k/v1/preview/app/deploy.json?apps%5B0%5D=" + id, null)
                    .path("apps")
                    .path(0)
                    .path("status")
                    .asText()
                    .equals("SUCCESS"));
    return id;
  }

  /** How many records an app holds. */
  int size(String app) {
    return found(app, "limit 1").path("totalCount").asInt();
  }

  /** The value of a field of the one record that a query finds. */
  String value(String app, String query, String field) {
    var records = found(app, query).path("records");
    assertThat(records).as(query).hasSize(1);
    return records.get(0).path(field).path("value").asText();
  }

  /** How many records of an app have been written more often than a revision says. */
  int revisionsAbove(String app, int revision) {
    int above = 0;
    long last = 0;
    while (true) {
      var page = found(app, "$id > " + last + " order by $id asc limit 500").path("records");
      if (page.isEmpty()) {
        return above;
      }
      for (JsonNode record : page) {
        above += record.path("$revision").path("value").asInt() > revision ? 1 : 0;
        last = record.path("$id").path("value").asLong();
      }
    }
  }

  /** The value of a field by that of another one, of all records. */
  Map<String, String> values(String app, String by, String field) {
    var values = new HashMap<String, String>();
    long last = 0;
    while (true) {
      var page = found(app, "$id > " + last + " order by $id asc limit 500").path("records");
      if (page.isEmpty()) {
        return values;
      }
      for (JsonNode record : page) {
        String before =
            values.put(
                record.path(by).path("value").asText(), record.path(field).path("value").asText());
        assertThat(before).as("a second record of the key of %s", record).isNull();
        last = record.path("$id").path("value").asLong();
      }
    }
  }

  private JsonNode found(String app, String query) {
    return send(
        "GET",
        "/k/v1/records.json?totalCount=true&app="
            + app
            + "&query="
            + URLEncoder.encode(query, StandardCharsets.UTF_8),
        null);
  }

  /** How many requests have come, whatever became of them. */
  int requests() {
    return requests(route -> true);
  }

  /** How many requests have asked to write records, whatever became of them. */
  int writeRequests() {
    return requests(route -> !route.startsWith("GET ") && !route.contains("/preview/"));
  }

  private int requests(Predicate<String> which) {
    int requests = 0;
    for (var route : stats().path("requests").properties()) {
      if (which.test(route.getKey())) {
        for (JsonNode count : route.getValue()) {
          requests += count.asInt();
        }
      }
    }
    return requests;
  }

  /** {@code inserted}, {@code updated} or {@code deleted} records in all apps since the start. */
  int records(String how) {
    return stats().path("records").path(how).asInt();
  }

  private JsonNode stats() {
    return send("GET", "/simulator/stats", null);
  }

  /**
   * So many more write requests are answered at once; those behind them get no answer, and nothing
   * of them is written, until {@link #answersAll}.
   */
  void answersWrites(int requests) {
    for (String path : new String[] {"/k/v1/records.json", "/k/v1/bulkRequest.json"}) {
      var fault = object().put("skip", requests).put("count", 1_000_000).put("kind", "hang");
      // of the other kind there is none, in what is written here
      fault.putObject("match").put("method", "POST").put("path", path);
      control("POST", "faults", fault);
    }
  }

  /** Whoever asks from now on is answered. */
  void answersAll() {
    control("DELETE", "faults", null);
  }

  /** Calls a control of the simulator. */
  JsonNode control(String method, String path, ObjectNode body) {
    return send(method, "/simulator/" + path, body);
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  private JsonNode send(String method, String path, ObjectNode body) {
    var request =
        HttpRequest.newBuilder(URI.create(url + path)).header("X-Cybozu-API-Token", "setup");
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
    }
    try {
      var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(method + " " + path + ": " + answer.body()).isEqualTo(200);
      return MAPPER.readTree(answer.body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
