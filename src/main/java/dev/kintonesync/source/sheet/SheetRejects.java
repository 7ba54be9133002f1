package dev.kintonesync.source.sheet;

import dev.kintonesync.source.CellNumber;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.RejectRows;
import dev.kintonesync.source.text.DelimitedRejects;
import dev.kintonesync.source.text.TextCell;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/**
 * Rejects as a workbook: every cell is text, so that Excel leaves leading zeros and dates alone,
 * but for numbers that are shown with text around them, which are such numbers again. The cell at
 * fault is red and has the reason as a comment.
 */
public final class SheetRejects implements RejectRows {

  // Comments are kept in memory until the end; the reason stands in _error of every row.
  private static final int MOST_COMMENTS = 10_000;
  private static final int LONGEST_CELL = 32_767;
  private static final int LONGEST_COMMENT = 1000;
  private static final int ROWS_HELD = 500;
  private static final int CELLS_HELD = 50_000;
  private static final String RED = "FFC7CE";
  private static final String AS_TEXT = "@";

  private final FileOutputStream out;
  private final BufferedOutputStream buffered;
  private final Workbook workbook;
  private final Worksheet sheet;
  private final List<String> columns;
  private int row;
  private int comments;
  private int cellsHeld;

  /** Begins the workbook with a sheet of this name, and writes the header. */
  public SheetRejects(Path file, List<String> columns, String name) throws IOException {
    this.columns = columns;
    this.out = new FileOutputStream(file.toFile());
    this.buffered = new BufferedOutputStream(out, 1 << 16);
    this.workbook = new Workbook(buffered, "kintone-sync", "1.0");
    this.sheet = workbook.newWorksheet(name);
    for (int i = 0; i < columns.size(); i++) {
      cell(i, columns.get(i));
    }
    cell(columns.size(), HeaderColumns.ERROR);
    cell(columns.size() + 1, HeaderColumns.REF);
    row = 1;
  }

  private void cell(int column, String text) {
    sheet.inlineString(row, column, cut(TextCell.inSheet(text), LONGEST_CELL));
    sheet.style(row, column).format(AS_TEXT).set();
  }

  @Override
  public void write(
      List<String> own,
      Map<String, @Nullable Object> values,
      boolean readable,
      String error,
      String ref,
      @Nullable String column)
      throws IOException {
    List<String> cells = fitting(DelimitedRejects.laidOut(columns, own, error, ref));
    for (int i = 0; i < cells.size(); i++) {
      if (i < columns.size() && values.get(columns.get(i)) instanceof CellNumber number) {
        sheet.value(row, i, number.value());
        sheet.style(row, i).format(number.format()).set();
      } else {
        cell(i, cells.get(i));
      }
    }
    if (!error.isEmpty()) {
      int at = column == null ? -1 : columns.indexOf(column);
      boolean number = at >= 0 && values.get(columns.get(at)) instanceof CellNumber;
      mark(at < 0 ? columns.size() : at, error, !number);
    }
    row++;
    cellsHeld += cells.size();
    if (row % ROWS_HELD == 0 || cellsHeld > CELLS_HELD) {
      cellsHeld = 0;
      sheet.flush();
    }
  }

  /**
   * The cells of a row that a sheet has room for: of its surplus, which stands to the right, empty
   * cells are left out and the last ones put together, as far as needed.
   */
  private List<String> fitting(List<String> cells) {
    if (cells.size() <= HeaderColumns.MOST_IN_SHEET) {
      return cells;
    }
    int own = columns.size() + 2;
    var fitting = new ArrayList<>(cells.subList(0, own));
    cells.subList(own, cells.size()).stream().filter(cell -> !cell.isEmpty()).forEach(fitting::add);
    if (fitting.size() > HeaderColumns.MOST_IN_SHEET) {
      var last = fitting.subList(HeaderColumns.MOST_IN_SHEET - 1, fitting.size());
      String together = String.join(" ", last);
      last.clear();
      fitting.add(together);
    }
    return fitting;
  }

  private void mark(int column, String error, boolean text) {
    var style = sheet.style(row, column).fillColor(RED);
    (text ? style.format(AS_TEXT) : style).set();
    if (comments < MOST_COMMENTS) {
      comments++;
      sheet.comment(row, column, cut(error, LONGEST_COMMENT));
    }
  }

  /** Escaped after it is cut, which may leave half a character. */
  private static String cut(String text, int longest) {
    return CellText.escape(text.length() > longest ? text.substring(0, longest) : text);
  }

  @Override
  public void finish() throws IOException {
    try (FileOutputStream closing = out) {
      workbook.finish();
      buffered.flush();
      closing.getFD().sync();
    }
  }
}
