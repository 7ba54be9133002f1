package dev.kintonesync.source.database;

import dev.kintonesync.source.Overlap;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a database.
 *
 * @param sql a SELECT without ORDER BY at its end
 * @param checkpoint the column whose values grow whenever a row is added or changed; null: all rows
 *     are read every time
 * @param unique the column that no two rows have in common and that never changes, by which pages
 *     are read; null: one cursor reads all
 * @param overlap how far behind the checkpoint a poll begins
 * @param pageSize rows in one page
 * @param fetchSize rows that a cursor fetches at a time
 */
public record DatabaseQuery(
    String sql,
    @Nullable String checkpoint,
    @Nullable String unique,
    Overlap overlap,
    int pageSize,
    int fetchSize) {

  public DatabaseQuery {
    sql = sql.strip().replaceFirst("[;\\s]+$", "");
  }
}
