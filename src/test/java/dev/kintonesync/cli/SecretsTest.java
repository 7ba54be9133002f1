package dev.kintonesync.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.state.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 13, secrets stay secret: whatever goes well or wrong, no token and no password stands in
 * anything that the program writes, even with {@code --verbose}.
 */
@LogOfProcess.LookedAt
class SecretsTest {
  private static final String TOKEN = "tokenThatIsSecret1";
  private static final String WRONG_TOKEN = "tokenThatIsSecret2";
  private static final String PASSWORD = "passwordThatIsSecret3";
  private static final String BASIC_PASSWORD = "passwordThatIsSecret4";
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code", "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "5"}}
      """;

  /** In every form in which they travel or might be written. */
  private static final List<String> SECRETS =
      List.of(
          "ThatIsSecret",
          base64("sato:" + PASSWORD),
          base64("office:" + BASIC_PASSWORD),
          base64(PASSWORD),
          base64(TOKEN));

  @TempDir Path folder;

  private Path home;
  private Command command;
  private Simulator simulator;
  private SimulatedApp app;
  private Path file;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    command = new Command(home);
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    simulator.token(TOKEN, app.id(), Permission.VIEW, Permission.ADD, Permission.EDIT);
    simulator.directory().registerUser("sato", "sato", PASSWORD);
    file = Files.writeString(folder.resolve("customers.csv"), "code,name\nA,a\nB,much too long\n");
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void ofTheCommandLine() throws IOException {
    importing(1, Map.of(), "--api-token", TOKEN);
    importing(2, Map.of(), "--api-token", WRONG_TOKEN);
    importing(2, Map.of(), "--api-token", TOKEN + " " + WRONG_TOKEN);
    importing(2, Map.of(), "--username", "sato", "--password", "not" + PASSWORD);
    importing(
        1,
        Map.of(),
        "--username",
        "sato",
        "--password",
        PASSWORD,
        "--basic-auth-username",
        "office",
        "--basic-auth-password",
        BASIC_PASSWORD);
    importing(2, Map.of(), "--api-token", TOKEN, "--base-url", "https://sato:" + PASSWORD + "@a.b");
    importing(2, Map.of(), "--api-tokne", TOKEN);
    importing(2, Map.of(), "--api-tokne=" + TOKEN);
    nothingIsSaidOrWritten();
    assertThat(app.size()).as("the secrets have done their service").isEqualTo(1);
  }

  @Test
  void ofTheEnvironmentWhenTheConnectionBreaks() throws IOException {
    var environment = Map.of("KINTONE_API_TOKEN", TOKEN);
    Files.writeString(
        home.resolve("application.properties"),
        "kintone.patience = 100ms\nkintone.retry-delay = 10ms\n");
    simulator.faults().add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("POST", "records"));
    simulator.faults().add(Fault.status(500, "<html>oops</html>").after(6));
    importing(1, environment);
    simulator.faults().clear();
    simulator.faults().add(Fault.of(Fault.Kind.RESET).times(1000));
    importing(3, environment);
    nothingIsSaidOrWritten();
  }

  @Test
  void ofTheFiles() throws IOException {
    Path secrets =
        Files.createFile(
            home.resolve("secrets.properties"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        secrets, "job.customers.api-token = " + TOKEN + "\nkintone.password = " + PASSWORD + "\n");
    Path inbox = Files.createDirectory(folder.resolve("inbox"));
    Files.copy(file, inbox.resolve("customers.csv"));
    Path properties =
        Files.writeString(
            home.resolve("application.properties"),
            """
            kintone.base-url = %s
            kintone.username = sato
            job.customers.app = %d
            job.customers.update-key = code
            job.customers.source = folder
            job.customers.folder = %s
            """
                .formatted(simulator.url(), app.id(), inbox));
    ends(1, command.run("run", "customers", "--once", "--verbose"));
    assertThat(app.size()).isEqualTo(1);

    Files.writeString(secrets, "kintone.api-token " + TOKEN + "\n");
    ends(2, command.run("run", "--verbose"));
    Files.writeString(properties, "kintone.api-token = " + TOKEN + "\n");
    ends(2, command.run("run", "--verbose"));
    Files.delete(secrets);
    Files.delete(properties);
    nothingIsSaidOrWritten();
  }

  @Test
  void ofASource() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var statuses = new ArrayDeque<>(List.of(200, 401, 302, 500, 429, 200, 418));
    server.createContext(
        "/",
        exchange -> {
          // a server that repeats what it was sent
          String body = "[{\"code\": \"" + exchange.getRequestHeaders().values() + "\"}";
          int status = statuses.isEmpty() ? 404 : statuses.remove();
          exchange.getResponseHeaders().add("Location", "/" + statuses.size());
          exchange.getResponseHeaders().add("Retry-After", "0");
          byte[] bytes =
              (status == 200 ? "[{\"code\": \"A\", \"name\": \"too long\"}]" : body)
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/customers";
    Path properties = home.resolve("application.properties");
    Files.writeString(
        properties,
        """
        kintone.base-url = %s
        kintone.retry-delay = 1ms
        job.api.app = %d
        job.api.update-key = code
        job.api.source = api
        job.api.url = %s
        job.api.username = sato
        job.api.source.token-header = X-API-Key
        """
            .formatted(simulator.url(), app.id(), url));
    var environment =
        Map.of(
            "KINTONE_API_TOKEN",
            TOKEN,
            "SOURCE_TOKEN_API",
            WRONG_TOKEN,
            "SOURCE_PASSWORD_API",
            PASSWORD);
    for (int expected : new int[] {1, 2, 1, 2, 2}) {
      ends(expected, command.run(environment, "run", "api", "--once", "--verbose"));
    }
    server.stop(0);
    ends(3, command.run(environment, "run", "api", "--once", "--verbose"));
    ends(2, command.run(environment, "check", "api", "--verbose"));
    Files.writeString(
        properties, Files.readString(properties).replace("/customers", "/?api_key=" + TOKEN));
    ends(2, command.run(environment, "check", "api", "--verbose"));
    Files.delete(properties);
    nothingIsSaidOrWritten();
  }

  private void importing(int exitCode, Map<String, String> environment, String... besides) {
    var words =
        new ArrayList<>(
            List.of(
                "import",
                file.toString(),
                "--verbose",
                "--app",
                String.valueOf(app.id()),
                "--update-key",
                "code"));
    if (!List.of(besides).contains("--base-url")) {
      words.addAll(List.of("--base-url", simulator.url()));
    }
    words.addAll(List.of(besides));
    ends(exitCode, command.run(environment, words.toArray(String[]::new)));
  }

  private void ends(int exitCode, Command.Ended ended) {
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(exitCode);
    said.add(ended.out());
    said.add(ended.err());
  }

  private void nothingIsSaidOrWritten() throws IOException {
    assertThat(said).allSatisfy(text -> assertThat(text).doesNotContain(SECRETS));
    try (var files = Files.walk(folder)) {
      var written = files.filter(Files::isRegularFile).toList();
      assertThat(written).anyMatch(path -> path.endsWith("kintone-sync.log"));
      assertThat(written).anyMatch(path -> path.endsWith("report.json"));
      for (Path path : written) {
        assertThat(content(path)).as(path.toString()).doesNotContain(SECRETS);
      }
    }
  }

  /** The text of a file, whatever is in it; packed ones unpacked, NULs of UTF-16 left out. */
  private static String content(Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    if (path.toString().endsWith(".gz")) {
      bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
    }
    return new String(bytes, ISO_8859_1).replace("\0", "");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
