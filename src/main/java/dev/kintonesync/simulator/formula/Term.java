package dev.kintonesync.simulator.formula;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a formula that has a value; null stands for an empty field. */
sealed interface Term {
  @Nullable Object value(Formula.Surroundings surroundings);

  /** A number or text as it stands there. */
  record Literal(Object literal) implements Term {
    @Override
    public Object value(Formula.Surroundings surroundings) {
      return literal;
    }
  }

  /** A field by its code. */
  record Reference(String code) implements Term {
    @Override
    public @Nullable Object value(Formula.Surroundings surroundings) {
      return surroundings.value(code);
    }
  }

  /** A number with the opposite sign. */
  record Negative(Term term) implements Term {
    @Override
    public Object value(Formula.Surroundings surroundings) {
      return Values.number(term.value(surroundings)).negate();
    }
  }

  /** Two terms and what stands between them. */
  record Binary(String operator, Term left, Term right) implements Term {
    @Override
    public Object value(Formula.Surroundings surroundings) {
      Object a = left.value(surroundings);
      Object b = right.value(surroundings);
      return switch (operator) {
        case "+" -> Values.number(a).add(Values.number(b));
        case "-" -> Values.number(a).subtract(Values.number(b));
        case "*" -> Values.number(a).multiply(Values.number(b));
        case "/" -> divide(Values.number(a), Values.number(b), surroundings);
        case "^" -> power(Values.number(a), Values.number(b), surroundings);
        case "&" -> Values.text(a) + Values.text(b);
        case "=" -> Values.same(a, b);
        case "!=", "<>" -> !Values.same(a, b);
        case "<" -> Values.number(a).compareTo(Values.number(b)) < 0;
        case ">" -> Values.number(a).compareTo(Values.number(b)) > 0;
        case "<=" -> Values.number(a).compareTo(Values.number(b)) <= 0;
        case ">=" -> Values.number(a).compareTo(Values.number(b)) >= 0;
        default -> throw new FormulaException("no operator " + operator);
      };
    }

    private static BigDecimal divide(BigDecimal a, BigDecimal b, Formula.Surroundings around) {
      if (b.signum() == 0) {
        throw new FormulaException("division by zero");
      }
      return a.divide(b, around.decimalPlaces(), around.rounding());
    }

    /** Whole exponents from -100 to 100 are all that Kintone knows. */
    private static BigDecimal power(BigDecimal a, BigDecimal b, Formula.Surroundings around) {
      BigDecimal exponent = b.stripTrailingZeros();
      if (exponent.scale() > 0 || exponent.abs().compareTo(BigDecimal.valueOf(100)) > 0) {
        throw new FormulaException("exponent " + b.toPlainString());
      }
      int whole = exponent.intValue();
      return whole >= 0 ? a.pow(whole) : divide(BigDecimal.ONE, a.pow(-whole), around);
    }
  }

  /** A function with its arguments. */
  record Call(Function function, List<Term> arguments) implements Term {
    @Override
    public Object value(Formula.Surroundings surroundings) {
      return function.apply(arguments, surroundings);
    }
  }
}
