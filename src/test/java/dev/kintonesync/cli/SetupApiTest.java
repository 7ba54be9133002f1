package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.FreePort;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.state.Permission;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From nothing to synced records by the API alone. */
class SetupApiTest {
  private static final String TOKEN = "rightTokenOfCustomers0123456789";

  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;
  private String page;
  private Service service;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app =
        simulator.app(
            "customers",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "顧客コード", "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "会社名"},
             "since": {"type": "DATE", "code": "since", "label": "取引開始日"},
             "rank": {"type": "DROP_DOWN", "code": "rank", "label": "ランク",
                      "options": {"A": {"label": "A", "index": "0"}, "B": {"label": "B", "index": "1"}}}}
            """);
    command = new Command(home);
    int port = FreePort.find();
    page = "http://127.0.0.1:" + port;
    Files.writeString(home.resolve("application.properties"), "console.port = " + port + "\n");
    service = new Service(command, Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    service.close();
    simulator.close();
  }

  private String properties() throws Exception {
    return Files.readString(home.resolve("application.properties"));
  }

  private static String problem(JsonNode answer) {
    return answer.at("/problems/0/property").asText() + ": " + answer.path("message").asText();
  }

  @Test
  void aFolderIsSetUpFromNothingToASyncedRecord() throws Exception {
    simulator.token(TOKEN, app.id(), Permission.values());
    var client = SetupClient.come(command, page);
    assertThat(client.get("").path("connection").path("ready").asBoolean()).isFalse();
    client.refused(422, "GET", "/apps", Map.of());

    // the connection, told what is missing
    String url = simulator.url();
    var wrong =
        Map.of("baseUrl", url, "auth", "token", "token", "wrong", "app", app.id(), "save", true);
    assertThat(problem(client.post("/connection", wrong)))
        .startsWith("token: ")
        .contains("GAIA_IA02");
    assertThat(home.resolve("secrets.properties")).doesNotExist();
    assertThat(problem(client.post("/connection", Map.of("baseUrl", "sync.example", "token", "t"))))
        .startsWith("baseUrl: ");
    assertThat(
            problem(
                client.post("/connection", Map.of("baseUrl", "http://127.0.0.1:9", "token", "t"))))
        .startsWith("baseUrl: ");
    var right =
        Map.of("baseUrl", url, "auth", "token", "token", TOKEN, "app", app.id(), "save", true);
    var connected = client.post("/connection", right);
    assertThat(connected.path("ok").asBoolean()).as(connected.toString()).isTrue();
    assertThat(connected.at("/connection/ready").asBoolean()).isTrue();
    Path secrets = home.resolve("secrets.properties");
    assertThat(secrets).content().contains("kintone.api-token", TOKEN);
    if (Files.getFileStore(home).supportsFileAttributeView("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
          .isEqualTo("rw-------");
    }
    assertThat(client.get("/apps").path("byNumber").asBoolean()).isTrue();

    // the app
    var form = client.get("/apps/" + app.id());
    assertThat(form.path("key").asText()).isEqualTo("code");
    assertThat(form.path("keys")).extracting(JsonNode::asText).contains("code");

    // the sample in an encoding of its own, with a wrong date and a wrong choice
    String draft = client.draft("customers");
    client.set(draft, Map.of("app", "" + app.id(), "source", "folder", "folder", "inbox"));
    byte[] csv =
        "顧客コード;会社名;日付;ランク\n1;山田商店;2026/4/1;A\n2;川口工業;月末;C\n"
            .getBytes(Charset.forName("windows-31j"));
    client.sample(draft, "顧客.csv", csv);
    var source = client.get("/drafts/" + draft + "/source");
    assertThat(source.path("encoding").asText()).isEqualTo("Shift_JIS");
    assertThat(source.path("delimiter").asText()).isEqualTo(";");
    assertThat(source.at("/rows/0/values/1").asText()).isEqualTo("山田商店");
    client.set(draft, Map.of("encoding", "UTF-8"));
    assertThat(client.get("/drafts/" + draft + "/source").toString()).doesNotContain("山田商店");
    var cleared = new java.util.HashMap<String, Object>();
    cleared.put("encoding", null);
    client.set(draft, cleared);

    // the mapping with converted values, and errors in their cells
    var proposed = client.post("/drafts/" + draft + "/proposal", Map.of());
    assertThat(proposed.at("/properties/update-key").asText()).isEqualTo("code");
    assertThat(proposed.at("/properties/encoding").asText()).isEqualTo("Shift_JIS");
    client.set(draft, Map.of("map", "顧客コード=code, 会社名=name, 日付=since | date(yyyy/M/d), ランク=rank"));
    var mapping = client.get("/drafts/" + draft + "/mapping");
    assertThat(mapping.has("problem")).as(mapping.toString()).isFalse();
    var since = mapping.at("/assignments/2");
    assertThat(since.path("steps").asText()).isEqualTo("date(yyyy/M/d)");
    assertThat(since.at("/values/0/value").asText()).isEqualTo("2026-04-01");
    assertThat(since.at("/values/1/error").asText()).contains("月末");
    assertThat(mapping.at("/assignments/3/values/1/error").asText()).contains("C");

    // without a key the cells are converted all the same
    var keyless = new java.util.HashMap<String, Object>();
    keyless.put("update-key", null);
    client.set(draft, keyless);
    var without = client.get("/drafts/" + draft + "/mapping");
    assertThat(without.has("problem")).isTrue();
    assertThat(without.at("/assignments/2/values/0/value").asText()).isEqualTo("2026-04-01");
    client.set(draft, Map.of("update-key", "code", "schedule", "daily 02:30", "mode", "upsert"));

    var rules = client.get("/drafts/" + draft + "/rules");
    assertThat(rules.path("next")).as(rules.toString()).hasSize(5);
    assertThat(rules.path("effects").toString()).contains("0 records now");
    var plan = client.plan(draft);
    assertThat(plan.path("state").asText()).as(plan.toString()).isEqualTo("done");
    assertThat(plan.at("/counts/inserted").asInt()).isEqualTo(1);
    assertThat(plan.at("/rejects/0/reason").asText()).contains("月末");
    assertThat(plan.at("/changes/0/fields").toString()).contains("山田商店");
    assertThat(app.records()).isEmpty();

    // saved, started, run
    var noSchedule = new java.util.HashMap<String, Object>();
    noSchedule.put("schedule", null);
    client.set(draft, noSchedule);
    assertThat(client.get("/drafts/" + draft + "/block").path("text").asText())
        .contains("job.customers.write", "= false", "date(yyyy/M/d)");
    client.save(draft);
    assertThat(client.get("").path("drafts")).isEmpty();
    assertThat(properties()).contains("job.customers.app", "console.port");
    client.post("/jobs/customers/start", Map.of());
    assertThat(properties()).doesNotContain("write");
    Path inbox = Files.createDirectories(home.resolve("inbox"));
    Files.write(inbox.resolve("a.csv"), csv);
    Patience.await().untilAsserted(() -> assertThat(app.values("name")).containsExactly("山田商店"));

    assertThat(client.answers).noneMatch(answer -> answer.contains(TOKEN));
  }
}
