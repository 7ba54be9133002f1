package dev.kintonesync.sync;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.List;

/**
 * What became of an assertion.
 *
 * @param assertion the assertion
 * @param holds whether it is true
 * @param found the figure that was found
 * @param examples rows or records that the figure comes from; the first few
 */
public record AssertionResult(
    Assertion assertion, boolean holds, UserMessage found, List<UserMessage> examples) {

  /** At most so many examples are told. */
  static final int EXAMPLES = 3;

  public AssertionResult {
    examples = List.copyOf(examples);
  }

  /** Returns one sentence: the assertion, the figure, and, where it fails, the examples. */
  public UserMessage inWords() {
    if (holds) {
      return MessageCode.ASSERTION_HOLDS.with(assertion.written(), found);
    }
    return examples.stream()
        .reduce(MessageCode.EXAMPLES::with)
        .map(some -> MessageCode.ASSERTION_FAILS_AT.with(assertion.written(), found, some))
        .orElseGet(() -> MessageCode.ASSERTION_FAILS.with(assertion.written(), found));
  }
}
