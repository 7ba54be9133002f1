package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;

/**
 * Where a source record begins.
 *
 * @param row number of the data row, 1 for the first one after the header; 0 before it. Every row
 *     that is handed out counts, the bad ones too; blank lines do not
 * @param line number of the line in the file, the first line of the file being 1; a line break
 *     inside quotes begins a new line, as in a text editor; 0 in a source that has no lines
 */
public record Position(long row, long line) {

  /** "line 12", or "row 12" where there are no lines, in the language of the reader. */
  public UserMessage asMessage() {
    return line == 0 ? MessageCode.ROW_NUMBER.with(row) : MessageCode.ROW_POSITION.with(line);
  }

  /** English, such as {@code line 12}. */
  @Override
  public String toString() {
    return asMessage().toString();
  }
}
