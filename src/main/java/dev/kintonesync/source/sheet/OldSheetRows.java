package dev.kintonesync.source.sheet;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.CellNumber;
import dev.kintonesync.source.DamagedException;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.text.CharWindow;
import dev.kintonesync.source.text.TextRow;
import dev.kintonesync.source.text.TextRows;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.poi.hssf.util.RKUtil;
import org.apache.poi.ss.usermodel.FormulaError;
import org.jspecify.annotations.Nullable;

/** The rows of a sheet of an old workbook, every cell as the text that a person sees in it. */
final class OldSheetRows implements TextRows {

  private static final int NUMBER = 0x203;
  private static final int RK = 0x27E;
  private static final int MUL_RK = 0xBD;
  private static final int LABEL = 0x204;
  private static final int RICH_LABEL = 0xD6;
  private static final int LABEL_SST = 0xFD;
  private static final int BOOL_OR_ERROR = 0x205;
  private static final int FORMULA = 0x06;
  private static final int FORMULA_TEXT = 0x207;

  // What stands in the place of a formula's number when it gives something else.
  private static final long NO_NUMBER = 0xFFFF;
  private static final int GIVES_TEXT = 0;
  private static final int GIVES_BOOLEAN = 1;
  private static final int GIVES_ERROR = 2;

  // The format's own limit.
  private static final int MOST_COLUMNS = 256;

  private final OldWorkbook workbook;
  private final Sheets.Sheet<Integer> sheet;
  private final @Nullable Closeable owned;
  private final BiffRecords records;
  private boolean ended;
  private int depth;
  // Of the row that is being read, from 0; -1 before the first one.
  private int row = -1;
  private final @Nullable String[] cells = new String[MOST_COLUMNS];
  private Map<Integer, CellNumber> numbers = Map.of();
  private @Nullable UserMessage problem;
  private long length;
  private int style;
  private int formula = -1;

  /**
   * @param owned what is closed with these rows, or null
   */
  OldSheetRows(OldWorkbook workbook, Sheets.Sheet<Integer> sheet, @Nullable Closeable owned)
      throws IOException {
    this.workbook = workbook;
    this.sheet = sheet;
    this.owned = owned;
    this.records = workbook.records(sheet);
  }

  @Override
  public @Nullable TextRow next() throws IOException {
    try {
      while (!ended) {
        TextRow finished = records.next() ? step() : cutOff();
        if (finished != null) {
          return finished;
        }
      }
      return null;
    } catch (DamagedException e) {
      throw new DamagedException(
          MessageCode.SHEET_DAMAGED.with(
              row + 1, Shown.name(sheet.name()), DamagedException.why(e)),
          e);
    }
  }

  private static TextRow cutOff() throws DamagedException {
    throw new DamagedException("it ends before its end");
  }

  /** Takes a record; the row before it when it begins another one and that is not blank. */
  private @Nullable TextRow step() throws IOException {
    int kind = records.kind();
    if (depth == 0 && kind != BiffRecords.BOF) {
      throw new DamagedException("it does not begin where it should");
    }
    if (kind == BiffRecords.BOF) {
      // A chart that stands in the sheet has records of its own.
      depth++;
    } else if (kind == BiffRecords.EOF) {
      depth--;
      ended = depth == 0;
      return ended ? finished() : null;
    } else if (depth == 1) {
      return cell(kind);
    }
    return null;
  }

  private @Nullable TextRow cell(int kind) throws IOException {
    switch (kind) {
      case NUMBER, RK, MUL_RK, LABEL, RICH_LABEL, LABEL_SST, BOOL_OR_ERROR, FORMULA -> {
        TextRow before = begin(records.readShort());
        int column = records.readShort();
        if (kind == MUL_RK) {
          readNumbers(column);
        } else {
          style = records.readShort();
          read(kind, column);
        }
        return before;
      }
      case FORMULA_TEXT -> {
        if (formula >= 0) {
          put(formula, records.readText(records.readShort()));
          formula = -1;
        }
      }
      default -> {}
    }
    return null;
  }

  private @Nullable TextRow begin(int next) throws DamagedException {
    if (next < row) {
      throw new DamagedException("row " + (next + 1) + " after row " + (row + 1));
    }
    if (next == row) {
      return null;
    }
    TextRow before = finished();
    row = next;
    return before;
  }

  private @Nullable TextRow finished() {
    int width = MOST_COLUMNS;
    while (width > 0 && (cells[width - 1] == null || cells[width - 1].isEmpty())) {
      width--;
    }
    List<String> fields = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      String cell = cells[i];
      fields.add(cell == null ? "" : cell);
    }
    TextRow finished =
        fields.isEmpty() && problem == null
            ? null
            : new TextRow(row + 1L, fields, problem, numbers);
    Arrays.fill(cells, null);
    numbers = Map.of();
    problem = null;
    length = 0;
    formula = -1;
    return finished;
  }

  private void readNumbers(int first) throws DamagedException {
    for (int column = first; records.left() >= 6; column++) {
      style = records.readShort();
      put(column, number(RKUtil.decodeNumber(records.readInt()), column));
    }
  }

  private void read(int kind, int column) throws IOException {
    switch (kind) {
      case NUMBER -> put(column, number(Double.longBitsToDouble(records.readLong()), column));
      case RK -> put(column, number(RKUtil.decodeNumber(records.readInt()), column));
      case LABEL, RICH_LABEL -> put(column, records.readText(records.readShort()));
      case LABEL_SST -> {
        int number = records.readInt();
        String text = workbook.text(number);
        if (text == null) {
          wrong(MessageCode.ROW_CELL_UNREADABLE.with(row + 1, name(column), number));
        }
        put(column, text == null ? String.valueOf(number) : text);
      }
      case BOOL_OR_ERROR -> {
        int value = records.readByte();
        put(column, records.readByte() == 0 ? truth(value) : error(value, column));
      }
      default -> readFormula(column);
    }
  }

  private void readFormula(int column) throws DamagedException {
    long result = records.readLong();
    if (result >>> 48 != NO_NUMBER) {
      put(column, number(Double.longBitsToDouble(result), column));
      return;
    }
    int value = (int) (result >>> 16) & 0xFF;
    switch ((int) result & 0xFF) {
      case GIVES_TEXT -> formula = column; // it stands in a record of its own
      case GIVES_BOOLEAN -> put(column, truth(value));
      case GIVES_ERROR -> put(column, error(value, column));
      default -> put(column, "");
    }
  }

  private void put(int column, String value) throws DamagedException {
    if (column >= MOST_COLUMNS) {
      throw new DamagedException("column " + column);
    }
    if (cells[column] != null) {
      throw new DamagedException("cell " + name(column) + " after " + name(column));
    }
    length += value.length();
    if (length > CharWindow.LONGEST) {
      throw new DamagedException("row longer than " + CharWindow.LONGEST + " characters");
    }
    cells[column] = value;
  }

  private String number(double value, int column) {
    CharSequence shown = workbook.shown(value, style);
    if (shown instanceof CellNumber number) {
      numbers = numbers.isEmpty() ? new HashMap<>() : numbers;
      numbers.put(column, number);
    }
    if (shown == null) {
      wrong(MessageCode.ROW_CELL_UNREADABLE.with(row + 1, name(column), value));
      return String.valueOf(value);
    }
    return shown.toString();
  }

  private static String truth(int value) {
    return value == 0 ? "FALSE" : "TRUE";
  }

  private String error(int code, int column) {
    String error = FormulaError.isValidCode(code) ? FormulaError.forInt(code).getString() : "#";
    wrong(MessageCode.ROW_CELL_ERROR.with(row + 1, name(column), error));
    return error;
  }

  private String name(int column) {
    return HeaderColumns.letters(column) + (row + 1);
  }

  private void wrong(UserMessage found) {
    problem = problem == null ? found : problem;
  }

  /**
   * Reads what is left of the sheet, and closes it.
   *
   * @return whether there was any row
   * @throws DamagedException if it is damaged anywhere
   */
  boolean readThrough() throws IOException {
    try (records) {
      boolean any = false;
      while (next() != null) {
        any = true;
      }
      return any;
    }
  }

  @Override
  public boolean endsAtLastValue() {
    return true;
  }

  @Override
  public long bytesRead() {
    return ended ? records.totalBytes() : records.bytesRead();
  }

  @Override
  public long totalBytes() {
    return records.totalBytes();
  }

  @Override
  public TextRows again() throws IOException {
    return new OldSheetRows(workbook, sheet, null);
  }

  @Override
  public void close() throws IOException {
    records.close();
    if (owned != null) {
      owned.close();
    }
  }
}
