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

  // Form: fields, the key, and columns
  FIELDS_NEAREST,
  FIELDS_ALL,
  FIELD_IN_TABLE,
  FIELD_MAPPED_TWICE,
  KEY_FIELD_MISSING,
  KEY_FIELD_IN_TABLE,
  KEY_FIELD_WRONG_TYPE,
  KEY_FIELD_LOOKUP,
  KEY_FIELD_READ_ONLY,
  KEY_FIELD_NOT_UNIQUE,
  KEY_NOT_MAPPED,
  COLUMN_UNKNOWN,
  COLUMN_AMBIGUOUS,
  COLUMN_MISSING,
  COLUMN_WITHOUT_NAME,
  MAPPED_FIELD_UNKNOWN,

  // Form: why a field cannot be written, as half a sentence
  READ_ONLY_SYSTEM,
  READ_ONLY_CALCULATED,
  READ_ONLY_LOOKUP_COPY,
  READ_ONLY_NO_VALUE,
  READ_ONLY_UNKNOWN_TYPE,

  // Form: values
  KEY_BLANK,
  KEY_ROUNDED,
  KEY_NOT_A_RECORD_NUMBER,
  VALUE_FOR_READ_ONLY,
  VALUE_REQUIRED,
  VALUE_TOO_SHORT,
  VALUE_TOO_LONG,
  VALUE_TOO_LONG_FOR_UNIQUE,
  VALUE_NOT_TEXT,
  VALUE_NOT_A_NUMBER,
  VALUE_TOO_MANY_DIGITS,
  VALUE_TOO_SMALL,
  VALUE_TOO_LARGE,
  VALUE_ROUNDED,
  VALUE_NOT_AN_OPTION,
  VALUE_NOT_A_DATE,
  VALUE_NOT_A_TIME,
  VALUE_NOT_A_DATETIME,
  VALUE_DATE_OUT_OF_RANGE,
  VALUE_NOT_A_WEB_ADDRESS,
  VALUE_NOT_A_MAIL_ADDRESS,
  VALUE_NOT_A_PHONE_NUMBER,
  VALUE_NOT_CODES,
  VALUE_NOT_FILES,
  VALUE_NOT_A_TABLE,
  TABLE_FIELD_UNKNOWN,
  TABLE_ROW,
  // Source: what a file is, its header, its rows
  FILE_IS_FOLDER,
  FILE_IS_DEVICE,
  FILE_ACCESS_DENIED,
  FILE_EMPTY,
  FILE_NOT_CSV,
  FILE_BINARY,
  FILE_MARK_DIFFERS,
  KIND_EXCEL,
  KIND_OLD_EXCEL,
  KIND_ZIP,
  KIND_GZIP,
  KIND_PDF,
  KIND_WEB_PAGE,
  ENCODING_UNKNOWN,
  HEADER_UNREADABLE,
  HEADER_NAME_BLANK,
  HEADER_NAME_TWICE,
  HEADER_WITHOUT_COLUMNS,
  ROW_POSITION,
  ROW_RAGGED,
  ROW_BYTES_NOT_IN_ENCODING,
  ROW_QUOTE_NOT_CLOSED,
  ROW_TEXT_AFTER_QUOTE,
  ROW_INSIDE_BROKEN_QUOTE,
  ROW_TOO_LONG,
  ROW_STILL_REJECTED,

  // What Kintone answers about a record
  NOTHING_SAID,
  KINTONE_SAYS,
  KEY_HELD_BY_UNSEEN_RECORD,
  PLANNED_TOO_OFTEN,
  LOOK_UP_FAILED,
  WRITE_FAILED,
  ISOLATION_BUDGET_SPENT,

  // Runs and their ends
  COUNTS,
  RUN_COMPLETED,
  RUN_ENDED_EARLY,
  RUN_INTERRUPTED,
  RUN_FAILED,
  COUNTS_DO_NOT_ADD_UP,
  SOURCE_BROKE,
  SOURCE_CHANGED_WHILE_READ,
  FILE_STAYS,
  FOLDER_NOT_USABLE,
  NO_ACCESS,
  ROUTES_MISSING,
  ROUTES_BROKEN,

  // What an app refuses before the first record
  NO_UPDATE_KEY,
  KINTONE_AWAY,
  WRONG_TOKEN,
  TWO_TOKENS_OF_ONE_APP,
  NOT_LOGGED_IN,
  WRONG_PASSWORD,
  NO_PERMISSION,
  NO_SUCH_APP,
  GUEST_SPACE_APP,
  BASIC_AUTH_NEEDED,
  APP_NOT_READABLE;

  /** The key in the catalogue, and the code printed in reports: the name in kebab case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** This sentence with its gaps filled in the order of {@code {0}}, {@code {1}} ... */
  public Message with(Object... arguments) {
    return new Message(this, List.copyOf(Arrays.asList(arguments)));
  }
}
