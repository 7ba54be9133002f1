package dev.kintonesync.source.database;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.SourceRecord;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows page by page in the order of the checkpoint and the unique column. Each page begins behind
 * the last row of the one before, by its values: rows that come or go meanwhile shift nothing.
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
    var before = last;
    if (before != null) {
      behind(before, where, values);
    }
    // one row more than is handed out: two rows that cannot be told apart may lie on the border
    var rows = pages.read(shape.first(pageSize + 1, where, order), values);
    for (var row : rows) {
      if (before != null && isSamePlace(before, row)) {
        throw new UserErrorException(
            MessageCode.UNIQUE_COLUMN_TWICE.with(
                unique.name(), SourceRecord.text(value(row, unique))));
      }
      before = row;
    }
    ended = rows.size() <= pageSize;
    page.addAll(ended ? rows : rows.subList(0, pageSize));
    last = page.peekLast();
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

  private boolean isSamePlace(List<@Nullable Object> one, List<@Nullable Object> other) {
    return order.stream().allMatch(column -> isSame(value(one, column), value(other, column)));
  }

  private static boolean isSame(@Nullable Object one, @Nullable Object other) {
    if (one instanceof BigDecimal number && other instanceof BigDecimal same) {
      return number.compareTo(same) == 0;
    }
    return Objects.equals(one, other);
  }

  private static @Nullable Object value(List<@Nullable Object> row, QueryShape.Column column) {
    return row.get(column.index());
  }

  private static Object required(List<@Nullable Object> row, QueryShape.Column column) {
    Object value = value(row, column);
    if (value == null || value instanceof DatabaseRow.Unreadable) {
      throw new UserErrorException(MessageCode.UNIQUE_COLUMN_EMPTY.with(column.name()));
    }
    return value;
  }
}
