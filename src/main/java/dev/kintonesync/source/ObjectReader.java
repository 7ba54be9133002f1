package dev.kintonesync.source;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that somebody else has made Java objects of, as source records: texts, lists and maps. Their
 * rejects are JSON, which alone keeps lists and maps as they are.
 */
public final class ObjectReader implements SourceReader {
  private final List<String> columns;
  private final Iterator<Map<String, @Nullable Object>> rows;
  private Position position = new Position(0, 0);

  /** A reader of rows, each with a value, or null, by column. */
  public ObjectReader(List<String> columns, Iterator<Map<String, @Nullable Object>> rows) {
    this.columns = List.copyOf(columns);
    this.rows = rows;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public SourceFormat format() {
    return SourceFormat.JSON;
  }

  @Override
  public Position position() {
    return position;
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  public long totalBytes() {
    return 0;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public SourceRecord next() {
    var values = rows.next();
    position = new Position(position.row() + 1, 0);
    return new SourceRecord(position, values, List.of(List.of(JsonValues.write(values))), null);
  }

  @Override
  public void close() {
    // whoever makes the rows holds nothing open
  }
}
