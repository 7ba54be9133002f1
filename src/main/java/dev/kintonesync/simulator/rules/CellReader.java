package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a value as a client writes it into a cell. What cannot be read becomes a problem and an
 * empty cell; a value of the wrong JSON type is {@code CB_IJ01}. Tables and files are not read
 * here.
 */
final class CellReader {
  private static final Pattern SCRIPT =
      Pattern.compile("<script\\b.*?(?:</script>|\\z)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?");
  private static final Pattern DATE =
      Pattern.compile("([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?");
  private static final Pattern TIME =
      Pattern.compile("([0-9]{1,2}):([0-9]{1,2})(?::[0-9]{1,2}(?:\\.[0-9]+)?)?");
  private static final Pattern DATETIME =
      Pattern.compile(
          "([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})T([0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2}(?:\\.[0-9]+)?)?)"
              + "(Z|[+-][0-9]{2}:?[0-9]{2})");

  private final Domain domain;
  private final Problems problems;

  CellReader(Domain domain, Problems problems) {
    this.domain = domain;
    this.problems = problems;
  }

  /**
   * The cell a value stands for; null when it is empty or cannot be read.
   *
   * @param inTable whether the field is in a table, where Kintone swallows what is no number
   */
  @Nullable Object read(FormField field, JsonNode value, ErrorPath place, boolean inTable) {
    return switch (field.type().shape()) {
      case TEXT ->
          field.type() == FieldType.RICH_TEXT && domain.settings().rewriteRichText()
              ? emptyAsNull(rewritten(text(value)))
              : emptyAsNull(text(value));
      case CHOICE -> emptyAsNull(text(value));
      case NUMBER -> number(field, text(value), place, inTable);
      case CHOICES -> texts(value);
      case DATE -> date(field, text(value), place);
      case TIME -> time(field, text(value), place);
      case DATETIME -> dateTime(field, text(value), place);
      case ENTITIES -> entities(field, value);
      case FILES, TABLE, COMPUTED, SYSTEM, PROCESS, LAYOUT ->
          throw new IllegalArgumentException(field.toString());
    };
  }

  /** Other HTML that says the same; what was rewritten once stays as it is. */
  private static @Nullable String rewritten(@Nullable String html) {
    if (html == null || html.isEmpty()) {
      return html;
    }
    String harmless = SCRIPT.matcher(html).replaceAll("");
    boolean done = harmless.startsWith("<div>") && harmless.endsWith("</div>");
    return done ? harmless : "<div>" + harmless + "</div>";
  }

  private static @Nullable String emptyAsNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  /** A scalar as text; null when it is missing. */
  static @Nullable String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isValueNode()) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    return value.asText();
  }

  private @Nullable BigDecimal number(
      FormField field, @Nullable String text, ErrorPath place, boolean inTable) {
    String trimmed = text == null ? "" : text.strip();
    if (trimmed.isEmpty()) {
      return null;
    }
    BigDecimal number = parseNumber(trimmed);
    if (number == null && !inTable) {
      problems.add(place.unreadable(field.code()), FieldError.NOT_A_NUMBER);
    }
    return number;
  }

  /** The decimal a text stands for, or null. Exponents are bounded, so that none explodes. */
  static @Nullable BigDecimal parseNumber(String text) {
    return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  private static @Nullable List<String> texts(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isArray()) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode element : value) {
      String text = text(element);
      if (text != null && !text.isEmpty()) {
        texts.add(text);
      }
    }
    return texts.isEmpty() ? null : List.copyOf(texts);
  }

  private @Nullable List<String> entities(FormField field, JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isArray()) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    List<String> codes = new ArrayList<>();
    for (JsonNode element : value) {
      String code = text(element.path("code"));
      if (!element.isObject() || code == null) {
        throw ErrorCode.CB_IJ01.refuse();
      }
      if (!codes.contains(code)) {
        codes.add(existing(field, code));
      }
    }
    return codes.isEmpty() ? null : List.copyOf(codes);
  }

  private String existing(FormField field, String code) {
    Directory directory = domain.directory();
    return switch (field.type()) {
      case ORGANIZATION_SELECT ->
          known(directory, Directory.Kind.ORGANIZATION, code, ErrorCode.GAIA_IL28);
      case GROUP_SELECT -> known(directory, Directory.Kind.GROUP, code, ErrorCode.GAIA_IL27);
      default -> known(directory, Directory.Kind.USER, code, ErrorCode.GAIA_IL26);
    };
  }

  private static String known(
      Directory directory, Directory.Kind kind, String code, ErrorCode otherwise) {
    if (directory.name(kind, code) == null) {
      throw otherwise.refuse(code);
    }
    return code;
  }

  private @Nullable LocalDate date(FormField field, @Nullable String text, ErrorPath place) {
    if (text == null || text.isBlank()) {
      return null;
    }
    LocalDate date = parseDate(text.strip());
    if (date == null) {
      problems.add(place.value(field.code()), FieldError.NOT_A_DATE);
    }
    return date;
  }

  /** {@code YYYY}, {@code YYYY-M} or {@code YYYY-M-D} of the years 1000 to 9999, or null. */
  static @Nullable LocalDate parseDate(String text) {
    Matcher matcher = DATE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    try {
      LocalDate date =
          LocalDate.of(part(matcher.group(1)), part(matcher.group(2)), part(matcher.group(3)));
      return date.getYear() < 1000 ? null : date;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static int part(@Nullable String digits) {
    return digits == null ? 1 : Integer.parseInt(digits);
  }

  private @Nullable LocalTime time(FormField field, @Nullable String text, ErrorPath place) {
    if (text == null || text.isBlank()) {
      return null;
    }
    LocalTime time = parseTime(text.strip());
    if (time == null) {
      problems.add(place.value(field.code()), FieldError.NOT_A_TIME);
    }
    return time;
  }

  static @Nullable LocalTime parseTime(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    try {
      return LocalTime.of(part(matcher.group(1)), part(matcher.group(2)));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private @Nullable Instant dateTime(FormField field, @Nullable String text, ErrorPath place) {
    if (text == null || text.isBlank()) {
      return null;
    }
    Instant instant = parseInstant(text.strip());
    if (instant == null) {
      problems.add(place.value(field.code()), FieldError.NOT_A_DATETIME);
    }
    return instant;
  }

  /** An instant to the minute; a date alone is its midnight in UTC; null when it is neither. */
  static @Nullable Instant parseInstant(String text) {
    Matcher matcher = DATETIME.matcher(text);
    LocalDate date = parseDate(matcher.matches() ? matcher.group(1) : text);
    if (date == null) {
      return null;
    }
    if (!matcher.matches()) {
      return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    LocalTime time = parseTime(matcher.group(2));
    try {
      return time == null
          ? null
          : OffsetDateTime.of(date, time, ZoneOffset.of(matcher.group(3)))
              .toInstant()
              .truncatedTo(ChronoUnit.MINUTES);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
