package dev.kintonesync.sync;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a job asserts of its source, or of what a run would do. A run of which it does not hold
 * stops before its first write.
 *
 * @param written as the job says it
 * @param subject what is counted or looked at
 * @param column the column that is looked at; null where there is none
 * @param expected what must be true of it
 */
public record Assertion(
    String written, Subject subject, @Nullable String column, Expected expected) {

  /** What an assertion is about. */
  public enum Subject {
    /** The number of rows of the source. */
    ROWS(false),
    /** The sum of the numbers of a column. */
    SUM(false),
    /** The least number of a column. */
    MIN(false),
    /** The greatest number of a column. */
    MAX(false),
    /** The number of rows that have a value in a column. */
    COUNT(false),
    /** The latest date or time of a column. */
    NEWEST(false),
    /** Every value of a column. */
    COLUMN(false),
    /** The number of records that would be added. */
    INSERTED(true),
    /** The number of records that would be updated. */
    UPDATED(true),
    /** The number of records that would be removed. */
    REMOVED(true),
    /** The number of values that would be cleared. */
    CLEARED(true),
    /** The number of rows that would be rejected. */
    REJECTED(true);

    private final boolean planned;

    Subject(boolean planned) {
      this.planned = planned;
    }

    /** Whether only a plan of the whole run can tell. */
    public boolean isPlanned() {
      return planned;
    }

    /** As it is written in properties. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What must be true. */
  public sealed interface Expected {}

  /**
   * A number within limits.
   *
   * @param least the least one; null: there is none
   * @param most the greatest one; null: there is none
   * @param inclusive whether the limits themselves are allowed
   */
  public record Range(@Nullable BigDecimal least, @Nullable BigDecimal most, boolean inclusive)
      implements Expected {

    /** Whether a number lies within the limits. */
    public boolean holds(BigDecimal number) {
      int smallest = inclusive ? 0 : 1;
      return (least == null || number.compareTo(least) >= smallest)
          && (most == null || most.compareTo(number) >= smallest);
    }
  }

  /**
   * A time that is not long ago.
   *
   * @param age how long ago at the most
   */
  public record Within(Duration age) implements Expected {}

  /** No value is empty. */
  public record NeverEmpty() implements Expected {}

  /** No value is there twice. */
  public record Unique() implements Expected {}

  /**
   * Every value that is not empty is one of these.
   *
   * @param values the allowed ones
   */
  public record OneOf(Set<String> values) implements Expected {
    public OneOf {
      values = Set.copyOf(values);
    }
  }
}
