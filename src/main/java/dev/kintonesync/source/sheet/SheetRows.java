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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rows of a sheet, every cell as the text that a person sees in it. */
final class SheetRows implements TextRows {

  // Excel's own limit.
  private static final int MOST_ROWS = 1_048_576;

  private static final String MIDNIGHT = "T00:00:00";

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern ISO_ZONE = Pattern.compile("(?<=:[0-9]{2})(\\.0+)?Z?$");

  private final Workbook workbook;
  private final String part;
  private final String sheet;
  private final @Nullable Closeable owned;
  private final XmlPart xml;
  private boolean ended;
  private long row;
  private long length;
  private List<String> fields = List.of();
  private Map<Integer, CellNumber> numbers = Map.of();
  private @Nullable UserMessage problem;

  /**
   * @param owned what is closed with these rows, or null
   */
  SheetRows(Workbook workbook, String part, String sheet, @Nullable Closeable owned)
      throws IOException {
    this.workbook = workbook;
    this.part = part;
    this.sheet = sheet;
    this.owned = owned;
    this.xml = workbook.part(part);
  }

  @Override
  public @Nullable TextRow next() throws IOException {
    try {
      while (!ended && xml.next()) {
        if (xml.starts("row")) {
          readRow();
          if (!fields.isEmpty() || problem != null) {
            return new TextRow(row, Collections.unmodifiableList(fields), problem, numbers);
          }
        } else if (xml.ends("sheetData")) {
          ended = true;
        }
      }
      return null;
    } catch (IOException e) {
      throw DamagedException.is(e)
          ? new DamagedException(
              MessageCode.SHEET_DAMAGED.with(row + 1, Shown.name(sheet), DamagedException.why(e)),
              e)
          : e;
    }
  }

  private void readRow() throws IOException {
    String number = xml.attribute("r");
    long at = number == null ? row + 1 : parse(number);
    if (at <= row || at > MOST_ROWS) {
      throw new DamagedException("row " + number + " after row " + row);
    }
    row = at;
    fields = new ArrayList<>();
    numbers = Map.of();
    problem = null;
    length = 0;
    while (xml.next() && !xml.ends("row")) {
      if (xml.starts("c")) {
        readCell();
        length += fields.get(fields.size() - 1).length();
        if (length > CharWindow.LONGEST) {
          throw new DamagedException("row longer than " + CharWindow.LONGEST + " characters");
        }
      }
    }
    while (!fields.isEmpty() && fields.get(fields.size() - 1).isEmpty()) {
      fields.remove(fields.size() - 1);
    }
  }

  private static long parse(String number) throws IOException {
    if (!NUMBER.matcher(number).matches()) {
      throw new DamagedException("row " + number);
    }
    return Long.parseLong(number);
  }

  private void readCell() throws IOException {
    String reference = xml.attribute("r");
    int column = reference == null ? fields.size() : column(reference);
    if (column < fields.size() || column >= HeaderColumns.MOST_IN_SHEET) {
      throw new DamagedException(
          "cell " + reference + " after " + HeaderColumns.letters(fields.size() - 1));
    }
    String type = xml.attribute("t");
    String style = xml.attribute("s");
    String value = null;
    boolean formula = false;
    String inline = null;
    while (xml.next() && !xml.ends("c")) {
      if (xml.starts("v")) {
        value = xml.text();
      } else if (xml.starts("f")) {
        formula = true;
      } else if (xml.starts("is")) {
        inline = xml.stringItem();
      }
    }
    while (fields.size() < column) {
      fields.add("");
    }
    String cell = HeaderColumns.letters(column) + row;
    boolean isInline = type == null ? value == null : type.equals("inlineStr");
    if (inline != null && isInline) {
      fields.add(inline);
    } else if (value == null || (value.isEmpty() && !"str".equals(type))) {
      fields.add("");
      if (formula) {
        wrong(MessageCode.ROW_CELL_NOT_CALCULATED.with(row, cell));
      }
    } else {
      fields.add(shown(value, type == null ? "n" : type, style, cell));
    }
  }

  private String shown(String value, String type, @Nullable String style, String cell)
      throws IOException {
    String shown =
        switch (type) {
          case "s" -> workbook.text(value);
          case "str" -> CellText.unescape(value);
          case "b" -> value.equals("1") || value.equals("true") ? "TRUE" : "FALSE";
          case "d" -> isoDate(value);
          case "e" -> {
            wrong(MessageCode.ROW_CELL_ERROR.with(row, cell, Shown.name(value)));
            yield value;
          }
          default -> number(workbook.shown(value, style));
        };
    if (shown == null) {
      wrong(MessageCode.ROW_CELL_UNREADABLE.with(row, cell, Shown.name(value)));
      return value;
    }
    return shown;
  }

  private @Nullable String number(@Nullable CharSequence shown) {
    if (shown instanceof CellNumber number) {
      numbers = numbers.isEmpty() ? new HashMap<>() : numbers;
      numbers.put(fields.size(), number);
    }
    return shown == null ? null : shown.toString();
  }

  /**
   * A date that is written as text, without the midnight of a date that has no time. A cell has no
   * time zone, whatever its writer put behind the time.
   */
  private static String isoDate(String value) {
    String local = ISO_ZONE.matcher(value).replaceFirst("");
    String day =
        local.endsWith(MIDNIGHT) ? local.substring(0, local.length() - MIDNIGHT.length()) : local;
    return day.replace('T', ' ');
  }

  private void wrong(UserMessage found) {
    problem = problem == null ? found : problem;
  }

  /**
   * Reads what is left, to the end of the sheet's document, and closes it.
   *
   * @return whether there was any row
   * @throws DamagedException if it is damaged anywhere
   */
  boolean readThrough() throws IOException {
    try (xml) {
      boolean any = false;
      while (next() != null) {
        any = true;
      }
      while (xml.next()) {
        // What stands behind the rows has to be whole, too.
      }
      return any;
    }
  }

  /** The index of the column in a reference such as {@code AB12}; too large if it is none. */
  private static int column(String reference) {
    int column = 0;
    for (int i = 0; i < reference.length(); i++) {
      char c = reference.charAt(i);
      if (c >= '0' && c <= '9' && i > 0) {
        break;
      }
      if (c < 'A' || c > 'Z' || i > 2) {
        return HeaderColumns.MOST_IN_SHEET;
      }
      column = column * 26 + c - 'A' + 1;
    }
    return column - 1;
  }

  @Override
  public boolean endsAtLastValue() {
    return true;
  }

  @Override
  public long bytesRead() {
    return ended ? xml.totalBytes() : xml.bytesRead();
  }

  @Override
  public long totalBytes() {
    return xml.totalBytes();
  }

  @Override
  public TextRows again() throws IOException {
    return new SheetRows(workbook, part, sheet, null);
  }

  @Override
  public void close() throws IOException {
    xml.close();
    if (owned != null) {
      owned.close();
    }
  }
}
