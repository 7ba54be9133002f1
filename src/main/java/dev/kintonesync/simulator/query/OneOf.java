package dev.kintonesync.simulator.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What {@code =} and {@code in} want: nothing, one of some values, or a value within some periods.
 * A value with several choices is found by any of them. Ten thousand values are no slower than one.
 */
final class OneOf implements Predicate<@Nullable Object> {

  private final Literals literals;
  private final FieldKind kind;
  private final boolean empty;
  private final Set<Object> values = new HashSet<>();
  private final List<Span> periods = new ArrayList<>();

  OneOf(Literals literals, FieldKind kind, List<Operand> operands) {
    this.literals = literals;
    this.kind = kind;
    this.empty = operands.contains(Operand.Text.EMPTY);
    for (Operand operand : operands) {
      if (!operand.equals(Operand.Text.EMPTY)) {
        Span span = literals.span(kind, operand);
        if (span.isSingle()) {
          values.add(span.first());
        } else {
          periods.add(span);
        }
      }
    }
  }

  /** The values that are wanted, or null when more is wanted than values. */
  @Nullable Set<Object> values() {
    return empty || !periods.isEmpty() ? null : Set.copyOf(values);
  }

  @Override
  public boolean test(@Nullable Object stored) {
    if (stored == null || stored.equals("")) {
      return empty;
    }
    if (stored instanceof Collection<?> choices) {
      return choices.isEmpty() ? empty : choices.stream().anyMatch(values::contains);
    }
    Object value = literals.comparable(kind, stored);
    return values.contains(value)
        || periods.stream().anyMatch(period -> period.test(Operator.EQUAL, value));
  }
}
