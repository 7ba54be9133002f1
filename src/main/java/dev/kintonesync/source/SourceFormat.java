package dev.kintonesync.source;

import dev.kintonesync.source.file.RejectsFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * How a file of rows is written. Callers pass it from a reader to a {@link RejectsFile}, and give
 * that file its {@link #extension}; they need not look further.
 *
 * @param kind what is between the rows and the bytes
 * @param charset the encoding of text; never plain {@code UTF-16}, always with its byte order
 * @param delimiter what stands between two fields of delimited text
 * @param sheet the name of the sheet of a workbook; otherwise empty
 * @param separatorLine whether delimited text begins with a line {@code sep=;}, by which Excel
 *     knows the delimiter
 */
public record SourceFormat(
    Kind kind, Charset charset, char delimiter, String sheet, boolean separatorLine) {

  /** What a file is made of. */
  public enum Kind {
    DELIMITED,
    JSON,
    WORKBOOK
  }

  /** JSON, an object in each line. */
  public static final SourceFormat JSON =
      new SourceFormat(Kind.JSON, StandardCharsets.UTF_8, ',', "", false);

  /** Makes the format of delimited text. */
  public SourceFormat(Charset charset, char delimiter) {
    this(Kind.DELIMITED, charset, delimiter, "", false);
  }

  /** The same with a line {@code sep=} before the header. */
  public SourceFormat withSeparatorLine() {
    return new SourceFormat(kind, charset, delimiter, sheet, true);
  }

  /** A workbook of Excel, its rows in this sheet. */
  public static SourceFormat workbook(String sheet) {
    return new SourceFormat(Kind.WORKBOOK, StandardCharsets.UTF_8, ',', sheet, false);
  }

  /** How the name of a file in this format ends, such as {@code .csv}. */
  public String extension() {
    return switch (kind) {
      case DELIMITED -> delimiter == '\t' ? ".tsv" : ".csv";
      case JSON -> ".jsonl";
      case WORKBOOK -> ".xlsx";
    };
  }
}
