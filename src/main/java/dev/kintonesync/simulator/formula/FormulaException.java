package dev.kintonesync.simulator.formula;

/** A formula that cannot be read, or that has no result for the values it was given. */
public final class FormulaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String japanese;

  FormulaException(String message) {
    this(message, message);
  }

  /** A formula that cannot be read, with the reason in Kintone's words. */
  FormulaException(String english, String japanese) {
    super(english, null, false, false);
    this.japanese = japanese;
  }

  /** The reason in Japanese. */
  public String japanese() {
    return japanese;
  }
}
