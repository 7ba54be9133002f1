package dev.kintonesync.simulator.formula;

import java.math.RoundingMode;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A formula, ready to be worked out; may be used by several threads. */
public final class Formula {
  private final Term term;
  private final Set<String> references;

  private Formula(Term term, Set<String> references) {
    this.term = term;
    this.references = references;
  }

  /** What a formula is worked out with. */
  public interface Surroundings {
    /**
     * The value of a field: {@code BigDecimal}, {@code String}, a {@code List} of them (choices, or
     * a field of a table over all its rows), or null when empty. Dates and instants are seconds
     * since 1970, times seconds since midnight.
     */
    @Nullable Object value(String code);

    /** The decimals a division keeps. */
    int decimalPlaces();

    RoundingMode rounding();

    /** The time zone of the users. */
    ZoneId zone();
  }

  /**
   * Reads a formula.
   *
   * @throws FormulaException when it is none
   */
  public static Formula parse(String text) {
    Parser parser = new Parser(text);
    Term term = parser.formula();
    return new Formula(term, new LinkedHashSet<>(parser.references()));
  }

  /** The codes of the fields it refers to. */
  public Set<String> references() {
    return references;
  }

  /**
   * Works it out.
   *
   * @return {@code BigDecimal}, {@code String} or {@code Boolean}
   * @throws FormulaException when there is no result: a division by zero, values of the wrong type
   */
  public Object evaluate(Surroundings surroundings) {
    return Values.single(term.value(surroundings));
  }
}
