package dev.kintonesync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.Starter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands advise to do can be done while the service runs: it does that for them. */
class BesideServiceTest {
  private static final Map<String, String> TOKEN = Map.of("KINTONE_API_TOKEN", "t");
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "name", "maxLength": "20"}}
      """;

  @TempDir Path home;
  private Simulator simulator;
  private SimulatedApp app;
  private Command command;
  private Service service;
  private Journal journal;
  private int port;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start();
    app = simulator.app("customers", FIELDS);
    command = new Command(home);
    Files.createDirectories(home.resolve("inbox"));
    properties("");
    journal = Journal.open(home.resolve("journal"));
  }

  private void properties(String more) throws Exception {
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.customers.app = %d
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        %s
        """
            .formatted(simulator.url(), app.id(), more));
  }

  @AfterEach
  void stop() throws Exception {
    if (service != null) {
      service.close();
    }
    journal.close();
    simulator.close();
  }

  private void serve() {
    service = new Service(command, TOKEN);
    Patience.await().until(() -> journal.statusRows().all().containsKey("customers"));
    Patience.await()
        .until(
            () -> {
              var why = journal.statusRows().all().get("customers").why();
              return why == null || why.text() != MessageCode.JOB_BEGINS;
            });
  }

  private Command.Ended run(String... words) {
    return command.run(TOKEN, words);
  }

  /** Rows of which every second one is too long. */
  private void dropBadFile() throws Exception {
    String rows =
        IntStream.range(0, 400)
            .mapToObj(i -> "K" + i + "," + (i % 2 == 0 ? "good" : "x".repeat(21)))
            .collect(Collectors.joining("\n"));
    drop("bad.csv", rows);
  }

  private void drop(String name, String rows) throws Exception {
    Path part =
        Files.writeString(home.resolve("inbox").resolve(name + ".part"), "code,name\n" + rows);
    Files.move(part, home.resolve("inbox").resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private void awaitGuard() {
    Patience.await()
        .until(
            () -> {
              var row = journal.statusRows().all().get("customers");
              return row != null
                  && row.why() != null
                  && row.why().text() == MessageCode.NEEDS_YOU_GUARD;
            });
  }

  @Test
  void aGuardIsAcceptedThroughTheService() throws Exception {
    dropBadFile();
    serve();
    awaitGuard();
    assertThat(run("status", "--lang", "en").out())
        .contains("customers: needs you", "max-rejected = 10%", "--accept max-rejected");
    assertThat(run("runs", "--lang", "en").out()).contains("max-rejected = 10%");

    var accepted = run("run", "customers", "--once", "--accept", "max-rejected", "--lang", "en");

    assertThat(accepted.exitCode()).as(accepted.err()).isEqualTo(1);
    assertThat(accepted.out()).contains("400 read", "200 rejected");
    assertThat(accepted.err()).contains("It does the run", "bad.csv", "rejects");
    assertThat(app.values("code")).hasSize(200);
    assertThat(home.resolve("inbox/bad.csv")).doesNotExist();
    assertThat(journal.requests().waiting()).isEmpty();
    Patience.await().until(() -> journal.statusRows().all().get("customers").why() == null);

    drop("next.csv", "N,next\n");
    Patience.await().until(() -> app.records().size() == 201);
  }

  @Test
  void aGuardThatIsNotAcceptedStopsTheRunAgainAndSaysSo() throws Exception {
    dropBadFile();
    serve();
    awaitGuard();

    var ended = run("run", "customers", "--once", "--lang", "en");

    assertThat(ended.exitCode()).isEqualTo(RunState.STOPPED.exitCode());
    assertThat(ended.err()).contains("max-rejected = 10%");
    assertThat(home.resolve("inbox/bad.csv")).exists();
    awaitGuard();
  }

  private int post(String path, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .POST(HttpRequest.BodyPublishers.noBody())
            .headers(headers)
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void aGuardIsAcceptedAndRowsAreRetriedOnThePageBehindThePassword() throws Exception {
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    properties("console.port = " + port);
    dropBadFile();
    service =
        new Service(
            command, Map.of("KINTONE_API_TOKEN", "t", "CONSOLE_PASSWORD", "open sesame, please"));
    awaitGuard();
    String login =
        "Basic " + Base64.getEncoder().encodeToString("x:open sesame, please".getBytes(UTF_8));
    String[] known = {"X-Kintone-Sync", "t", "Authorization", login};
    String accept = "/accept?job=customers&guard=max-rejected";
    assertThat(post(accept, "X-Kintone-Sync", "t")).isEqualTo(401);
    assertThat(post(accept, "Authorization", login)).as("of a foreign page").isEqualTo(403);
    assertThat(post("/accept?job=customers&guard=max-missing", known)).isEqualTo(404);
    assertThat(journal.runs("customers", 9)).hasSize(1);

    assertThat(post(accept, known)).isEqualTo(200);

    Patience.await().until(() -> !Files.exists(home.resolve("inbox/bad.csv")));
    assertThat(app.values("code")).hasSize(200);
    Patience.await().until(() -> journal.statusRows().all().get("customers").why() == null);
    assertThat(post(accept, known)).as("no guard stands in the way any more").isEqualTo(404);
    var run = journal.runs("customers", 1).get(0);
    assertThat(run.state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(run.startedBy()).isEqualTo(Starter.OF_PAGE);
    assertThat(journal.runs("customers", 9).get(1).startedBy())
        .isEqualTo(new Starter(Starter.By.FOLDER, null));
    Patience.await().until(() -> post("/retry?run=" + run.run(), known) == 200);
    Patience.await().until(() -> journal.runs("customers", 9).size() == 3);
    Patience.await()
        .untilAsserted(
            () ->
                assertThat(journal.runs("customers", 1).get(0).counts().rejected()).isEqualTo(200));
    assertThat(run("run", "customers", "--once").exitCode()).as("no request is left").isZero();
  }

  @Test
  void nothingWaitsIsSaid() {
    serve();

    var ended = run("run", "customers", "--once", "--lang", "en");

    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err()).contains("It does the run", "no files waiting");
  }

  @Test
  void rejectedRowsAreRetriedThroughTheService() throws Exception {
    properties("job.customers.mode = update");
    drop("a.csv", "A,one\n");
    assertThat(run("run", "customers", "--once").exitCode()).isEqualTo(1);
    String first = journal.runs("customers", 1).get(0).run();
    properties("job.customers.mode = upsert");
    serve();

    var retried = run("retry", first, "--lang", "en");

    assertThat(retried.exitCode()).as(retried.err()).isZero();
    assertThat(retried.out()).contains("1 read: 1 inserted");
    assertThat(app.values("code")).containsExactly("A");
  }

  @Test
  void aJobOfADatabaseRunsBetweenItsTimes() throws Exception {
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.customers.app = %d
        job.customers.update-key = code
        job.customers.source = database
        job.customers.url = jdbc:h2:mem:beside
        job.customers.query = select 'D' as "code", 'd' as "name"
        job.customers.schedule = every 24h
        """
            .formatted(simulator.url(), app.id()));
    serve();
    Patience.await().until(() -> app.records().size() == 1);
    Patience.await().until(() -> journal.statusRows().all().get("customers").run() == null);

    var ended = run("run", "customers", "--once", "--lang", "en");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("1 unchanged");
    var runs = journal.runs("customers", 9);
    assertThat(runs)
        .extracting(Report::startedBy)
        .containsExactly(Starter.user(), new Starter(Starter.By.SCHEDULE, null));
    assertThat(run("runs", "show", runs.get(0).run(), "--lang", "en").out())
        .contains("started by " + System.getProperty("user.name") + " on the terminal");
    assertThat(run("runs", "--json").out())
        .contains("\"startedBy\":{\"by\":\"schedule\",\"name\":null}");
    assertThat(journal.statusRows().all().get("customers").next()).isNotNull();
  }

  @Test
  void changedPropertiesAreToldAndTakenOverWhenTheRunHasEnded() throws Exception {
    serve();
    properties("job.customers.mode = update\nconsole.port = 0");
    awaitLog("Changed properties: job.customers.mode. The service still uses the earlier values.");
    awaitLog("Changed properties: console.port. They take effect when the service is restarted.");
    Patience.await()
        .until(
            () ->
                run("status", "--lang", "en")
                    .out()
                    .contains("still runs with the earlier values. Apply the changes with"));
    drop("a.csv", "A,earlier\n");
    Patience.await().until(() -> app.values("code").contains("A"));
    simulator.settings(simulator.settings().with("latencyMs", 4_000));
    drop("b.csv", "B,begun before\n");
    Patience.await().until(() -> journal.statusRows().all().get("customers").run() != null);

    var asked = CompletableFuture.supplyAsync(() -> run("reload", "--lang", "en"));
    awaitLog("customers: reload");
    simulator.settings(simulator.settings().with("latencyMs", 0));
    var reloaded = asked.get();

    assertThat(reloaded.exitCode()).as(reloaded.err()).isZero();
    assertThat(reloaded.out())
        .contains("customers: now runs with the changed properties: job.customers.mode");
    assertThat(reloaded.err()).contains("customers: a run is in progress");
    assertThat(app.values("code")).contains("B");
    drop("c.csv", "C,nobody has it\n");
    Patience.await().until(() -> !Files.exists(home.resolve("inbox/c.csv")));
    assertThat(app.values("code")).containsExactly("A", "B");
    assertThat(run("reload", "customers", "--lang", "en").out()).contains("nothing to apply");
    Patience.await().until(() -> journal.statusRows().all().get("customers").why() == null);
  }

  @Test
  void aWrongChangeIsRefusedAndTheJobGoesOnAsItBegan() throws Exception {
    serve();
    properties("job.customers.mode = mirror\njob.customers.mirror.scope = name = \"x\"");
    properties("job.customers.row-key = code\njob.customers.after = nobody");

    var reloaded = run("reload", "--lang", "en");

    assertThat(reloaded.exitCode()).isEqualTo(2);
    assertThat(reloaded.err()).contains("job.customers.after", "nobody");
    drop("a.csv", "A,earlier\n");
    Patience.await().until(() -> app.values("code").contains("A"));
  }

  @Test
  void aChangedTokenIsTakenOverByItself() throws Exception {
    Path secrets = home.resolve("secrets.properties");
    Files.writeString(secrets, "kintone.api-token = the-earlier-one\n");
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
    service = new Service(command, Map.of());
    awaitLog("customers: watching");
    simulator.token("the-later-one", app.id(), Permission.VIEW, Permission.ADD, Permission.EDIT);

    Files.writeString(secrets, "kintone.api-token = the-later-one\n");

    awaitLog("customers: now runs with the changed properties: kintone.api-token");
    drop("a.csv", "A,one\n");
    Patience.await().until(() -> app.values("code").contains("A"));
    assertThat(Files.readString(log())).doesNotContain("the-later-one");
  }

  @Test
  void withoutAServiceThereIsNothingToReload() {
    var ended = run("reload", "--lang", "en");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("No service is running here");
  }

  private void awaitLog(String words) {
    Patience.await().until(() -> Files.exists(log()) && Files.readString(log()).contains(words));
  }

  @Test
  void twoRequestsAtOnceAreTold() throws Exception {
    serve();
    simulator.settings(simulator.settings().with("latencyMs", 2_000));
    drop("slow.csv", "A,one\n");
    Patience.await().until(() -> journal.statusRows().all().get("customers").run() != null);
    var first =
        CompletableFuture.supplyAsync(() -> run("run", "customers", "--once", "--lang", "en"));
    Patience.await().until(() -> Files.readString(log()).contains("asks for a run"));

    var second = run("run", "customers", "--once", "--lang", "en");

    assertThat(second.exitCode()).isEqualTo(2);
    assertThat(second.err()).contains("already has a request");
    assertThat(first.get().exitCode()).as(first.get().err()).isZero();
    assertThat(app.records()).hasSize(1);
  }

  private Path log() {
    return home.resolve("logs/kintone-sync.log");
  }

  @Test
  void aServiceThatEndsMeanwhileIsTold() throws Exception {
    serve();
    simulator.settings(simulator.settings().with("latencyMs", 1_000));
    drop("slow.csv", "A,one\n");
    Patience.await().until(() -> journal.statusRows().all().get("customers").run() != null);
    var asked =
        CompletableFuture.supplyAsync(() -> run("run", "customers", "--once", "--lang", "en"));
    Patience.await().until(() -> Files.readString(log()).contains("asks for a run"));

    service.close();
    service = null;

    assertThat(asked.get().exitCode()).as(asked.get().err()).isEqualTo(3);
  }
}
