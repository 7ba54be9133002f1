package dev.kintonesync.source.database;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.SourceRecord;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.temporal.Temporal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows page by page in the order of the checkpoint and the unique column. Each page begins behind
 * the last row of the one before, by its values: rows that come or go meanwhile shift nothing. What
 * would leave rows out between two pages is noticed, and ends the reading.
 */
final class SeekedRows implements Iterator<List<@Nullable Object>> {
  private final QueryShape shape;
  private final int pageSize;
  private final DatabaseSource.Pages pages;
  private final List<String> conditions;
  private final List<Object> parameters;
  private final QueryShape.Column unique;
  private final List<QueryShape.Column> order;
  private final Deque<List<@Nullable Object>> page = new ArrayDeque<>();

  /** Where the rows of the page lie that was read last, and the one before them. */
  private final Set<List<@Nullable Object>> places = new HashSet<>();

  private @Nullable List<@Nullable Object> last;
  private boolean ended;

  /** The rows for which the conditions hold, whose question marks the parameters fill. */
  SeekedRows(
      QueryShape shape,
      int pageSize,
      DatabaseSource.Pages pages,
      List<String> conditions,
      List<Object> parameters) {
    this.shape = shape;
    this.pageSize = pageSize;
    this.pages = pages;
    this.conditions = conditions;
    this.parameters = parameters;
    this.unique = Objects.requireNonNull(shape.unique());
    this.order =
        Stream.concat(Optional.ofNullable(shape.checkpoint()).stream(), Stream.of(unique)).toList();
  }

  @Override
  public boolean hasNext() {
    if (page.isEmpty() && !ended) {
      turn();
    }
    return !page.isEmpty();
  }

  @Override
  public List<@Nullable Object> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.remove();
  }

  private void turn() {
    var where = new ArrayList<>(conditions);
    var values = new ArrayList<>(parameters);
    var end = last;
    if (end != null) {
      behind(end, where, values);
    }
    // one row more than is handed out: two rows that cannot be told apart may lie on the border
    var rows = pages.read(shape.first(pageSize + 1, where, order), values);
    var before = end == null ? null : place(end);
    for (var row : rows) {
      var place = place(row);
      if (place.equals(before)) {
        throw twice(row);
      }
      before = place;
    }
    if (!rows.isEmpty() && places.contains(place(rows.get(0)))) {
      throw inAnotherOrder(rows.get(0));
    }
    ended = rows.size() <= pageSize;
    page.addAll(ended ? rows : rows.subList(0, pageSize));
    places.clear();
    if (end != null) {
      places.add(place(end));
    }
    page.forEach(row -> places.add(place(row)));
    last = page.peekLast();
    if (!ended) {
      prove(page.getLast());
    }
  }

  /** What holds for the rows behind another one. */
  private void behind(List<@Nullable Object> row, List<String> where, List<Object> values) {
    String beyond = unique.quoted() + " > " + unique.parameter();
    var checkpoint = shape.checkpoint();
    if (checkpoint == null) {
      where.add(beyond);
    } else {
      // the first of the two is what an index can be entered by
      String column = checkpoint.quoted();
      where.add(column + " >= " + checkpoint.parameter());
      where.add("(" + column + " > " + checkpoint.parameter() + " OR " + beyond + ")");
      values.add(required(row, checkpoint));
      values.add(required(row, checkpoint));
    }
    values.add(required(row, unique));
  }

  /** What holds for all other rows, that one among them. */
  private void notBehind(List<@Nullable Object> row, List<String> where, List<Object> values) {
    String within = "NOT (" + unique.quoted() + " > " + unique.parameter() + ")";
    var checkpoint = shape.checkpoint();
    if (checkpoint == null) {
      where.add(within);
    } else {
      String column = checkpoint.quoted();
      where.add(column + " <= " + checkpoint.parameter());
      where.add("(" + column + " < " + checkpoint.parameter() + " OR " + within + ")");
      values.add(required(row, checkpoint));
      values.add(required(row, checkpoint));
    }
    values.add(required(row, unique));
  }

  /**
   * Has the database prove that the next page leaves nothing out: of all rows that are not behind
   * the end of this page, it must name the end as the last. It names another one where it sorts in
   * another way than it compares, and two where it takes values for the same that are not so to us.
   */
  private void prove(List<@Nullable Object> end) {
    var place = place(end);
    if (place.stream().allMatch(SeekedRows::isOrderedByNature)) {
      return;
    }
    var where = new ArrayList<>(conditions);
    var values = new ArrayList<Object>();
    values.add(required(end, unique));
    values.addAll(parameters);
    notBehind(end, where, values);
    String same = "NOT (" + unique.quoted() + " < " + unique.parameter() + ")";
    var rows = pages.read(shape.lastTwo(where, order, same), values);
    if (rows.size() == 2 && rows.stream().allMatch(row -> isTwin(row, place))) {
      throw twice(end);
    }
    // a row may have gone in the meantime, then the one before it is the last
    if (!rows.isEmpty() && !places.contains(normal(rows.get(0).subList(0, order.size())))) {
      throw inAnotherOrder(end);
    }
  }

  /** Whether a row of the proof has the checkpoint of a place, and to the database its value. */
  private boolean isTwin(List<@Nullable Object> row, List<@Nullable Object> place) {
    int unique = order.size() - 1;
    boolean same = row.get(order.size()) instanceof BigDecimal mark && mark.signum() > 0;
    return same && normal(row.subList(0, unique)).equals(place.subList(0, unique));
  }

  /** Numbers and times, which all databases sort as they compare them. */
  private static boolean isOrderedByNature(@Nullable Object value) {
    return value instanceof BigDecimal || value instanceof Temporal;
  }

  /** By what a row is told from all others. */
  private List<@Nullable Object> place(List<@Nullable Object> row) {
    var place = new ArrayList<@Nullable Object>(order.size());
    order.forEach(column -> place.add(row.get(column.index())));
    return normal(place);
  }

  /** The same list for the same numbers and moments, however they are written. */
  private static List<@Nullable Object> normal(List<@Nullable Object> values) {
    var normal = new ArrayList<@Nullable Object>(values.size());
    for (Object value : values) {
      normal.add(
          value instanceof BigDecimal number
              ? number.stripTrailingZeros()
              : value instanceof OffsetDateTime moment ? moment.toInstant() : value);
    }
    return normal;
  }

  private UserErrorException twice(List<@Nullable Object> row) {
    return new UserErrorException(
        MessageCode.UNIQUE_COLUMN_TWICE.with(
            unique.name(), SourceRecord.text(row.get(unique.index()))));
  }

  private UserErrorException inAnotherOrder(List<@Nullable Object> row) {
    return new UserErrorException(
        MessageCode.UNIQUE_COLUMN_ORDER.with(
            unique.name(), unique.type(), SourceRecord.text(row.get(unique.index()))));
  }

  private static Object required(List<@Nullable Object> row, QueryShape.Column column) {
    Object value = row.get(column.index());
    if (value == null || value instanceof DatabaseRow.Unreadable) {
      throw new UserErrorException(MessageCode.UNIQUE_COLUMN_EMPTY.with(column.name()));
    }
    return value;
  }
}
