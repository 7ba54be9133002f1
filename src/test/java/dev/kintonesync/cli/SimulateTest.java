package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.promises.Crossing;
import dev.kintonesync.simulator.OriginalApp;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.state.Permission;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code simulate} with the apps it makes, keeps and copies. */
@LogOfProcess.Started
class SimulateTest {
  private static final Pattern URL = Pattern.compile("Simulator: (https?://\\S+)");

  @TempDir private Path temporary;
  private Command command;
  private final List<Running> running = new ArrayList<>();

  @BeforeEach
  void home() throws IOException {
    command = new Command(Files.createDirectory(temporary.resolve("home")));
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Running one : running) {
      one.stop();
    }
  }

  /** The command in a thread of its own. */
  private static final class Running {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Thread thread;

    Running(Path home, Map<String, String> environment, String... options) {
      List<String> words = new ArrayList<>(List.of("simulate", "--lang", "en"));
      words.addAll(List.of("--home", home.toString()));
      words.addAll(List.of(options));
      thread = new Thread(() -> Main.run(words.toArray(String[]::new), environment, out, err, 0));
      thread.start();
    }

    String out() {
      return out.toString(StandardCharsets.UTF_8);
    }

    /** Where it serves, once it does. */
    String url() {
      Patience.await().until(() -> URL.matcher(out()).find() || !thread.isAlive());
      Matcher url = URL.matcher(out());
      assertThat(url.find()).as(err.toString(StandardCharsets.UTF_8)).isTrue();
      return url.group(1);
    }

    void stop() throws InterruptedException {
      thread.interrupt();
      thread.join();
    }
  }

  private Running simulate(Map<String, String> environment, String... options) {
    Running started = new Running(temporary.resolve("home"), environment, options);
    running.add(started);
    return started;
  }

  private static String ask(String url, String resource, String method, String body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url + "/k/v1/" + resource + ".json"))
                .header("X-Cybozu-API-Token", "any")
                .header("Content-Type", "application/json")
                .header("X-HTTP-Method-Override", method)
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void theAppOfAFileIsMadeOnceAndKept() throws Exception {
    String data = temporary.resolve("data").toString();
    Running first = simulate(Map.of(), "--app-file", "demo/app.json", "--data", data);
    String added =
        ask(first.url(), "record", "POST", "{'app':1,'record':{'postal_code':{'value':'1'}}}");
    assertThat(added).isEqualTo("{\"id\":\"1\",\"revision\":\"1\"}");
    assertThat(first.out()).contains("App 1: 郵便番号 Postal codes (records: 0)");
    assertThat(first.out()).contains("in a browser: " + first.url() + "/simulator/");
    first.stop();

    Running second = simulate(Map.of(), "--app-file", "demo/app.json", "--data", data);
    assertThat(ask(second.url(), "records", "GET", "{'app':1}")).contains("\"postal_code\"");
    assertThat(second.out()).contains("App 1: 郵便番号 Postal codes (records: 1)");
    var inUse = command.run("simulate", "--lang", "en", "--data", data);
    assertThat(inUse.exitCode()).isEqualTo(Main.REFUSED);
    assertThat(inUse.err()).contains(data, "used by another simulator");
  }

  @Test
  void withHttpsItSaysHowClientsTrustIt() throws Exception {
    Path pem = temporary.resolve("ca.pem");
    Running secure = simulate(Map.of(), "--https", "--ca-file", pem.toString());
    String url = secure.url();
    assertThat(url).startsWith("https://127.0.0.1:");
    Patience.await().until(() -> secure.out().contains("trustStorePassword"));
    assertThat(secure.out())
        .contains(
            "curl --cacert " + pem + " " + url,
            "NODE_EXTRA_CA_CERTS=" + pem,
            "SSL_CERT_FILE=" + pem,
            "REQUESTS_CA_BUNDLE=" + pem);
    Matcher store = Pattern.compile("trustStore=(\\S+) \\S+Password=(\\S+)").matcher(secure.out());
    assertThat(store.find()).isTrue();
    KeyStore trusted = KeyStore.getInstance(new File(store.group(1)), store.group(2).toCharArray());
    try (InputStream written = Files.newInputStream(pem)) {
      assertThat(CertificateFactory.getInstance("X.509").generateCertificate(written))
          .isEqualTo(trusted.getCertificate("simulator"));
    }
    var unwritable =
        command.run("simulate", "--lang", "en", "--https", "--ca-file", temporary.toString());
    assertThat(unwritable.exitCode()).isEqualTo(Main.REFUSED);
    assertThat(unwritable.err()).contains("could not be written to " + temporary, "--ca-file");
  }

  @Test
  void theMeasuredModelLetsWritersWaitUnlessToldOtherwise() throws Exception {
    String alone = settings(simulate(Map.of(), "--model", "measured").url());
    assertThat(alone).contains("\"model\":\"measured\"", "\"serialWrites\":true");
    String together =
        settings(simulate(Map.of(), "--model", "measured", "--parallel-writes").url());
    assertThat(together).contains("\"model\":\"measured\"", "\"serialWrites\":false");
    var wrong = command.run("simulate", "--lang", "en", "--model", "slow");
    assertThat(wrong.exitCode()).isEqualTo(Main.REFUSED);
    assertThat(wrong.err()).contains("--model", "slow is not allowed here", "fixed, measured");
  }

  private static String settings(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url + "/simulator/settings")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void aRealAppIsCopiedWithItsRecords() throws Exception {
    try (Simulator real = Simulator.start()) {
      real.app("first", "{}");
      SimulatedApp original = real.app("顧客", Files.readString(Path.of("demo/app.json")));
      for (int i = 0; i < 1200; i++) {
        original.add("{\"postal_code\":{\"value\":\"" + i + "\"}}");
      }
      real.token("right", original.id(), Permission.VIEW);
      String data = temporary.resolve("copy").toString();
      Running copy =
          simulate(
              Map.of("KINTONE_BASE_URL", real.url(), "KINTONE_API_TOKEN", "right"),
              "--copy-app",
              "2",
              "--with-records",
              "--data",
              data);
      String copied = ask(copy.url(), "records", "GET", "{'app':2,'query':'limit 500'}");
      assertThat(copy.out()).contains("App 2: ", "(records: 1200)");
      assertThat(copied).isEqualTo(answerOf(real, "{'app':2,'query':'limit 500'}"));
      copy.stop();

      Running again =
          simulate(
              Map.of(),
              "--copy-app",
              "2",
              "--base-url",
              real.url(),
              "--api-token",
              "right",
              "--data",
              data);
      again.url();
      assertThat(again.err.toString(StandardCharsets.UTF_8)).contains("left unchanged");

      var wrong =
          command.run(
              Map.of("KINTONE_BASE_URL", real.url(), "KINTONE_API_TOKEN", "wrong"),
              "simulate",
              "--lang",
              "en",
              "--copy-app",
              "2");
      assertThat(wrong.exitCode()).isEqualTo(Main.REFUSED);
      assertThat(wrong.err()).contains("does not belong to app 2", "[GAIA_IA02]");
    }
  }

  @Test
  void whyARealAppCannotBeCopiedIsSaidInOneSentence() throws Exception {
    try (Simulator real = Simulator.start()) {
      long app = real.app("real", "{}").id();
      long guests = real.copy(guestApp(7)).id();
      real.directory().registerUser("sato", "Sato", "right");
      String number = Long.toString(app);
      assertNotCopied(real, "sato:wrong", "en", number, "login name and password", "[CB_WA01]");
      assertNotCopied(real, "sato:wrong", "ja", number, "パスワードが違います", "[CB_WA01]");
      assertNotCopied(real, "sato:right", "en", "99", "There is no app 99", "[GAIA_AP01]");
      assertNotCopied(
          real, "sato:right", "en", Long.toString(guests), "guest-space-id", "[GAIA_IL23]");
      real.directory().permit("sato", 99, Set.of());
      assertNotCopied(real, "sato:right", "ja", number, "閲覧権限がありません", "[CB_NO02]");
      real.settings(real.settings().with("basicAuth", "front:door"));
      assertNotCopied(real, "sato:right", "en", number, "KINTONE_BASIC_AUTH_USERNAME");
    }
  }

  @Test
  void whereAProxyTakesTheHeaderOfReadsAwayRecordsAreCopiedByGet() throws Exception {
    try (Simulator real = Simulator.start();
        Crossing proxy = new Crossing(real.url())) {
      SimulatedApp original = real.app("real", Files.readString(Path.of("demo/app.json")));
      original.add("{\"postal_code\":{\"value\":\"1\"}}");
      proxy.losesHeader("X-HTTP-Method-Override", 0);
      Running copy =
          simulate(
              Map.of("KINTONE_BASE_URL", proxy.url(), "KINTONE_API_TOKEN", "any"),
              "--copy-app",
              Long.toString(original.id()),
              "--with-records");
      String question = "{'app':" + original.id() + "}";
      assertThat(ask(copy.url(), "records", "GET", question)).isEqualTo(answerOf(real, question));
      assertThat(copy.out()).contains("(records: 1)");
      copy.stop();
    }
  }

  @Test
  void aProxyThatTurnsReadsOfRecordsAwayIsNamedWhenTheyAreCopied() throws Exception {
    try (Simulator real = Simulator.start()) {
      long app = real.app("real", Files.readString(Path.of("demo/app.json"))).id();
      real.faults().add(Fault.status(403, "<html>no</html>").on("GET", "records.json").times(9));
      for (String language : List.of("en", "ja")) {
        var ended =
            command.run(
                Map.of("KINTONE_BASE_URL", real.url(), "KINTONE_API_TOKEN", "any"),
                "simulate",
                "--lang",
                language,
                "--copy-app",
                Long.toString(app),
                "--with-records");
        assertThat(ended.exitCode()).isEqualTo(Main.REFUSED);
        assertThat(ended.err()).contains(real.url(), "X-HTTP-Method-Override", "/k/");
      }
      assertThat(real.requests()).extracting("path").contains("/k/v1/app/status.json");
    }
  }

  private static OriginalApp guestApp(long space) {
    MissingNode none = MissingNode.getInstance();
    ObjectNode fields = new ObjectMapper().createObjectNode();
    fields.putObject("properties");
    return new OriginalApp(50, space, fields, none, none, none);
  }

  private void assertNotCopied(
      Simulator real, String login, String language, String app, String... words) {
    String[] user = login.split(":");
    var ended =
        command.run(
            Map.of(
                "KINTONE_BASE_URL", real.url(),
                "KINTONE_USERNAME", user[0],
                "KINTONE_PASSWORD", user[1]),
            "simulate",
            "--lang",
            language,
            "--copy-app",
            app);
    assertThat(ended.exitCode()).isEqualTo(Main.REFUSED);
    assertThat(ended.err()).contains(words).doesNotContain(user[1] + ":", "Exception");
    assertThat(ended.err().strip()).as("one line").doesNotContain("\n");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void anAppBehindAWallInAGuestSpaceIsCopied() throws Exception {
    try (Simulator real = Simulator.start()) {
      real.copy(guestApp(7));
      real.settings(real.settings().with("basicAuth", "front:door"));
      Running copy =
          simulate(
              Map.of(
                  "KINTONE_BASE_URL", real.url(),
                  "KINTONE_API_TOKEN", "any",
                  "KINTONE_BASIC_AUTH_USERNAME", "front",
                  "KINTONE_BASIC_AUTH_PASSWORD", "door"),
              "--copy-app",
              "50",
              "--guest-space-id",
              "7");
      assertThat(copy.url()).isNotEmpty();
      assertThat(copy.out()).contains("App 50: ");
    }
  }

  /** What the real one answers to anybody. */
  private static String answerOf(Simulator real, String body) throws Exception {
    real.tokens().clear();
    String answer = ask(real.url(), "records", "GET", body);
    real.token("right", 2, Permission.VIEW);
    return answer;
  }

  @Test
  void whatCannotBeMadeIsSaidBeforeAnythingStarts() throws IOException {
    Path noJson = Files.writeString(temporary.resolve("a.json"), "no json");
    Path noApp = Files.writeString(temporary.resolve("b.json"), "{\"name\":\"x\"}");
    Path unknown =
        Files.writeString(
            temporary.resolve("c.json"),
            "{\"name\":\"x\",\"properties\":{\"a\":{\"type\":\"?\"}}}");
    Path damaged = Files.createDirectory(temporary.resolve("damaged"));
    Files.writeString(damaged.resolve("records.jsonl"), "what?\n");
    assertRefused("a.json", "--app-file", noJson.toString());
    assertRefused("properties", "--app-file", noApp.toString());
    assertRefused("properties[a].type", "--app-file", unknown.toString());
    assertRefused("none.json", "--app-file", temporary.resolve("none.json").toString());
    assertRefused("records.jsonl, line 1", "--data", damaged.toString());
    assertRefused("--copy-app 42", "--with-records");
    assertRefused("is not a whole number", "--copy-app", "x");
    assertRefused("--base-url", "--copy-app", "42");
  }

  private void assertRefused(String words, String... options) {
    List<String> all = new ArrayList<>(List.of("simulate", "--lang", "en"));
    all.addAll(List.of(options));
    var ended = command.run(all.toArray(String[]::new));
    assertThat(ended.err()).contains(words);
    assertThat(ended.exitCode()).isEqualTo(Main.REFUSED);
    assertThat(ended.out()).isEmpty();
  }
}
