package dev.kintonesync.source.json;

import dev.kintonesync.source.PolledRows;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceRecord;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that somebody else has made Java objects of, as source records: texts, lists and maps. Their
 * rejects are JSON, which alone keeps lists and maps as they are.
 */
public final class ObjectReader extends PolledRows {
  private final Iterator<Map<String, @Nullable Object>> rows;

  /** A reader of rows, each with a value, or null, by column. */
  public ObjectReader(List<String> columns, Iterator<Map<String, @Nullable Object>> rows) {
    super(columns, SourceFormat.JSON);
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public SourceRecord next() {
    var values = rows.next();
    return new SourceRecord(turn(), values, List.of(List.of(JsonValues.write(values))), null);
  }

  @Override
  public void close() {
    // whoever makes the rows holds nothing open
  }
}
