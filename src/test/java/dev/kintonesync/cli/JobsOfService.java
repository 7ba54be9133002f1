package dev.kintonesync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kintonesync.FreePort;
import dev.kintonesync.Patience;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Starts one service with a job for each test, asks its page, and awaits its runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JobsOfService {
  private static final String PASSWORD = "open sesame, please";
  static final String LOGIN =
      "Basic " + Base64.getEncoder().encodeToString(("x:" + PASSWORD).getBytes(UTF_8));
  static final String[] KNOWN = {"X-Kintone-Sync", "t", "Authorization", LOGIN};
  private static final Map<String, String> ENVIRONMENT =
      Map.of("KINTONE_API_TOKEN", "t", "CONSOLE_PASSWORD", PASSWORD);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final List<String> OF_FOLDERS =
      List.of("accepted", "again", "page", "idle", "retried", "twice", "corrected", "other");
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "20"}}
      """;
  static final Duration LOOK = Duration.ofMillis(50);
  static final String LONG = "x".repeat(21);

  Path home;
  final Map<String, SimulatedApp> apps = new HashMap<>();
  Simulator simulator;
  private Connection database;
  Command command;
  Service service;
  Journal journal;
  private int port;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    home = folder;
    simulator = Simulator.start();
    command = new Command(home);
    port = FreePort.find();
    var properties =
        new StringBuilder(
            "kintone.base-url = %s\nconsole.port = %d\n".formatted(simulator.url(), port));
    for (String job : OF_FOLDERS) {
      properties
          .append(job(job))
          .append("job.%1$s.source = folder\njob.%1$s.folder = inbox/%1$s\n".formatted(job));
      Files.createDirectories(home.resolve("inbox").resolve(job));
      if (List.of("accepted", "again", "page").contains(job)) {
        dropBadFile(job);
      }
    }
    database = DriverManager.getConnection("jdbc:h2:mem:beside");
    try (var statement = database.createStatement()) {
      statement.execute("create table item (code varchar(9), name varchar(99), changed timestamp)");
      statement.execute(
          "insert into item values ('D', 'd', current_timestamp), ('L', '"
              + LONG
              + "', current_timestamp)");
    }
    String query = "select code as \"code\", name as \"name\", changed as \"changed\" from item";
    for (String job : List.of("read-on", "whole")) {
      properties
          .append(job(job))
          .append(
              """
                  job.%1$s.source = database
                  job.%1$s.url = jdbc:h2:mem:beside
                  job.%1$s.query = %2$s
              job.%1$s.map = code=code, name=name
                  job.%1$s.max-rejected = 100%%
                  job.%1$s.schedule = every 24h
              """
                  .formatted(job, query));
    }
    properties.append("job.read-on.checkpoint = changed\njob.retried.mode = update\n");
    Files.writeString(home.resolve("application.properties"), properties);
    journal = Journal.open(home.resolve("journal"));
    service = new Service(command, ENVIRONMENT);
    Patience.await().until(() -> journal.statusRows().all().size() == apps.size());
  }

  /** The properties that every job has; its app is made. */
  String job(String name) {
    var app = simulator.app(name, FIELDS);
    apps.put(name, app);
    return "job.%1$s.app = %2$d\njob.%1$s.update-key = code\n".formatted(name, app.id());
  }

  @AfterAll
  void stop() throws Exception {
    if (service != null) {
      service.close();
    }
    journal.close();
    database.close();
    simulator.close();
  }

  Command.Ended run(String... words) {
    return command.run(ENVIRONMENT, words);
  }

  /** Rows of which every second one is too long. */
  private void dropBadFile(String job) throws Exception {
    String rows =
        IntStream.range(0, 400)
            .mapToObj(i -> "K" + i + "," + (i % 2 == 0 ? "good" : LONG))
            .collect(Collectors.joining("\n"));
    drop(job, "bad.csv", rows);
  }

  void drop(String job, String name, String rows) throws Exception {
    Path inbox = home.resolve("inbox").resolve(job);
    Path part = Files.writeString(inbox.resolve(name + ".part"), "code,name\n" + rows);
    Files.move(part, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  void awaitGuard(String job) {
    Patience.await()
        .pollInterval(LOOK)
        .until(
            () -> {
              var why = journal.statusRows().all().get(job).why();
              return why != null && why.text() == MessageCode.NEEDS_YOU_GUARD;
            });
  }

  void awaitNothingInTheWay(String job) {
    Patience.await()
        .pollInterval(LOOK)
        .until(() -> journal.statusRows().all().get(job).why() == null);
  }

  /** The newest run of a job, once so many have ended. */
  Report awaitRuns(String job, int count) {
    return Patience.await()
        .pollInterval(LOOK)
        .until(
            () -> journal.runs(job, 99),
            runs ->
                runs.size() == count
                    && runs.stream().noneMatch(run -> run.state() == RunState.RUNNING))
        .get(0);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws Exception {
    return HTTP.send(request.headers(headers).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  int post(String path, String... headers) throws Exception {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()), headers).statusCode();
  }

  String get(String path) throws Exception {
    return send(request(path), KNOWN).body();
  }

  HttpResponse<String> upload(String job, String content, String... headers) throws Exception {
    return send(
        request("/upload?lang=en&file=mended.csv&job=" + job)
            .POST(HttpRequest.BodyPublishers.ofString(content)),
        headers);
  }
}
