package dev.kintonesync.source;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.kintonesync.message.Text;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rejected rows of a source, written like the source, so that they can be put right and dropped
 * in again: the columns in their order, then {@code _error} and {@code _ref}.
 *
 * <p>Every row keeps exactly its own fields. If it has fewer than there are columns, the rest are
 * empty; if it has more, the surplus stands to the right of {@code _ref}. A row that could not be
 * read at all (see {@link SourceRecord#problem}) has the code of its problem in front of its error,
 * as in {@code [row-ragged] Line 12 ...}. As long as it comes back with that in {@code _error} it
 * is rejected again, because padding, a spreadsheet's repairs and the like make it look whole: who
 * has put it right empties its {@code _error} cell, and then it is read like any other row.
 *
 * <p>The file is in the encoding of the source, with a byte order mark where Unicode has one, so
 * that Excel opens it. When something does not fit in that encoding, the whole file becomes UTF-8.
 * No row, no file. For several threads.
 */
public final class RejectsFile implements Closeable {

  private static final String UNREADABLE = "[row-";
  private static final String MARK = "\uFEFF";

  private final Path file;
  private final List<String> columns;
  private final StringWriter text = new StringWriter();
  private final CsvWriter csv;
  private Charset charset;
  private @Nullable FileOutputStream out;
  private long count;

  private RejectsFile(Path file, List<String> columns, SourceFormat format) {
    this.file = file;
    this.columns = List.copyOf(columns);
    this.csv =
        CsvWriter.builder()
            .fieldSeparator(format.delimiter())
            .lineDelimiter(LineDelimiter.CRLF)
            .bufferSize(0)
            .build(text);
    this.charset = format.charset();
  }

  /**
   * A rejects file that is made when the first record is added.
   *
   * @param file where; its folder is made too. If it is there already, the first add throws
   * @param columns of the source, as its reader names them
   * @param format of the source
   */
  public static RejectsFile create(Path file, List<String> columns, SourceFormat format) {
    return new RejectsFile(file, columns, format);
  }

  /**
   * Whether this {@code _error} says that the row could not be read, and was not confirmed since.
   */
  static boolean isUnreadableMark(@Nullable String error) {
    return error != null && error.startsWith(UNREADABLE);
  }

  /**
   * Adds all rows of a record; the error stands in the first of them, the reference in each.
   *
   * @param error why it was rejected, for a person
   * @param ref what the next run finds in {@link SourceRecord#ref}
   * @throws UncheckedIOException if it cannot be written
   */
  public synchronized void add(SourceRecord record, String error, String ref) {
    try {
      if (count == 0) {
        begin();
      }
      count++;
      String told = told(record, error);
      for (List<String> row : record.rows()) {
        write(laidOut(row, told, ref));
        told = "";
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String told(SourceRecord record, String error) {
    if (record.problem() == null) {
      return error;
    }
    if (record.problem().text() == Text.ROW_STILL_REJECTED && record.earlierError() != null) {
      return record.earlierError();
    }
    return "[" + record.problem().code() + "] " + error;
  }

  private List<String> laidOut(List<String> row, String error, String ref) {
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

  private void begin() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.createFile(file);
    out = open(file);
    List<String> header = new ArrayList<>(columns);
    header.add(Columns.ERROR);
    header.add(Columns.REF);
    if (charset.name().startsWith("UTF-")) {
      out.write(MARK.getBytes(charset));
    }
    write(header);
  }

  // Not a channel: an interrupt in the middle of a write would close it.
  private static FileOutputStream open(Path file) throws IOException {
    return new FileOutputStream(file.toFile(), true);
  }

  private void write(List<String> cells) throws IOException {
    text.getBuffer().setLength(0);
    csv.writeRecord(cells);
    try {
      stream().write(StrayBytes.encode(text.toString(), charset));
    } catch (CharacterCodingException e) {
      turnIntoUtf8();
      stream().write(StrayBytes.encode(text.toString(), charset));
    }
  }

  /** Writes what is there once more as UTF-8, beside the file, and then puts it in its place. */
  private void turnIntoUtf8() throws IOException {
    stream().close();
    Path utf8 = file.resolveSibling(file.getFileName() + ".part");
    try (DecodedText written = new DecodedText(Files.newByteChannel(file), charset);
        FileOutputStream copy = new FileOutputStream(utf8.toFile())) {
      copy.write(MARK.getBytes(StandardCharsets.UTF_8));
      while (written.more(written.limit())) {
        String part = new String(written.chars(), 0, written.limit());
        copy.write(StrayBytes.encode(part, StandardCharsets.UTF_8));
      }
    }
    Files.move(utf8, file, StandardCopyOption.REPLACE_EXISTING);
    charset = StandardCharsets.UTF_8;
    out = open(file);
  }

  private FileOutputStream stream() {
    return Objects.requireNonNull(out, "the file is begun before it is written");
  }

  /** Where the rejects stand, if there are any. */
  public Path file() {
    return file;
  }

  /** How many records were added; with none, there is no file. */
  public synchronized long count() {
    return count;
  }

  /**
   * Returns when everything added is on the disk, not only on its way. Closing twice does nothing.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  @Override
  public synchronized void close() {
    if (out == null) {
      return;
    }
    try (FileOutputStream closing = out) {
      out = null;
      closing.getFD().sync();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
