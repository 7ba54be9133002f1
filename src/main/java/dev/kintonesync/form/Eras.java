package dev.kintonesync.form;

import java.text.Normalizer;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates as Japan writes them: {@code 令和8年11月22日}, {@code R8.11.22}, {@code 2026年11月22日}, in
 * half- or full-width digits.
 */
final class Eras {
  private static final Pattern DATE =
      Pattern.compile(
          "(?:(明治|大正|昭和|平成|令和|[MTSHRmtshr])\\s?)?([0-9]{1,4}|元)"
              + "(?:年\\s?([0-9]{1,2})月\\s?([0-9]{1,2})日|([./-])([0-9]{1,2})\\5([0-9]{1,2}))");

  /** The first day of an era. Source: the table of java.time.chrono.JapaneseEra. */
  private record Era(String name, char letter, LocalDate begin) {}

  /** Meiji from the year that Japan took over the Gregorian calendar. */
  private static final List<Era> ERAS =
      List.of(
          new Era("令和", 'R', LocalDate.of(2019, 5, 1)),
          new Era("平成", 'H', LocalDate.of(1989, 1, 8)),
          new Era("昭和", 'S', LocalDate.of(1926, 12, 25)),
          new Era("大正", 'T', LocalDate.of(1912, 7, 30)),
          new Era("明治", 'M', LocalDate.of(1868, 1, 25)));

  private static final LocalDate GREGORIAN = LocalDate.of(1873, 1, 1);

  private Eras() {}

  /**
   * The date that stands there; null for anything else, and for a day before its era began. A day
   * after the end of an era is taken: papers printed ahead of it say so.
   */
  static @Nullable LocalDate parse(String text) {
    Matcher date = DATE.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC));
    if (!date.matches()) {
      return null;
    }
    String era = date.group(1);
    int digits = date.group(2).length();
    boolean yearFits = era == null ? date.group(5) == null && digits == 4 : digits <= 2;
    if (!yearFits) {
      return null;
    }
    int year = date.group(2).equals("元") ? 1 : Integer.parseInt(date.group(2));
    boolean written = date.group(5) == null;
    int month = Integer.parseInt(date.group(written ? 3 : 6));
    int day = Integer.parseInt(date.group(written ? 4 : 7));
    if (era == null) {
      return Moments.existing(year, month, day);
    }
    Era named =
        ERAS.stream()
            .filter(
                one ->
                    one.name().equals(era) || one.letter() == Character.toUpperCase(era.charAt(0)))
            .findFirst()
            .orElseThrow();
    LocalDate found =
        year == 0 ? null : Moments.existing(named.begin().getYear() + year - 1, month, day);
    return found == null || found.isBefore(named.begin()) || found.isBefore(GREGORIAN)
        ? null
        : found;
  }
}
