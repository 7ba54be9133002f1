package dev.kintonesync.source;

import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** What the readers of all formats have in common: going from record to record. */
public abstract class FileRows implements SourceFileReader {

  protected final Path file;
  protected final SourceOptions options;
  private Position position = new Position(0, 0);
  private @Nullable SourceRecord next;

  protected FileRows(Path file, SourceOptions options) {
    this.file = file;
    this.options = options;
  }

  /**
   * The columns are known: the first record may be asked for.
   *
   * @throws UserErrorException if rows are to be passed over by a column that is not there
   */
  protected final void begin(List<String> columns, long headerLine) {
    position = new Position(0, headerLine);
    String column = options.skipWhenEmpty();
    if (column != null && !columns.contains(column)) {
      throw new UserErrorException(
          MessageCode.SKIP_COLUMN_MISSING.with(file, column, Shown.names(columns)));
    }
  }

  /**
   * The next record, or null at the end.
   *
   * @param row the number of its data row
   */
  protected abstract @Nullable SourceRecord read(long row) throws IOException;

  /** Releases what this reader alone uses. */
  protected abstract void release() throws IOException;

  @Override
  public Position position() {
    return position;
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null) {
        SourceRecord read = read(position.row() + 1);
        if (read == null) {
          return false;
        }
        next = isPassedOver(read) ? null : read;
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isPassedOver(SourceRecord record) {
    String column = options.skipWhenEmpty();
    if (column == null || record.problem() != null) {
      return false;
    }
    Object value = record.values().get(column);
    return value == null || Blank.is(value.toString());
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

  @Override
  public void close() {
    try {
      release();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
