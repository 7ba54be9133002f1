package dev.kintonesync.source;

import dev.kintonesync.message.UserMessage;
import java.util.List;

/** What the readers of sources have in common that are no files: rows without lines, one by one. */
public abstract class PolledRows implements SourceReader {
  private final List<String> columns;
  private final SourceFormat format;
  private Position position = new Position(0, 0);

  /**
   * A reader before its first row.
   *
   * @param format how its rejects are written
   */
  protected PolledRows(List<String> columns, SourceFormat format) {
    this.columns = List.copyOf(columns);
    this.format = format;
  }

  /** Goes on to the next row; where that one is. */
  protected final Position turn() {
    position = new Position(position.row() + 1, 0);
    return position;
  }

  /** Goes on to the next row, which is to be found at a place of its own. */
  protected final Position turn(UserMessage place) {
    position = new Position(position.row() + 1, 0, place);
    return position;
  }

  @Override
  public final List<String> columns() {
    return columns;
  }

  @Override
  public final SourceFormat format() {
    return format;
  }

  @Override
  public final Position position() {
    return position;
  }

  /** Nobody knows, where rows do not come from a file. */
  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  public long totalBytes() {
    return 0;
  }
}
