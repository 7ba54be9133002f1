package dev.kintonesync.source.api;

import dev.kintonesync.message.UserMessage;

/**
 * An API answers, and its answer is of no use: no JSON, or pages that never end. Asking once more
 * would not help, another run later may. Nothing of what was read so far is used.
 */
public final class BrokenAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient UserMessage reason;

  /** What is wrong, and what to do. */
  public BrokenAnswerException(UserMessage reason) {
    super(reason.toString());
    this.reason = reason;
  }

  /** Returns what is wrong, as a message for the user. */
  public UserMessage reason() {
    return reason;
  }
}
