package dev.kintonesync.source.text;

import dev.kintonesync.message.Blank;
import dev.kintonesync.source.Expected;
import dev.kintonesync.source.SourceOptions;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the column by which Kintone's own export tells where a record begins, whatever it is called
 * in the language of who exported: the first column, which belongs to no field, has {@code *} in
 * the first row and nothing else but blanks, and below a {@code *} nothing changes but the cells of
 * tables. Such a file could not be read in any other way.
 */
final class StarColumn {

  /** What cli-kintone calls the column, and what stands in its cells. */
  static final String NAME = "*";

  private static final Set<String> CELLS = Set.of(NAME, "");

  private final Expected expected;
  private final List<String> columns;
  private List<String> begun = List.of();

  private StarColumn(Expected expected, List<String> columns) {
    this.expected = expected;
    this.columns = columns;
  }

  /**
   * Whether the first column of a table is such a one.
   *
   * @param rows the table, which is read again from its beginning where its header leaves it open
   * @param header the row that names the columns
   */
  static boolean isFirst(TextRows rows, TextRow header, SourceOptions options) throws IOException {
    var star = new StarColumn(options.expected(), header.fields());
    if (!star.isPossible(options)) {
      return false;
    }
    try (TextRows all = rows.again()) {
      return star.isIn(all, header.line(), options.skipRows());
    }
  }

  private boolean isPossible(SourceOptions options) {
    String name = columns.get(0);
    return options.groupBy() == null
        && !Blank.is(name)
        && !columns.contains(NAME)
        && !expected.knows(name)
        && columns.stream().skip(1).anyMatch(expected::isCell);
  }

  private boolean isIn(TextRows rows, long header, int skipped) throws IOException {
    int above = skipped;
    for (TextRow row = rows.next(); row != null; row = rows.next()) {
      boolean data = row.line() > header && row.problem() == null && !isHeader(row);
      if (data && above > 0) {
        above--;
      } else if (data && !fits(row.fields())) {
        return false;
      }
    }
    return !begun.isEmpty();
  }

  /** Of files that were put together. */
  private boolean isHeader(TextRow row) {
    return row.fields().equals(columns);
  }

  private boolean fits(List<String> row) {
    String mark = Blank.strip(row.get(0));
    if (mark.equals(NAME)) {
      begun = row;
      return true;
    }
    if (row.stream().allMatch(Blank::is)) {
      return true;
    }
    return CELLS.contains(mark) && !begun.isEmpty() && goesOn(row);
  }

  /** Whether a row below a star says nothing of its record that the row with the star does not. */
  private boolean goesOn(List<String> row) {
    for (int i = 1; i < row.size() && i < columns.size(); i++) {
      String value = row.get(i);
      if (!Blank.is(value) && !value.equals(cell(begun, i)) && !expected.isCell(columns.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String cell(List<String> row, int at) {
    return at < row.size() ? row.get(at) : null;
  }
}
