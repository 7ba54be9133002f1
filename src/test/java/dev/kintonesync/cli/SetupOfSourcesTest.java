package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.kafka.KafkaBroker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** From each kind of source that is no folder to synced records by the API alone. */
@LogOfProcess.Started
@Order(1) // it waits long
class SetupOfSourcesTest extends SetupByApi {
  /** Maps, saves and starts a draft of which app and source are set, and runs it. */
  private void finish(SetupClient client, String draft, String job) throws Exception {
    client.post("/drafts/" + draft + "/proposal", Map.of());
    client.set(draft, Map.of("update-key", "code", "schedule", "every 1s"));
    var mapping = client.get("/drafts/" + draft + "/mapping");
    assertThat(mapping.has("problem")).as(mapping.toString()).isFalse();
    assertThat(mapping.at("/assignments/1/values/0/value").asText()).isEqualTo("A");
    var plan = client.plan(draft);
    assertThat(plan.at("/counts/inserted").asInt()).as(plan.toString()).isEqualTo(2);
    assertThat(app.records()).isEmpty();
    client.save(draft);
    client.post("/jobs/" + job + "/start", Map.of());
    Patience.await().untilAsserted(() -> assertThat(app.values("name")).contains("A", "B"));
  }

  private static List<String> columns(JsonNode source) {
    var names = new ArrayList<String>();
    source.path("columns").forEach(column -> names.add(column.path("name").asText()));
    return names;
  }

  @Test
  void aDatabaseAndAnotherAppAreSetUpToASyncedRecord() throws Exception {
    var client = SetupClient.come(command, page);
    connect(client);
    String url = "jdbc:h2:mem:setup" + app.id() + ";DB_CLOSE_DELAY=-1";
    try (var database = DriverManager.getConnection(url, "sa", "dbPassword7");
        var statement = database.createStatement()) {
      statement.execute("create table c(code varchar, name varchar)");
      statement.execute("insert into c values ('1', 'A'), ('2', 'B')");
    }
    var wrong =
        Map.of(
            "source",
            "database",
            "url",
            url,
            "username",
            "sa",
            "password",
            "wrong",
            "query",
            "select * from c");
    String draft = draftOf(client, "db", wrong);
    assertThat(client.get("/drafts/" + draft + "/source").at("/problem/message").asText())
        .isNotEmpty()
        .doesNotContain("wrong,");
    client.set(draft, Map.of("password", "dbPassword7"));
    assertThat(client.get("/drafts/" + draft).path("secrets").toString()).contains("password");
    var source = client.get("/drafts/" + draft + "/source");
    assertThat(columns(source)).as(source.toString()).containsExactly("CODE", "NAME");
    assertThat(source.path("rows")).hasSize(2);
    finish(client, draft, "db");
    assertThat(home.resolve("secrets.properties")).content().contains("job.db.password");
    assertThat(properties()).doesNotContain("dbPassword7");
    String moved = client.post("/drafts", Map.of("job", "db")).path("id").asText();
    assertThat(client.get("/drafts/" + moved).path("problems")).isEmpty();
    var elsewhere = client.set(moved, Map.of("url", "jdbc:h2:mem:elsewhere"));
    assertThat(elsewhere.path("problems").toString()).contains("password");
    client.delete("/drafts/" + moved);
    assertThat(client.get("").at("/jobs/0/secrets").toString()).isEqualTo("[\"password\"]");
    client.delete("/jobs/db?secrets=remove");
    assertThat(home.resolve("secrets.properties"))
        .content()
        .contains("kintone.api-token")
        .doesNotContain("job.db.");
    assertThat(home.resolve("application.properties.bak")).content().contains("job.db.query");
    assertThat(properties()).doesNotContain("job.db.");

    var other =
        simulator.app(
            "other",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "n"}}
            """);
    other.add("{\"code\": {\"value\": \"3\"}, \"name\": {\"value\": \"C\"}}");
    String copy =
        draftOf(client, "copy", Map.of("source", "kintone", "source.app", "" + other.id()));
    assertThat(columns(client.get("/drafts/" + copy + "/source"))).contains("code", "name");
    client.set(copy, Map.of("update-key", "code", "map", "code=code, name=name"));
    client.save(copy);
    client.post("/jobs/copy/start", Map.of());
    // without a schedule it runs when somebody asks
    Patience.await().until(() -> client.act("/run-now?job=copy") == 200);
    Patience.await().untilAsserted(() -> assertThat(app.values("name")).contains("C"));
    assertThat(client.answers).noneMatch(answer -> answer.contains("dbPassword7"));
  }

  @Test
  void anApiAndATopicAreSetUpToASyncedRecord() throws Exception {
    var client = SetupClient.come(command, page);
    connect(client);
    var api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var calls = new AtomicInteger();
    api.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          boolean known =
              "Bearer apiToken8".equals(exchange.getRequestHeaders().getFirst("Authorization"));
          String page =
              """
              {"data":{"items":[{"code":"1","name":"A"},{"code":"2","name":"B"}]},
               "meta":{"next_cursor":null}}
              """;
          String answer = known ? page : "{\"error\":\"apiToken8?\"}";
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(known ? 200 : 401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    api.start();
    try {
      String url = "http://127.0.0.1:" + api.getAddress().getPort() + "/items";
      String draft =
          draftOf(client, "api", Map.of("source", "api", "url", url, "source.token", "apiToken8"));
      var source = client.get("/drafts/" + draft + "/source");
      assertThat(source.at("/answer/lists").toString())
          .as(source.toString())
          .contains("/data/items");
      assertThat(source.at("/answer/next").toString()).contains("/meta/next_cursor");
      assertThat(source.at("/problem/message").asText())
          .startsWith("The response has no list")
          .doesNotContain("Exception", "cannot be reached");
      client.set(draft, Map.of("pointer", "/data/items"));
      assertThat(columns(client.get("/drafts/" + draft + "/source")))
          .containsExactly("code", "name");
      int asked = calls.get();
      client.get("/drafts/" + draft + "/source");
      client.get("/drafts/" + draft + "/mapping");
      assertThat(calls).as("looking again asks the API no more").hasValue(asked);
      finish(client, draft, "api");
      client.delete("/jobs/api");
    } finally {
      api.stop(0);
    }
    assertThat(client.answers).noneMatch(answer -> answer.contains("apiToken8"));

    try (var broker = KafkaBroker.start()) {
      broker.topic("customers", 1);
      broker.send("customers", "7", "{\"code\":\"7\",\"company\":\"G\"}");
      String draft =
          draftOf(
              client,
              "topic",
              Map.of(
                  "source",
                  "kafka",
                  "brokers",
                  broker.brokers(),
                  "topic",
                  "customers",
                  "update-key",
                  "code"));
      var source = client.get("/drafts/" + draft + "/source");
      assertThat(source.path("rows")).as(source.toString()).hasSize(1);
      assertThat(columns(source)).contains("company");
      client.set(draft, Map.of("map", "code=code, company=name"));
      client.get("/drafts/" + draft + "/source?fresh=true");
      client.save(draft);
      client.post("/jobs/topic/start", Map.of());
      // what was looked at was not taken away from the job
      Patience.await().untilAsserted(() -> assertThat(app.values("name")).contains("G"));
    }
  }
}
