package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.util.List;

/** The rows of another reader, which may be so many and no more. */
public final class BoundedReader implements SourceReader {
  private final SourceReader rows;
  private final int most;

  /**
   * A reader before the first row of the other one, which it closes.
   *
   * @param most so many rows are read; the next one is refused
   */
  public BoundedReader(SourceReader rows, int most) {
    this.rows = rows;
    this.most = most;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public SourceRecord next() {
    if (rows.position().row() >= most && rows.hasNext()) {
      throw new UserErrorException(MessageCode.SOURCE_TOO_MANY_ROWS.with(most, "source.max-rows"));
    }
    return rows.next();
  }

  @Override
  public List<String> columns() {
    return rows.columns();
  }

  @Override
  public boolean isGrouped() {
    return rows.isGrouped();
  }

  @Override
  public List<UserMessage> remarks() {
    return rows.remarks();
  }

  @Override
  public SourceFormat format() {
    return rows.format();
  }

  @Override
  public Position position() {
    return rows.position();
  }

  @Override
  public long bytesRead() {
    return rows.bytesRead();
  }

  @Override
  public long totalBytes() {
    return rows.totalBytes();
  }

  @Override
  public void close() {
    rows.close();
  }
}
