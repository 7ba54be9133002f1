package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.EditDistance;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tables in Kintone's shape: {@code [{"id": "368", "value": {"CODE": {"value": ...}}}]}, the id
 * only for rows that the record has; or as other systems write them: {@code [{"CODE": ...}]}, by
 * code or label. Rows that a write does not list are deleted by Kintone, so a blank cell is
 * refused: only an empty list empties a table.
 */
final class TableRules implements ValueRules {

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    Iterable<?> rows = RawValues.list(raw);
    if (rows == null) {
      return new Converted.Refused(
          MessageCode.VALUE_NOT_A_TABLE.with(field.name(), RawValues.excerpt(raw)));
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    var notes = new ArrayList<UserMessage>();
    for (Object member : rows) {
      Object row = RawValues.unwrap(member);
      boolean plain = !RawValues.isObject(RawValues.member(row, "value"));
      Object cells = plain ? row : RawValues.member(row, "value");
      if (!RawValues.isObject(cells)) {
        return new Converted.Refused(
            MessageCode.VALUE_NOT_A_TABLE.with(field.name(), RawValues.excerpt(row)));
      }
      ObjectNode converted = array.addObject();
      String id = RawValues.text(RawValues.member(row, "id"));
      if (id != null) {
        converted.put("id", id);
      }
      UserMessage problem =
          convertRow(
              field, cells, plain, converted.putObject("value"), conversion, array.size(), notes);
      if (problem != null) {
        return new Converted.Refused(problem);
      }
    }
    return new Converted.Value(array, notes);
  }

  private static @Nullable UserMessage convertRow(
      Field table,
      @Nullable Object cells,
      boolean plain,
      ObjectNode row,
      Conversion conversion,
      int number,
      List<UserMessage> notes) {
    for (String name : RawValues.names(cells)) {
      Field inner = plain ? named(table, name) : table.inner().get(name);
      if (inner == null && plain && name.equals("id")) {
        continue;
      }
      if (inner == null) {
        return MessageCode.TABLE_FIELD_UNKNOWN.with(
            table.name(), name, EditDistance.sample(name, List.copyOf(table.inner().keySet())));
      }
      Object cell = RawValues.member(cells, name);
      if (!plain && !RawValues.names(cell).contains("value")) {
        return MessageCode.VALUE_NOT_A_TABLE.with(table.name(), RawValues.excerpt(cells));
      }
      if (!inner.writable()) {
        continue;
      }
      Converted result = inner.convert(plain ? cell : RawValues.member(cell, "value"), conversion);
      if (result instanceof Converted.Refused refused) {
        return MessageCode.TABLE_ROW.with(table.name(), number, refused.problem());
      }
      if (result instanceof Converted.Value value) {
        row.putObject(inner.code()).set("value", value.json());
        value
            .notes()
            .forEach(note -> notes.add(MessageCode.TABLE_ROW.with(table.name(), number, note)));
      }
    }
    return null;
  }

  /** A field of the table by its code, or else by its label. */
  private static @Nullable Field named(Field table, String name) {
    Field byCode = table.inner().get(name);
    return byCode != null
        ? byCode
        : table.inner().values().stream()
            .filter(field -> field.label().equals(name))
            .findFirst()
            .orElse(null);
  }

  /** Row by row in their order, each by the inner fields that both sides mention. */
  @Override
  public boolean same(Field field, JsonNode one, JsonNode other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int row = 0; row < one.size(); row++) {
      if (!sameRow(field, one.path(row).path("value"), other.path(row).path("value"))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameRow(Field table, JsonNode one, JsonNode other) {
    for (Map.Entry<String, JsonNode> cell : one.properties()) {
      Field inner = table.inner().get(cell.getKey());
      JsonNode there = other.get(cell.getKey());
      if (inner != null
          && there != null
          && !inner.same(cell.getValue().get("value"), there.get("value"))) {
        return false;
      }
    }
    return true;
  }
}
