package dev.kintonesync.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reader took a file for, and why, so that a run can say it. What a format does not have is
 * null.
 *
 * @param kind what the file is
 * @param encoding the encoding of its text, by the name that users know
 * @param delimiter what stands between two fields of delimited text
 * @param header the line or row of the sheet with the names of the columns, from 1; 0: there is
 *     none, as in JSON and in files without a header
 * @param sheet the sheet of a workbook, or the table of a web page
 * @param sheets the names of all sheets of a workbook that are not hidden
 */
public record Understanding(
    SourceFormat.Kind kind,
    @Nullable Taken<String> encoding,
    @Nullable Taken<Character> delimiter,
    long header,
    @Nullable Taken<String> sheet,
    List<String> sheets) {

  /** How a property of a file became known. */
  public enum How {
    /** A person has set it. */
    SETTING,
    /** The file says so itself: a byte order mark, a {@code sep=} line, its own rejects header. */
    MARK,
    /** The contents leave no choice: all of it is ASCII, or UTF-8 without a fault. */
    CERTAIN,
    /** It is what fits the contents best, and clearly so. */
    GUESS,
    /** The name of the file ends so. */
    NAME,
    /** It is what is taken where nothing else is known: a comma, the first sheet. */
    USUAL
  }

  /**
   * A property of a file.
   *
   * @param value what was taken
   * @param how why it was taken
   */
  public record Taken<T>(T value, How how) {}

  /** JSON in this encoding. */
  public static Understanding ofJson(Taken<String> encoding) {
    return new Understanding(SourceFormat.Kind.JSON, encoding, null, 0, null, List.of());
  }

  /** The sheet of a workbook. */
  public static Understanding ofSheet(Taken<String> sheet, List<String> sheets) {
    return new Understanding(SourceFormat.Kind.WORKBOOK, null, null, 0, sheet, sheets);
  }

  /** A table of a web page, whose number stands for the name of a sheet. */
  public static Understanding ofPage(
      Taken<String> encoding, Taken<String> table, List<String> tables) {
    return new Understanding(SourceFormat.Kind.WORKBOOK, encoding, null, 0, table, tables);
  }

  /** Delimited text. */
  public static Understanding ofText(Taken<String> encoding, Taken<Character> delimiter) {
    return new Understanding(SourceFormat.Kind.DELIMITED, encoding, delimiter, 0, null, List.of());
  }

  /** The same with the header there. */
  public Understanding withHeader(long line) {
    return new Understanding(kind, encoding, delimiter, line, sheet, sheets);
  }
}
