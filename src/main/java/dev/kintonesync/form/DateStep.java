package dev.kintonesync.form;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads dates and times by patterns, in a language, and in a zone where they name none. */
public final class DateStep implements Step {
  private static final Pattern QUOTED = Pattern.compile("'[^']*'|[^']+");
  private static final Pattern HALF_DAY_HOUR = Pattern.compile("[hK]");
  private static final Pattern HALF_DAY = Pattern.compile("[aB]");

  private final List<String> patterns;
  private final Locale locale;
  private final @Nullable ZoneId zone;
  private final List<DateTimeFormatter> formatters;

  /**
   * Patterns in the letters of {@link DateTimeFormatter}.
   *
   * @param patterns tried in their order; none: what every date field takes anyway
   * @param locale the language of names of months, and with {@code -u-ca-japanese} the calendar
   * @param zone the zone of times that name none; null: the job's
   * @throws IllegalArgumentException when a pattern is none
   * @throws UserErrorException when a pattern has hours of a half day and does not say of which
   *     half
   */
  public DateStep(List<String> patterns, Locale locale, @Nullable ZoneId zone) {
    this.patterns = List.copyOf(patterns);
    this.locale = locale;
    this.zone = zone;
    this.formatters = patterns.stream().map(pattern -> formatter(pattern, locale)).toList();
  }

  private static DateTimeFormatter formatter(String pattern, Locale locale) {
    String letters = QUOTED.matcher(pattern).replaceAll(DateStep::unquoted);
    if (HALF_DAY_HOUR.matcher(letters).find() && !HALF_DAY.matcher(letters).find()) {
      throw new UserErrorException(MessageCode.STEP_HALF_DAY_UNSAID.with(pattern));
    }
    boolean eras = letters.contains("G");
    // strict, so that February 30th is none; then a year without an era has to be written u
    String strict =
        eras
            ? pattern
            : QUOTED
                .matcher(pattern)
                .replaceAll(
                    part ->
                        Matcher.quoteReplacement(
                            part.group().startsWith("'")
                                ? part.group()
                                : part.group().replace('y', 'u')));
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(strict)
        .toFormatter(locale)
        .localizedBy(locale)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  private static String unquoted(MatchResult part) {
    return part.group().startsWith("'") ? "" : Matcher.quoteReplacement(part.group());
  }

  @Override
  public @Nullable Object apply(
      @Nullable Object value, Map<String, ? extends @Nullable Object> row, MappingOptions options)
      throws ConversionException {
    if (RawValues.isBlank(value)) {
      return value;
    }
    TemporalAccessor read = value instanceof TemporalAccessor moment ? moment : read(value);
    if (read == null) {
      throw new ConversionException(
          patterns.isEmpty()
              ? MessageCode.STEP_NOT_A_DATE.with(RawValues.excerpt(value))
              : MessageCode.STEP_NOT_A_DATE_OF_PATTERN.with(
                  RawValues.excerpt(value), String.join(", ", patterns)));
    }
    return zone != null && read instanceof LocalDateTime local ? local.atZone(zone) : read;
  }

  private @Nullable TemporalAccessor read(@Nullable Object value) {
    String text = RawValues.text(value);
    if (text == null) {
      return null;
    }
    String bare = text.strip();
    if (patterns.isEmpty()) {
      return Moments.parse(bare);
    }
    for (DateTimeFormatter formatter : formatters) {
      var position = new ParsePosition(0);
      TemporalAccessor parsed = formatter.parseUnresolved(bare, position);
      if (parsed != null && position.getErrorIndex() < 0 && position.getIndex() == bare.length()) {
        TemporalAccessor resolved = resolved(formatter, bare, hasTime(parsed));
        if (resolved != null) {
          return resolved;
        }
      }
    }
    return null;
  }

  private static boolean hasTime(TemporalAccessor parsed) {
    return Stream.of(ChronoField.values())
        .anyMatch(field -> field.isTimeBased() && parsed.isSupported(field));
  }

  /**
   * What stands there; null for no such day, and for a time that cannot be told, not half of it.
   */
  private static @Nullable TemporalAccessor resolved(
      DateTimeFormatter formatter, String text, boolean hasTime) {
    try {
      if (hasTime) {
        return formatter.parseBest(
            text, ZonedDateTime::from, OffsetDateTime::from, LocalDateTime::from, LocalTime::from);
      }
      TemporalAccessor best = formatter.parseBest(text, LocalDate::from, YearMonth::from);
      return best instanceof YearMonth month ? month.atDay(1) : best;
    } catch (DateTimeException noSuchDay) {
      return null;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DateStep step && toString().equals(step.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return "date(" + patterns + ", " + locale.toLanguageTag() + ", " + zone + ")";
  }
}
