package dev.kintonesync.simulator.query;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;

/** The days for which a function of the calendar stands, in the zone of the user who asks. */
final class Periods {

  private static final int MAX_DAY = 31;
  private static final int LAST_YEAR = 9999;

  private final LocalDate today;

  Periods(Viewer viewer) {
    this.today = LocalDate.ofInstant(viewer.now(), viewer.zone());
  }

  /** First and last day of a period. */
  record Days(LocalDate first, LocalDate last) {
    Days(LocalDate day) {
      this(day, day);
    }
  }

  /**
   * @throws QueryException when the function is none of the calendar, or for its arguments
   */
  Days of(Operand.Call call) {
    List<String> arguments = call.arguments();
    return switch (call.function()) {
      case TODAY -> new Days(none(call, today));
      case YESTERDAY -> new Days(none(call, today.minusDays(1)));
      case TOMORROW -> new Days(none(call, today.plusDays(1)));
      case FROM_TODAY -> new Days(fromToday(arguments));
      case THIS_WEEK -> week(today, call);
      case LAST_WEEK -> week(today.minusWeeks(1), call);
      case NEXT_WEEK -> week(today.plusWeeks(1), call);
      case THIS_MONTH -> month(YearMonth.from(today), call);
      case LAST_MONTH -> month(YearMonth.from(today).minusMonths(1), call);
      case NEXT_MONTH -> month(YearMonth.from(today).plusMonths(1), call);
      case THIS_YEAR -> year(none(call, today));
      case LAST_YEAR -> year(none(call, today.minusYears(1)));
      case NEXT_YEAR -> year(none(call, today.plusYears(1)));
      default -> throw QueryException.invalid(call + " is no date");
    };
  }

  private static LocalDate none(Operand.Call call, LocalDate day) {
    if (!call.arguments().isEmpty()) {
      throw QueryException.invalid(call.function() + " takes no arguments");
    }
    return day;
  }

  private LocalDate fromToday(List<String> arguments) {
    if (arguments.size() != 2) {
      throw QueryException.invalid("FROM_TODAY takes a number and a unit");
    }
    ChronoUnit unit =
        switch (arguments.get(1)) {
          case "DAYS" -> ChronoUnit.DAYS;
          case "WEEKS" -> ChronoUnit.WEEKS;
          case "MONTHS" -> ChronoUnit.MONTHS;
          case "YEARS" -> ChronoUnit.YEARS;
          default -> throw QueryException.unit(arguments.get(1));
        };
    try {
      LocalDate day = today.plus(Long.parseLong(arguments.get(0)), unit);
      if (day.getYear() >= 0 && day.getYear() <= LAST_YEAR) {
        return day;
      }
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      // refused below
    }
    throw QueryException.invalid("FROM_TODAY cannot count " + arguments.get(0));
  }

  private static Days week(LocalDate day, Operand.Call call) {
    LocalDate sunday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
    if (call.arguments().isEmpty()) {
      return new Days(sunday, sunday.plusDays(6));
    }
    return Arrays.stream(DayOfWeek.values())
        .filter(weekday -> weekday.name().equals(single(call)))
        .map(weekday -> new Days(sunday.with(TemporalAdjusters.nextOrSame(weekday))))
        .findFirst()
        .orElseThrow(() -> QueryException.invalid("no day of the week: " + single(call)));
  }

  private static Days month(YearMonth month, Operand.Call call) {
    if (call.arguments().isEmpty()) {
      return new Days(month.atDay(1), month.atEndOfMonth());
    }
    String argument = single(call);
    if (argument.equals("LAST")) {
      return new Days(month.atEndOfMonth());
    }
    if (!argument.matches("[0-9]{1,2}")) {
      throw QueryException.dayOfMonth(argument);
    }
    int day = Integer.parseInt(argument);
    if (day < 1 || day > MAX_DAY) {
      throw QueryException.dayOfMonth(argument);
    }
    // a day that this month lacks is the first of the next
    return new Days(month.isValidDay(day) ? month.atDay(day) : month.plusMonths(1).atDay(1));
  }

  private static Days year(LocalDate day) {
    return new Days(
        day.with(TemporalAdjusters.firstDayOfYear()), day.with(TemporalAdjusters.lastDayOfYear()));
  }

  private static String single(Operand.Call call) {
    if (call.arguments().size() != 1) {
      throw QueryException.invalid(call.function() + " takes one argument at most");
    }
    return call.arguments().get(0);
  }
}
