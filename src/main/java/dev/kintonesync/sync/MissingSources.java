package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.Form;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.message.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys of lookup fields that are not in the apps they look into. One is known once Kintone has
 * refused a record alone for it; all other records of the batch with the same key are rejected
 * unsent.
 */
final class MissingSources {
  private final Form form;

  /** What Kintone said, by the cell that it said it of. */
  private final Map<Cell, String> known = new HashMap<>();

  private record Cell(String field, JsonNode value) {}

  MissingSources(Form form) {
    this.form = form;
  }

  /** A record was refused alone: rejects it at its lookup field, if that is quoted. */
  boolean refused(PlannedRecord record, Answer.Refused refused) {
    for (Map.Entry<String, JsonNode> cell : record.changes().entrySet()) {
      Field field = form.field(cell.getKey());
      if (field != null && field.lookup() && names(refused.message(), field, cell.getValue())) {
        known.put(new Cell(field.code(), cell.getValue()), refused.words());
        reject(record, field, cell.getValue(), refused.words());
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the words are about this value of this field, in Kintone's English or Japanese. Not
   * only that both stand there: another value may hold this one, and another code this code.
   */
  private static boolean names(String words, Field field, JsonNode value) {
    return value.isValueNode()
        && (words.contains(" value " + value.asText() + " in the field " + field.code() + " ")
            || (words.contains("「" + field.code() + "」")
                && words.contains("「" + value.asText() + "」")));
  }

  /** Rejects the records with a key that is known to be missing; these are returned. */
  List<PlannedRecord> rejectKnown(List<PlannedRecord> records) {
    var rejected = new ArrayList<PlannedRecord>();
    for (PlannedRecord record : records) {
      record.changes().entrySet().stream()
          .filter(cell -> known.containsKey(new Cell(cell.getKey(), cell.getValue())))
          .findFirst()
          .ifPresent(
              cell -> {
                Field field = form.field(cell.getKey());
                if (field != null) {
                  String words = known.get(new Cell(cell.getKey(), cell.getValue()));
                  reject(record, field, cell.getValue(), String.valueOf(words));
                  rejected.add(record);
                }
              });
    }
    return rejected;
  }

  private static void reject(PlannedRecord record, Field field, JsonNode value, String words) {
    record.reject(
        field.code(), Text.LOOKUP_SOURCE_MISSING.with(field.name(), value.asText(), words));
  }
}
