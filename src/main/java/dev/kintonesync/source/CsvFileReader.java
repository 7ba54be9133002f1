package dev.kintonesync.source;

import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The records of a file of delimited text whose first row names the columns. */
final class CsvFileReader implements SourceReader {

  private final DecodedText text;
  private final CsvParser parser;
  private final SourceFormat format;
  private final long totalBytes;
  private final Columns columns;
  private Position position;
  private @Nullable SourceRecord next;

  /**
   * Reads the header.
   *
   * @throws RefusedException if no row under this header can ever become a record
   */
  CsvFileReader(Path file, DecodedText text, SourceFormat format, String encoding, long totalBytes)
      throws IOException {
    this.text = text;
    this.parser = new CsvParser(text, format.delimiter(), encoding);
    this.format = format;
    this.totalBytes = totalBytes;
    CsvParser.Row header = parser.next();
    if (header == null) {
      throw new RefusedException(Text.FILE_EMPTY.with(file));
    }
    if (header.problem() != null) {
      throw new RefusedException(
          header.problem().text() == Text.ROW_BYTES_NOT_IN_ENCODING
              ? Text.HEADER_NOT_IN_ENCODING.with(file, header.line(), encoding)
              : Text.HEADER_QUOTES.with(file, header.line()));
    }
    this.columns = columns(file, header);
    this.position = new Position(0, header.line());
  }

  private static Columns columns(Path file, CsvParser.Row header) {
    List<String> names = new ArrayList<>(header.fields());
    if (names.contains(Columns.ERROR) || names.contains(Columns.REF)) {
      // Excel pads the header of a rejects file whose rows have fields beyond it.
      while (names.get(names.size() - 1).isBlank()) {
        names.remove(names.size() - 1);
      }
    }
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isBlank()) {
        throw new RefusedException(Text.HEADER_NAME_BLANK.with(file, i + 1, header.line()));
      }
      Integer first = seen.putIfAbsent(name, i + 1);
      if (first != null) {
        throw new RefusedException(
            Text.HEADER_NAME_TWICE.with(file, name, first, i + 1, header.line()));
      }
    }
    Columns columns = new Columns(names);
    if (columns.names().isEmpty()) {
      throw new RefusedException(Text.HEADER_WITHOUT_COLUMNS.with(file));
    }
    return columns;
  }

  @Override
  public List<String> columns() {
    return columns.names();
  }

  @Override
  public SourceFormat format() {
    return format;
  }

  @Override
  public Position position() {
    return position;
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
  public boolean hasNext() {
    if (next == null) {
      next = read();
    }
    return next != null;
  }

  @Override
  public SourceRecord next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    SourceRecord record = next;
    next = null;
    position = record.position();
    return record;
  }

  private @Nullable SourceRecord read() {
    try {
      CsvParser.Row row = parser.next();
      return row == null ? null : record(new Position(position.row() + 1, row.line()), row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SourceRecord record(Position where, CsvParser.Row row) {
    List<String> own = columns.own(row.fields());
    String earlierError = columns.errorOf(row.fields());
    Message problem = row.problem();
    if (problem == null && own.size() != columns.names().size()) {
      problem = Text.ROW_RAGGED.with(where.line(), own.size(), columns.names().size());
    }
    if (problem == null && RejectsFile.isUnreadableMark(earlierError)) {
      problem = Text.ROW_STILL_REJECTED.with(where.line());
    }
    return new SourceRecord(
        where,
        problem == null ? columns.values(own) : Map.of(),
        List.of(own),
        problem,
        columns.refOf(row.fields()),
        earlierError);
  }

  @Override
  public void close() {
    try {
      text.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
