package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.kintonesync.console.Desk;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the page's server says of jobs, runs and changes, and to monitoring. */
class ConsoleDataTest extends ServedDesk {
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
  void aRejectOfStandardInputSaysSoInTheLanguageAskedFor() throws Exception {
    String url = desk.serve(null);
    var piped =
        SampleRuns.ofSource(Report.STANDARD_INPUT, RunState.COMPLETED_WITH_REJECTS, Instant.EPOCH);
    desk.journal.begun(piped);
    desk.journal.ended(piped);
    desk.journal
        .openRejects()
        .keep(
            List.of(
                new OpenReject(
                    "customers",
                    "piped",
                    "piped",
                    Map.of(),
                    MessageCode.KEY_BLANK.with("code"),
                    piped.run(),
                    3,
                    Instant.EPOCH,
                    1,
                    null)));
    var rows = json(url + "api/desk/customers/rejects?lang=ja").path("rows");
    assertThat(rows)
        .filteredOn(row -> row.path("id").asText().equals("piped"))
        .singleElement()
        .satisfies(row -> assertThat(row.path("source").asText()).isEqualTo("標準入力"));
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
