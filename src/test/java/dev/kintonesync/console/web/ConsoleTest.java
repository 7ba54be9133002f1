package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.kintonesync.console.Desk;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Network;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page's server answers to whom. */
class ConsoleTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String LOGIN =
      "Basic "
          + Base64.getEncoder().encodeToString("any:秘密の言葉 12".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path home;

  private Simulator simulator;
  private Desk desk;

  @BeforeEach
  void open() throws IOException {
    simulator = Simulator.start();
    desk = new Desk(home, simulator.url(), 2);
  }

  @AfterEach
  void close() {
    desk.close();
    simulator.close();
  }

  private static HttpResponse<String> get(String url, String... headers) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(url)), headers);
  }

  private static HttpResponse<String> post(String url, String... headers) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.noBody()), headers);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws Exception {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(String url) throws Exception {
    return new ObjectMapper().readTree(get(url).body());
  }

  /** The status of a request with a Host header that no client library would send. */
  private static String statusUnder(String host, String url) throws IOException {
    int port = URI.create(url).getPort();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      new PrintStream(socket.getOutputStream(), true, StandardCharsets.US_ASCII)
          .print("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring(9, 12);
    }
  }

  @Test
  void withoutAPasswordThisMachineMayLookAndNobodyMayAct() throws Exception {
    String url = desk.serve(null);
    var page = get(url, "Accept-Language", "ja,en;q=0.5");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<html lang=\"ja\">", "ジョブ").doesNotContain("{{");
    assertThat(get(url).body()).contains("<html lang=\"en\">").doesNotContain("{{");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(page.headers().map().keySet()).noneMatch(name -> name.startsWith("camel"));
    assertThat(post(url + "run-now?job=customers", "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(403);
    assertThat(post(url + "dismiss?job=customers&id=0600001", "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(403);
    assertThat(desk.ranNow).isEmpty();
    assertThat(desk.journal.openRejects().of("customers")).hasSize(2);
    assertThat(json(url + "data/overview").path("acts").asBoolean()).isFalse();
  }

  @Test
  void aForeignNameForThisMachineIsNotAnswered() throws Exception {
    String url = desk.serve(null);
    assertThat(statusUnder("evil.example", url)).isEqualTo("403");
    assertThat(statusUnder("127.0.0.1.evil.example", url)).isEqualTo("403");
    assertThat(statusUnder("localhost:1", url)).isEqualTo("200");
  }

  @Test
  void withAPasswordEverythingAsksForItAndForeignPagesCannotAct() throws Exception {
    String url = desk.serve("秘密の言葉 12");
    for (String path : List.of("", "data/overview", "observe/metrics", "rejects?name=x")) {
      assertThat(get(url + path).statusCode()).as(path).isEqualTo(401);
      assertThat(get(url + path, "Authorization", "Basic eDp5").statusCode()).isEqualTo(401);
    }
    String now = url + "run-now?job=customers";
    assertThat(post(now, "Authorization", LOGIN).statusCode()).isEqualTo(403);
    assertThat(
            post(
                    now,
                    "Authorization",
                    LOGIN,
                    "X-Kintone-Sync",
                    "t",
                    "Origin",
                    "http://evil.example")
                .statusCode())
        .isEqualTo(403);
    assertThat(desk.ranNow).isEmpty();
    assertThat(post(now, "Authorization", LOGIN, "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(200);
    assertThat(desk.ranNow).containsExactly("customers");
    String dismiss = url + "dismiss?job=customers&id=0600001";
    assertThat(post(dismiss, "Authorization", LOGIN, "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(200);
    assertThat(post(dismiss, "Authorization", LOGIN, "X-Kintone-Sync", "t").statusCode())
        .isEqualTo(404);
    assertThat(desk.journal.openRejects().of("customers")).hasSize(1);
  }

  @Test
  void rejectsAreDownloadedAndNothingElseOfTheDisk() throws Exception {
    String url = desk.serve(null);
    var file = get(url + "rejects?name=" + desk.newest);
    assertThat(file.body()).contains("code,name,_error,_ref");
    assertThat(file.headers().firstValue("Content-Disposition").orElse("")).contains("rejects.csv");
    assertThat(get(url + "rejects?name=..").statusCode()).isEqualTo(404);
    assertThat(get(url + "..%2f..%2fapplication.properties").statusCode()).isEqualTo(404);
    assertThat(get(url + "data/run?name=no-such-run").statusCode()).isEqualTo(404);
  }

  @Test
  void aLargeFileOfRejectsIsDownloadedWhole() throws Exception {
    String url = desk.serve(null);
    Path rejects = home.resolve("runs").resolve(desk.newest).resolve("rejects.csv");
    Files.writeString(rejects, "A,x,error,1\n".repeat(2_000_000));
    assertThat(get(url + "rejects?name=" + desk.newest).body()).hasSize(24_000_000);
  }

  @Test
  void aJobShowsItsFirstOpenRejectsAndThatThereAreMore() throws Exception {
    String url = desk.serve(null);
    var one = desk.journal.openRejects().of("customers", 1);
    assertThat(one).hasSize(1);
    assertThat(json(url + "data/job?name=customers").at("/rejects/more").asBoolean()).isFalse();
    desk.journal
        .openRejects()
        .keep(
            IntStream.range(0, 99)
                .mapToObj(
                    n ->
                        new OpenReject(
                            "customers",
                            "n" + n,
                            null,
                            Map.of(),
                            MessageCode.KEY_BLANK.with("code"),
                            "run",
                            0,
                            Instant.now(),
                            1,
                            null))
                .toList());
    var job = json(url + "data/job?name=customers");
    assertThat(job.at("/rejects/rows")).hasSize(DeskViews.ROWS);
    assertThat(job.at("/rejects/count").asInt()).isEqualTo(101);
    assertThat(job.at("/rejects/more").asBoolean()).isTrue();
    var last = json(url + "api/desk/customers/rejects?from=100");
    assertThat(last.path("rows")).hasSize(1);
    assertThat(last.path("more").asBoolean()).isFalse();
  }

  @Test
  void aRunIsToldInTheLanguageAskedForWithItsRejectsAndChanges() throws Exception {
    String url = desk.serve(null);
    var run = json(url + "data/run?lang=ja&name=" + desk.newest);
    assertThat(run.at("/words/0").asText())
        .isEqualTo(MessageBundle.JAPANESE.say(MessageCode.COLUMNS_IGNORED.with("memo")));
    assertThat(run.at("/rejects/0/values/name").asText()).isEqualTo("x");
    assertThat(run.at("/rejects/0/reason").asText()).contains("code");
    assertThat(run.at("/changed/records/0/fields/0/before").asText()).isEqualTo("前の名前");
    assertThat(run.at("/changed/records/0/fields/0/label").asText()).isEqualTo("会社名");
  }

  @Test
  void changesComePageByPageAndAreFoundByKey() throws Exception {
    String url = desk.serve(null);
    String changes = url + "data/changes?name=" + desk.newest;
    var last = json(changes + "&from=50");
    assertThat(last.path("records")).hasSize(Desk.CHANGES - 50);
    assertThat(last.at("/records/0/key").asText()).isEqualTo("A-51");
    assertThat(last.path("more").asBoolean()).isFalse();
    assertThat(json(changes + "&from=25").path("more").asBoolean()).isTrue();
    assertThat(json(changes + "&key=a-6").path("records"))
        .extracting(record -> record.path("key").asText())
        .containsExactly("A-6", "A-60");
    var found = json(url + "api/history?job=customers&key=a-60");
    assertThat(found.at("/records/0/run").asText()).isEqualTo(desk.newest);
    assertThat(found.path("more").asBoolean()).isFalse();
    assertThat(found.at("/records/0/fields/0/label").asText()).isEqualTo("会社名");
    assertThat(json(url + "api/history?job=job-1&key=A-60").path("records")).isEmpty();
    assertThat(json(url + "data/rejected?key=nothing&name=" + desk.newest).path("rows")).isEmpty();
    assertThat(json(url + "data/rejected?key=x&name=" + desk.newest).path("rows")).hasSize(1);
  }

  @Test
  void runsAreChosenByJobAndStateAndComePageByPage() throws Exception {
    desk.close();
    desk = new Desk(Files.createDirectory(home.resolve("fifty")), simulator.url(), 50);
    String overview = desk.serve(null) + "data/overview";
    assertThat(json(overview + "?state=stopped").path("runs")).hasSize(50);
    assertThat(json(overview + "?state=stopped&job=job-1").path("runs")).hasSize(1);
    assertThat(json(overview + "?job=job-1").path("runs")).hasSize(10);
    var last = json(overview + "?from=480");
    assertThat(last.path("runs")).hasSize(21);
    assertThat(last.path("moreRuns").asBoolean()).isFalse();
    assertThat(json(overview).path("moreRuns").asBoolean()).isTrue();
  }

  @Test
  void allOpenRejectsAreDismissedIfTheyAreAsManyAsThePersonHasSeen() throws Exception {
    String dismiss = desk.serve("秘密の言葉 12") + "dismiss-all?job=customers&count=";
    String[] known = {"Authorization", LOGIN, "X-Kintone-Sync", "t"};
    assertThat(post(dismiss + 3, known).statusCode()).isEqualTo(404);
    assertThat(desk.journal.openRejects().of("customers")).hasSize(2);
    assertThat(post(dismiss + 2, known).statusCode()).isEqualTo(200);
    assertThat(desk.journal.openRejects().of("customers")).isEmpty();
    assertThat(desk.journal.openRejects().dismissed("customers")).hasSize(2);
  }

  @Test
  void aFileIsTakenOnlyFromThoseWhoMayActAndNotOfAnySize() throws Exception {
    String url = desk.serve("秘密の言葉 12");
    String upload = "POST /upload?job=customers&file=mended.csv HTTP/1.1\r\nHost: localhost\r\n";
    String known = upload + "X-Kintone-Sync: t\r\nAuthorization: " + LOGIN + "\r\n";
    String length = "Content-Length: 5\r\n\r\na,b\r\n";
    assertThat(statusOf(url, upload + "X-Kintone-Sync: t\r\n" + length)).isEqualTo("401");
    assertThat(statusOf(url, upload + "Authorization: " + LOGIN + "\r\n" + length))
        .as("of a foreign page")
        .isEqualTo("403");
    assertThat(statusOf(url, known + "Origin: http://evil.example\r\n" + length)).isEqualTo("403");
    assertThat(statusOf(url, known + "Content-Length: 100000001\r\n\r\n")).isEqualTo("413");
    assertThat(statusOf(url, known + "Transfer-Encoding: chunked\r\n\r\n")).isEqualTo("411");
    assertThat(desk.uploaded).isEmpty();
    assertThat(statusOf(url, known + length)).isEqualTo("200");
    assertThat(desk.uploaded).containsExactly("customers mended.csv a,b\r\n");
    assertThat(statusOf(url, known.replace("mended", "..%2Fother") + length)).isEqualTo("422");
    assertThat(desk.uploaded).hasSize(1);
    try (var left = Files.list(home.resolve("runs"))) {
      assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith("upload-"));
    }
  }

  private static String statusOf(String url, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)
          .substring(9);
    }
  }

  @Test
  void aTakenPortOrAnOpenAddressIsRefusedInOneSentence() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Console.serve(setup("127.0.0.1", taken.getLocalPort())))
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " of 127.0.0.1 is in use");
    }
    assertThatThrownBy(() -> Console.serve(setup("0.0.0.0", 0)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("console.password");
  }

  private Console.Setup setup(String address, int port) {
    return new Console.Setup(
        new JobOverview(List::of, 0, desk.journal, Clock.systemUTC()),
        desk.journal,
        home,
        MessageBundle.ENGLISH,
        address,
        port,
        null,
        null,
        Network.DIRECT,
        job -> false,
        null,
        Clock.systemUTC());
  }

  @Test
  void healthIsUpAsLongAsKintoneAndTheSourcesAnswer() throws Exception {
    String url = desk.serve(null);
    assertThat(get(url + "observe/health").statusCode()).isEqualTo(200);
    Files.delete(home.resolve("inbox/job-1"));
    var health = get(url + "observe/health");
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(health.body())
        .contains("\"DOWN\"", "{\"job\":\"job-1\",\"kintone\":true,\"source\":false");
  }

  @Test
  void healthIsDownWhenKintoneIsAway() throws Exception {
    simulator.close();
    String url = desk.serve(null);
    var health = get(url + "observe/health");
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(health.body()).contains("\"kintone\":false,\"source\":true");
  }

  @Test
  void healthIsDownForAJobThatWaitsForKintone() throws Exception {
    String url = desk.serve(null);
    var why = MessageCode.WAITS_FOR_KINTONE.with(simulator.url());
    desk.say(JobStatusRow.waiting("customers", null, why));
    assertThat(get(url + "observe/health").body())
        .contains("{\"job\":\"customers\",\"kintone\":false")
        .contains("{\"job\":\"job-1\",\"kintone\":true");
  }

  @Test
  void metricsCountWhatRunsDidAndShowHowJobsStand() throws Exception {
    String url = desk.serve(null);
    desk.console().ran(SampleRuns.of("customers", RunState.COMPLETED, Instant.now()));
    desk.console().ran(SampleRuns.of("customers", RunState.STOPPED, Instant.now()));
    desk.say(new JobStatusRow("customers", null, null, desk.newest, 0.5, null));
    var metrics = get(url + "observe/metrics").body().lines().toList();
    assertThat(metrics)
        .contains(
            "kintone_sync_records_total{job=\"customers\",outcome=\"inserted\"} 6.0",
            "kintone_sync_runs_total{job=\"customers\",state=\"stopped\"} 1.0",
            "kintone_sync_run_seconds_sum{job=\"customers\"} 120.0",
            "kintone_sync_running{job=\"customers\"} 1.0",
            "kintone_sync_open_rejects{job=\"customers\"} 2.0",
            "kintone_sync_calls_budget{job=\"job-1\"} 10000.0")
        .anyMatch(line -> line.startsWith("kintone_sync_last_good_run_age_seconds{job=\"job-1\"}"));
  }

  @Test
  void metricsShowEachTimeHowJobsStandNow() throws Exception {
    String url = desk.serve(null);
    desk.say(new JobStatusRow("customers", null, null, desk.newest, 0.5, null));
    assertThat(get(url + "observe/metrics").body().lines())
        .contains(
            "kintone_sync_running{job=\"customers\"} 1.0",
            "kintone_sync_open_rejects{job=\"customers\"} 2.0");
    desk.say(JobStatusRow.waiting("customers", null, null));
    desk.journal.openRejects().close("customers", List.of("0600001"));
    assertThat(get(url + "observe/metrics").body().lines())
        .contains(
            "kintone_sync_running{job=\"customers\"} 0.0",
            "kintone_sync_open_rejects{job=\"customers\"} 1.0");
  }

  @Test
  void fiftyJobsAndFiveHundredRunsAreAnsweredAtOnce() throws Exception {
    desk.close();
    desk = new Desk(home, simulator.url(), 50);
    String url = desk.serve(null);
    json(url + "data/overview");
    var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long began = process.getProcessCpuTime(); // whatever else keeps the machine busy
    var overview = json(url + "data/overview");
    assertThat(Duration.ofNanos(process.getProcessCpuTime() - began))
        .isLessThan(Duration.ofSeconds(4));
    assertThat(overview.path("jobs")).hasSize(50);
    assertThat(overview.path("runs")).hasSize(60);
  }
}
