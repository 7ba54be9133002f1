package dev.kintonesync.simulator.query;

/** The record numbers among which every match lies, both ends included; may be empty. */
public record IdRange(long first, long last) {

  static final IdRange ALL = new IdRange(Long.MIN_VALUE, Long.MAX_VALUE);

  /** The record numbers that stand to one number as an operator of order says. */
  static IdRange of(Operator operator, long id) {
    return switch (operator) {
      case GREATER -> new IdRange(id + 1, ALL.last);
      case GREATER_OR_EQUAL -> new IdRange(id, ALL.last);
      case LESS -> new IdRange(ALL.first, id - 1);
      case LESS_OR_EQUAL -> new IdRange(ALL.first, id);
      default -> ALL;
    };
  }

  IdRange and(IdRange other) {
    return new IdRange(Math.max(first, other.first), Math.min(last, other.last));
  }
}
