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

  // Settings
  PLACE_LINE,
  PLACE_VARIABLE,
  PLACE_COMMAND_LINE,
  NOT_UTF_8,
  LINE_WITHOUT_EQUALS,
  LONE_BACKSLASH,
  LINE_CONTINUES_NOWHERE,
  COMMENT_IN_VALUE,
  KEY_TWICE,
  VALUE_EMPTY,
  KEY_UNKNOWN,
  VALUE_REFUSED,
  SECRET_IN_THE_OPEN,
  SECRETS_READABLE,
  JOB_NAME_REFUSED,
  JOB_NAME_RESERVED,
  NOT_A_NUMBER,
  NOT_AN_ID,
  NOT_A_DURATION,
  NOT_A_SIZE,
  NOT_ONE_OF,
  NOT_A_PATH,
  NOT_TOKENS,
  TOO_MANY_TOKENS,
  NOT_A_PAIR,
  COLUMN_MAPPED_TWICE,
  FIELD_MAPPED_TWICE,
  URL_UNREADABLE,
  URL_WITH_PASSWORD,
  URL_WITH_PATH,
  URL_IN_CLEAR,
  NO_JOBS,
  JOB_UNKNOWN,
  JOB_LACKS,
  BASE_URL_MISSING,
  JOB_WITHOUT_TOKEN,
  IMPORT_WITHOUT_APP,
  IMPORT_WITHOUT_URL,
  IMPORT_WITHOUT_TOKEN,
  USERNAME_MISSING,
  PASSWORD_MISSING;

  /** The key in the catalogue, and the code printed in reports: the name in kebab case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** This sentence with its gaps filled in the order of {@code {0}}, {@code {1}} ... */
  public Message with(Object... arguments) {
    return new Message(this, List.copyOf(Arrays.asList(arguments)));
  }
}
