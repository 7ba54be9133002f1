package dev.kintonesync.corpus;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of one sheet, list or file as another library reads them. Blank rows and the empty cells
 * at the end of a row are none.
 *
 * @param byLine whether rows are counted as in the file; otherwise as they come, from 1
 */
record OtherRows(boolean byLine, Map<Long, Row> rows) {

  /**
   * One row.
   *
   * @param cells its cells; of JSON, the object alone
   * @param faulty whether a cell has an error, or no value that was computed
   */
  record Row(List<?> cells, boolean faulty) {}

  OtherRows(boolean byLine) {
    this(byLine, new TreeMap<>());
  }

  void add(long at, List<?> cells, boolean faulty) {
    List<?> trimmed = trimmed(cells);
    if (!trimmed.isEmpty()) {
      rows.put(byLine ? at : rows.size() + 1L, new Row(trimmed, faulty));
    }
  }

  /** The cells up to the last one that has something in it. */
  static List<?> trimmed(List<?> cells) {
    int end = cells.size();
    while (end > 0 && "".equals(cells.get(end - 1))) {
      end--;
    }
    return cells.subList(0, end);
  }
}
