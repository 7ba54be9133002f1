package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two services of the packaged program with one journal in PostgreSQL, and four jobs: two of them
 * of a shared folder, two of a table.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // its classes run side by side
abstract class TwoNodes {
  private static final Path TOKYO =
      Path.of("src/test/resources/data/postal-codes-tokyo.csv").toAbsolutePath();
  static final int ROWS = 4089;
  static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(30);

  SimulatorProcess simulator;
  EmbeddedPostgres source;
  EmbeddedPostgres server;
  private Path folder;
  private int tests;

  private final List<StartedProgram> nodes = new ArrayList<>();
  final List<String> apps = new ArrayList<>();
  private Path shared;
  private String schema;
  Installation first;
  Installation second;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    this.folder = folder;
    simulator =
        SimulatorProcess.start(
            Installation.withHome(Files.createDirectory(folder.resolve("simulator"))));
    source = EmbeddedPostgres.builder().setPGStartupWait(Patience.LIMIT).start();
    server = server(0);
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
    source.close();
    simulator.close();
  }

  @BeforeEach
  void install() throws Exception {
    nodes.clear();
    apps.clear();
    schema = "test" + ++tests;
    shared = Files.createDirectory(folder.resolve(schema));
    sql(server, "CREATE SCHEMA " + schema);
    var jobs = new StringBuilder();
    for (String job : List.of("a", "b", "c", "d")) {
      String app = simulator.postalCodeApp();
      apps.add(app);
      jobs.append("job.%1$s.app = %2$s\njob.%1$s.update-key = postal_code\n".formatted(job, app));
      jobs.append(job.compareTo("c") < 0 ? ofFolder(job) : ofTable(job));
    }
    first = node("first", jobs);
    second = node("second", jobs);
  }

  @AfterEach
  void end() {
    nodes.forEach(StartedProgram::close);
    simulator.answersAll();
  }

  /** What a program said last. */
  private static String end(StartedProgram program) {
    String said = program.said();
    return said.substring(Math.max(0, said.length() - 5000));
  }

  StartedProgram start(Installation node) {
    var started = node.start("run");
    nodes.add(started);
    String joined = "SELECT COUNT(*) FROM node WHERE service AND process = " + started.pid();
    Patience.await()
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> number(joined) == 1);
    return started;
  }

  /** Waits until an app has all records; none was written twice. */
  void settled(int app, int records) {
    Patience.await()
        .alias("records of app " + app)
        .until(() -> simulator.size(apps.get(app)) >= records);
    assertThat(simulator.size(apps.get(app))).isEqualTo(records);
    assertThat(simulator.revisionsAbove(apps.get(app), 1)).as("written twice").isZero();
  }

  /** Waits until an app has at least so many records; else says what the nodes said last. */
  void arrived(int app, int records, String when, StartedProgram one, StartedProgram other) {
    try {
      Patience.await().until(() -> simulator.size(apps.get(app)) >= records);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "%s: app %d has %d of %d records%nfirst: %s%nsecond: %s"
              .formatted(when, app, simulator.size(apps.get(app)), records, end(one), end(other)),
          e);
    }
  }

  /** All apps have these rows, once, and no two runs of a job went on at a time. */
  void allSettled(int rows) throws SQLException {
    for (int app = 0; app < apps.size(); app++) {
      settled(app, rows);
    }
    neverTwoRunsOfAJob();
  }

  /** How many jobs a process has leased, by the journal. */
  int held(long process) throws SQLException {
    return number("SELECT COUNT(*) FROM held WHERE source LIKE 'job %' AND process = " + process);
  }

  /** Of each job, a run begins when the one before it has ended. */
  void neverTwoRunsOfAJob() throws SQLException {
    assertThat(number("SELECT COUNT(*) FROM run")).isPositive();
    assertThat(
            number(
                """
                SELECT COUNT(*) FROM run a JOIN run b ON a.job = b.job AND a.name <> b.name
                WHERE a.started_at <= b.started_at
                  AND (a.report::json ->> 'finishedAt')::timestamptz > b.started_at
                """))
        .as("runs of a job that overlap")
        .isZero();
  }

  int number(String query) throws SQLException {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("SET search_path = " + schema);
      try (var rows = statement.executeQuery(query)) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  void drop(String job, String name) throws IOException {
    Path inbox = shared.resolve("inbox-" + job);
    Files.move(Files.copy(TOKYO, inbox.resolve(name + ".part")), inbox.resolve(name));
  }

  void write(String job, int from, int to) throws IOException {
    var lines = new StringBuilder("postal_code\n");
    for (int i = from; i < to; i++) {
      lines.append("%07d%n".formatted(i));
    }
    Path inbox = shared.resolve("inbox-" + job);
    Path part = Files.writeString(inbox.resolve(from + ".part"), lines);
    Files.move(part, inbox.resolve("%07d.csv".formatted(from)));
  }

  /** New rows for all jobs. */
  void add(int from, int to) throws IOException, SQLException {
    sql(source, insert("c", from, to), insert("d", from, to));
    write("a", from, to);
    write("b", from, to);
  }

  String insert(String job, int from, int to) {
    return """
    INSERT INTO %s_%s
    SELECT id, clock_timestamp() FROM generate_series(%d, %d) AS id
    """
        .formatted(schema, job, from, to - 1);
  }

  private String ofFolder(String job) throws IOException {
    Path inbox = Files.createDirectory(shared.resolve("inbox-" + job));
    return "job.%1$s.source = folder\njob.%1$s.folder = %2$s\n".formatted(job, inbox);
  }

  private String ofTable(String job) throws SQLException {
    sql(
        source,
        "CREATE TABLE " + schema + "_" + job + " (id INT PRIMARY KEY, changed TIMESTAMPTZ)");
    return """
    job.%1$s.source = database
    job.%1$s.url = jdbc:postgresql://localhost:%2$d/postgres
    job.%1$s.username = postgres
    job.%1$s.query = SELECT lpad(id::text, 7, '0') AS postal_code, id, changed FROM %3$s_%1$s
    job.%1$s.map = postal_code=postal_code
    job.%1$s.checkpoint = changed
    job.%1$s.unique = id
    job.%1$s.schedule = every 1s
    """
        .formatted(job, source.getPort(), schema);
  }

  private Installation node(String name, CharSequence jobs) throws IOException {
    return Installation.withHome(Files.createDirectories(shared.resolve(name).resolve("home")))
        .with("KINTONE_API_TOKEN", "t")
        .with("SOURCE_PASSWORD_C", "none")
        .with("SOURCE_PASSWORD_D", "none")
        .configured(
            """
            kintone.base-url = %s
            kintone.max-writers = 1
            kintone.timeout = 3s
            kintone.bulk-timeout = 3s
            kintone.max-retry-delay = 100ms
            kintone.daily-calls = 1000000
            console.port = off
            journal.url = jdbc:postgresql://localhost:%d/postgres?currentSchema=%s
            journal.username = postgres
            cluster.lease = 5s
            runs.folder = %s
            """
                    .formatted(kintone(name), journal(name), schema, shared.resolve("runs"))
                + jobs);
  }

  /** The address at which a node finds Kintone. */
  String kintone(String node) throws IOException {
    return simulator.url();
  }

  /** The port at which a node finds the server of the journal. */
  int journal(String node) throws IOException {
    return server.getPort();
  }

  /** The server of the journal, which keeps its data and its port when it is restarted. */
  EmbeddedPostgres server(int port) throws IOException {
    var builder =
        EmbeddedPostgres.builder()
            .setPGStartupWait(Patience.LIMIT)
            .setCleanDataDirectory(false)
            .setDataDirectory(folder.resolve("journal").toFile());
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  static void sql(EmbeddedPostgres database, String... statements) throws SQLException {
    try (var connection = database.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
