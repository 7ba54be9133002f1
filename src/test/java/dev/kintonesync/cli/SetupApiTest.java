package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.state.Permission;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** From nothing to synced records by the API alone. */
@LogOfProcess.Started
@Order(1) // it waits long
class SetupApiTest extends SetupByApi {
  private static final String TOKEN = "rightTokenOfCustomers0123456789";

  private static String problem(JsonNode answer) {
    return answer.at("/problems/0/property").asText() + ": " + answer.path("message").asText();
  }

  @Test
  void withALoginAppsAreListedByAPartOfTheirNames() throws Exception {
    simulator.app("suppliers", "{}");
    var client = SetupClient.come(command, page);
    var login =
        Map.of(
            "baseUrl", simulator.url(), "auth", "login", "username", "kate", "password", "p w 1");
    assertThat(client.post("/connection", with(login, "save", true)).path("ok").asBoolean())
        .isTrue();

    assertThat(client.get("/apps").path("byNumber").asBoolean()).isFalse();
    assertThat(client.get("/apps").path("apps"))
        .extracting(listed -> listed.path("name").asText())
        .containsExactlyInAnyOrder("customers", "suppliers");
    assertThat(client.get("/apps?name=SUPP").path("apps"))
        .extracting(listed -> listed.path("name").asText())
        .containsExactly("suppliers");
    // Kintone refuses to look for so much, and has no app of this name
    assertThat(client.get("/apps?name=" + "s".repeat(65)).path("apps")).isEmpty();
  }

  private static Map<String, Object> with(Map<String, ?> body, String name, Object value) {
    var all = new HashMap<String, Object>(body);
    all.put(name, value);
    return all;
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
    // a saved secret goes to no other address
    try (var elsewhere = Simulator.start()) {
      var moved = client.post("/connection", Map.of("baseUrl", elsewhere.url(), "app", 1));
      assertThat(problem(moved)).startsWith("token: ");
      assertThat(elsewhere.requests()).isEmpty();
    }

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
    var cleared = new HashMap<String, Object>();
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
    var keyless = new HashMap<String, Object>();
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
    var noSchedule = new HashMap<String, Object>();
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

  @Test
  void anEditedBlockKeepsWhatIsNotShownAndAllElseByteForByte() throws Exception {
    String others =
        "# mine\r\n\r\nkintone.base-url="
            + simulator.url()
            + "\r\n"
            + "job.customers.app   =  "
            + app.id()
            + "\r\n"
            + "! a remark within\r\n"
            + "job.other.app = 9\r\n"
            + "job.customers.update-key = code\r\n"
            + "job.customers.source : folder\r\njob.customers.folder=inbox\r\n"
            + "job.customers.map = code=code, \\\r\n   name=name\r\n"
            + "job.customers.key.normalize = nfkc\r\n# the end, without a line end";
    Files.writeString(home.resolve("application.properties"), properties() + others);
    String before = properties();
    Files.writeString(home.resolve("secrets.properties"), "kintone.api-token = t\n");
    Files.setPosixFilePermissions(
        home.resolve("secrets.properties"), PosixFilePermissions.fromString("rw-------"));
    var client = SetupClient.come(command, page);
    var draft = client.post("/drafts", Map.of("job", "customers"));
    String id = draft.path("id").asText();
    assertThat(draft.at("/properties/map").asText()).isEqualTo("code=code, name=name");
    assertThat(draft.path("unshown").toString()).contains("key.normalize");
    client.set(id, Map.of("max-rejected", "5%", "update-key", "code"));
    client.save(id);
    assertThat(properties())
        .isEqualTo(
            before.replace(
                "key.normalize = nfkc\r\n",
                "key.normalize = nfkc\r\njob.customers.max-rejected = 5%\r\n"));

    // two people: of the draft, and of the job
    String mine = client.post("/drafts", Map.of("job", "customers")).path("id").asText();
    var stale =
        client.refused(
            409, "PATCH", "/drafts/" + mine, Map.of("version", 7, "properties", Map.of()));
    assertThat(stale.at("/draft/version").asInt()).isEqualTo(1);
    String theirs = client.post("/drafts", Map.of("job", "customers")).path("id").asText();
    client.set(theirs, Map.of("max-rejected", "7%"));
    client.save(theirs);
    client.set(mine, Map.of("max-rejected", "6%"));
    assertThat(client.get("/drafts/" + mine).path("blockChanged").asBoolean()).isTrue();
    var conflict = client.refused(409, "POST", "/drafts/" + mine + "/save", Map.of("version", 2));
    assertThat(conflict.path("mine").asText()).contains("= 6%");
    assertThat(conflict.path("theirs").asText()).contains("= 7%");
    assertThat(properties()).contains("= 7%");

    // a restart in the middle
    service.close();
    service = new Service(command, Map.of());
    SetupClient.come(command, page); // who came before goes on with the same session
    assertThat(client.get("/drafts/" + mine).at("/properties/max-rejected").asText())
        .isEqualTo("6%");
    client.post("/drafts/" + mine + "/save", Map.of("version", 2, "force", true));
    assertThat(properties())
        .contains("= 6%")
        .doesNotContain("= 7%")
        .contains("! a remark within\r\n");
    client.post("/jobs/customers/pause", Map.of());
    assertThat(properties()).contains("job.customers.write     = false");

    // a service that had jobs takes a new one, and one without a schedule when somebody asks
    String later = client.draft("later");
    client.set(
        later,
        Map.of("app", "" + app.id(), "source", "folder", "folder", "later", "update-key", "code"));
    client.save(later);
    client.post("/jobs/later/start", Map.of());
    Path folder = Files.createDirectories(home.resolve("later"));
    Files.writeString(folder.resolve("a.csv"), "code,name\n7,later\n");
    Patience.await().untilAsserted(() -> assertThat(app.values("name")).containsExactly("later"));

    // what nobody has said is no map, and a wrong condition is told at its field
    String bare = client.post("/drafts", Map.of("job", "customers")).path("id").asText();
    client.sample(bare, "a.csv", "code,name\n1,A\n".getBytes(StandardCharsets.UTF_8));
    var none =
        client.refused(
            422,
            "PUT",
            "/drafts/" + bare + "/mapping",
            Map.of(
                "version",
                2,
                "columns",
                List.of(Map.of("name", "code"), Map.of("name", "name")),
                "constants",
                List.of()));
    assertThat(none.path("message").asText()).contains("At least one column");
    assertThat(client.get("/drafts/" + bare).at("/properties/map").asText())
        .isEqualTo("code=code, name=name");
    var odd = client.set(bare, Map.of("mode", "mirror", "mirror.scope", "name like"));
    assertThat(odd.path("problems")).isEmpty();
    var scope = client.get("/drafts/" + bare + "/rules").path("problem");
    assertThat(scope.path("property").asText()).as(scope.toString()).isEqualTo("mirror.scope");
    assertThat(client.set(bare, Map.of("mode", "odd")).at("/problems/0/step").asText())
        .isEqualTo("rules");
    client.refused(422, "POST", "/jobs/nobody/start", Map.of());
  }

  /** Of an export in another language the first column is what the run takes it for. */
  @Test
  void anExportIsMappedAsARunReadsIt() throws Exception {
    var orders =
        simulator.app(
            "orders",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "番号", "unique": true},
             "items": {"type": "SUBTABLE", "code": "items", "label": "明細", "fields":
                {"item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "品名"}}}}
            """);
    var client = SetupClient.come(command, page);
    connect(client);
    String draft =
        draftOf(
            client, "orders", Map.of("source", "folder", "folder", "in", "app", "" + orders.id()));
    byte[] csv = "首条,番号,品名\n*,A,p\n,,q\n".getBytes(StandardCharsets.UTF_8);
    client.sample(draft, "orders.csv", csv);

    client.post("/drafts/" + draft + "/proposal", Map.of());
    var mapping = client.get("/drafts/" + draft + "/mapping");

    assertThat(mapping.path("problem")).as(mapping.toString()).isEmpty();
    assertThat(mapping.toString()).doesNotContain("首条").contains("\"item\"");
  }

  @Test
  void whatCannotBeIsSaidInASentence() throws Exception {
    var client = SetupClient.come(command, page);
    connect(client);
    var plain =
        simulator.app(
            "plain",
            "{\"code\": {\"type\": \"SINGLE_LINE_TEXT\", \"code\": \"code\", \"label\": \"番号\"}}");
    var form = client.get("/apps/" + plain.id());
    assertThat(form.path("key").isNull()).isTrue();
    assertThat(form.path("keyAdvice").asText()).contains("番号", "Prohibit duplicate values");
    assertThat(client.refused(422, "GET", "/apps/987654", Map.of()).path("message").asText())
        .contains("987654");

    String draft = draftOf(client, "bad", Map.of("source", "folder", "folder", "inbox"));
    assertThat(client.get("/drafts/" + draft + "/source").path("waiting").asBoolean()).isTrue();
    client.sample(draft, "a.pdf", "%PDF-1.7 x".getBytes(StandardCharsets.US_ASCII));
    assertThat(client.get("/drafts/" + draft + "/source").at("/problem/message").asText())
        .contains("PDF");
    var changed = client.set(draft, Map.of("mode", "sideways", "schedule", "soon", "map", "x"));
    assertThat(changed.path("problems"))
        .extracting(problem -> problem.path("property").asText())
        .contains("mode", "schedule", "map", "update-key");
    var refused =
        client.refused(
            422,
            "POST",
            "/drafts/" + draft + "/save",
            Map.of("version", changed.path("version").asInt()));
    assertThat(refused.path("property").asText()).isNotEmpty();
    client.refused(422, "POST", "/drafts", Map.of("name", "not a name!"));
    client.refused(422, "POST", "/drafts", Map.of("job", "nobody"));
    client.refused(404, "GET", "/drafts/%2e%2e", Map.of());
    client.delete("/drafts/" + draft);
    client.refused(404, "GET", "/drafts/" + draft, Map.of());
    assertThat(properties()).doesNotContain("job.");
  }
}
