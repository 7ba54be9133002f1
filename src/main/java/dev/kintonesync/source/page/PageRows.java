package dev.kintonesync.source.page;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.DamagedException;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.text.CharWindow;
import dev.kintonesync.source.text.FoundEncoding;
import dev.kintonesync.source.text.TextRow;
import dev.kintonesync.source.text.TextRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table of a page. A cell that is several rows high stands in each of them, as a
 * person sees it; of one that is several columns wide nobody knows which it is meant for.
 */
final class PageRows implements TextRows {
  /** More cells than reach down into a row that people read. */
  private static final int MOST_ABOVE = 256;

  /** Up to here it does not matter how often a text is repeated, in characters. */
  private static final long HARMLESS = 1L << 26;

  private static final int MOST_TIMES = 250;

  private final Path plain;
  private final FoundEncoding encoding;
  private final int table;
  private final PageText text;
  private final PageScan scan;
  private final Map<Integer, High> above = new HashMap<>();
  private long row;
  private long length;
  private long repeated;
  private List<String> fields = List.of();
  private @Nullable UserMessage problem;

  /** A cell that goes on below, and in how many rows. */
  private record High(PageCell cell, int left) {}

  PageRows(Path plain, FoundEncoding encoding, int table) throws IOException {
    this.plain = plain;
    this.encoding = encoding;
    this.table = table;
    this.text = new PageText(plain, encoding);
    this.scan = new PageScan(text);
  }

  @Override
  public @Nullable TextRow next() throws IOException {
    for (PageScan.Row next = scan.next(); next != null; next = scan.next()) {
      if (next.table() != table) {
        continue;
      }
      row++;
      lay(next.cells());
      if (!fields.isEmpty() || problem != null) {
        return new TextRow(row, fields, problem);
      }
    }
    return null;
  }

  private void lay(List<PageCell> cells) throws DamagedException {
    fields = new ArrayList<>();
    problem = null;
    length = 0;
    for (PageCell cell : cells) {
      layThoseAbove();
      lay(cell, cell.rows() - 1);
    }
    layThoseAbove();
    while (!fields.isEmpty() && fields.get(fields.size() - 1).isEmpty()) {
      fields.remove(fields.size() - 1);
    }
  }

  private void layThoseAbove() throws DamagedException {
    for (High high = above.remove(fields.size());
        high != null;
        high = above.remove(fields.size())) {
      repeated += high.cell().text().length();
      lay(high.cell(), high.left() - 1);
    }
    if (repeated > HARMLESS && repeated / MOST_TIMES > text.totalBytes()) {
      throw new DamagedException("cells that span rows make it " + MOST_TIMES + " times as long");
    }
  }

  private void lay(PageCell cell, int left) throws DamagedException {
    int at = fields.size();
    if (at + cell.columns() > HeaderColumns.MOST_IN_SHEET) {
      throw new DamagedException("more than " + HeaderColumns.MOST_IN_SHEET + " columns");
    }
    if (left > 0) {
      above.put(at, new High(cell, left));
      if (above.size() > MOST_ABOVE) {
        throw new DamagedException("more than " + MOST_ABOVE + " cells reach into one row");
      }
    }
    length += cell.text().length();
    if (length > CharWindow.LONGEST) {
      throw new DamagedException("row longer than " + CharWindow.LONGEST + " characters");
    }
    fields.add(cell.text());
    for (int i = 1; i < cell.columns(); i++) {
      fields.add("");
    }
    if (cell.columns() > 1 && !cell.text().isEmpty() && problem == null) {
      problem =
          MessageCode.ROW_CELL_WIDE.with(
              row, HeaderColumns.letters(at) + row, Shown.name(cell.text()), cell.columns());
    }
  }

  @Override
  public boolean endsAtLastValue() {
    return true;
  }

  @Override
  public long bytesRead() {
    return text.bytesRead();
  }

  @Override
  public long totalBytes() {
    return text.totalBytes();
  }

  @Override
  public TextRows again() throws IOException {
    return new PageRows(plain, encoding, table);
  }

  @Override
  public void close() throws IOException {
    scan.close();
  }
}
