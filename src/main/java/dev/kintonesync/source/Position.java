package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/**
 * Where a source record begins.
 *
 * @param row number of the data row, 1 for the first one after the header; 0 before it. Every row
 *     that is handed out counts, the bad ones too; blank lines do not
 * @param line number of the line in the file, the first line of the file being 1; a line break
 *     inside quotes begins a new line, as in a text editor; 0 in a source that has no lines; in a
 *     sheet the number of the row that the sheet shows
 * @param place where it is to be found where that is not a line or a data row; null elsewhere
 */
public record Position(long row, long line, @Nullable UserMessage place) {

  /** A place among rows or lines. */
  public Position(long row, long line) {
    this(row, line, null);
  }

  /**
   * A place in a sheet.
   *
   * @param number of the row, as the sheet shows it
   */
  public static Position inSheet(long row, long number) {
    return new Position(row, number, MessageCode.ROW_NUMBER.with(number));
  }

  /** The number by which people know the row: that of its line, or of the row without lines. */
  public long number() {
    return line == 0 ? row : line;
  }

  /** "line 12", or "row 12" where there are no lines, in the language of the reader. */
  public UserMessage asMessage() {
    if (place != null) {
      return place;
    }
    return line == 0 ? MessageCode.ROW_NUMBER.with(row) : MessageCode.ROW_POSITION.with(line);
  }

  /** English, such as {@code line 12}. */
  @Override
  public String toString() {
    return asMessage().toString();
  }
}
