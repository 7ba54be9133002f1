package dev.kintonesync.sync;

import dev.kintonesync.form.Readings;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the assertions of a job need to know of its source, row by row, in constant memory
 * but for columns that must be unique, whose values take 32 bytes each. A row that could not be
 * read counts as a row and has no values. For one thread.
 */
public final class SourceFigures {
  /** So far may the clock of a source be ahead. */
  private static final Duration ASTRAY = Duration.ofHours(1);

  private final List<Tally> tallies = new ArrayList<>();
  private final Instant now;
  private final ZoneId zone;
  private long rows;

  /**
   * Figures of a source of which no row has been read.
   *
   * @param assertions those of a job; the ones about the plan are left out
   * @param columns the columns of the source
   * @param zone the zone of times that have none
   * @param taken told each time that the values seen take more memory: how many bytes more
   * @throws UserErrorException when an assertion names a column that the source does not have
   */
  public SourceFigures(
      List<Assertion> assertions,
      List<String> columns,
      Instant now,
      ZoneId zone,
      LongConsumer taken) {
    this.now = now;
    this.zone = zone;
    for (Assertion assertion : assertions) {
      if (!assertion.subject().isPlanned()) {
        tallies.add(new Tally(assertion, column(assertion, columns), taken));
      }
    }
  }

  /** Databases give back their columns in capitals or not, whatever the job writes. */
  private static @Nullable String column(Assertion assertion, List<String> columns) {
    String named = assertion.column();
    if (named == null || columns.contains(named)) {
      return named;
    }
    var alike = columns.stream().filter(named::equalsIgnoreCase).toList();
    if (alike.size() != 1) {
      throw new UserErrorException(
          MessageCode.ASSERTION_COLUMN_MISSING.with(
              assertion.written(), named, String.join(", ", columns)));
    }
    return alike.get(0);
  }

  /** Takes in a record of the source. */
  public void add(SourceRecord source) {
    if (source.members().isEmpty()) {
      add(source.position(), source.values());
      return;
    }
    for (int row = 0; row < source.members().size(); row++) {
      add(source.place(row), source.members().get(row));
    }
  }

  private void add(Position place, Map<String, @Nullable Object> values) {
    rows++;
    if (!values.isEmpty()) {
      tallies.forEach(tally -> tally.add(place, values));
    }
  }

  /** Returns what became of each assertion about the source. */
  public List<AssertionResult> results() {
    return tallies.stream().map(Tally::result).toList();
  }

  /** What one assertion needs. */
  private final class Tally {
    private final Assertion assertion;
    private final @Nullable String column;
    private final @Nullable SeenKeys seen;
    private final List<UserMessage> examples = new ArrayList<>();
    private long values;
    private long bad;
    private BigDecimal number = BigDecimal.ZERO;
    private @Nullable UserMessage extreme;
    private Readings.@Nullable Moment newest;

    private Tally(Assertion assertion, @Nullable String column, LongConsumer taken) {
      this.assertion = assertion;
      this.column = column;
      this.seen = assertion.expected() instanceof Assertion.Unique ? new SeenKeys(taken) : null;
    }

    private void add(Position place, Map<String, @Nullable Object> row) {
      if (column == null) {
        return;
      }
      Object value = row.get(column);
      boolean blank = Readings.isBlank(value);
      if (assertion.expected() instanceof Assertion.NeverEmpty) {
        fault(blank, place, value);
      }
      if (blank) {
        return;
      }
      values++;
      switch (assertion.subject()) {
        case COLUMN -> fault(!isAllowed(SourceRecord.text(value)), place, value);
        case SUM, MIN, MAX -> number(place, value);
        case NEWEST -> moment(place, value);
        default -> {} // its number is what counts
      }
    }

    private boolean isAllowed(String text) {
      String bare = Blank.strip(text);
      if (assertion.expected() instanceof Assertion.OneOf some) {
        return some.values().contains(bare);
      }
      return seen == null || seen.add(bare);
    }

    private void number(Position place, @Nullable Object value) {
      BigDecimal read = Readings.number(value);
      fault(read == null, place, value);
      if (read == null) {
        return;
      }
      if (assertion.subject() == Assertion.Subject.SUM) {
        number = number.add(read);
        return;
      }
      int least = assertion.subject() == Assertion.Subject.MAX ? 1 : -1;
      if (extreme == null || read.compareTo(number) * least > 0) {
        number = read;
        extreme = example(place, value);
      }
    }

    private void moment(Position place, @Nullable Object value) {
      var read = Readings.moment(value, zone);
      fault(read == null || read.from().isAfter(now.plus(ASTRAY)), place, value);
      if (read != null && (newest == null || read.to().isAfter(newest.to()))) {
        newest = read;
        extreme = example(place, value);
      }
    }

    private void fault(boolean isOne, Position place, @Nullable Object value) {
      if (!isOne) {
        return;
      }
      bad++;
      if (examples.size() < AssertionResult.EXAMPLES) {
        examples.add(example(place, value));
      }
    }

    private UserMessage example(Position place, @Nullable Object value) {
      return Readings.isBlank(value)
          ? place.asMessage()
          : MessageCode.ASSERTION_EXAMPLE.with(place.asMessage(), Readings.excerpt(value));
    }

    private AssertionResult result() {
      return switch (assertion.subject()) {
        case ROWS -> ranged(BigDecimal.valueOf(rows));
        case COUNT -> ranged(BigDecimal.valueOf(values));
        case SUM, MIN, MAX ->
            bad > 0
                ? failed(MessageCode.ASSERTION_NO_NUMBERS.with(bad))
                : values == 0 && assertion.subject() != Assertion.Subject.SUM
                    ? failed(MessageCode.ASSERTION_NO_VALUES.with())
                    : ranged(number);
        case NEWEST -> ofNewest();
        default -> ofColumn();
      };
    }

    private AssertionResult ranged(BigDecimal figure) {
      boolean holds = ((Assertion.Range) assertion.expected()).holds(figure);
      return new AssertionResult(
          assertion,
          holds,
          MessageCode.ASSERTION_FIGURE.with(figure.toPlainString()),
          extreme == null ? List.of() : List.of(extreme));
    }

    private AssertionResult ofNewest() {
      if (bad > 0) {
        return failed(MessageCode.ASSERTION_NO_TIMES.with(bad));
      }
      if (newest == null || extreme == null) {
        return failed(MessageCode.ASSERTION_NO_VALUES.with());
      }
      var within = (Assertion.Within) assertion.expected();
      return new AssertionResult(
          assertion, !newest.to().isBefore(now.minus(within.age())), extreme, List.of());
    }

    private AssertionResult ofColumn() {
      var found =
          seen != null
              ? MessageCode.ASSERTION_DOUBLE
              : assertion.expected() instanceof Assertion.OneOf
                  ? MessageCode.ASSERTION_OTHER
                  : MessageCode.ASSERTION_EMPTY;
      return bad == 0
          ? new AssertionResult(
              assertion, true, MessageCode.ASSERTION_VALUES.with(values), List.of())
          : failed(found.with(bad));
    }

    private AssertionResult failed(UserMessage found) {
      return new AssertionResult(assertion, false, found, examples);
    }
  }
}
