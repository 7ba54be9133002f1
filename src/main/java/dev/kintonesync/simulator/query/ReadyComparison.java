package dev.kintonesync.simulator.query;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A comparison made ready.
 *
 * @param table the table whose rows hold the field, or null when the record itself does
 * @param negative whether every row of the table must pass, not just one
 * @param row what a record or row must pass
 * @param lookup the values of which the field must have one, when the comparison says so
 * @param ids the record numbers that can pass
 */
record ReadyComparison(
    @Nullable String table,
    boolean negative,
    Predicate<QueryRow> row,
    @Nullable KeyLookup lookup,
    IdRange ids) {

  /** A condition that Kintone leaves out. */
  static final ReadyComparison IGNORED =
      new ReadyComparison(null, false, row -> true, null, IdRange.ALL);

  /** A test of which no index knows anything, turned around for an operator with a {@code not}. */
  static ReadyComparison of(QueryField field, Operator operator, Predicate<QueryRow> positive) {
    boolean negative = operator.negative();
    return new ReadyComparison(
        field.table(), negative, negative ? positive.negate() : positive, null, IdRange.ALL);
  }

  ReadyComparison withLookup(KeyLookup values) {
    return new ReadyComparison(table, negative, row, values, ids);
  }

  ReadyComparison withIds(IdRange range) {
    return new ReadyComparison(table, negative, row, lookup, range);
  }

  /** The test of a record on its own. A record whose table has no rows passes neither way. */
  Predicate<QueryRecord> ofRecord() {
    if (table == null) {
      return row::test;
    }
    if (negative) {
      return candidate ->
          !candidate.rows(table).isEmpty() && candidate.rows(table).stream().allMatch(row);
    }
    return candidate -> candidate.rows(table).stream().anyMatch(row);
  }
}
