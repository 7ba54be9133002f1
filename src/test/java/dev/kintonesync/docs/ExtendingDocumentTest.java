package dev.kintonesync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.FreePort;
import dev.kintonesync.Patience;
import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.kafka.KafkaBroker;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Source;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The extensions of {@code docs/extending.md}, as the document has them, in one program. */
class ExtendingDocumentTest {
  @TempDir static Path home;

  private static final Document DOCUMENT = Document.of("docs/extending.md");
  private static final BlockingQueue<String> CHAT = new LinkedBlockingQueue<>();
  private static final BlockingQueue<UserMessage> SAID = new LinkedBlockingQueue<>();

  private static Simulator simulator;
  private static SimulatedApp app;
  private static HttpServer chat;
  private static KafkaBroker broker;
  private static Journal journal;
  private static KintoneSync program;
  private static int till;
  private static int http;

  @BeforeAll
  static void start() throws Exception {
    simulator = Simulator.start();
    broker = KafkaBroker.shared();
    broker.topic("customers", 2);
    app =
        simulator.app(
            "customers",
            """
            {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                      "required": true, "unique": true},
             "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name",
                      "maxLength": "12"},
             "operation": {"type": "SINGLE_LINE_TEXT", "code": "operation", "label": "operation",
                           "unique": true}}
            """);
    chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    chat.createContext(
        "/hooks/kintone",
        exchange -> {
          CHAT.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    chat.start();
    till = FreePort.find();
    http = FreePort.find();
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.customers.app = %s
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        job.customers.map = code=code, name=name
        """
            .formatted(simulator.url(), app.id()));
    Path secrets = home.resolve("secrets.properties");
    Files.createFile(
        secrets,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secrets, "kintone.api-token = t\n");
    journal = Journal.open(home.resolve("journal"));
    program = KintoneSync.start(setup(routes()));
  }

  @AfterAll
  static void stop() {
    program.close();
    journal.close();
    chat.stop(0);
    simulator.close();
  }

  private static Path routes() throws IOException {
    Path routes = home.resolve("routes");
    for (String folder : List.of("", "core")) {
      Files.createDirectories(routes.resolve(folder));
      try (var files = Files.newDirectoryStream(Path.of("routes").resolve(folder), "*.yaml")) {
        for (Path file : files) {
          Files.copy(file, routes.resolve(folder).resolve(file.getFileName()));
        }
      }
    }
    Path custom = Files.createDirectory(routes.resolve("custom"));
    int number = 0;
    for (String example : DOCUMENT.blocks("yaml")) {
      Files.writeString(custom.resolve("example-" + ++number + ".yaml"), here(example));
    }
    Files.writeString(custom.resolve("FullNames.java"), DOCUMENT.block("java"));
    return routes;
  }

  private static String here(String example) {
    return example
        .replace("127.0.0.1:5140", "127.0.0.1:" + till)
        .replace("127.0.0.1:9092", broker.brokers())
        .replace("/data/changes", home.resolve("changes").toString())
        .replace("https://chat.example.com", "http://127.0.0.1:" + chat.getAddress().getPort());
  }

  private static KintoneSync.Setup setup(Path routes) {
    var camel = new HashMap<String, String>();
    DOCUMENT
        .blocks("properties")
        .get(0)
        .lines()
        .map(line -> line.split(" = "))
        .forEach(pair -> camel.put(pair[0], pair[1]));
    camel.put("camel.server.port", String.valueOf(http));
    return new KintoneSync.Setup(
        routes,
        routes.resolve("custom"),
        home,
        Configuration.read(home, Map.of(), Map.of()).settings(),
        () -> journal,
        MessageBundle.ENGLISH,
        Clock.systemUTC(),
        camel,
        finished -> {},
        SAID::add,
        true,
        false);
  }

  private static Map<String, String> held() {
    var held = new TreeMap<String, String>();
    app.records()
        .forEach(
            record ->
                held.put(
                    record.path("code").path("value").asText(),
                    record.path("name").path("value").asText()));
    return held;
  }

  private static void awaitHeld(String code, String name) {
    Patience.await().untilAsserted(() -> assertThat(held()).containsEntry(code, name));
  }

  @Test
  void theStartNamesTheRoutes() {
    assertThat(SAID)
        .anySatisfy(
            said ->
                assertThat(said.toString())
                    .contains("till", "changes", "full-names", "take-customers"));
  }

  @Test
  void aLineThatComesOverTcpIsACustomer() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), till)) {
      socket.getOutputStream().write("T1,Tanaka\n".getBytes(StandardCharsets.UTF_8));
      awaitHeld("T1", "Tanaka");
    }
  }

  @Test
  void theMessagesOfATopicAreCustomersAndCommittedOnceTheyAreWritten() {
    broker.sent("customers", "Q1", "{\"code\": \"Q1\", \"name\": \"Queue\"}");
    broker.sent("customers", "Q2", "{\"code\": \"Q2\", \"name\": \"Topic\"}");
    broker.flush();

    awaitHeld("Q1", "Queue");
    awaitHeld("Q2", "Topic");
    Patience.await().until(() -> broker.settled("kintone-customers") == 2);
  }

  @Test
  void aFileWithOneCustomerIsASingleMessage() throws Exception {
    Path changes = Files.createDirectories(home.resolve("changes"));
    appear(changes.resolve("a.json"), "{\"code\": \"S1\", \"name\": \"Sato\"}");
    appear(changes.resolve("b.json"), "{\"code\": \"S2\", \"name\": \"much longer than twelve\"}");

    awaitHeld("S1", "Sato");
    Patience.await().until(() -> Files.exists(changes.resolve(".failed/b.json")));
  }

  @Test
  void aFileWithAnOperationIsCarriedOutOnceHoweverOftenItComes() throws Exception {
    Path visits = Files.createDirectories(home.resolve("changes/visits"));
    String text =
        """
        {"method": "POST", "api": "record.json", "payload": {"record": {"code": {"value": "O1"}}}}
        """;
    var time = FileTime.fromMillis(1_800_000_000_000L);
    for (int times = 0; times < 2; times++) {
      Path part = Files.writeString(home.resolve("v.json.part"), text);
      Files.setLastModifiedTime(part, time);
      Files.deleteIfExists(visits.resolve(".camel/v.json"));
      Files.move(part, visits.resolve("v.json"));
      Patience.await().until(() -> Files.exists(visits.resolve(".camel/v.json")));
    }

    assertThat(app.values("code")).containsOnlyOnce("O1");
    assertThat(app.values("operation")).contains("v.json 1800000000000");
  }

  /** A file that is there whole or not at all. */
  private static void appear(Path file, String text) throws IOException {
    Path part = home.resolve(file.getFileName() + ".part");
    Files.move(Files.writeString(part, text), file);
  }

  @Test
  void rowsAreChangedLeftOutAndTold() throws Exception {
    Path file = home.resolve("customers.csv");
    Files.writeString(
        file,
        """
        code,name,first,status
        R1,Abe,Shinzo,open
        R2,Beck,Kurt,closed
        R3,Longlonglong,Name,open
        """);
    var job = Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of()).job("customers");

    var run = program.runner().run(job.on(new Source.OneFile(file)));

    assertThat(held()).containsEntry("R1", "Abe Shinzo").doesNotContainKeys("R2", "R3");
    assertThat(run.report().counts().unchanged()).isEqualTo(1);
    assertThat(Patience.next(CHAT))
        .isEqualTo("{\"text\": \"customers: completed-with-rejects, 1 rejected\"}");
  }

  private static HttpResponse<String> post(String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/customers"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aCustomerThatComesByHttpIsAnsweredWithItsOutcome() throws Exception {
    var answer = post("{\"code\": \"H1\", \"name\": \"Hara\"}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"outcome\":\"inserted\"", "\"key\":\"H1\"", "\"reason\":null");
    awaitHeld("H1", "Hara");
  }

  @Test
  void aCustomerThatIsRejectedIsAnsweredWithTheReason() throws Exception {
    var alone = post("{\"code\": \"H2\", \"name\": \"much longer than twelve\"}");
    assertThat(alone.statusCode()).as(alone.body()).isEqualTo(422);
    assertThat(alone.body()).contains("\"outcome\":\"rejected\"", "\"field\":\"name\"");

    var both = post("[{\"code\": \"H3\", \"name\": \"Hori\"}, {\"name\": \"no key\"}]");
    assertThat(both.statusCode()).as(both.body()).isEqualTo(422);
    awaitHeld("H3", "Hori");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"code\": ", "\"H4\"", "7", "H5,Hara", ""})
  void whatIsNoCustomerIsAnsweredWithTheReason(String body) throws Exception {
    var answer = post(body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).isNotBlank().doesNotContain("\tat ");
  }
}
