package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.Form;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Keys of lookup fields, inside of tables too, that are not in the apps they look into. One is
 * known once Kintone has refused a record alone for it; all other records of the batch with the
 * same key are rejected unsent.
 */
final class MissingSources {
  private final Form form;
  private final Map<String, Field> lookups = new HashMap<>();

  /** What Kintone said, by the cell that it said it of. */
  private final Map<Cell, String> known = new HashMap<>();

  private record Cell(String field, JsonNode value) {}

  MissingSources(Form form) {
    this.form = form;
    form.lookups().forEach(field -> lookups.put(field.code(), field));
  }

  /** The keys that the next write of a record sends. */
  private List<Cell> keys(PlannedRecord record) {
    return record
        .sent()
        .all()
        .filter(cell -> lookups.containsKey(cell.getKey()))
        .map(cell -> new Cell(cell.getKey(), cell.getValue()))
        .toList();
  }

  /** A record was refused alone: rejects it at its lookup field, if that is quoted. */
  boolean refused(PlannedRecord record, Answer.Refused refused) {
    for (Cell cell : keys(record)) {
      if (names(refused.message(), cell)) {
        known.put(cell, refused.words());
        reject(record, cell);
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the words are about this value of this field, in Kintone's English or Japanese. Not
   * only that both stand there: another value may hold this one, and another code this code.
   */
  private static boolean names(String words, Cell cell) {
    return cell.value().isValueNode()
        && (words.contains(
                " value " + cell.value().asText() + " in the field " + cell.field() + " ")
            || (words.contains("「" + cell.field() + "」")
                && words.contains("「" + cell.value().asText() + "」")));
  }

  /** Rejects the records with a key that is known to be missing; these are returned. */
  List<PlannedRecord> rejectKnown(List<PlannedRecord> records) {
    var rejected = new ArrayList<PlannedRecord>();
    for (PlannedRecord record : records) {
      keys(record).stream()
          .filter(known::containsKey)
          .findFirst()
          .ifPresent(
              cell -> {
                reject(record, cell);
                rejected.add(record);
              });
    }
    return rejected;
  }

  /**
   * Rejects a record of a plan if another app lacks what its write would look up.
   *
   * @return whether it does
   */
  boolean rejected(PlannedRecord record, BiPredicate<Field, JsonNode> lacks) {
    var missing =
        record
            .sent()
            .lookups()
            .filter(each -> lacks.test(each.getKey(), each.getValue()))
            .findFirst();
    missing.ifPresent(
        each -> {
          var cell = new Cell(each.getKey().code(), each.getValue());
          known.putIfAbsent(cell, "[" + ErrorCode.NO_LOOKUP_SOURCE + "]");
          reject(record, cell);
        });
    return missing.isPresent();
  }

  private void reject(PlannedRecord record, Cell cell) {
    UserMessage why =
        MessageCode.LOOKUP_SOURCE_MISSING.with(
            String.valueOf(lookups.get(cell.field())),
            cell.value().asText(),
            String.valueOf(known.get(cell)));
    for (Field table : form.fields()) {
      if (table.inner().containsKey(cell.field())) {
        Field inner = table.inner().get(cell.field());
        var place = inner == null ? null : record.wanted(table, inner, cell.value()::equals);
        if (place != null) {
          record.rejectAt(place, table.name(), why);
          return;
        }
      }
    }
    record.reject(cell.field(), why);
  }
}
