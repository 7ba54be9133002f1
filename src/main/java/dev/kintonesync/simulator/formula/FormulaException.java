package dev.kintonesync.simulator.formula;

/** A formula that cannot be read, or that has no result for the values it was given. */
public final class FormulaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FormulaException(String message) {
    super(message, null, false, false);
  }
}
