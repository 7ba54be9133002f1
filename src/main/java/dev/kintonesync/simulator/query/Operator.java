package dev.kintonesync.simulator.query;

/** What stands between a field and its operands. */
public enum Operator {
  EQUAL("="),
  NOT_EQUAL("!="),
  GREATER(">"),
  LESS("<"),
  GREATER_OR_EQUAL(">="),
  LESS_OR_EQUAL("<="),
  LIKE("like"),
  NOT_LIKE("not like"),
  IN("in"),
  NOT_IN("not in"),
  IS_EMPTY("is empty"),
  IS_NOT_EMPTY("is not empty");

  private final String symbol;

  Operator(String symbol) {
    this.symbol = symbol;
  }

  /** As it is written in a query. */
  public String symbol() {
    return symbol;
  }

  /** Whether the operator holds where its opposite does not; in a table it then asks every row. */
  boolean negative() {
    return this == NOT_EQUAL || this == NOT_LIKE || this == NOT_IN || this == IS_NOT_EMPTY;
  }

  /** The operator without its {@code not}; itself when it has none. */
  Operator positive() {
    return switch (this) {
      case NOT_EQUAL -> EQUAL;
      case NOT_LIKE -> LIKE;
      case NOT_IN -> IN;
      case IS_NOT_EMPTY -> IS_EMPTY;
      default -> this;
    };
  }
}
