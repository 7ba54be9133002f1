package dev.kintonesync.source.text;

import dev.kintonesync.source.PlainFile;
import dev.kintonesync.source.SourceFormat;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of delimited text, as Excel means them. A field {@code ="0012"}, by which exporters make
 * it keep the zeros, is its text. Excel writes rows in blocks of 16 and leaves out the last columns
 * of a block in which they are all empty: there the fields that are missing are empty ones.
 */
public final class DelimitedRows implements TextRows {

  private static final int BLOCK = 16;

  private final Path file;
  private final FoundEncoding encoding;
  private final SourceFormat format;
  private final CharWindow text;
  private final CsvParser parser;
  private final long totalBytes;
  private final Deque<TextRow> ahead = new ArrayDeque<>();
  private @Nullable TextRow beyondBlock;
  private long number;
  private int width;

  /** Rows of the file's text after its byte order mark and the line that names its delimiter. */
  public DelimitedRows(Path file, FoundEncoding encoding, SourceFormat format) throws IOException {
    this.file = file;
    this.encoding = encoding;
    this.format = format;
    SeekableByteChannel channel = PlainFile.open(file);
    channel.position(encoding.markLength());
    this.totalBytes = channel.size();
    this.text = new CharWindow(channel, encoding.charset());
    this.parser = new CsvParser(text, format.delimiter(), encoding.name());
    if (format.separatorLine()) {
      parser.next();
    }
  }

  @Override
  public @Nullable TextRow next() throws IOException {
    TextRow known = ahead.poll();
    if (known != null) {
      return known;
    }
    TextRow row = parsed();
    if (row == null) {
      return null;
    }
    if (width == 0) {
      width = row.problem() == null ? row.fields().size() : Integer.MIN_VALUE;
    }
    return isShort(row) && number % BLOCK == 0 ? firstOfBlock(row) : row;
  }

  private boolean isShort(TextRow row) {
    return row.problem() == null && row.fields().size() < width;
  }

  /** The next row of the file; {@link #number} then says which, from 0 and with blank rows. */
  private @Nullable TextRow parsed() throws IOException {
    TextRow row = beyondBlock;
    beyondBlock = null;
    if (row == null) {
      TextRow read = parser.next();
      row = read == null || !parser.hasEqualsSign() ? read : withTexts(read);
      number = parser.rowsPassed();
    }
    return row;
  }

  /** Reads the block that begins with a short row, and fills it up if all of it is as short. */
  private TextRow firstOfBlock(TextRow first) throws IOException {
    long end = number + BLOCK;
    List<TextRow> block = new ArrayList<>(List.of(first));
    boolean alike = true;
    long length = length(first);
    TextRow row = parsed();
    while (row != null && number < end && alike) {
      block.add(row);
      length += length(row);
      // Rows that are too long to be held together are no table of Excel.
      alike =
          row.problem() == null
              && row.fields().size() == first.fields().size()
              && length < CharWindow.LONGEST;
      row = alike ? parsed() : null;
    }
    beyondBlock = row;
    boolean whole = alike;
    block.forEach(read -> ahead.add(whole ? filledUp(read) : read));
    return ahead.remove();
  }

  private static long length(TextRow row) {
    return row.fields().stream().mapToLong(String::length).sum();
  }

  private TextRow filledUp(TextRow row) {
    List<String> fields = new ArrayList<>(row.fields());
    while (fields.size() < width) {
      fields.add("");
    }
    return new TextRow(row.line(), Collections.unmodifiableList(fields), null);
  }

  private static TextRow withTexts(TextRow row) {
    return new TextRow(
        row.line(),
        row.fields().stream()
            .map(
                field ->
                    isFormulaOfText(field)
                        ? field.substring(2, field.length() - 1).replace("\"\"", "\"")
                        : field)
            .toList(),
        row.problem());
  }

  private static boolean isFormulaOfText(String field) {
    if (field.length() < 3
        || field.charAt(0) != '='
        || field.charAt(1) != '"'
        || !field.endsWith("\"")) {
      return false;
    }
    String inside = field.substring(2, field.length() - 1);
    return inside.replace("\"\"", "").indexOf('"') < 0;
  }

  @Override
  public boolean endsAtLastValue() {
    return false;
  }

  @Override
  public long bytesRead() {
    return text.bytesTaken();
  }

  @Override
  public long totalBytes() {
    return totalBytes;
  }

  @Override
  public TextRows again() throws IOException {
    return new DelimitedRows(file, encoding, format);
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
