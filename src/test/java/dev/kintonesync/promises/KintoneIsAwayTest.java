package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.simulator.http.Fault.Kind;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kintone that is away: its runs stop, its files stay, and when it is back all goes on. */
class KintoneIsAwayTest {
  private static final Fault MAINTENANCE =
      Fault.status(503, "<html>Service Unavailable</html>").times(1_000_000);

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal =
        new Rehearsal(
            home,
            Map.of(
                "kintone.patience", "15m",
                "kintone.max-retry-delay", "10ms",
                "kintone.records-per-request", "5",
                "kintone.requests-per-batch", "2"));
    rehearsal.simulator.settings(
        rehearsal.simulator.settings().with("recordedRequests", 1_000_000));
    Files.createDirectories(rehearsal.inbox());
    Files.createDirectories(home.resolve("inbox-2"));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void aNightOfMaintenanceCostsOneQuestionEveryOneToTenMinutesAndNoRowIsLostOrWrittenTwice()
      throws Exception {
    var suppliers = rehearsal.simulator.app("suppliers", Rehearsal.FIELDS);
    rehearsal.app.add("{\"code\": {\"value\": \"X\"}}"); // so that keys are looked up
    drop("inbox", "a.csv", rows("K", 100));
    rehearsal.crossing.before(
        "POST", "/bulkRequest.json", 1, () -> rehearsal.simulator.faults().add(MAINTENANCE));
    rehearsal.application().watch(rehearsal.job());
    rehearsal.application().watch(rehearsal.secondJob(suppliers));

    awaitRequests(60);
    assertThat(rehearsal.runWithin(100)).as("a run that gives up before its time").isNull();
    rehearsal.clock.move(Duration.ofMinutes(16));
    var stopped = rehearsal.awaitRun();
    assertThat(stopped.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(stopped.report().reason()).contains("is not available for now", "HTTP 503");
    assertThat(stopped.report().counts().addUp()).isTrue();
    assertThat(home.resolve("inbox/a.csv")).exists();

    drop("inbox", "b.csv", rows("L", 3));
    drop("inbox-2", "c.csv", rows("M", 3));
    rehearsal.forgetRequests();
    int asked = 0;
    Duration night = Duration.ZERO;
    for (Duration pause = Duration.ofMinutes(1);
        night.compareTo(Duration.ofHours(8)) < 0;
        pause = longer(pause)) {
      rehearsal.clock.move(pause.minusSeconds(20));
      assertThat(rehearsal.runWithin(60)).as("a run while Kintone is away").isNull();
      assertThat(rehearsal.requests()).hasSize(asked);
      rehearsal.clock.move(Duration.ofSeconds(20));
      asked++;
      awaitRequests(asked);
      night = night.plus(pause);
    }
    assertThat(rehearsal.requests()).hasSizeBetween(48, 53).containsOnly("GET records");
    assertThat(rehearsal.allSaid())
        .singleElement()
        .asString()
        .contains("does not answer", "iles stay");

    rehearsal.simulator.faults().clear();
    rehearsal.clock.move(Duration.ofMinutes(10));
    for (int i = 0; i < 3; i++) {
      assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.COMPLETED);
    }
    assertThat(rehearsal.awaitSaid()).contains("answers again", "answers again after");
    assertThat(rehearsal.allSaid()).isEmpty();
    assertThat(rehearsal.held("$revision")).hasSize(104).containsValue("1");
    assertThat(rehearsal.held("$revision").values()).containsOnly("1");
    assertThat(suppliers.size()).isEqualTo(3);
  }

  private static Duration longer(Duration pause) {
    return Duration.ofMinutes(Math.min(10, 2 * pause.toMinutes()));
  }

  @Test
  void aKintoneThatIsAwayAtTheStartOfARunIsNotAskedForEveryFile() throws Exception {
    rehearsal.simulator.faults().add(Fault.of(Kind.RESET).times(1_000_000));
    drop("inbox", "a.csv", rows("K", 3));
    rehearsal.application().watch(rehearsal.job());
    awaitRequests(5);
    rehearsal.clock.move(Duration.ofSeconds(11));

    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.awaitSaid()).contains("does not answer");
    rehearsal.forgetRequests();
    drop("inbox", "b.csv", rows("L", 3));
    assertThat(rehearsal.runWithin(500)).isNull();
    assertThat(rehearsal.requests()).isEmpty();

    rehearsal.simulator.faults().clear();
    rehearsal.clock.move(Duration.ofMinutes(1));
    assertThat(rehearsal.awaitRun().report().source()).endsWith("a.csv");
    assertThat(rehearsal.awaitRun().report().source()).endsWith("b.csv");
    assertThat(rehearsal.awaitSaid()).contains("answers again");
  }

  @Test
  void aRefusalByKintoneItselfMeansThatItIsBack() throws Exception {
    rehearsal.simulator.faults().add(MAINTENANCE);
    drop("inbox", "a.csv", rows("K", 3));
    rehearsal.application().watch(rehearsal.job());
    awaitRequests(5);
    rehearsal.clock.move(Duration.ofSeconds(11));
    rehearsal.awaitRun();
    rehearsal.awaitSaid();
    rehearsal.simulator.faults().clear();
    rehearsal.simulator.faults().add(Fault.status(404, "<html>some proxy</html>"));
    rehearsal.simulator.faults().add(Fault.error(429, "GAIA_TO04").after(1));
    rehearsal.simulator.faults().add(Fault.error(403, "GAIA_NO01").after(2));
    rehearsal.forgetRequests();

    for (int minutes = 1; minutes <= 4; minutes *= 2) {
      assertThat(rehearsal.runWithin(60)).isNull();
      assertThat(rehearsal.allSaid()).isEmpty();
      rehearsal.clock.move(Duration.ofMinutes(minutes));
      awaitRequests(minutes == 4 ? 3 : minutes);
    }

    assertThat(rehearsal.awaitSaid()).contains("answers again");
  }

  @Test
  void aRunThatWasToldToEndAtOnceStopsAfterItsPatienceAndSaysWhy() throws Exception {
    rehearsal.simulator.faults().add(MAINTENANCE);
    var moved = new Thread(() -> rehearsal.clock.move(Duration.ofSeconds(11)));
    rehearsal.crossing.before("GET", "/fields.json", 1, moved::start);

    var run = rehearsal.sync("code,name", "A,Abe");

    assertThat(run.report().state().exitCode()).isEqualTo(3);
    assertThat(run.report().reason()).contains("is not available for now", "HTTP 503");
    assertThat(rehearsal.allSaid()).isEmpty(); // nobody waits for it to come back
  }

  @Test
  void aKintoneThatReadsButDoesNotWriteStopsTheRunAndRejectsNoRow() throws Exception {
    rehearsal.app.add("{\"code\": {\"value\": \"X\"}}");
    for (String path : new String[] {"/records.json", "/bulkRequest.json"}) {
      rehearsal
          .simulator
          .faults()
          .add(Fault.status(504, "Gateway Timeout").on("POST", path).times(1_000_000));
    }
    var moved =
        new Thread(
            () -> {
              awaitRequests(60);
              rehearsal.clock.move(Duration.ofMinutes(16));
            });
    moved.start();

    var run = rehearsal.sync(rows("K", 8));

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().reason()).contains("HTTP 504");
    assertThat(run.report().counts()).isEqualTo(new Counts(8, 0, 0, 0, 0, 0, 8));
    rehearsal.simulator.faults().clear();
    assertThat(rehearsal.report(rows("K", 8)).counts().inserted()).isEqualTo(8);
  }

  @Test
  void aRecordThatIsNeverAnsweredIsRejectedWhenTheOthersAre() throws Exception {
    rehearsal.app.add("{\"code\": {\"value\": \"X\"}}");
    rehearsal.crossing.breaksOn(body -> body.contains("poison"), 500);

    var run = rehearsal.sync("code,name", "A,Abe", "B,poison", "C,Chiba", "D,Doi");

    assertThat(run.report().counts()).isEqualTo(new Counts(4, 3, 0, 0, 0, 1, 0));
    assertThat(Rehearsal.rejects(run).get(1)).contains("B,poison", "HTTP 500");
  }

  private void awaitRequests(int count) {
    Patience.await()
        .untilAsserted(() -> assertThat(rehearsal.requests()).hasSizeGreaterThanOrEqualTo(count));
  }

  private static String[] rows(String prefix, int count) {
    return Stream.concat(
            Stream.of("code,name"),
            IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i + ",name " + i))
        .toArray(String[]::new);
  }

  private void drop(String folder, String name, String... lines) throws IOException {
    Rehearsal.drop(home.resolve(folder), name, String.join("\n", lines) + "\n");
  }
}
