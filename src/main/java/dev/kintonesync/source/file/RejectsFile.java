package dev.kintonesync.source.file;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.RejectRows;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.json.JsonRejects;
import dev.kintonesync.source.sheet.SheetRejects;
import dev.kintonesync.source.text.DelimitedRejects;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rejected rows of a source, written like the source, so that they can be put right and dropped
 * in again: the columns in their order, then {@code _error} and {@code _ref}. Text stays text in
 * its encoding, a workbook a workbook; of JSON every record becomes one line.
 *
 * <p>Every row keeps exactly its own fields. If it has fewer than there are columns, the rest are
 * empty; if it has more, the surplus stands to the right of {@code _ref}. A row that could not be
 * read at all (see {@link SourceRecord#problem}) has the code of its problem in front of its error,
 * as in {@code [row-ragged] Line 12 ...}. As long as it comes back with that in {@code _error} it
 * is rejected again, because padding, a spreadsheet's repairs and the like make it look whole: who
 * has put it right empties its {@code _error} cell, and then it is read like any other row.
 *
 * <p>No row, no file. For several threads.
 */
public final class RejectsFile implements Closeable {

  private final Path file;
  private final List<String> columns;
  private final SourceFormat format;
  private @Nullable RejectRows rows;
  private long count;

  private RejectsFile(Path file, List<String> columns, SourceFormat format) {
    this.file = file;
    this.columns = List.copyOf(columns);
    this.format = format;
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

  /** Adds a record that was rejected for no single column. */
  public void add(SourceRecord record, String error, String ref) {
    add(record, error, ref, null, record.problemRow());
  }

  /**
   * Adds all rows of a record; the error stands in the one at fault, the reference in each.
   *
   * @param error why it was rejected, for a person
   * @param ref what the next run finds in {@link SourceRecord#ref}
   * @param column the column at fault, which a workbook shows in red; or null
   * @param row the index of the row at fault
   * @throws UserErrorException if it cannot be written
   */
  public synchronized void add(
      SourceRecord record, String error, String ref, @Nullable String column, int row) {
    try {
      RejectRows begun = rows == null ? begin() : rows;
      rows = begun;
      count++;
      String told = told(record, error);
      for (int i = 0; i < record.rows().size(); i++) {
        var values = i < record.members().size() ? record.members().get(i) : record.values();
        boolean atFault = i == row;
        begun.write(
            record.rows().get(i),
            values,
            record.problem() == null,
            atFault ? told : "",
            ref,
            atFault ? column : null);
      }
    } catch (IOException e) {
      throw UserErrorException.unwritable(file, e);
    }
  }

  private static String told(SourceRecord record, String error) {
    if (record.problem() == null) {
      return error;
    }
    if (record.problem().text() == MessageCode.ROW_STILL_REJECTED
        && record.earlierError() != null) {
      return record.earlierError();
    }
    return "[" + record.problem().code() + "] " + error;
  }

  private RejectRows begin() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.createFile(file);
    return switch (format.kind()) {
      case DELIMITED -> new DelimitedRejects(file, columns, format);
      case JSON -> new JsonRejects(file);
      case WORKBOOK -> new SheetRejects(file, columns, format.sheet());
    };
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
   * @throws UserErrorException if it cannot be written
   */
  @Override
  public synchronized void close() {
    if (rows == null) {
      return;
    }
    try {
      RejectRows closing = rows;
      rows = null;
      closing.finish();
    } catch (IOException e) {
      throw UserErrorException.unwritable(file, e);
    }
  }
}
