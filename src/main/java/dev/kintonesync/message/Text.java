package dev.kintonesync.message;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Every sentence that a person may read. The words stand in {@code messages_en.properties} and
 * {@code messages_ja.properties} under {@link #code()}; a test keeps both complete.
 */
public enum Text {
  // Files and their rows
  FILE_MISSING,
  FILE_UNREADABLE,

  // Source: what a file is, its header, its rows
  FILE_IS_FOLDER,
  FILE_IS_DEVICE,
  FILE_ACCESS_DENIED,
  FILE_EMPTY,
  FILE_NOT_CSV,
  FILE_BINARY,
  KIND_EXCEL,
  KIND_OLD_EXCEL,
  KIND_ZIP,
  KIND_GZIP,
  KIND_PDF,
  KIND_WEB_PAGE,
  ENCODING_UNKNOWN,
  HEADER_NOT_IN_ENCODING,
  HEADER_QUOTES,
  HEADER_NAME_BLANK,
  HEADER_NAME_TWICE,
  HEADER_WITHOUT_COLUMNS,
  ROW_POSITION,
  ROW_RAGGED,
  ROW_BYTES_NOT_IN_ENCODING,
  ROW_QUOTE_NOT_CLOSED,
  ROW_TEXT_AFTER_QUOTE,
  ROW_OF_BROKEN_ROW,
  ROW_TOO_LONG,
  ROW_STILL_REJECTED;

  /** The key in the catalogue, and the code printed in reports: the name in kebab case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** This sentence with its gaps filled in the order of {@code {0}}, {@code {1}} ... */
  public Message with(Object... arguments) {
    return new Message(this, List.copyOf(Arrays.asList(arguments)));
  }
}
