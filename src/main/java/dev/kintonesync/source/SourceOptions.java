package dev.kintonesync.source;

import org.jspecify.annotations.Nullable;

/**
 * What a person may say about a file before it is opened. What a format has no use for is passed
 * over, so that one job may read files of several formats.
 *
 * @param encoding the encoding of its text, or null to find it out from the file
 * @param delimiter what stands between two fields of text, or null to find it out from the header
 *     and the first rows
 * @param header the line or row of the sheet in which the names of the columns stand, from 1; what
 *     stands above is passed over. 0: there is no header, and the columns are named A, B, ...
 * @param skipRows how many rows below the header are passed over
 * @param skipWhenEmpty a column: rows in which it is empty are passed over. Null: none are
 * @param sheet the name of the sheet of a workbook, or null: the first one
 * @param pointer where in a JSON document the list of records stands, as a JSON pointer (RFC 6901),
 *     or null: the document is the list, or each of its lines is a record
 * @param groupBy a column: contiguous rows with the same value in it make one record. Null: each
 *     row is a record, unless the first column is one of {@code *}, as in Kintone's own export of
 *     tables
 * @param expected what the file may be expected to hold: it decides where the file itself may be
 *     read in several ways
 */
public record SourceOptions(
    @Nullable Encoding encoding,
    @Nullable Character delimiter,
    int header,
    int skipRows,
    @Nullable String skipWhenEmpty,
    @Nullable String sheet,
    @Nullable String pointer,
    @Nullable String groupBy,
    Expected expected) {

  /** The value of {@link #header} for files without one. */
  public static final int NO_HEADER = 0;

  /** A header in the first line, nothing passed over, the rest found out from the file. */
  public static final SourceOptions DEFAULT =
      new SourceOptions(null, null, 1, 0, null, null, null, null, Expected.NOTHING);

  /** Returns these options with this encoding; null: detected from the file. */
  public SourceOptions withEncoding(@Nullable Encoding declared) {
    return new SourceOptions(
        declared, delimiter, header, skipRows, skipWhenEmpty, sheet, pointer, groupBy, expected);
  }

  /** Returns these options with this delimiter; null: found out from the file. */
  public SourceOptions withDelimiter(@Nullable Character declared) {
    return new SourceOptions(
        encoding, declared, header, skipRows, skipWhenEmpty, sheet, pointer, groupBy, expected);
  }

  /** Returns these options with the header in this row; {@link #NO_HEADER}: no header. */
  public SourceOptions withHeader(int row) {
    return new SourceOptions(
        encoding, delimiter, row, skipRows, skipWhenEmpty, sheet, pointer, groupBy, expected);
  }

  /** Returns these options with so many rows below the header skipped. */
  public SourceOptions withSkipRows(int rows) {
    return new SourceOptions(
        encoding, delimiter, header, rows, skipWhenEmpty, sheet, pointer, groupBy, expected);
  }

  /** Returns these options with rows skipped in which this column is empty. */
  public SourceOptions withSkipWhenEmpty(@Nullable String column) {
    return new SourceOptions(
        encoding, delimiter, header, skipRows, column, sheet, pointer, groupBy, expected);
  }

  /** Returns these options with this sheet; null: the first one. */
  public SourceOptions withSheet(@Nullable String name) {
    return new SourceOptions(
        encoding, delimiter, header, skipRows, skipWhenEmpty, name, pointer, groupBy, expected);
  }

  /** Returns these options with the list at this pointer; null: the document is the list. */
  public SourceOptions withPointer(@Nullable String path) {
    return new SourceOptions(
        encoding, delimiter, header, skipRows, skipWhenEmpty, sheet, path, groupBy, expected);
  }

  /** Returns these options with rows grouped by this column; null: not grouped. */
  public SourceOptions withGroupBy(@Nullable String column) {
    return new SourceOptions(
        encoding, delimiter, header, skipRows, skipWhenEmpty, sheet, pointer, column, expected);
  }

  /** Returns these options for a file that may be expected to hold this. */
  public SourceOptions withExpected(Expected content) {
    return new SourceOptions(
        encoding, delimiter, header, skipRows, skipWhenEmpty, sheet, pointer, groupBy, content);
  }
}
