package dev.kintonesync.source.sheet;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a format shows of positive numbers, negative ones, zero, or those of a condition. */
final class FormatSection {

  private static final int LONGEST_PLAIN = 400;
  private static final int DAYS_FROM_1900_TO_1904 = 1462;
  // 31 December 9999.
  private static final int LAST_DAY = 2_958_465;
  // There was no 29 February 1900, but Excel has it, as Lotus had.
  private static final int NO_DAY = 60;
  private static final LocalDate DAY_0 = LocalDate.of(1899, 12, 30);
  private static final int MILLIS_PER_DAY = 86_400_000;

  private static final String GENERAL = "general";
  private static final Pattern CONDITION =
      Pattern.compile("(<=|>=|<>|<|>|=)\\s*(-?[0-9]+(?:\\.[0-9]+)?)");

  /** What only adorns a number: signs, currencies, percent. */
  private static final Pattern ADORNMENT = Pattern.compile("[-−+△▲%％円\\p{Sc}\\s\\p{Z}]+");

  private enum Kind {
    GENERAL,
    NUMBER,
    MOMENT
  }

  private Kind kind = Kind.GENERAL;
  private @Nullable String operator;
  private BigDecimal bound = BigDecimal.ZERO;
  // Of a number: its places before the point with what stands between them, and behind it.
  private String whole = "";
  private int decimals;
  private int decimalsAlways;
  private int shift;
  private boolean grouped;
  // Text before the first place, and behind the last one.
  private String before = "";
  private String behind = "";
  private String currency = "";
  private boolean placed;
  private boolean unshowable;
  // Of a moment.
  private boolean date;
  private boolean time;
  private boolean seconds;
  private boolean elapsed;

  private final StringBuilder between = new StringBuilder();
  private boolean point;
  private boolean month;
  private int commas;

  private FormatSection() {}

  static FormatSection of(String code) {
    var section = new FormatSection();
    boolean plain = code.toLowerCase(Locale.ROOT).contains(GENERAL) || code.contains("@");
    int next;
    for (int i = 0; i < code.length(); i = next) {
      if (code.charAt(i) == '@' || code.regionMatches(true, i, GENERAL, 0, GENERAL.length())) {
        section.begin();
        next = i + (code.charAt(i) == '@' ? 1 : GENERAL.length());
        continue;
      }
      next = afterToken(code, i);
      if (!section.take(code, i, next)) {
        plain = true;
        section.unshowable = true;
      }
    }
    section.settle(plain);
    return section;
  }

  /** Where the next token begins: quoted text, brackets and what follows a backslash are one. */
  static int afterToken(String code, int at) {
    int end =
        switch (code.charAt(at)) {
          case '"' -> code.indexOf('"', at + 1);
          case '[' -> code.indexOf(']', at + 1);
          case '\\', '_', '*' -> at + 1;
          default -> at;
        };
    return end < 0 ? code.length() : Math.min(code.length(), end + 1);
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
      case '%' -> {
        shift += 2;
        between.append(c);
      }
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
    } else if (inside.startsWith("$")) {
      int end = inside.indexOf('-');
      currency = inside.substring(1, end < 0 ? inside.length() : end);
      between.append(currency);
    }
  }

  /** The number begins here: what stands before it is known. */
  private void begin() {
    if (!placed) {
      before = between.toString();
      between.setLength(0);
    }
    placed = true;
  }

  private void place(char c) {
    begin();
    if (point) {
      decimals++;
      decimalsAlways = c == '#' ? decimalsAlways : decimals;
    } else {
      whole += (whole.isEmpty() ? "" : between.toString()) + c;
      grouped |= commas > 0;
      commas = 0;
    }
    between.setLength(0);
  }

  private void settle(boolean plain) {
    behind = between.toString();
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

  boolean isMoment() {
    return kind == Kind.MOMENT;
  }

  boolean isConditional() {
    return operator != null;
  }

  /** Whether nothing stands between the digits. */
  boolean isPlain() {
    return whole.chars().allMatch(c -> c == '0' || c == '#' || c == '?');
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

  /** The number without the text around it, or the moment; null if there is no such moment. */
  @Nullable String digits(BigDecimal value, boolean from1904) {
    return switch (kind) {
      case GENERAL -> HeldNumber.plain(value);
      case NUMBER -> number(value);
      case MOMENT -> moment(value, from1904);
    };
  }

  /**
   * The number with the text around it; its digits alone where the text only adorns them.
   *
   * @param digits what {@link #digits} gives
   * @param bySign whether the section is for negative numbers only, and so shows no sign by itself
   */
  String text(BigDecimal value, String digits, boolean bySign) {
    String around = before + behind;
    String named = currency.isEmpty() ? around : around.replace(currency, "");
    String words = ADORNMENT.matcher(named).replaceAll("");
    boolean accounting = value.signum() < 0 && words.equals("()");
    if (unshowable || accounting || words.isEmpty()) {
      return digits;
    }
    boolean negative = digits.startsWith("-");
    String bare = placed ? groups(negative ? digits.substring(1) : digits) : "";
    return ((negative && !bySign ? "-" : "") + before + bare + behind).strip();
  }

  private String groups(String digits) {
    int point = digits.indexOf('.');
    int end = point < 0 ? digits.length() : point;
    if (!grouped || !digits.substring(0, end).chars().allMatch(c -> c >= '0' && c <= '9')) {
      return digits;
    }
    var groups = new StringBuilder(digits);
    for (int at = end - 3; at > 0; at -= 3) {
      groups.insert(at, ',');
    }
    return groups.toString();
  }

  private String number(BigDecimal value) {
    BigDecimal seen = value.scaleByPowerOfTen(shift);
    if (Math.abs((long) seen.scale()) > LONGEST_PLAIN) {
      return HeldNumber.plain(seen);
    }
    BigDecimal shown = seen.abs().setScale(decimals, RoundingMode.HALF_UP);
    String digits = shown.toPlainString();
    int end = digits.indexOf('.');
    String left = end < 0 ? digits : digits.substring(0, end);
    String right = end < 0 ? "" : digits.substring(end + 1);
    while (right.length() > decimalsAlways && right.endsWith("0")) {
      right = right.substring(0, right.length() - 1);
    }
    return (seen.signum() < 0 && shown.signum() != 0 ? "-" : "")
        + filledIn(left)
        + (right.isEmpty() ? "" : "." + right);
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

  private @Nullable String moment(BigDecimal value, boolean from1904) {
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
            ? String.format("%02d:%02d:%02d", clock.getHour(), clock.getMinute(), clock.getSecond())
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
