package dev.kintonesync.simulator.query;

import dev.kintonesync.simulator.query.Operand.Call;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What operands mean for a field's kind, and the form in which stored values of that kind compare:
 * numbers without trailing zeros, times and instants to the minute.
 */
final class Literals {

  private static final int MAX_NUMBER_LENGTH = 200;
  private static final Duration LAST_MINUTE_OF_DAY = Duration.ofMinutes(1);
  private static final Pattern RECORD_NUMBER = Pattern.compile("(?:(.+)-)?([0-9]{1,18})");
  private static final Pattern DATE =
      Pattern.compile("([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?");
  private static final DateTimeFormatter DATETIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm[:ss[.SSS]][XXX][XX]");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:m[:ss]");

  private final QuerySchema schema;
  private final Viewer viewer;
  private final Periods periods;

  Literals(QuerySchema schema, Viewer viewer) {
    this.schema = schema;
    this.viewer = viewer;
    this.periods = new Periods(viewer);
  }

  /** The form in which a stored value of the kind compares with spans and keys. */
  Object comparable(FieldKind kind, Object value) {
    return switch (kind) {
      case NUMBER, CALC -> ((BigDecimal) value).stripTrailingZeros();
      case TIME -> ((LocalTime) value).truncatedTo(ChronoUnit.MINUTES);
      case DATETIME, CREATED_TIME, UPDATED_TIME -> minute((Instant) value);
      case SINGLE_LINE_TEXT, LINK -> schema.folded((String) value);
      default -> value;
    };
  }

  /** Whether an operand does not count: the primary organisation of a user who has none. */
  boolean isIgnored(FieldKind kind, Operand operand) {
    return kind == FieldKind.ORGANIZATION_SELECT
        && viewer.organization() == null
        && isCall(operand, QueryFunction.PRIMARY_ORGANIZATION);
  }

  /**
   * What an operand that counts and is not {@code ""} stands for.
   *
   * @throws QueryException when it cannot be a value of that kind
   */
  Span span(FieldKind kind, Operand operand) {
    return switch (kind) {
      case ID, RECORD_NUMBER -> Span.of(recordNumber(kind, text(operand)));
      case NUMBER, CALC -> Span.of(number(text(operand)));
      case DATE -> operand instanceof Call call ? days(call) : Span.of(date(text(operand)));
      case TIME -> Span.of(time(text(operand)));
      case DATETIME, CREATED_TIME, UPDATED_TIME ->
          operand instanceof Call call ? instants(call) : Span.of(instant(text(operand)));
      case USER_SELECT, CREATOR, MODIFIER, STATUS_ASSIGNEE ->
          Span.of(isCall(operand, QueryFunction.LOGINUSER) ? viewer.user() : text(operand));
      case ORGANIZATION_SELECT ->
          viewer.organization() != null && isCall(operand, QueryFunction.PRIMARY_ORGANIZATION)
              ? Span.of(viewer.organization())
              : Span.of(text(operand));
      case SINGLE_LINE_TEXT, LINK -> Span.of(schema.folded(text(operand)));
      default -> Span.of(text(operand));
    };
  }

  /** The text of a literal, quoted or bare. */
  static String text(Operand operand) {
    if (operand instanceof Operand.Text text) {
      return text.value();
    }
    if (operand instanceof Operand.Figure figure) {
      return figure.value();
    }
    throw QueryException.invalid(operand + " cannot stand here");
  }

  private static boolean isCall(Operand operand, QueryFunction function) {
    if (!(operand instanceof Call call) || call.function() != function) {
      return false;
    }
    if (!call.arguments().isEmpty()) {
      throw QueryException.invalid(function + " takes no arguments");
    }
    return true;
  }

  private long recordNumber(FieldKind kind, String text) {
    Matcher matcher = RECORD_NUMBER.matcher(text);
    if (matcher.matches()) {
      String appCode = matcher.group(1);
      boolean ours =
          appCode == null || (kind == FieldKind.RECORD_NUMBER && appCode.equals(schema.appCode()));
      if (ours) {
        return Long.parseLong(matcher.group(2));
      }
    }
    throw QueryException.invalid("no record number of this app: " + text);
  }

  private static BigDecimal number(String text) {
    try {
      if (text.length() <= MAX_NUMBER_LENGTH) {
        return new BigDecimal(text.strip()).stripTrailingZeros();
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // refused below
    }
    throw QueryException.invalid("no number: " + text);
  }

  private static LocalDate date(String text) {
    Matcher matcher = DATE.matcher(text);
    if (matcher.matches()) {
      try {
        return LocalDate.of(
            Integer.parseInt(matcher.group(1)),
            matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2)),
            matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3)));
      } catch (DateTimeException e) {
        // refused below
      }
    }
    throw QueryException.invalid("no date: " + text);
  }

  private static LocalTime time(String text) {
    try {
      return LocalTime.parse(text, TIME).truncatedTo(ChronoUnit.MINUTES);
    } catch (DateTimeException e) {
      throw QueryException.invalid("no time: " + text);
    }
  }

  private static Instant instant(String text) {
    if (DATE.matcher(text).matches()) {
      return date(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    try {
      return minute(OffsetDateTime.parse(text, DATETIME).toInstant());
    } catch (DateTimeException e) {
      throw QueryException.invalid("no datetime: " + text);
    }
  }

  private Span days(Call call) {
    Periods.Days days = periods.of(call);
    return Span.of(days.first(), days.last());
  }

  private Span instants(Call call) {
    if (isCall(call, QueryFunction.NOW)) {
      return Span.of(minute(viewer.now()));
    }
    Periods.Days days = periods.of(call);
    Instant first = days.first().atStartOfDay(viewer.zone()).toInstant();
    Instant next = days.last().plusDays(1).atStartOfDay(viewer.zone()).toInstant();
    return Span.of(first, next.minus(LAST_MINUTE_OF_DAY));
  }

  private static Instant minute(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MINUTES);
  }
}
