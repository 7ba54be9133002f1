package dev.kintonesync.form;

import java.text.Normalizer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates and times as people and systems write them: {@code 2026-04-23}, {@code 2026/4/23},
 * {@code 15:31}, {@code 2026/4/23 15:31:05}, {@code 2026-04-23T15:31:05.123+09:00}, {@code
 * 20260423}; dates of Japanese eras through {@link Eras}. It reads by hand, because millions of
 * values pass and {@code DateTimeFormatter} answers every mistake with an exception.
 */
final class Moments {
  private static final int NONE = -1;

  /** Longer than any date that somebody writes. */
  private static final int LONGEST = 60;

  private final String text;
  private int at;

  private Moments(String text) {
    this.text = text;
  }

  /**
   * What stands there: a {@code LocalDate}, {@code LocalTime}, {@code OffsetTime}, {@code
   * LocalDateTime} or {@code OffsetDateTime}; null for anything else. Any year is taken, even one
   * that Kintone does not.
   */
  static @Nullable TemporalAccessor parse(String text) {
    TemporalAccessor moment = new Moments(text).parse();
    return moment == null ? asInJapan(text) : moment;
  }

  /** Full-width digits, eras, and 年月日; a time of day may follow. */
  private static @Nullable TemporalAccessor asInJapan(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    LocalDate date = Eras.parse(text);
    if (date != null) {
      return date;
    }
    String folded = Normalizer.normalize(text, Normalizer.Form.NFKC);
    if (!folded.equals(text)) {
      return parse(folded);
    }
    int blank = text.lastIndexOf(' ');
    LocalDate day = blank < 0 ? null : Eras.parse(text.substring(0, blank));
    return day != null && new Moments(text.substring(blank + 1)).parse() instanceof LocalTime time
        ? day.atTime(time)
        : null;
  }

  private @Nullable TemporalAccessor parse() {
    if (text.indexOf(':') == 1 || text.indexOf(':') == 2) {
      LocalTime time = time();
      if (time == null || atEnd()) {
        return time;
      }
      ZoneOffset offset = offset();
      return offset == null || !atEnd() ? null : time.atOffset(offset);
    }
    LocalDate date = date();
    if (date == null || atEnd()) {
      return date;
    }
    if (!take('T') && !take(' ')) {
      return null;
    }
    LocalTime time = time();
    if (time == null) {
      return null;
    }
    LocalDateTime local = date.atTime(time);
    if (atEnd()) {
      return local;
    }
    ZoneOffset offset = offset();
    return offset == null || !atEnd() ? null : local.atOffset(offset);
  }

  private @Nullable LocalDate date() {
    int start = at;
    int year = number(1, 8);
    if (at - start == 8) {
      return existing(year / 10_000, year / 100 % 100, year % 100);
    }
    char separator = atEnd() || at - start > 6 ? ' ' : text.charAt(at);
    if (year == NONE || (separator != '-' && separator != '/')) {
      return null;
    }
    take(separator);
    int month = number(1, 2);
    return month != NONE && take(separator) ? existing(year, month, number(1, 2)) : null;
  }

  static @Nullable LocalDate existing(int year, int month, int day) {
    boolean exists =
        month >= 1 && month <= 12 && day >= 1 && day <= YearMonth.of(year, month).lengthOfMonth();
    return exists ? LocalDate.of(year, month, day) : null;
  }

  private @Nullable LocalTime time() {
    int hour = number(1, 2);
    if (hour == NONE || hour > 23 || !take(':')) {
      return null;
    }
    int minute = number(2, 2);
    if (minute == NONE || minute > 59) {
      return null;
    }
    int second = take(':') ? number(2, 2) : 0;
    if (second == NONE || second > 59) {
      return null;
    }
    // fractions carry nothing that Kintone keeps
    boolean whole = !take('.') || number(1, 9) != NONE;
    return whole ? LocalTime.of(hour, minute, second) : null;
  }

  private @Nullable ZoneOffset offset() {
    if (take('Z')) {
      return ZoneOffset.UTC;
    }
    int sign = take('-') ? -1 : 1;
    if (sign > 0 && !take('+')) {
      return null;
    }
    int hours = number(2, 2);
    boolean colon = take(':');
    int minutes = !colon && atEnd() ? 0 : number(2, 2);
    // 18 hours are the most that java.time takes
    boolean real = hours != NONE && minutes != NONE && minutes < 60 && hours * 60 + minutes <= 1080;
    return real ? ZoneOffset.ofTotalSeconds(sign * (hours * 60 + minutes) * 60) : null;
  }

  private int number(int least, int most) {
    int start = at;
    int number = 0;
    while (!atEnd() && at - start < most && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      number = number * 10 + text.charAt(at) - '0';
      at++;
    }
    return at - start < least ? NONE : number;
  }

  private boolean take(char expected) {
    boolean there = !atEnd() && text.charAt(at) == expected;
    if (there) {
      at++;
    }
    return there;
  }

  private boolean atEnd() {
    return at == text.length();
  }
}
