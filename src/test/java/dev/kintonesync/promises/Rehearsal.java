package dev.kintonesync.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.RecordClient;
import dev.kintonesync.Patience;
import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.sync.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The shipped routes over a simulator, in one process: what the tests of the promises run on. Its
 * app has the fields of {@link #FIELDS}, unless a test asks for others.
 */
final class Rehearsal implements AutoCloseable {
  static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "顧客コード",
                "required": true, "unique": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "顧客名", "maxLength": "20"},
       "email": {"type": "SINGLE_LINE_TEXT", "code": "email", "label": "メール", "unique": true},
       "amount": {"type": "NUMBER", "code": "amount", "label": "金額", "maxValue": "1000000"},
       "rank": {"type": "DROP_DOWN", "code": "rank", "label": "ランク",
                "options": {"A": {"label": "A", "index": "0"}, "B": {"label": "B", "index": "1"}}}}
      """;

  /** What the program waits for by itself, in milliseconds; a test has no time for that. */
  private static final Map<String, String> IMPATIENT =
      Map.of(
          "kintone.absence-interval", "20",
          "database.retry-delay", "20",
          "folder.poll-interval", "50");

  /** How long a dropped file must be quiet. */
  private static final Duration QUIET = Duration.ofMillis(100);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  final Path home;
  final Simulator simulator;
  SimulatedApp app;

  /** What others do on our requests' way to the simulator. */
  final Crossing crossing;

  /** The program's clock, which a test may move. */
  final MovableClock clock = new MovableClock();

  private final Journal journal;
  private final KintoneSync application;
  private final BlockingQueue<RunResult> finished = new LinkedBlockingQueue<>();
  private final BlockingQueue<UserMessage> said = new LinkedBlockingQueue<>();
  private final Map<String, Runnable> heard = new ConcurrentHashMap<>();
  private final String fields;
  private int files;

  Rehearsal(Path home) throws IOException {
    this(home, FIELDS, Map.of());
  }

  Rehearsal(Path home, Map<String, String> settings) throws IOException {
    this(home, FIELDS, settings);
  }

  Rehearsal(Path home, String fields, Map<String, String> settings) throws IOException {
    this(home, fields, settings, Path.of("routes"));
  }

  /** The same over other routes than the shipped ones, for what only a defect could do. */
  Rehearsal(Path home, String fields, Map<String, String> settings, Path routes)
      throws IOException {
    this.home = home;
    this.fields = fields;
    simulator = Simulator.start();
    crossing = new Crossing(simulator.url());
    app = simulator.app("customers", fields);
    journal = NewJournal.open(home.resolve("journal"));
    var camel = new HashMap<>(IMPATIENT);
    camel.put("source.timeout", settings.getOrDefault("source.timeout", "60000"));
    var quick = new HashMap<>(Map.of("kintone.retry-delay", "1ms", "kintone.patience", "1m"));
    quick.putAll(settings);
    quick.remove("source.timeout"); // no property of the user's
    try {
      application =
          KintoneSync.start(
              new KintoneSync.Setup(
                  routes,
                  routes.resolve("custom"),
                  home,
                  Configuration.read(home, Map.of(), quick).settings(),
                  () -> journal,
                  MessageBundle.ENGLISH,
                  clock,
                  camel,
                  finished::add,
                  this::hear,
                  false,
                  false));
    } catch (RuntimeException e) {
      closeBesides();
      throw e;
    }
  }

  private void hear(UserMessage message) {
    heard.forEach(
        (part, happens) -> {
          if (message.toString().contains(part)) {
            happens.run();
          }
        });
    said.add(message);
  }

  /** Lets something happen whenever an operator is told this, before the program goes on. */
  void whenSaid(String part, Runnable happens) {
    heard.put(part, happens);
  }

  /** The shipped routes in a folder of the home, with this file in {@code custom/}. */
  static Path routesWith(Path home, String name, String text) throws IOException {
    Path routes = home.resolve("routes");
    for (Path from : List.of(Path.of(""), Path.of("core"))) {
      Files.createDirectories(routes.resolve(from));
      try (var files = Files.newDirectoryStream(Path.of("routes").resolve(from), "*.yaml")) {
        for (Path file : files) {
          Files.copy(file, routes.resolve(from).resolve(file.getFileName()));
        }
      }
    }
    Files.createDirectories(routes.resolve("custom"));
    Files.writeString(routes.resolve("custom").resolve(name), text, StandardCharsets.UTF_8);
    return routes;
  }

  /** Starts the simulator's counts and recorded requests anew. */
  Rehearsal forgetRequests() {
    seen = simulator.requests().size();
    return this;
  }

  private int seen;

  /** Goes on with another app, which is empty and has the same fields. */
  Rehearsal withAnotherApp() throws IOException {
    app = simulator.app("customers", fields);
    return forgetRequests();
  }

  /** The requests since {@link #forgetRequests}, such as {@code GET records}. */
  List<String> requests() {
    return simulator.requests().stream().skip(seen).map(request -> request.line()).toList();
  }

  /** The requests that write, since {@link #forgetRequests}. */
  List<String> writes() {
    return requests().stream().filter(line -> !line.startsWith("GET")).toList();
  }

  /**
   * The job as its block in {@code application.properties} says.
   *
   * @param properties such as {@code mode = insert}, without the beginning {@code job.customers.}
   */
  Job jobWith(String... properties) throws IOException {
    return job(List.of("source = folder", "folder = inbox"), properties);
  }

  /** The same with a database as its source. */
  Job databaseJob(String url, String... properties) throws IOException {
    return job(List.of("source = database", "url = " + url), properties);
  }

  /**
   * The same with an HTTP API as its source.
   *
   * @param environment its secrets, such as {@code SOURCE_TOKEN_CUSTOMERS}
   */
  Job apiJob(String url, Map<String, String> environment, String... properties) throws IOException {
    return job(environment, List.of("source = api", "url = " + url), properties);
  }

  /** The same with a topic of Kafka as its source. */
  Job topicJob(String brokers, String topic, String... properties) throws IOException {
    return job(List.of("source = kafka", "brokers = " + brokers, "topic = " + topic), properties);
  }

  /** The same with secrets of its own. */
  Job topicJob(Map<String, String> environment, String brokers, String topic, String... properties)
      throws IOException {
    return job(
        environment,
        List.of("source = kafka", "brokers = " + brokers, "topic = " + topic),
        properties);
  }

  /** The same with another app of the simulator as its source. */
  Job appJob(SimulatedApp source, String... properties) throws IOException {
    return appJob(Map.of(), source, properties);
  }

  /** The same with secrets of its own. */
  Job appJob(Map<String, String> environment, SimulatedApp source, String... properties)
      throws IOException {
    return job(environment, List.of("source = kintone", "source.app = " + source.id()), properties);
  }

  /** A job on the app from a folder with rules of its own. */
  Job jobOn(Source.Folder folder) {
    var job = job();
    return Job.upsert(job.name(), job.connection(), job.app(), "code", folder);
  }

  /** A job {@code customers} on a database, and {@code suppliers} on the same, which follows it. */
  List<Job> chain(String url, String... properties) throws IOException {
    databaseJob(url, properties);
    Path file = home.resolve("application.properties");
    String block = Files.readString(file).replaceAll("job\\.customers\\.schedule.*\n", "");
    Files.writeString(
        file,
        block.replaceAll("(?m)^kintone.*\n", "").replace("job.customers.", "job.suppliers.")
            + "job.suppliers.after = customers\n",
        StandardOpenOption.APPEND);
    return Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of("lang", "en")).jobs();
  }

  private Job job(List<String> source, String... properties) throws IOException {
    return job(Map.of(), source, properties);
  }

  private Job job(Map<String, String> environment, List<String> source, String... properties)
      throws IOException {
    var block = new StringBuilder("kintone.base-url = " + crossing.url() + "\n");
    Stream.of(List.of("app = " + app.id(), "update-key = code"), source, List.of(properties))
        .flatMap(List::stream)
        .forEach(property -> block.append("job.customers.").append(property).append('\n'));
    Files.writeString(home.resolve("application.properties"), block, StandardCharsets.UTF_8);
    var variables = new HashMap<>(environment);
    variables.put("KINTONE_API_TOKEN", "t");
    variables.put("FOLDER_QUIET_TIME", QUIET.toMillis() + "ms");
    return Configuration.read(home, variables, Map.of("lang", "en")).job("customers");
  }

  /** One run of a job over what it has to read now. */
  RunResult runNow(Job job) {
    return application.runner().runWaiting(job).get(0);
  }

  /** One run of a job over a file with these lines. */
  RunResult sync(Job job, String... lines) throws IOException {
    return application.runner().run(job.on(new Source.OneFile(csv(lines))));
  }

  /** One run over a file with these lines. */
  RunResult sync(String... lines) throws IOException {
    return sync(csv(lines));
  }

  RunResult sync(Path file) {
    return application.runner().run(job().on(new Source.OneFile(file)));
  }

  /** A job on another app of the simulator, whose update key is {@code code} too. */
  Job jobInto(SimulatedApp other) {
    return job(other, "code");
  }

  /** The same over another app of the simulator, whose update key is {@code code} too. */
  RunResult syncInto(SimulatedApp other, String... lines) throws IOException {
    return application.runner().run(job(other, "code").on(new Source.OneFile(csv(lines))));
  }

  /** The same with a file that is there. */
  RunResult syncInto(SimulatedApp other, Path file) {
    return application.runner().run(job(other, "code").on(new Source.OneFile(file)));
  }

  /** The same with Kintone's record number as the update key. */
  RunResult syncByRecordNumber(String... lines) throws IOException {
    return application.runner().run(job(app, "レコード番号").on(new Source.OneFile(csv(lines))));
  }

  Report report(String... lines) throws IOException {
    return sync(lines).report();
  }

  /** A file with these lines, in the home's folder {@code in}. */
  Path csv(String... lines) throws IOException {
    Path folder = Files.createDirectories(home.resolve("in"));
    Path file = folder.resolve("customers-" + ++files + ".csv");
    return Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
  }

  /** A job on the app, from a folder that is watched when a test says so. */
  Job job() {
    return job(app, "code");
  }

  private Job job(SimulatedApp app, String updateKey) {
    return Job.upsert(
        "customers",
        new KintoneConnection(URI.create(crossing.url()), null, Credentials.ofTokens("t"), "en"),
        String.valueOf(app.id()),
        updateKey,
        new Source.Folder(inbox(), QUIET, null));
  }

  Path inbox() {
    return home.resolve("inbox");
  }

  /** Puts a file with these lines into the watched folder, where it appears whole. */
  Path drop(String name, String... lines) throws IOException {
    return drop(inbox(), name, String.join("\n", lines) + "\n");
  }

  /** The same in another folder, its text as it is. */
  static Path drop(Path folder, String name, String text) throws IOException {
    Files.createDirectories(folder);
    Path part = Files.writeString(folder.resolve(name + ".part"), text, StandardCharsets.UTF_8);
    return Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  /** A second job of the same domain, with another app and a folder of its own. */
  Job secondJob(SimulatedApp other) {
    return Job.upsert(
        "suppliers",
        job().connection(),
        String.valueOf(other.id()),
        "code",
        new Source.Folder(home.resolve("inbox-2"), QUIET, null));
  }

  KintoneSync application() {
    return application;
  }

  Journal journal() {
    return journal;
  }

  /** Somebody else, with a login of his own, through Kintone's own client. */
  RecordClient somebodyElse() {
    return KintoneClientBuilder.create(simulator.url())
        .authByPassword("sato", "secret")
        .build()
        .record();
  }

  /** Somebody changes the form of the app, by Kintone's own API, and deploys it. */
  void changeForm(String method, String body) {
    simulator.settings(simulator.settings().with("deployMs", 0));
    send(method, "/k/v1/preview/app/form/fields.json", body);
    String deployment = "/k/v1/preview/app/deploy.json";
    send("POST", deployment, "{\"apps\": [{\"app\": " + app.id() + "}]}");
    Patience.await()
        .until(
            () -> send("GET", deployment + "?apps%5B0%5D=" + app.id(), null).contains("SUCCESS"));
  }

  private String send(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(simulator.url() + path))
            .header("X-Cybozu-API-Token", "designer")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      var answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError(answer.body());
      }
      return answer.body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(path, e);
    }
  }

  /** The changes that a run wrote down, one JSON object each. */
  static List<String> changes(RunResult run) throws IOException {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Path.of(run.report().changesFile()))),
                StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    }
  }

  /** The next run of a watched folder that reports. */
  RunResult awaitRun() throws InterruptedException {
    var run = finished.poll(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    if (run == null) {
      throw new AssertionError("no run within " + Patience.LIMIT + "; said: " + said);
    }
    return run;
  }

  /** A run that reports within so many milliseconds, or null. */
  RunResult runWithin(long millis) throws InterruptedException {
    return finished.poll(millis, TimeUnit.MILLISECONDS);
  }

  /** What an operator is told next. */
  String awaitSaid() throws InterruptedException {
    return Patience.next(said).toString();
  }

  /** What an operator has been told and no test has asked for yet. */
  List<String> allSaid() {
    var all = new ArrayList<UserMessage>();
    said.drainTo(all);
    return all.stream().map(UserMessage::toString).toList();
  }

  /** What Kintone holds: the value of a field by the value of the key field, in order. */
  Map<String, String> held(String field) {
    var held = new TreeMap<String, String>();
    for (JsonNode record : app.records()) {
      String before =
          held.put(
              record.path("code").path("value").asText(),
              record.path(field).path("value").asText());
      if (before != null) {
        throw new AssertionError("a key occurs twice: " + record);
      }
    }
    return held;
  }

  /** The revision of the record of a key. */
  String revision(String code) {
    return held("$revision").get(code);
  }

  /** The rejects file of a run, its lines without the byte order mark. */
  static List<String> rejects(RunResult run) throws IOException {
    String file = run.report().rejectsFile();
    return Files.readString(Path.of(file)).substring(1).lines().toList();
  }

  /** The report as it was written into the run folder. */
  JsonNode writtenReport(RunResult run) throws IOException {
    return JSON.readTree(
        home.resolve("runs").resolve(run.report().run()).resolve("report.json").toFile());
  }

  /** As the program ends on a signal: a run that goes on ends first. */
  @Override
  public void close() {
    try {
      if (!application.active().isEmpty()) {
        application.abandon(MessageCode.RUN_INTERRUPTED.with());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    application.close();
    closeBesides();
  }

  private void closeBesides() {
    journal.close();
    crossing.close();
    simulator.close();
  }
}
