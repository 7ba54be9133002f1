package dev.kintonesync.source.sheet;

import dev.kintonesync.source.CellNumber;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a cell shows its number: the digits, decimals and leading zeros that a person sees, without
 * what only adorns a number (thousands separators, currency, the percent sign: 15% is 15). Other
 * text around it, as in {@code (03) 1234-5678} or {@code 007-A}, belongs to what is shown, and the
 * number is at hand beside it ({@link CellNumber}). Dates and times are always written alike,
 * {@code 2026-04-23}, {@code 15:31}, {@code 2026-04-23 15:31:05}, whatever order and calendar they
 * are shown in. Source: ECMA-376 part 1, 18.8.30 and 18.8.31 (numFmt).
 */
final class CellFormat {

  /** The format of a cell that has none. */
  static final CellFormat GENERAL = new CellFormat("General", List.of());

  // Excel's own limit.
  private static final int LONGEST_CODE = 255;

  private final String code;
  private final List<FormatSection> sections;

  private CellFormat(String code, List<FormatSection> sections) {
    this.code = code;
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
    List<FormatSection> sections = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < code.length(); i = FormatSection.afterToken(code, i)) {
      if (code.charAt(i) == ';') {
        sections.add(FormatSection.of(code.substring(from, i)));
        from = i + 1;
      }
    }
    sections.add(FormatSection.of(code.substring(from)));
    return new CellFormat(code, sections);
  }

  /**
   * What a cell shows of a number: a String where its digits, or its date, are all that is to be
   * said, or else a {@link CellNumber}.
   *
   * @param number as the sheet has it
   * @param from1904 whether days are counted from 1904 on
   * @return null if it is no number, or shown as a date and is none
   */
  @Nullable CharSequence cell(String number, boolean from1904) {
    HeldNumber held = HeldNumber.of(number);
    if (held == null) {
      return null;
    }
    BigDecimal value = held.value();
    FormatSection section = section(value);
    String digits = digits(value, section, from1904);
    if (digits == null || (section != null && section.isMoment())) {
      return digits;
    }
    String text = digits;
    if (section != null) {
      text = section.text(value, digits, sections.indexOf(section) == 1 && !isConditional());
    }
    return held.exact() && text.equals(digits) && (section == null || section.isPlain())
        ? digits
        : new CellNumber(value, number(value, digits), text, held.exact(), code);
  }

  /** The number that the digits show; with text between them, the one that the cell holds. */
  private static BigDecimal number(BigDecimal value, String digits) {
    try {
      return new BigDecimal(digits);
    } catch (NumberFormatException e) {
      return value;
    }
  }

  /** The digits that a cell shows of a number, or the date; null as in {@link #cell}. */
  @Nullable String show(String number, boolean from1904) {
    HeldNumber held = HeldNumber.of(number);
    return held == null ? null : digits(held.value(), section(held.value()), from1904);
  }

  private static @Nullable String digits(
      BigDecimal value, @Nullable FormatSection section, boolean from1904) {
    try {
      return section == null ? HeldNumber.plain(value) : section.digits(value, from1904);
    } catch (ArithmeticException e) {
      return null; // an exponent that no number may have
    }
  }

  private boolean isConditional() {
    return sections.stream().anyMatch(FormatSection::isConditional);
  }

  private @Nullable FormatSection section(BigDecimal value) {
    if (isConditional()) {
      return sections.stream().limit(3).filter(any -> any.holds(value)).findFirst().orElse(null);
    }
    int count = Math.min(3, sections.size());
    if (count == 0) {
      return null;
    }
    int index = value.signum() < 0 ? 1 : value.signum() == 0 ? 2 : 0;
    return sections.get(index < count ? index : 0);
  }
}
