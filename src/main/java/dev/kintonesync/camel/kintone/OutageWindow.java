package dev.kintonesync.camel.kintone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * For how long a run has been left without an answer, over all its requests: the patience of a run
 * is one, however many requests share it. Safe for several threads.
 */
final class OutageWindow {
  private @Nullable Instant since;
  private int unanswered;
  private String words = "";

  /** There was an answer, whatever it said. */
  synchronized void broken() {
    since = null;
    unanswered = 0;
  }

  /**
   * A request went unanswered.
   *
   * @param reason what was seen instead of an answer
   */
  synchronized void goesOn(Instant now, String reason) {
    since = since == null ? now : since;
    unanswered++;
    words = reason;
  }

  /** When it began; that instant where there is none. */
  synchronized Instant since(Instant now) {
    return since == null ? now : since;
  }

  /** How many requests in a row went unanswered. */
  synchronized int unanswered() {
    return unanswered;
  }

  /** What was seen last instead of an answer. */
  synchronized String words() {
    return words;
  }
}
