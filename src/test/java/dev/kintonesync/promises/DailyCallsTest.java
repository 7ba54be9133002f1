package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 10: a daily budget per app, counted as Kintone counts, over all processes. */
class DailyCallsTest {
  private static final Instant NIGHT = Instant.parse("2031-03-05T20:00:00Z");

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal =
        new Rehearsal(
            home,
            Map.of(
                "kintone.daily-calls", "50",
                "kintone.records-per-request", "5",
                "kintone.requests-per-batch", "2"));
    rehearsal.clock.moveTo(NIGHT);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  @Test
  void whatIsCountedIsWhatKintoneCounts() throws Exception {
    var report = rehearsal.report(rows(60));
    assertThat(callsInTheJournal()).isEqualTo(callsCountedByKintone());
    assertThat(report.requests().counted()).isEqualTo(callsCountedByKintone());
    assertThat(rehearsal.allSaid()).isEmpty();
  }

  @Test
  void theRunStopsAtTheLimitAndSaysWhenItGoesOn() throws Exception {
    var run = rehearsal.sync(rows(500));

    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(run.report().state().exitCode()).isEqualTo(3);
    assertThat(run.report().reason()).contains("of the 50 API requests", "2031-03-06 09:00 JST");
    assertThat(run.report().counts().addUp()).isTrue();
    assertThat(callsCountedByKintone()).isBetween(45L, 50L);
    assertThat(rehearsal.held("code")).hasSize((int) run.report().counts().inserted());
    assertThat(rehearsal.allSaid()).singleElement().asString().contains("of the 50 API requests");

    assertThat(rehearsal.report(rows(500)).counts().read()).isZero();
    rehearsal.clock.moveTo(Instant.parse("2031-03-06T00:00:00Z"));
    assertThat(rehearsal.report(rows(500)).counts().read()).isPositive();
  }

  @Test
  void theCallsOfOtherProcessesCountToo() throws Exception {
    callsOfAnotherProcess(48);
    var run = rehearsal.sync(rows(5));
    assertThat(run.report().state()).isEqualTo(RunState.STOPPED);
    assertThat(rehearsal.requests()).hasSize(2);
    assertThat(rehearsal.app.size()).isZero();
  }

  @Test
  void aWatchedFileStaysWithoutAWordUntilTheDayBegins() throws Exception {
    callsOfAnotherProcess(50);
    rehearsal.drop("a.csv", rows(3));
    rehearsal.application().watch(rehearsal.job());
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);

    rehearsal.clock.move(Duration.ofHours(3));
    assertThat(rehearsal.runWithin(500)).isNull();
    assertThat(rehearsal.allSaid()).isEmpty();
    rehearsal.clock.moveTo(Instant.parse("2031-03-06T00:00:01Z"));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void aScheduledJobIsNotTriedAgainUntilTheDayBegins() throws Exception {
    callsOfAnotherProcess(50);
    var other = rehearsal.simulator.app("other", Rehearsal.FIELDS);
    other.add("{\"code\":{\"value\":\"A\"}}");
    rehearsal.application().watch(rehearsal.appJob(other, "schedule = every 1s"));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.STOPPED);

    assertThat(rehearsal.runWithin(3000)).isNull(); // and its time has come again
    assertThat(rehearsal.allSaid()).hasSizeLessThanOrEqualTo(1);
    rehearsal.clock.moveTo(Instant.parse("2031-03-06T00:00:01Z"));
    assertThat(rehearsal.awaitRun().report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("code")).containsOnlyKeys("A");
  }

  private void callsOfAnotherProcess(int count) {
    rehearsal.journal().called(rehearsal.crossing.url(), "1", rehearsal.clock.instant(), count);
  }

  private long callsInTheJournal() {
    return rehearsal.journal().calls(rehearsal.crossing.url(), "1", rehearsal.clock.instant());
  }

  private long callsCountedByKintone() {
    return rehearsal.simulator.statistics().path("calls").path("1").asLong();
  }

  private static String[] rows(int count) {
    return Stream.concat(
            Stream.of("code,name"),
            IntStream.rangeClosed(1, count).mapToObj(i -> "K" + i + ",name " + i))
        .toArray(String[]::new);
  }
}
