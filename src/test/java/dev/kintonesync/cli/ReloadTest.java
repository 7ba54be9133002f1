package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.AtOnce;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service takes over properties that have changed, when somebody asks for it or by itself. */
@LogOfProcess.LookedAt
class ReloadTest {
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

  private void drop(String name, String rows) throws Exception {
    Path part =
        Files.writeString(home.resolve("inbox").resolve(name + ".part"), "code,name\n" + rows);
    Files.move(part, home.resolve("inbox").resolve(name), StandardCopyOption.ATOMIC_MOVE);
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

    var asked = AtOnce.ask(() -> run("reload", "--lang", "en"));
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

  /**
   * Whoever asks the former one of two beans of a job whether there is more is told so for ever.
   */
  @Test
  void aScheduledJobKeepsItsTimesAfterItHasChanged() throws Exception {
    app.add("{\"code\": {\"value\": \"A\"}}");
    var copy = simulator.app("copy", FIELDS);
    String job =
        """
        job.copy.app = %d
        job.copy.update-key = code
        job.copy.source = kintone
        job.copy.source.app = %d
        job.copy.schedule = every 3s
        """
            .formatted(copy.id(), app.id());
    properties(job);
    serve();
    Patience.await().until(() -> !journal.runs("copy", 10).isEmpty());

    properties(job + "job.copy.mode = update");
    assertThat(run("reload", "copy", "--lang", "en").out()).contains("now runs with the changed");

    int before = journal.runs("copy", 100).size();
    Patience.await().until(() -> journal.runs("copy", 100).size() >= before + 3);
    var last = journal.runs("copy", 2);
    assertThat(Duration.between(last.get(1).startedAt(), last.get(0).startedAt()))
        .isGreaterThan(Duration.ofSeconds(2));
  }

  /** An idle connection is kept for half a minute by the pool that has it, and a pool for ever. */
  @Test
  void aDatabaseThatNoJobReadsAnyMoreIsLetGo() throws Exception {
    try (var former = sales("former");
        var later = sales("later")) {
      String jobs = polling("one", "former") + polling("two", "former");
      properties(jobs);
      serve();
      awaitRuns("one", "two");
      assertThat(sessions(former)).isGreaterThan(1);

      properties(polling("one", "later") + polling("two", "former"));
      assertThat(run("reload", "one", "--lang", "en").out()).contains("now runs with the changed");
      awaitRuns("one", "two");
      assertThat(sessions(later)).isGreaterThan(1);
      assertThat(sessions(former)).as("the other job reads on").isGreaterThan(1);

      properties(polling("one", "later") + polling("two", "later"));
      assertThat(run("reload", "two", "--lang", "en").out()).contains("now runs with the changed");
      assertThat(sessions(former)).as("ours alone").isEqualTo(1);
      awaitRuns("one", "two");
    }
  }

  /** A database in memory, as long as this connection is open. */
  private static Connection sales(String name) throws SQLException {
    var connection = DriverManager.getConnection("jdbc:h2:mem:reload-" + name);
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE sales (\"id\" INT, \"code\" VARCHAR)");
      statement.execute("INSERT INTO sales VALUES (1, 'A')");
    }
    return connection;
  }

  private String polling(String job, String database) {
    return """
    job.%1$s.app = %2$d
    job.%1$s.update-key = code
    job.%1$s.source = database
    job.%1$s.url = jdbc:h2:mem:reload-%3$s
    job.%1$s.query = SELECT "id", "code" FROM sales
    job.%1$s.unique = id
    job.%1$s.map = code=code
    job.%1$s.schedule = every 1s
    """
        .formatted(job, app.id(), database);
  }

  /** Waits until each of the jobs has made another run to its end. */
  private void awaitRuns(String... jobs) {
    for (String job : jobs) {
      int before = journal.runs(job, 1000).size();
      Patience.await().until(() -> journal.runs(job, 1000).size() > before + 1);
      assertThat(journal.runs(job, 2).get(1).state()).isEqualTo(RunState.COMPLETED);
    }
  }

  private static int sessions(Connection database) throws SQLException {
    try (var statement = database.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS")) {
      rows.next();
      return rows.getInt(1);
    }
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
  void aJobThatIsAddedIsToldAndStartsWhenSomebodyAsks() throws Exception {
    serve();
    var other = simulator.app("others", FIELDS);
    properties(
        """
        job.added.app = %d
        job.added.update-key = code
        job.added.source = folder
        job.added.folder = added
        """
            .formatted(other.id()));
    awaitLog("added: new in application.properties; the service does not run it yet.");
    Path folder = Files.createDirectories(home.resolve("added"));
    Files.writeString(folder.resolve("a.csv"), "code,name\nA,first\n");
    Patience.await()
        .until(
            () ->
                run("status", "added", "--lang", "en").out().contains("added: needs you")
                    && run("status", "added", "--lang", "en").out().contains("reload added"));

    var reloaded = run("reload", "added", "--lang", "en");
    assertThat(reloaded.exitCode()).as(reloaded.err()).isZero();
    assertThat(reloaded.out()).contains("added: the service runs it from now on");
    Patience.await().until(() -> other.values("code").contains("A"));
    Patience.await()
        .until(() -> run("status", "added", "--lang", "en").out().contains("added: OK"));
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

  private Path log() {
    return home.resolve("logs/kintone-sync.log");
  }
}
