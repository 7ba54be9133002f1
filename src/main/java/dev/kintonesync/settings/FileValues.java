package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.SourceOptions;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How it is written what a job's files are like. */
final class FileValues {
  private static final Pattern ROW = Pattern.compile("(?i)row\\s+([1-9][0-9]{0,6})");
  private static final Pattern EMPTY = Pattern.compile("(?i)(.+?)\\s+is\\s+empty");

  /** The line of the header, from 1; {@link SourceOptions#NO_HEADER} for none. */
  static final ValueType<Integer> HEADER =
      new ValueType<>("row N or none", false, FileValues::header);

  /** What stands between two fields. */
  static final ValueType<Character> DELIMITER =
      new ValueType<>("delimiter", false, FileValues::delimiter);

  /** A column, such that rows in which it is empty are passed over. */
  static final ValueType<String> SKIP_WHEN =
      new ValueType<>("COLUMN is empty", false, FileValues::skipWhen);

  /** The way to a list inside a JSON document. */
  static final ValueType<String> POINTER =
      new ValueType<>("JSON pointer", false, FileValues::pointer);

  private FileValues() {}

  private static Integer header(String value) {
    Matcher row = ROW.matcher(value);
    if (row.matches()) {
      return Integer.parseInt(row.group(1));
    }
    if (value.equalsIgnoreCase("none")) {
      return SourceOptions.NO_HEADER;
    }
    throw new UserErrorException(MessageCode.NOT_A_HEADER.with(value));
  }

  private static Character delimiter(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "comma" -> ',';
      case "tab", "\\t" -> '\t';
      case "semicolon" -> ';';
      case "pipe" -> '|';
      default -> {
        if (value.length() != 1 || "\"\r\n\u001a".contains(value)) {
          throw new UserErrorException(MessageCode.NOT_A_DELIMITER.with(value));
        }
        yield value.charAt(0);
      }
    };
  }

  private static String skipWhen(String value) {
    Matcher empty = EMPTY.matcher(value);
    if (!empty.matches()) {
      throw new UserErrorException(MessageCode.NOT_A_SKIP_RULE.with(value));
    }
    return empty.group(1);
  }

  private static String pointer(String value) {
    if (!value.startsWith("/") || value.matches(".*~(?![01]).*")) {
      throw new UserErrorException(MessageCode.NOT_A_POINTER.with(value));
    }
    return value;
  }
}
