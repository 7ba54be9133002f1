package dev.kintonesync.source.text;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.RejectRows;
import dev.kintonesync.source.SourceFormat;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rejects as delimited text. They come back, from whatever program and with or without a setting,
 * so their encoding has to be one that is recognised: Unicode with its byte order mark, which Excel
 * opens, too, or Shift_JIS where the source is. Of other encodings, or when something does not fit
 * or would be taken for another one, the whole file becomes UTF-8.
 */
public final class DelimitedRejects implements RejectRows {

  private static final String MARK = "\uFEFF";

  private final Path file;
  private final List<String> columns;
  private final StringWriter text = new StringWriter();
  private final CsvWriter csv;
  private Charset charset;
  private FileOutputStream out;

  /** Writes the header into an empty file. */
  public DelimitedRejects(Path file, List<String> columns, SourceFormat format) throws IOException {
    this.file = file;
    this.columns = columns;
    this.csv =
        CsvWriter.builder()
            .fieldSeparator(format.delimiter())
            .lineDelimiter(LineDelimiter.CRLF)
            .bufferSize(0)
            .build(text);
    this.charset =
        isMarked(format.charset()) || format.charset().equals(Encoding.SHIFT_JIS.charset())
            ? format.charset()
            : StandardCharsets.UTF_8;
    this.out = open(file);
    List<String> header = new ArrayList<>(columns);
    header.add(HeaderColumns.ERROR);
    header.add(HeaderColumns.REF);
    if (isMarked(charset)) {
      out.write(MARK.getBytes(charset));
    }
    if (format.separatorLine()) {
      encoded("sep=" + format.delimiter() + "\r\n").writeTo(out);
    }
    write(header);
  }

  private static boolean isMarked(Charset charset) {
    // of UTF-32 Excel knows nothing
    return charset.name().startsWith("UTF-8") || charset.name().startsWith("UTF-16");
  }

  // Not a channel: an interrupt in the middle of a write would close it.
  private static FileOutputStream open(Path file) throws IOException {
    return new FileOutputStream(file.toFile(), true);
  }

  @Override
  public void write(
      List<String> own,
      Map<String, @Nullable Object> values,
      boolean readable,
      String error,
      String ref,
      @Nullable String column)
      throws IOException {
    write(laidOut(columns, own, error, ref));
  }

  /** The cells of a row in their places: its surplus stands to the right of the reference. */
  public static List<String> laidOut(
      List<String> columns, List<String> row, String error, String ref) {
    int own = Math.min(row.size(), columns.size());
    List<String> cells = new ArrayList<>(row.subList(0, own));
    while (cells.size() < columns.size()) {
      cells.add("");
    }
    cells.add(error);
    cells.add(ref);
    cells.addAll(row.subList(own, row.size()));
    return cells;
  }

  private void write(List<String> cells) throws IOException {
    text.getBuffer().setLength(0);
    csv.writeRecord(cells.stream().map(TextCell::inText).toList());
    try {
      encoded(text.toString()).writeTo(out);
    } catch (CharacterCodingException e) {
      turnIntoUtf8();
      encoded(text.toString()).writeTo(out);
    }
  }

  private ByteArrayOutputStream encoded(String row) throws IOException {
    var bytes = new ByteArrayOutputStream(row.length() + 16);
    MalformedBytes.encode(row, charset, bytes);
    return bytes;
  }

  /** Writes what is there once more as UTF-8, beside the file, and then puts it in its place. */
  private void turnIntoUtf8() throws IOException {
    out.close();
    Path utf8 = file.resolveSibling(file.getFileName() + ".part");
    try (CharWindow written = new CharWindow(Files.newByteChannel(file), charset);
        FileOutputStream copy = new FileOutputStream(utf8.toFile())) {
      copy.write(MARK.getBytes(StandardCharsets.UTF_8));
      while (written.more(written.limit())) {
        String part = new String(written.chars(), 0, written.limit());
        MalformedBytes.encode(part, StandardCharsets.UTF_8, copy);
      }
    }
    Files.move(utf8, file, StandardCopyOption.REPLACE_EXISTING);
    charset = StandardCharsets.UTF_8;
    out = open(file);
  }

  @Override
  public void finish() throws IOException {
    if (!isMarked(charset) && !FoundEncoding.isFound(file, charset)) {
      turnIntoUtf8();
    }
    try (FileOutputStream closing = out) {
      closing.getFD().sync();
    }
  }
}
