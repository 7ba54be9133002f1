package dev.kintonesync.source.database;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Infinity;
import dev.kintonesync.source.PolledRows;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a database as source records. Nobody knows beforehand how many there are. */
public final class DatabaseReader extends PolledRows {
  private static final SourceFormat REJECTS = new SourceFormat(StandardCharsets.UTF_8, ',');

  private final Iterator<List<@Nullable Object>> rows;
  private final Runnable release;

  /**
   * A reader.
   *
   * @param release what is to be done when it is closed; may be done twice
   */
  DatabaseReader(List<String> columns, Iterator<List<@Nullable Object>> rows, Runnable release) {
    super(columns, REJECTS);
    this.rows = rows;
    this.release = release;
  }

  /** Returns the rows that are left, with something else to be done when they are closed. */
  public DatabaseReader releasing(Runnable also) {
    return new DatabaseReader(
        columns(),
        rows,
        () -> {
          release.run();
          also.run();
        });
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public SourceRecord next() {
    var row = rows.next();
    var columns = columns();
    UserMessage problem = null;
    var values = new LinkedHashMap<String, @Nullable Object>(2 * columns.size());
    for (int i = 0; i < columns.size(); i++) {
      Object value = row.get(i);
      values.put(columns.get(i), Infinity.asText(value));
      if (value instanceof DatabaseRow.Unreadable unreadable) {
        problem = MessageCode.DATABASE_VALUE_UNREADABLE.with(unreadable.column(), unreadable.why());
      }
    }
    return new SourceRecord(
        turn(),
        problem == null ? values : Map.of(),
        List.of(row.stream().map(SourceRecord::text).toList()),
        problem);
  }

  @Override
  public void close() {
    release.run();
  }
}
