package dev.kintonesync.source.page;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.DamagedException;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.Understanding;
import dev.kintonesync.source.Understanding.How;
import dev.kintonesync.source.text.FoundEncoding;
import dev.kintonesync.source.text.TableReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A web page with one of its tables chosen. */
public final class WebPage {

  /** The sheet in which the rejects of a page are written that nobody has named a table of. */
  private static final String SHEET = "Sheet1";

  private final Path file;
  private final List<Table> tables = new ArrayList<>();

  /** What was seen of a table. */
  private static final class Table {
    private int rows;
    private int width;
    private boolean layout;
    private boolean spans;

    void add(PageScan.Row row) {
      boolean blank = row.cells().stream().allMatch(cell -> cell.text().isEmpty());
      rows += blank ? 0 : 1;
      width = Math.max(width, row.cells().size());
      layout |= row.layout();
      spans |= row.cells().stream().anyMatch(cell -> cell.columns() > 1 || cell.rows() > 1);
    }

    boolean hasData() {
      return !layout && rows > 1;
    }

    /** Names of columns, and no row below them. */
    boolean isHeader() {
      return !layout && rows == 1 && width > 1;
    }
  }

  private WebPage(Path file, Path plain, FoundEncoding encoding) throws IOException {
    this.file = file;
    try (var scan = new PageScan(new PageText(plain, encoding))) {
      for (PageScan.Row row = scan.next(); row != null; row = scan.next()) {
        while (tables.size() < row.table()) {
          tables.add(new Table());
        }
        tables.get(row.table() - 1).add(row);
      }
    }
  }

  /**
   * Opens the table whose number the options name as the sheet, or the first one that has rows and
   * no other table within.
   *
   * @param file as people know it
   * @param plain where its content is
   * @throws UserErrorException if it has no such table, or cannot be read
   */
  public static SourceFileReader open(Path file, Path plain, byte[] head, SourceOptions options)
      throws IOException {
    try {
      FoundEncoding encoding = PageEncoding.of(file, plain, head, options);
      // Half of a damaged page must not be written: it is read twice, and its rows used then.
      var page = new WebPage(file, plain, encoding);
      int table = page.choose(options.sheet());
      String number = String.valueOf(table);
      if (page.tables.get(table - 1).spans) {
        readThrough(plain, encoding, table);
      }
      var rows = new PageRows(plain, encoding, table);
      try {
        return new TableReader(
            file,
            rows,
            options,
            SourceFormat.workbook(options.sheet() == null ? SHEET : options.sheet()),
            Understanding.ofPage(
                encoding.taken(),
                new Understanding.Taken<>(
                    number, options.sheet() == null ? How.USUAL : How.SETTING),
                page.withData()));
      } catch (IOException | RuntimeException e) {
        rows.close();
        throw e;
      }
    } catch (IOException e) {
      if (DamagedException.is(e)) {
        throw new UserErrorException(
            MessageCode.PAGE_BROKEN.with(file, DamagedException.why(e)), e);
      }
      throw e;
    }
  }

  /** Cells that reach into others' rows and columns may be too many of them. */
  private static void readThrough(Path plain, FoundEncoding encoding, int table)
      throws IOException {
    try (var rows = new PageRows(plain, encoding, table)) {
      while (rows.next() != null) {
        // it throws where there are
      }
    }
  }

  private int choose(@Nullable String named) {
    for (int i = 0; i < tables.size(); i++) {
      if (named == null ? tables.get(i).hasData() : named.equals(String.valueOf(i + 1))) {
        refuseLayout(i + 1);
        return i + 1;
      }
    }
    if (named != null) {
      throw new UserErrorException(MessageCode.PAGE_TABLE_MISSING.with(file, named, tables.size()));
    }
    for (int i = 0; i < tables.size(); i++) {
      if (tables.get(i).isHeader()) {
        return i + 1;
      }
    }
    throw new UserErrorException(
        MessageCode.FILE_NOT_CSV.with(file, MessageCode.KIND_WEB_PAGE.with()));
  }

  /** What a cell with a table within it would say, nobody knows. */
  private void refuseLayout(int table) {
    if (tables.get(table - 1).layout) {
      throw new UserErrorException(
          MessageCode.PAGE_TABLE_OF_TABLES.with(file, table, Shown.names(withData())));
    }
  }

  private List<String> withData() {
    var numbers = new ArrayList<String>();
    for (int i = 0; i < tables.size(); i++) {
      if (tables.get(i).hasData()) {
        numbers.add(String.valueOf(i + 1));
      }
    }
    return numbers;
  }
}
