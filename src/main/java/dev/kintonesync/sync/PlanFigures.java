package dev.kintonesync.sync;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what a plan would do, with the first few examples of each figure. For one thread. */
public final class PlanFigures {
  private final Map<Assertion.Subject, Long> numbers = new EnumMap<>(Assertion.Subject.class);
  private final Map<Assertion.Subject, List<UserMessage>> examples =
      new EnumMap<>(Assertion.Subject.class);

  /** One more, such as a record that would be added. */
  public void add(Assertion.Subject subject, UserMessage example) {
    numbers.merge(subject, 1L, Long::sum);
    example(subject, example);
  }

  /** Sets a figure that is known without its examples. */
  public void set(Assertion.Subject subject, long number) {
    numbers.put(subject, number);
  }

  /** Keeps an example of a figure, if it is one of the first. */
  public void example(Assertion.Subject subject, UserMessage example) {
    var some = examples.computeIfAbsent(subject, each -> new ArrayList<>());
    if (some.size() < AssertionResult.EXAMPLES) {
      some.add(example);
    }
  }

  /** Returns what became of an assertion about the plan. */
  public AssertionResult judge(Assertion assertion) {
    long number = numbers.getOrDefault(assertion.subject(), 0L);
    return new AssertionResult(
        assertion,
        ((Assertion.Range) assertion.expected()).holds(BigDecimal.valueOf(number)),
        MessageCode.ASSERTION_FIGURE.with(String.valueOf(number)),
        examples.getOrDefault(assertion.subject(), List.of()));
  }
}
