package dev.kintonesync.camel.run;

import dev.kintonesync.form.Mapping;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.CellNumber;
import dev.kintonesync.source.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a workbook with more digits than it keeps. Two keys may have become one so; in another
 * column such a number is worth a remark.
 */
final class InexactNumbers {

  private InexactNumbers() {}

  /** Why the key of a record cannot be trusted; null when it can. */
  static @Nullable UserMessage inKey(Mapping mapping, SourceRecord source) {
    for (String column : mapping.keyColumns()) {
      if (source.values().get(column) instanceof CellNumber number && !number.isExact()) {
        return MessageCode.KEY_NOT_EXACT.with(column, number.toString());
      }
    }
    return null;
  }

  /** What is to be said of the other columns that fill fields. */
  static List<UserMessage> elsewhere(Mapping mapping, SourceRecord source) {
    var notes = new ArrayList<UserMessage>(0); // for every row, and most have none
    var rows = source.members().isEmpty() ? List.of(source.values()) : source.members();
    for (var row : rows) {
      for (String column : mapping.columns()) {
        if (row.get(column) instanceof CellNumber number && !number.isExact()) {
          notes.add(MessageCode.VALUE_NOT_EXACT.with(column, number.toString()));
        }
      }
    }
    return notes;
  }
}
