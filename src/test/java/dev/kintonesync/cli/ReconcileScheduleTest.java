package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.FreePort;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.console.notification.RunLogApp;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service compares a source with its app at set times, and tells when the differences move. */
@LogOfProcess.Started
class ReconcileScheduleTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name"}}
      """;

  @TempDir Path home;
  private Map<String, String> environment;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private Simulator simulator;
  private SimulatedApp app;
  private SimulatedApp log;
  private Connection database;
  private HttpServer chat;
  private Command command;
  private int port;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    log = simulator.app("log", RunLogApp.fields(MessageBundle.ENGLISH).toString());
    String url = "jdbc:h2:mem:" + home.getFileName();
    database = DriverManager.getConnection(url);
    sql("create table customers (code varchar(9), name varchar(99))");
    sql("insert into customers values ('A', 'Abe'), ('B', 'Baba')");
    held("A", "Abe");
    held("B", "Baba");
    chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    chat.createContext(
        "/",
        exchange -> {
          told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    chat.start();
    String webhook = "http://127.0.0.1:" + chat.getAddress().getPort() + "/";
    environment =
        Map.of("KINTONE_API_TOKEN", "t", "NOTIFY_WEBHOOK", webhook, "NOTIFY_APP_TOKEN", "t");
    command = new Command(home);
    port = FreePort.find();
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        console.port = %d
        notify.app = %d
        job.customers.app = %d
        job.customers.update-key = code
        job.customers.source = database
        job.customers.url = %s
        job.customers.query = select code as "code", name as "name" from customers
        job.customers.schedule = 0 0 1 1 *
        job.customers.reconcile = */1 * * * * ?
        """
            .formatted(simulator.url(), port, log.id(), app.id(), url));
  }

  @AfterEach
  void stop() throws Exception {
    chat.stop(0);
    database.close();
    simulator.close();
  }

  /** Changes all at once, as a comparison sees it. */
  private void sql(String... statements) throws Exception {
    database.setAutoCommit(false);
    try (var made = database.createStatement()) {
      for (String statement : statements) {
        made.execute(statement);
      }
    }
    database.commit();
  }

  private void held(String code, String name) {
    app.add("{\"code\":{\"value\":\"%s\"},\"name\":{\"value\":\"%s\"}}".formatted(code, name));
  }

  /** A figure of {@code /observe/metrics}; null before the first comparison. */
  private @Nullable String figure(String name) throws Exception {
    var metrics = URI.create("http://127.0.0.1:" + port + "/observe/metrics");
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("kintone_sync_reconcile_" + name + "{"))
          .map(line -> line.substring(line.indexOf('}') + 2))
          .findAny()
          .orElse(null);
    } catch (ConnectException notYet) {
      return null;
    }
  }

  private String newestComparison() throws IOException {
    try (var runs = Files.list(home.resolve("runs"))) {
      return runs.filter(run -> Files.exists(run.resolve("report.json")))
          .map(Path::toString)
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private void awaitAnotherComparison() throws Exception {
    String before = newestComparison();
    Patience.await().until(() -> !newestComparison().equals(before));
  }

  @Test
  void peopleAreToldWhenTheDifferencesMoveAndOnlyThen() throws Exception {
    var service = new Service(command, environment);
    try (service) {
      Patience.await().until(() -> "2.0".equals(figure("equal")));
      awaitAnotherComparison();
      assertThat(told).as("no difference, as expected").isEmpty();

      sql(
          "insert into customers values ('C', 'Chiba')",
          "update customers set name = 'Abé' where code = 'A'");
      Patience.await().until(() -> told.size() == 1);
      assertThat(told.get(0))
          .contains("customers: the source and Kintone differ")
          .contains("1 the same, 1 different, 1 missing in Kintone, 0 only in Kintone");
      awaitAnotherComparison();
      assertThat(told).hasSize(1);
      assertThat(figure("different")).isEqualTo("1.0");
      assertThat(figure("missing")).isEqualTo("1.0");
      var status = command.run(environment, "status", "--lang", "en").out();
      assertThat(status).contains("last comparison").contains("1 missing in Kintone");

      sql(
          "delete from customers where code = 'C'",
          "update customers set name = 'Abe' where code = 'A'");
      Patience.await().until(() -> told.size() == 2);
      assertThat(told.get(1)).contains("the same again").contains("1 missing in Kintone");
      Patience.await().until(() -> log.size() == 2);
    }
    assertThat(service.ended()).contains("source and app compared");
    assertThat(log.values("updated")).as("nothing was updated").containsOnly("");
    assertThat(app.values("name")).containsExactly("Abe", "Baba");
  }
}
