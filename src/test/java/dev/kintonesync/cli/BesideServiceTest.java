package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.AtOnce;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import dev.kintonesync.sync.RunState;
import dev.kintonesync.sync.Starter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What commands and the page advise to do can be done while the service runs: it does that for
 * them. One service for all, in which each test has a job of its own.
 */
@LogOfProcess.LookedAt
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BesideServiceTest extends JobsOfService {
  @Test
  void aGuardIsAcceptedThroughTheService() throws Exception {
    awaitGuard("accepted");
    assertThat(run("status", "--lang", "en").out())
        .contains("accepted: needs you", "max-rejected = 10%", "--accept max-rejected");
    assertThat(run("runs", "--lang", "en").out()).contains("max-rejected = 10%");

    var accepted = run("run", "accepted", "--once", "--accept", "max-rejected", "--lang", "en");

    assertThat(accepted.exitCode()).as(accepted.err()).isEqualTo(1);
    assertThat(accepted.out()).contains("400 read", "200 rejected");
    assertThat(accepted.err()).contains("That process does the run", "bad.csv", "rejects");
    assertThat(apps.get("accepted").values("code")).hasSize(200);
    assertThat(home.resolve("inbox/accepted/bad.csv")).doesNotExist();
    assertThat(journal.requests().waiting()).isEmpty();
    awaitNothingInTheWay("accepted");

    drop("accepted", "next.csv", "N,next\n");
    Patience.await().pollInterval(LOOK).until(() -> apps.get("accepted").records().size() == 201);
  }

  @Test
  void aGuardThatIsNotAcceptedStopsTheRunAgainAndSaysSo() throws Exception {
    awaitGuard("again");

    var ended = run("run", "again", "--once", "--lang", "en");

    assertThat(ended.exitCode()).isEqualTo(RunState.STOPPED.exitCode());
    assertThat(ended.err()).contains("max-rejected = 10%");
    assertThat(home.resolve("inbox/again/bad.csv")).exists();
    awaitGuard("again");
  }

  @Test
  void aGuardIsAcceptedAndRowsAreRetriedOnThePageBehindThePassword() throws Exception {
    awaitGuard("page");
    String accept = "/accept?job=page&guard=max-rejected";
    assertThat(post(accept, "X-Kintone-Sync", "t")).isEqualTo(401);
    assertThat(post(accept, "Authorization", LOGIN)).as("of a foreign page").isEqualTo(403);
    assertThat(post("/accept?job=page&guard=max-missing", KNOWN)).isEqualTo(404);
    assertThat(journal.runs("page", 9)).hasSize(1);

    assertThat(post(accept, KNOWN)).isEqualTo(200);

    var accepted = awaitRuns("page", 2);
    assertThat(accepted.state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(accepted.startedBy()).isEqualTo(Starter.OF_PAGE);
    assertThat(journal.runs("page", 9).get(1).startedBy())
        .isEqualTo(new Starter(Starter.By.FOLDER, null));
    Patience.await().until(() -> !Files.exists(home.resolve("inbox/page/bad.csv")));
    assertThat(apps.get("page").values("code")).hasSize(200);
    awaitNothingInTheWay("page");
    assertThat(post(accept, KNOWN)).as("no guard stands in the way any more").isEqualTo(404);
    String run = journal.runs("page", 1).get(0).run();
    Patience.await().pollInterval(LOOK).until(() -> post("/retry?run=" + run, KNOWN) == 200);
    assertThat(awaitRuns("page", 3).counts().rejected()).isEqualTo(200);
    Patience.await().pollInterval(LOOK).until(() -> journal.requests().waiting().isEmpty());
  }

  @Test
  void aCorrectedFileIsUploadedOnThePageAndAppliedOnce() throws Exception {
    drop("other", "rows.csv", "O,one\nP," + LONG + "\n" + rowsThatAreGood());
    awaitRuns("other", 1);
    drop("corrected", "rows.csv", "A,one\nB," + LONG + "\nC," + LONG + "\n" + rowsThatAreGood());
    awaitRuns("corrected", 1);
    String rejected = get("/open-rejects?lang=en&name=corrected");
    assertThat(rejected).contains("B," + LONG, "C," + LONG, "_error", "_ref");
    String corrected = rejected.replace("B," + LONG, "B,short");
    assertThat(upload("corrected", corrected, "X-Kintone-Sync", "t").statusCode()).isEqualTo(401);
    assertThat(upload("corrected", corrected, "Authorization", LOGIN).statusCode()).isEqualTo(403);
    assertThat(upload("no-such-job", corrected, KNOWN).body())
        .contains("There is no job no-such-job here. The dashboard lists the jobs.");
    var wrong = upload("corrected", "code,name\nB,short\n", KNOWN);
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).startsWith("mended.csv is not a file of rejected rows");
    assertThat(upload("other", corrected, KNOWN).body()).contains("of the job corrected");
    assertThat(upload("corrected", "", KNOWN).body()).contains("mended.csv", "is empty");
    assertThat(Files.list(home.resolve("inbox/corrected")).filter(Files::isRegularFile))
        .noneMatch(file -> file.toString().contains("corrected-"));

    var taken = upload("corrected", corrected, KNOWN);

    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    assertThat(taken.body()).contains("mended.csv: 2 rows received");
    var run = awaitRuns("corrected", 2);
    assertThat(run.source()).contains("inbox/corrected/corrected-");
    assertThat(run.counts().inserted()).isEqualTo(1);
    assertThat(apps.get("corrected").values("name")).contains("short").doesNotContain(LONG);
    assertThat(journal.openRejects().of("corrected")).hasSize(1);
    String rest = get("/open-rejects?lang=en&name=corrected").replace("C," + LONG, "C,short");
    Patience.await()
        .pollInterval(LOOK)
        .untilAsserted(
            () -> assertThat(upload("corrected", rest, KNOWN).body()).contains("received"));
    awaitRuns("corrected", 3);
    assertThat(journal.openRejects().of("corrected")).isEmpty();
    assertThat(upload("corrected", rest, KNOWN).body()).contains("no row of mended.csv is open");
    assertThat(upload("corrected", corrected, KNOWN).body()).contains("no row of mended.csv is");
    assertThat(journal.runs("corrected", 9)).hasSize(3);
    assertThat(Files.list(home.resolve("runs")))
        .as("nothing of an upload is left")
        .noneMatch(file -> file.getFileName().toString().startsWith("upload-"));
  }

  /** So many that no guard stops the run. */
  private static String rowsThatAreGood() {
    return IntStream.range(0, 40).mapToObj(i -> "G" + i + ",good\n").collect(Collectors.joining());
  }

  @Test
  void correctedRowsOfADatabaseAreRunAtOnceAndOnce() throws Exception {
    for (String job : List.of("read-on", "whole")) {
      var first = awaitRuns(job, 1);
      assertThat(first.reason()).as(job).isNull();
      String run = first.run();
      boolean kept = job.equals("read-on");
      String rejected =
          get(kept ? "/open-rejects?lang=en&name=" + job : "/rejects?lang=en&name=" + run);
      assertThat(rejected).as(job).contains(LONG);
      String corrected = rejected.replace(LONG, "short");

      var taken = upload(job, corrected, KNOWN);

      assertThat(taken.body()).as(job).contains("1 row received. It is imported now");
      var made = awaitRuns(job, 2);
      assertThat(made.counts().inserted()).isEqualTo(1);
      assertThat(made.startedBy()).isEqualTo(Starter.OF_PAGE);
      assertThat(apps.get(job).values("name")).containsExactlyInAnyOrder("d", "short");
      assertThat(journal.openRejects().of(job)).isEmpty();
      Patience.await().pollInterval(LOOK).until(() -> journal.requests().waiting().isEmpty());
      assertThat(upload(job, corrected, KNOWN).body())
          .contains(kept ? "no row of mended.csv is open" : "already uploaded");
      assertThat(journal.runs(job, 9)).hasSize(2);
    }
  }

  @Test
  void nothingWaitsIsSaid() {
    var ended = run("run", "idle", "--once", "--lang", "en");

    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err()).contains("That process does the run", "no files waiting");
  }

  @Test
  void rejectedRowsAreRetriedThroughTheService() throws Exception {
    drop("retried", "a.csv", "A,one\n");
    var first = awaitRuns("retried", 1);
    assertThat(first.counts().rejected()).as("nothing is there to update").isEqualTo(1);
    apps.get("retried").add("{\"code\": {\"value\": \"A\"}}");

    var retried = run("retry", first.run(), "--lang", "en");

    assertThat(retried.exitCode()).as(retried.err()).isZero();
    assertThat(retried.out()).contains("1 read: 0 inserted, 1 updated");
    assertThat(apps.get("retried").values("name")).containsExactly("one");
  }

  @Test
  void aJobOfADatabaseRunsBetweenItsTimes() throws Exception {
    int before = journal.runs("read-on", 9).size();

    var ended = run("run", "read-on", "--once", "--lang", "en");

    assertThat(ended.err()).contains("That process does the run");
    assertThat(ended.out()).contains("unchanged");
    var newest = awaitRuns("read-on", before + 1);
    assertThat(newest.startedBy()).isEqualTo(Starter.user());
    assertThat(journal.runs("read-on", 9).get(before).startedBy())
        .isEqualTo(new Starter(Starter.By.SCHEDULE, null));
    assertThat(run("runs", "show", newest.run(), "--lang", "en").out())
        .contains("started by " + System.getProperty("user.name") + " on the terminal");
    assertThat(run("runs", "--json").out())
        .contains("\"startedBy\":{\"by\":\"schedule\",\"name\":null}");
    assertThat(journal.statusRows().all().get("read-on").next()).isNotNull();
  }

  private Path log() {
    return home.resolve("logs/kintone-sync.log");
  }

  @Test
  @Order(Integer.MAX_VALUE - 1)
  void twoRequestsAtOnceAreTold() throws Exception {
    var first = askedWhileARunIsUnderWay("A,one");

    var second = run("run", "twice", "--once", "--lang", "en");

    assertThat(second.exitCode()).isEqualTo(2);
    assertThat(second.err()).contains("already has a request");
    assertThat(first.get().exitCode()).as(first.get().err()).isZero();
    assertThat(apps.get("twice").values("code")).containsExactly("A");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void aServiceThatEndsMeanwhileIsTold() throws Exception {
    var asked = askedWhileARunIsUnderWay("B,two");

    service.close();
    service = null;

    assertThat(asked.get().exitCode()).as(asked.get().err()).isEqualTo(3);
  }

  /** A command that waits for the run of a file that takes long. */
  private CompletableFuture<Command.Ended> askedWhileARunIsUnderWay(String row) throws Exception {
    long before = asked();
    simulator.settings(simulator.settings().with("latencyMs", 2_000));
    drop("twice", "slow.csv", row + "\n");
    Patience.await().until(() -> journal.statusRows().all().get("twice").run() != null);
    var asked = AtOnce.ask(() -> run("run", "twice", "--once", "--lang", "en"));
    Patience.await().pollInterval(LOOK).until(() -> asked() > before);
    return asked;
  }

  private long asked() throws Exception {
    return Files.readString(log()).lines().filter(line -> line.contains("asks for a run")).count();
  }
}
