package dev.kintonesync.sync;

import java.time.Duration;

/**
 * How fast an app is worked on, learnt from its answers: how many writers work side by side, how
 * many write requests go into one bulkRequest, and how many keys into one key lookup. Clerks work
 * in the same app, so both start small, grow while that helps and step back when it does not.
 * Shared by all runs of the process; safe for several threads.
 */
public final class AdaptiveLimiter {
  private static final int FIRST_BULK = 2;

  /** How many times as long a bulkRequest may take in an app that was empty. */
  private static final int PATIENCE = 3;

  /** One more writer must bring at least this much more, or it goes again. */
  private static final double WORTH = 1.1;

  /** Writers that were busy for less than this part of a window tell nothing about the last one. */
  private static final double AT_WORK = 0.7;

  /**
   * How many windows pass after a writer that did not help, before another is tried; twice as many
   * each time that it does not.
   */
  private static final int REST = 20;

  private static final int LONGEST_REST = 160;

  /** How many key lookups are answered before more keys are tried again. */
  private static final int LOOKUPS_BEFORE_MORE = 20;

  private final int mostWriters;
  private final BulkSize beside;
  private final BulkSize empty;

  private int writers = 1;

  private int mostKeys = Integer.MAX_VALUE;
  private int cleanLookups;

  private int inFlight;
  private long lastEvent;

  private int clean;
  private long records;
  private double atWork; // seconds, of all writers together
  private long windowBegan;
  private double rateBefore;
  private boolean trial;
  private int rest;
  private int nextRest = REST;

  /**
   * What an answer teaches.
   *
   * @param records how many records the request carried
   * @param requests how many write requests it consisted of; 1 when it was no bulkRequest
   * @param took from the sending to the answer
   * @param busy whether Kintone refused it at first because it was locked or had too much to do
   */
  public record Lesson(int records, int requests, Duration took, boolean busy) {}

  /** How many write requests are answered together within a time. */
  private static final class BulkSize {
    private final int most;
    private final double answerTime; // nanoseconds
    private int requests;

    private BulkSize(int most, double answerTime) {
      this.most = most;
      this.answerTime = answerTime;
      this.requests = Math.min(FIRST_BULK, most);
    }

    private void learn(Lesson lesson) {
      int fits = (int) Math.max(1, lesson.requests() * answerTime / lesson.took().toNanos());
      if (fits < lesson.requests()) {
        requests = Math.min(requests, fits);
      } else if (lesson.requests() >= requests) {
        requests = Math.min(most, Math.min(fits, 2 * requests));
      }
    }
  }

  /**
   * A pace that has learnt nothing yet.
   *
   * @param mostWriters writers side by side, at the most
   * @param mostRequests write requests in one bulkRequest, at the most
   * @param answerTime what a bulkRequest should take at the most, beside people at work
   */
  public AdaptiveLimiter(int mostWriters, int mostRequests, Duration answerTime) {
    this.mostWriters = mostWriters;
    this.beside = new BulkSize(mostRequests, answerTime.toNanos());
    this.empty = new BulkSize(mostRequests, PATIENCE * (double) answerTime.toNanos());
  }

  /** How many writers may work side by side now. */
  public synchronized int writers() {
    return writers;
  }

  /**
   * How many write requests go into one bulkRequest now.
   *
   * @param wasEmpty whether the app held no record when the run began; then nobody waits for it
   */
  public synchronized int requestsPerBulk(boolean wasEmpty) {
    return (wasEmpty ? empty : beside).requests;
  }

  /**
   * How many keys go into one key lookup now.
   *
   * @param wanted as many as are configured
   */
  public synchronized int keys(int wanted) {
    return Math.min(wanted, mostKeys);
  }

  /** A key lookup of so many keys was too much for one answer. */
  public synchronized void tooManyKeys(int keys) {
    mostKeys = Math.min(mostKeys, Math.max(1, keys / 2));
    cleanLookups = 0;
  }

  /** A key lookup of so many keys was answered. */
  public synchronized void keysAnswered(int keys) {
    if (keys >= mostKeys && ++cleanLookups >= LOOKUPS_BEFORE_MORE) {
      mostKeys *= 2;
      cleanLookups = 0;
    }
  }

  /**
   * A write goes out.
   *
   * @param now a clock in nanoseconds, such as {@link System#nanoTime}
   */
  public synchronized void begins(long now) {
    if (inFlight == 0 && clean == 0) {
      begin(now);
    }
    pass(now);
    inFlight++;
  }

  private void pass(long now) {
    atWork += inFlight * seconds(now - lastEvent);
    lastEvent = now;
  }

  /**
   * A write that {@linkplain #begins began} was answered.
   *
   * @param now a clock in nanoseconds, such as {@link System#nanoTime}
   */
  public synchronized void learn(Lesson lesson, long now) {
    pass(now);
    inFlight--;
    if (lesson.busy()) {
      writers = Math.max(1, writers / 2);
      trial = false;
      rest = REST;
      begin(now);
      return;
    }
    beside.learn(lesson);
    empty.learn(lesson);
    count(lesson, now);
  }

  private void count(Lesson lesson, long now) {
    clean++;
    records += lesson.records();
    if (clean < Math.max(2, writers)) {
      return;
    }
    if (trial && atWork < AT_WORK * writers * seconds(now - windowBegan)) {
      begin(now);
      return;
    }
    // what they would do who never wait for us to have the next write ready
    double rate = writers * records / Math.max(1e-9, atWork);
    if (trial && rate < rateBefore * WORTH) {
      writers--;
      trial = false;
      rest = nextRest;
      nextRest = Math.min(LONGEST_REST, 2 * nextRest);
    } else if (rest > 0) {
      rest--;
    } else {
      nextRest = trial ? REST : nextRest;
      rateBefore = rate;
      trial = writers < mostWriters;
      writers += trial ? 1 : 0;
    }
    begin(now);
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private void begin(long now) {
    clean = 0;
    records = 0;
    atWork = 0;
    windowBegan = now;
  }
}
