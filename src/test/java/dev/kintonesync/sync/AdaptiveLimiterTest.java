package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** How fast an app is written to; time is told by the test. */
class AdaptiveLimiterTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MOST = 4;

  private final AdaptiveLimiter limiter = new AdaptiveLimiter(MOST, 20, LIMIT);
  private long now = 1;
  private int inFlight;

  /**
   * An app that answers writes of 100 records in so many milliseconds, however many are in flight.
   */
  private void writes(int count, int millisEachAlone, boolean inParallel) {
    for (int i = 0; i < count; i++) {
      send(limiter.writers());
      long each = inParallel ? millisEachAlone / limiter.writers() : millisEachAlone;
      pass(Duration.ofMillis(each));
      answered(new AdaptiveLimiter.Lesson(100, 1, Duration.ofMillis(millisEachAlone), false));
    }
  }

  private void send(int writers) {
    for (; inFlight < writers; inFlight++) {
      limiter.begins(now);
    }
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private void answered(AdaptiveLimiter.Lesson lesson) {
    inFlight--;
    limiter.learn(lesson, now);
  }

  private void bulk(int requests, int seconds) {
    send(1);
    pass(Duration.ofSeconds(seconds));
    answered(
        new AdaptiveLimiter.Lesson(requests * 100, requests, Duration.ofSeconds(seconds), false));
  }

  @Test
  void startsWithOneWriterAndTwoRequests() {
    assertThat(limiter.writers()).isEqualTo(1);
    assertThat(limiter.requestsPerBulk(false)).isEqualTo(2);
  }

  @Test
  void moreWritersComeWhileTheyHelpUpToTheMost() {
    writes(200, 200, true);
    assertThat(limiter.writers()).isEqualTo(MOST);
  }

  @Test
  void aWriterThatDoesNotHelpGoesAgain() {
    writes(30, 200, false);
    assertThat(limiter.writers()).isEqualTo(1);
  }

  @Test
  void aWriterWithNothingToSendIsNotTakenForOneThatDoesNotHelp() {
    for (int i = 0; i < 5; i++) {
      writes(2, 200, true);
      while (inFlight > 0) {
        pass(Duration.ofMillis(200));
        answered(new AdaptiveLimiter.Lesson(100, 1, Duration.ofMillis(200), false));
      }
      pass(Duration.ofMinutes(1)); // the next batches are not ready yet
    }
    writes(30, 200, true);
    assertThat(limiter.writers()).isEqualTo(MOST);
  }

  @Test
  void aLockHalvesTheWriters() {
    writes(200, 200, true);
    send(1);
    answered(new AdaptiveLimiter.Lesson(100, 1, Duration.ofSeconds(2), true));
    assertThat(limiter.writers()).isEqualTo(MOST / 2);
    send(1);
    answered(new AdaptiveLimiter.Lesson(100, 1, Duration.ofSeconds(2), true));
    send(1);
    answered(new AdaptiveLimiter.Lesson(100, 1, Duration.ofSeconds(2), true));
    assertThat(limiter.writers()).isEqualTo(1);
  }

  @Test
  void bulkRequestsGrowWhileAnswersComeSoonAndShrinkWhenTheyDoNot() {
    bulk(2, 1);
    assertThat(limiter.requestsPerBulk(false)).isEqualTo(4);
    bulk(4, 1);
    bulk(8, 1);
    bulk(16, 2);
    assertThat(limiter.requestsPerBulk(false)).isEqualTo(20);
    bulk(20, 4);
    assertThat(limiter.requestsPerBulk(false)).isEqualTo(20);
    bulk(20, 6);
    assertThat(limiter.requestsPerBulk(false)).isEqualTo(16);
  }

  @Test
  void asManyRequestsGoIntoOneAsTheAppAnswersInTime() {
    // what was measured on a real domain: 115 ms for each request and 12.75 ms for each record
    var limiter = new AdaptiveLimiter(1, 20, Duration.ofSeconds(10));
    long now = 0;
    for (int i = 0; i < 20; i++) {
      int requests = limiter.requestsPerBulk(false);
      var took = Duration.ofMillis(115 + requests * 1275L);
      assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(10));
      limiter.begins(now);
      now += took.toNanos();
      limiter.learn(new AdaptiveLimiter.Lesson(requests * 100, requests, took, false), now);
    }
    assertThat(limiter.requestsPerBulk(false)).isEqualTo(7);
  }

  @Test
  void inAnAppThatWasEmptyNobodyWaitsSoThreeTimesAsLongWillDo() {
    bulk(2, 3);
    bulk(4, 6);
    assertThat(limiter.requestsPerBulk(false)).isEqualTo(3);
    assertThat(limiter.requestsPerBulk(true)).isEqualTo(8);
    bulk(8, 12);
    assertThat(limiter.requestsPerBulk(true)).isEqualTo(10);
    bulk(10, 18);
    assertThat(limiter.requestsPerBulk(true)).isEqualTo(8);
  }

  @Test
  void writersThatDoNotHelpAreTriedMoreSeldomEachTime() {
    var tried = new ArrayList<Integer>();
    for (int i = 0; i < 1000; i++) {
      int before = limiter.writers();
      writes(1, 1000, false);
      if (limiter.writers() > before) {
        tried.add(i);
      }
    }
    assertThat(tried).hasSizeBetween(4, 8);
    assertThat(tried.get(3) - tried.get(2)).isGreaterThan(2 * (tried.get(1) - tried.get(0)));
  }

  @Test
  void aSmallBulkRequestSaysNothingAboutALargerOne() {
    bulk(1, 1);
    assertThat(limiter.requestsPerBulk(false)).isEqualTo(2);
  }

  @Test
  void keysThatWereTooManyForOneAnswerAreHalvedAndTriedAgainMuchLater() {
    var limiter = new AdaptiveLimiter(4, 20, Duration.ofSeconds(5));
    assertThat(limiter.keys(500)).isEqualTo(500);
    limiter.tooManyKeys(500);
    assertThat(limiter.keys(500)).isEqualTo(250);
    limiter.tooManyKeys(500); // asked for at the same time
    assertThat(limiter.keys(500)).isEqualTo(250);
    for (int i = 0; i < 20; i++) {
      assertThat(limiter.keys(500)).isEqualTo(250);
      limiter.keysAnswered(250);
    }
    assertThat(limiter.keys(500)).isEqualTo(500);
    limiter.tooManyKeys(1);
    assertThat(limiter.keys(500)).isEqualTo(1);
  }
}
