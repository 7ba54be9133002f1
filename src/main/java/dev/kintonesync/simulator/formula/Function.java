package dev.kintonesync.simulator.formula;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The functions of formulas, with the number of arguments each takes. */
enum Function {
  SUM(1, Integer.MAX_VALUE) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      BigDecimal sum = BigDecimal.ZERO;
      for (Term term : terms) {
        Object value = term.value(around);
        if (value instanceof List<?> column) {
          for (Object element : column) {
            sum = sum.add(Values.number(element));
          }
        } else {
          sum = sum.add(Values.number(value));
        }
      }
      return sum;
    }
  },
  IF(3, 3) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      Term chosen = Values.condition(terms.get(0).value(around)) ? terms.get(1) : terms.get(2);
      Object value = chosen.value(around);
      return value == null ? "" : value;
    }
  },
  AND(1, 255) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      return terms.stream().allMatch(term -> Values.condition(term.value(around)));
    }
  },
  OR(1, 255) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      return terms.stream().anyMatch(term -> Values.condition(term.value(around)));
    }
  },
  NOT(1, 1) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      return !Values.condition(terms.get(0).value(around));
    }
  },
  ROUND(1, 2) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      return rounded(terms, around, RoundingMode.HALF_UP);
    }
  },
  ROUNDUP(1, 2) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      return rounded(terms, around, RoundingMode.UP);
    }
  },
  ROUNDDOWN(1, 2) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      return rounded(terms, around, RoundingMode.DOWN);
    }
  },
  CONTAINS(2, 2) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      Object where = terms.get(0).value(around);
      String what = Values.text(terms.get(1).value(around));
      if (where instanceof List<?> values) {
        return values.stream().anyMatch(value -> Values.text(value).equals(what));
      }
      return Values.text(where).equals(what);
    }
  },
  YEN(1, 2) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      BigDecimal amount = rounded(terms, around, RoundingMode.HALF_UP);
      DecimalFormat format =
          new DecimalFormat("¥#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
      format.setMinimumFractionDigits(Math.max(0, amount.scale()));
      format.setMaximumFractionDigits(Math.max(0, amount.scale()));
      return format.format(amount);
    }
  },
  DATE_FORMAT(3, 3) {
    @Override
    Object apply(List<Term> terms, Formula.Surroundings around) {
      Object seconds = terms.get(0).value(around);
      if (seconds == null) {
        return "";
      }
      String pattern = Values.text(terms.get(1).value(around)).replace('Y', 'y').replace('D', 'd');
      String zone = Values.text(terms.get(2).value(around));
      try {
        ZoneId where = zone.equals("system") ? around.zone() : ZoneId.of(zone);
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
            .format(Instant.ofEpochSecond(Values.number(seconds).longValue()).atZone(where));
      } catch (DateTimeException | IllegalArgumentException e) {
        throw new FormulaException("format " + pattern + " in " + zone);
      }
    }
  };

  private final int least;
  private final int most;

  Function(int least, int most) {
    this.least = least;
    this.most = most;
  }

  abstract Object apply(List<Term> terms, Formula.Surroundings around);

  /** Refuses too few or too many arguments. */
  void check(int arguments) {
    if (arguments > most) {
      throw new FormulaException(
          "The function %s takes at most %d arguments.".formatted(name(), most),
          "%s関数に指定できる引数は%d個までです。".formatted(name(), most));
    }
    if (arguments < least) {
      throw new FormulaException(
          "The function %s takes %d arguments%s."
              .formatted(name(), least, least == most ? "" : " or more"),
          "%s関数には%d個%sの引数が必要です。".formatted(name(), least, least == most ? "" : "以上"));
    }
  }

  /** The function of that name in any case, or null. */
  static @Nullable Function named(String name) {
    for (Function function : values()) {
      if (function.name().equalsIgnoreCase(name)) {
        return function;
      }
    }
    return null;
  }

  private static BigDecimal rounded(
      List<Term> terms, Formula.Surroundings around, RoundingMode mode) {
    BigDecimal number = Values.number(terms.get(0).value(around));
    int digits = terms.size() < 2 ? 0 : Values.number(terms.get(1).value(around)).intValue();
    if (Math.abs(digits) > 100) {
      throw new FormulaException("digits " + digits);
    }
    return number.setScale(digits, mode);
  }
}
