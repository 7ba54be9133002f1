package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How fast an app is written to; time is told by the test. */
class AppPaceTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MOST = 4;

  private final AppPace pace = new AppPace(MOST, 20, LIMIT);
  private long now = 1;

  /**
   * An app that answers writes of 100 records in so many milliseconds, however many are in flight.
   */
  private void writes(int count, int millisEachAlone, boolean inParallel) {
    for (int i = 0; i < count; i++) {
      long each = inParallel ? millisEachAlone / pace.writers() : millisEachAlone;
      now += Duration.ofMillis(each).toNanos();
      pace.learn(new AppPace.Lesson(100, 1, Duration.ofMillis(millisEachAlone), false), now);
    }
  }

  private void bulk(int requests, int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
    pace.learn(
        new AppPace.Lesson(requests * 100, requests, Duration.ofSeconds(seconds), false), now);
  }

  @Test
  void startsWithOneWriterAndTwoRequests() {
    assertThat(pace.writers()).isEqualTo(1);
    assertThat(pace.requestsPerBulk()).isEqualTo(2);
  }

  @Test
  void moreWritersComeWhileTheyHelpUpToTheMost() {
    writes(200, 200, true);
    assertThat(pace.writers()).isEqualTo(MOST);
  }

  @Test
  void aWriterThatDoesNotHelpGoesAgain() {
    writes(30, 200, false);
    assertThat(pace.writers()).isEqualTo(1);
  }

  @Test
  void aLockHalvesTheWriters() {
    writes(200, 200, true);
    pace.learn(new AppPace.Lesson(100, 1, Duration.ofSeconds(2), true), now);
    assertThat(pace.writers()).isEqualTo(MOST / 2);
    pace.learn(new AppPace.Lesson(100, 1, Duration.ofSeconds(2), true), now);
    pace.learn(new AppPace.Lesson(100, 1, Duration.ofSeconds(2), true), now);
    assertThat(pace.writers()).isEqualTo(1);
  }

  @Test
  void bulkRequestsGrowWhileAnswersComeSoonAndShrinkWhenTheyDoNot() {
    bulk(2, 1);
    assertThat(pace.requestsPerBulk()).isEqualTo(4);
    bulk(4, 1);
    bulk(8, 1);
    bulk(16, 2);
    assertThat(pace.requestsPerBulk()).isEqualTo(20);
    bulk(20, 4);
    assertThat(pace.requestsPerBulk()).isEqualTo(20);
    bulk(20, 6);
    assertThat(pace.requestsPerBulk()).isEqualTo(10);
  }

  @Test
  void aSmallBulkRequestSaysNothingAboutALargerOne() {
    bulk(1, 1);
    assertThat(pace.requestsPerBulk()).isEqualTo(2);
  }

  @Test
  void keysThatWereTooManyForOneAnswerAreHalvedAndTriedAgainMuchLater() {
    var pace = new AppPace(4, 20, Duration.ofSeconds(5));
    assertThat(pace.keys(500)).isEqualTo(500);
    pace.tooManyKeys(500);
    assertThat(pace.keys(500)).isEqualTo(250);
    pace.tooManyKeys(500); // asked for at the same time
    assertThat(pace.keys(500)).isEqualTo(250);
    for (int i = 0; i < 20; i++) {
      assertThat(pace.keys(500)).isEqualTo(250);
      pace.keysAnswered(250);
    }
    assertThat(pace.keys(500)).isEqualTo(500);
    pace.tooManyKeys(1);
    assertThat(pace.keys(500)).isEqualTo(1);
  }
}
