package dev.kintonesync.source.kafka;

import dev.kintonesync.message.UserMessage;

/** A message that can never become a row, unless something else changes. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient UserMessage problem;

  UnreadableException(UserMessage problem) {
    super(problem.toString(), null, false, false);
    this.problem = problem;
  }

  UserMessage problem() {
    return problem;
  }
}
