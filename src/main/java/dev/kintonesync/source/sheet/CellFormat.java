package dev.kintonesync.source.sheet;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a cell shows its number: the digits, decimals and leading zeros that a person sees, without
 * what only adorns a number (thousands separators, currency, units, the percent sign: 15% is 15).
 * Dates and times are always written alike, {@code 2026-04-23}, {@code 15:31}, {@code 2026-04-23
 * 15:31:05}, whatever order and calendar they are shown in. Source: ECMA-376 part 1, 18.8.30 and
 * 18.8.31 (numFmt).
 */
final class CellFormat {

  /** The format of a cell that has none: the number with the 15 digits that Excel keeps. */
  static final CellFormat GENERAL = new CellFormat(List.of());

  private static final MathContext EXCEL = new MathContext(15, RoundingMode.HALF_UP);
  private static final int LONGEST_PLAIN = 400;
  private static final int LONGEST_NUMBER = 400;
  // Excel's own limit.
  private static final int LONGEST_CODE = 255;
  private static final int DAYS_FROM_1900_TO_1904 = 1462;
  // 31 December 9999.
  private static final int LAST_DAY = 2_958_465;
  // There was no 29 February 1900, but Excel has it, as Lotus had.
  private static final int NO_DAY = 60;
  private static final LocalDate DAY_0 = LocalDate.of(1899, 12, 30);
  private static final int MILLIS_PER_DAY = 86_400_000;

  private static final Pattern CONDITION =
      Pattern.compile("(<=|>=|<>|<|>|=)\\s*(-?[0-9]+(?:\\.[0-9]+)?)");

  private final List<Section> sections;

  private CellFormat(List<Section> sections) {
    this.sections = sections;
  }

  /** The format with this number, of those that are written nowhere. */
  static CellFormat builtIn(int id) {
    String code =
        switch (id) {
          case 1, 3, 37, 38, 41, 42 -> "0";
          case 2, 4, 39, 40, 43, 44 -> "0.00";
          case 9 -> "0%";
          case 10 -> "0.00%";
          case 14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36 -> "yyyy/m/d";
          case 50, 51, 52, 53, 54, 55, 56, 57, 58 -> "yyyy/m/d";
          case 18, 20, 32 -> "h:mm";
          case 19, 21, 33, 45, 47 -> "h:mm:ss";
          case 22 -> "yyyy/m/d h:mm";
          case 46 -> "[h]:mm:ss";
          default -> "General";
        };
    return of(code);
  }

  /** The format with this code, such as {@code #,##0.00;[Red]-#,##0.00}. */
  static CellFormat of(String code) {
    if (code.length() > LONGEST_CODE) {
      return GENERAL;
    }
    List<Section> sections = new ArrayList<>();
    for (String section : split(code)) {
      sections.add(Section.of(section));
    }
    return new CellFormat(sections);
  }

  private static List<String> split(String code) {
    List<String> sections = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < code.length(); i = afterToken(code, i)) {
      if (code.charAt(i) == ';') {
        sections.add(code.substring(from, i));
        from = i + 1;
      }
    }
    sections.add(code.substring(from));
    return sections;
  }

  /** Where the next token begins: quoted text, brackets and what follows a backslash are one. */
  private static int afterToken(String code, int at) {
    int end =
        switch (code.charAt(at)) {
          case '"' -> code.indexOf('"', at + 1);
          case '[' -> code.indexOf(']', at + 1);
          case '\\', '_', '*' -> at + 1;
          default -> at;
        };
    return end < 0 ? code.length() : Math.min(code.length(), end + 1);
  }

  /**
   * The number as it is shown.
   *
   * @param number as the sheet has it
   * @param from1904 whether days are counted from 1904 on
   * @return null if it is no number, or shown as a date and is none
   */
  @Nullable String show(String number, boolean from1904) {
    BigDecimal value;
    try {
      value = number.length() > LONGEST_NUMBER ? null : new BigDecimal(number.strip());
    } catch (NumberFormatException e) {
      value = null;
    }
    if (value == null) {
      return null;
    }
    try {
      Section section = section(value);
      if (section == null || section.kind == Kind.GENERAL) {
        return general(value);
      }
      return section.kind == Kind.NUMBER ? section.number(value) : section.moment(value, from1904);
    } catch (ArithmeticException e) {
      return null; // an exponent that no number may have
    }
  }

  private @Nullable Section section(BigDecimal value) {
    for (Section section : sections) {
      if (section.operator != null) {
        return sections.stream().limit(3).filter(any -> any.holds(value)).findFirst().orElse(null);
      }
    }
    int count = Math.min(3, sections.size());
    if (count == 0) {
      return null;
    }
    int index = value.signum() < 0 ? 1 : value.signum() == 0 ? 2 : 0;
    return sections.get(index < count ? index : 0);
  }

  private static String general(BigDecimal value) {
    BigDecimal shown = value.round(EXCEL).stripTrailingZeros();
    if (shown.signum() == 0) {
      return "0";
    }
    return Math.abs((long) shown.scale()) > LONGEST_PLAIN
        ? shown.toString()
        : shown.toPlainString();
  }

  private enum Kind {
    GENERAL,
    NUMBER,
    MOMENT
  }

  /** What is shown for positive numbers, negative ones, zero, or those of a condition. */
  private static final class Section {
    private Kind kind = Kind.GENERAL;
    private @Nullable String operator;
    private BigDecimal bound = BigDecimal.ZERO;
    // Of a number: its places before the point with what stands between them, and behind it.
    private String whole = "";
    private int decimals;
    private int decimalsAlways;
    private int shift;
    // Of a moment.
    private boolean date;
    private boolean time;
    private boolean seconds;
    private boolean elapsed;

    private final StringBuilder between = new StringBuilder();
    private boolean point;
    private boolean month;
    private int commas;

    static Section of(String code) {
      var section = new Section();
      boolean plain = code.toLowerCase(Locale.ROOT).contains("general") || code.contains("@");
      int next;
      for (int i = 0; i < code.length(); i = next) {
        next = afterToken(code, i);
        if (!section.take(code, i, next)) {
          plain = true;
        }
      }
      section.settle(plain);
      return section;
    }

    /** Whether this token is one of a number or a moment that can be shown digit by digit. */
    private boolean take(String code, int from, int to) {
      char c = code.charAt(from);
      char lower = Character.toLowerCase(c);
      switch (lower) {
        case '[' -> bracket(code.substring(from + 1, Math.max(from + 1, to - 1)));
        case '"' -> between.append(code, from + 1, Math.max(from + 1, to - 1));
        case '\\' -> between.append(code, from + 1, to);
        case '_', '*' -> {}
        case '0', '#', '?' -> place(c);
        case '.' -> {
          point = true;
          seconds |= time;
        }
        case ',' -> commas += point ? 0 : 1;
        case '%' -> shift += 2;
        case 'y', 'd', 'g', 'b' -> date = true;
        case 'm' -> month = true;
        case 'h' -> time = true;
        case 's' -> {
          time = true;
          seconds = true;
        }
        case 'e' -> {
          boolean exponent = to < code.length() && "+-".indexOf(code.charAt(to)) >= 0;
          if (exponent) {
            return false;
          }
          date = true;
        }
        case 'a' -> {
          boolean noon = to < code.length() && "mM/".indexOf(code.charAt(to)) >= 0;
          time |= noon;
          date |= !noon;
        }
        case '/' -> {
          if (!whole.isEmpty()) {
            return false;
          }
        }
        default -> between.append(c);
      }
      return true;
    }

    private void bracket(String inside) {
      Matcher condition = CONDITION.matcher(inside);
      if (condition.matches()) {
        operator = condition.group(1);
        bound = new BigDecimal(condition.group(2));
      } else if (inside.matches("[hH]+|[mM]+|[sS]+")) {
        elapsed = true;
        time = true;
        seconds |= inside.toLowerCase(Locale.ROOT).startsWith("s");
      }
    }

    private void place(char c) {
      if (point) {
        decimals++;
        decimalsAlways = c == '#' ? decimalsAlways : decimals;
      } else {
        whole += (whole.isEmpty() ? "" : between.toString()) + c;
        commas = 0;
      }
      between.setLength(0);
    }

    private void settle(boolean plain) {
      shift -= 3 * commas;
      date |= month && !time;
      if (plain) {
        kind = Kind.GENERAL;
      } else if (date || time) {
        kind = Kind.MOMENT;
      } else if (!whole.isEmpty() || decimals > 0) {
        kind = Kind.NUMBER;
      }
    }

    boolean holds(BigDecimal value) {
      if (operator == null) {
        return true;
      }
      int compared = value.compareTo(bound);
      return switch (operator) {
        case "<" -> compared < 0;
        case "<=" -> compared <= 0;
        case ">" -> compared > 0;
        case ">=" -> compared >= 0;
        case "=" -> compared == 0;
        default -> compared != 0;
      };
    }

    String number(BigDecimal value) {
      BigDecimal seen = value.round(EXCEL).scaleByPowerOfTen(shift);
      if (Math.abs((long) seen.scale()) > LONGEST_PLAIN) {
        return general(seen);
      }
      BigDecimal shown = seen.abs().setScale(decimals, RoundingMode.HALF_UP);
      String digits = shown.toPlainString();
      int end = digits.indexOf('.');
      String before = end < 0 ? digits : digits.substring(0, end);
      String behind = end < 0 ? "" : digits.substring(end + 1);
      while (behind.length() > decimalsAlways && behind.endsWith("0")) {
        behind = behind.substring(0, behind.length() - 1);
      }
      return (seen.signum() < 0 && shown.signum() != 0 ? "-" : "")
          + filledIn(before)
          + (behind.isEmpty() ? "" : "." + behind);
    }

    /** The digits put into their places from the right, with what stands between the places. */
    private String filledIn(String digits) {
      var reversed = new StringBuilder();
      int left = digits.length();
      for (int i = whole.length() - 1; i >= 0; i--) {
        char c = whole.charAt(i);
        boolean wanted = left > 0 || whole.lastIndexOf('0', i) >= 0;
        if (c != '0' && c != '#' && c != '?') {
          reversed.append(wanted ? String.valueOf(c) : "");
        } else if (left > 0) {
          reversed.append(digits.charAt(--left));
        } else if (c == '0') {
          reversed.append('0');
        }
      }
      return digits.substring(0, left) + reversed.reverse();
    }

    @Nullable String moment(BigDecimal value, boolean from1904) {
      if (value.signum() < 0 || value.compareTo(BigDecimal.valueOf(LAST_DAY + 1L)) >= 0) {
        return null;
      }
      long millis =
          value
              .multiply(BigDecimal.valueOf(MILLIS_PER_DAY))
              .setScale(0, RoundingMode.HALF_UP)
              .longValueExact();
      long day = millis / MILLIS_PER_DAY + (from1904 ? DAYS_FROM_1900_TO_1904 : 0);
      if (elapsed) {
        long all = millis / 1000;
        String minutes = String.format("%d:%02d", all / 3600, all / 60 % 60);
        return seconds ? minutes + String.format(":%02d", all % 60) : minutes;
      }
      LocalTime clock = LocalTime.ofNanoOfDay(millis % MILLIS_PER_DAY * 1_000_000L);
      String shown =
          seconds
              ? String.format(
                  "%02d:%02d:%02d", clock.getHour(), clock.getMinute(), clock.getSecond())
              : String.format("%02d:%02d", clock.getHour(), clock.getMinute());
      return date ? day(day) + (time ? " " + shown : "") : shown;
    }

    private static String day(long day) {
      if (day == 0) {
        return "1900-01-00";
      }
      if (day == NO_DAY) {
        return "1900-02-29";
      }
      return DAY_0.plusDays(day < NO_DAY ? day + 1 : day).toString();
    }
  }
}
