package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cell of a table of a source record.
 *
 * @param table the code of the table
 * @param field the code of the field
 * @param row the index of the row of the table
 */
record TableCell(String table, String field, int row) {

  /**
   * The first cell with a value; null: there is none.
   *
   * @param rows the rows of the table, as a write takes them
   */
  static @Nullable TableCell first(
      JsonNode rows, String table, String field, Predicate<JsonNode> value) {
    for (int row = 0; row < rows.size(); row++) {
      if (value.test(rows.path(row).path("value").path(field).path("value"))) {
        return new TableCell(table, field, row);
      }
    }
    return null;
  }

  /**
   * The record is rejected for this cell, in the row of the source that has it. Where a row is a
   * whole record, the row of the table is named.
   *
   * @param name what the table is called
   */
  Reject reject(SyncRecord record, Mapping mapping, String name, UserMessage reason) {
    var members = record.source().members();
    return members.isEmpty()
        ? new Reject(
            record.source(), record.key(), table, MessageCode.TABLE_ROW.with(name, row + 1, reason))
        : new Reject(
            record.source(),
            record.key(),
            table,
            MessageCode.TABLE_CELL.with(name, reason),
            mapping.columnInTable(table, field),
            mapping.memberOf(table, row, members));
  }
}
