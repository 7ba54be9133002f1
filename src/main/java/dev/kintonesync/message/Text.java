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

  // Journal and run folders
  JOURNAL_UNUSABLE,
  JOURNAL_DAMAGED,
  JOURNAL_NEWER,
  JOURNAL_HELD,
  RUN_FOLDER_UNWRITABLE,
  REPORT_UNREADABLE,
  RUN_ENDED_EARLY;

  /** The key in the catalogue, and the code printed in reports: the name in kebab case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** This sentence with its gaps filled in the order of {@code {0}}, {@code {1}} ... */
  public Message with(Object... arguments) {
    return new Message(this, List.copyOf(Arrays.asList(arguments)));
  }
}
