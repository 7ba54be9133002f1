package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The write of one record as a plan document has it. It is done as it stands there or not at all:
 * what Kintone holds now decides only whether it is still to be done.
 *
 * @param verb POST for an insert, PUT for an update, DELETE for a removal
 * @param id the record that is updated or removed; null for an insert
 * @param revision the revision that this record must still have; null for an insert
 * @param values field code to the value that is written; none for a removal
 * @param before field code to what the record held when the plan was made; none for an insert
 * @param addedAgain whether the plan adds another record in the place of the one that it removes
 */
public record PlannedWrite(
    Verb verb,
    @Nullable String id,
    @Nullable Long revision,
    Map<String, JsonNode> values,
    Map<String, JsonNode> before,
    boolean addedAgain) {

  /**
   * Which values are still to be written so that a record is as the plan wants it.
   *
   * @param now the record as it is; null: there is none
   */
  Map<String, JsonNode> open(@Nullable KintoneRecord now, Form form) {
    if (now == null || isAsPlanned(now)) {
      return verb == Verb.PUT && now == null ? Map.of() : values;
    }
    var open = new LinkedHashMap<String, JsonNode>();
    values.forEach(
        (code, value) -> {
          Field field = form.field(code);
          if (field == null || !isThere(field, value, now)) {
            open.put(code, value);
          }
        });
    return open;
  }

  private boolean isAsPlanned(KintoneRecord now) {
    return now.id().equals(id) && revision != null && now.revision() == revision;
  }

  /**
   * Whether there is nothing left to do.
   *
   * @param open what {@link #open} says
   */
  boolean isDone(@Nullable KintoneRecord now, Map<String, JsonNode> open) {
    return verb == Verb.DELETE
        ? now == null || (addedAgain && !now.id().equals(id))
        : now != null && open.isEmpty() && (id == null || now.id().equals(id));
  }

  /** Why it must not be done any more; null when it may. */
  @Nullable UserMessage objection(String key, Field keyField, @Nullable KintoneRecord now) {
    if (verb == Verb.POST) {
      if (now != null) {
        return MessageCode.PLAN_KEY_APPEARED.with(key, now.id());
      }
      return keyField.type() == FieldType.RECORD_NUMBER
          ? MessageCode.PLAN_INSERT_BY_NUMBER.with(key)
          : null;
    }
    if (now == null) {
      return MessageCode.PLAN_RECORD_GONE.with(key, String.valueOf(id));
    } else if (!now.id().equals(id)) {
      return MessageCode.PLAN_OTHER_RECORD.with(key, String.valueOf(id), now.id());
    }
    return isAsPlanned(now)
        ? null
        : MessageCode.PLAN_REVISION_MOVED.with(
            key,
            now.id(),
            String.valueOf(revision),
            now.revision(),
            String.valueOf(now.modifier()));
  }

  private boolean isThere(Field field, JsonNode value, KintoneRecord now) {
    return field.same(
        field.type() == FieldType.SUBTABLE ? wholeRows(field, value) : value,
        now.value(field.code()));
  }

  /** The rows of a table as they are after the write: what it does not mention stays. */
  private JsonNode wholeRows(Field table, JsonNode written) {
    var there = new HashMap<String, JsonNode>();
    JsonNode stood = before.get(table.code());
    if (stood != null) {
      stood.forEach(row -> there.put(row.path("id").asText(), row.path("value")));
    }
    var rows = JsonNodeFactory.instance.arrayNode();
    for (JsonNode row : written) {
      var cells = rows.addObject().putObject("value");
      JsonNode kept = there.get(row.path("id").asText(""));
      if (kept != null) {
        kept.properties().forEach(cell -> cells.set(cell.getKey(), cell.getValue()));
      }
      row.path("value").properties().forEach(cell -> cells.set(cell.getKey(), cell.getValue()));
    }
    return rows;
  }
}
