package dev.kintonesync.simulator.query;

/**
 * What a query compares an ordered value with: one value, or all from the first to the last of a
 * period, both included. The values of one field are all of one type, so they compare.
 */
record Span(Object first, Object last) {

  static <T extends Comparable<? super T>> Span of(T first, T last) {
    return new Span(first, last);
  }

  static <T extends Comparable<? super T>> Span of(T value) {
    return of(value, value);
  }

  @SuppressWarnings("unchecked")
  static Comparable<Object> ordered(Object value) {
    return (Comparable<Object>) value;
  }

  boolean isSingle() {
    return first.equals(last);
  }

  /** Whether the value stands to this span as one of the operators of equality or order says. */
  boolean test(Operator operator, Object value) {
    int toFirst = ordered(value).compareTo(first);
    int toLast = ordered(value).compareTo(last);
    return switch (operator) {
      case GREATER -> toLast > 0;
      case LESS -> toFirst < 0;
      case GREATER_OR_EQUAL -> toFirst >= 0;
      case LESS_OR_EQUAL -> toLast <= 0;
      default -> toFirst >= 0 && toLast <= 0;
    };
  }
}
