package dev.kintonesync.source;

import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.text.MalformedBytes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One record of a source as it was read, a row or several, not yet mapped to fields.
 *
 * @param position where it begins
 * @param values column to value of its first row, in the order of the columns; text formats give
 *     Strings, an empty cell is the empty String. A number of a workbook is the String of its
 *     digits, never with an exponent (what has one there was text), or a {@link CellNumber}. Empty
 *     when there is a problem: what stands under which column is then not known
 * @param rows the rows it was read from, each with exactly its own fields, for the rejects file.
 *     Bytes that are not in the encoding are kept in them as {@link MalformedBytes}
 * @param problem why this can never become a record, or null when it was read well
 * @param ref what stood in {@code _ref} when the record came back in a rejects file; empty where
 *     somebody has emptied it or the file has no such column; null: it did not come back
 * @param earlierError what stood in {@code _error} when the record came back in a rejects file, or
 *     null
 * @param members the values of each row of a record that is made of several rows, the first one's
 *     among them; empty where each row is a record
 * @param places where each row of a record that is made of several rows begins; empty where each
 *     row is a record
 * @param problemRow the index of the row that the problem is about
 */
public record SourceRecord(
    Position position,
    Map<String, @Nullable Object> values,
    List<List<String>> rows,
    @Nullable UserMessage problem,
    @Nullable String ref,
    @Nullable String earlierError,
    List<Map<String, @Nullable Object>> members,
    List<Position> places,
    int problemRow) {

  /** A record of one row. */
  public SourceRecord(
      Position position,
      Map<String, @Nullable Object> values,
      List<List<String>> rows,
      @Nullable UserMessage problem,
      @Nullable String ref,
      @Nullable String earlierError) {
    this(position, values, rows, problem, ref, earlierError, List.of(), List.of(), 0);
  }

  /** A record that does not come from a rejects file. */
  public SourceRecord(
      Position position,
      Map<String, @Nullable Object> values,
      List<List<String>> rows,
      @Nullable UserMessage problem) {
    this(position, values, rows, problem, null, null);
  }

  /** Where one of its rows begins. */
  public Position place(int row) {
    return row < places.size() ? places.get(row) : position;
  }

  /** Roughly how much it holds, in characters: what closes a batch before it grows too large. */
  public long size() {
    long size = 0;
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) { // without an iterator for every row
        size += row.get(i).length() + 1;
      }
    }
    return size;
  }

  /**
   * A value as text, for people, for the rejects file and for later runs: a list has one member on
   * each line.
   */
  public static String text(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(SourceRecord::text).collect(Collectors.joining("\n"));
    }
    if (value instanceof BigDecimal number) {
      return Shown.number(number);
    }
    Object shown = Infinity.asText(value);
    return shown == null ? "" : shown.toString();
  }
}
