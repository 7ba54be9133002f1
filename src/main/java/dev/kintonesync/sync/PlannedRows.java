package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Field;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table between two writes of which nothing is sent. A row that Kintone has not
 * numbered yet is known by its place in the write that adds it.
 */
final class PlannedRows {
  private static final String NEW = "+";

  private PlannedRows() {}

  /**
   * The rows as a write would leave them.
   *
   * @param there the rows before it; null: none
   * @param written the rows as a write takes them: what it does not mention of a row stays
   */
  static ArrayNode after(@Nullable JsonNode there, JsonNode written) {
    var before = byId(there);
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (JsonNode row : written) {
      JsonNode stays = before.get(row.path("id").asText(""));
      ObjectNode left = rows.addObject();
      left.put("id", stays == null ? NEW + rows.size() : row.path("id").asText());
      ObjectNode cells = left.putObject("value");
      set(cells, stays == null ? null : stays.path("value"));
      set(cells, row.path("value"));
    }
    return rows;
  }

  private static void set(ObjectNode cells, @Nullable JsonNode from) {
    if (from != null) {
      from.properties().forEach(cell -> cells.set(cell.getKey(), cell.getValue()));
    }
  }

  private static Map<String, JsonNode> byId(@Nullable JsonNode rows) {
    var byId = new HashMap<String, JsonNode>();
    if (rows != null) {
      rows.forEach(row -> byId.put(row.path("id").asText(""), row));
    }
    byId.remove("");
    return byId;
  }

  /**
   * Two writes of a table as one.
   *
   * @param held the rows that Kintone holds; null: none
   * @param later written to the rows that {@code earlier} would leave
   */
  static ArrayNode together(
      Field table, @Nullable JsonNode held, JsonNode earlier, JsonNode later) {
    var there = byId(held);
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (JsonNode row : after(after(held, earlier), later)) {
      JsonNode stays = there.get(row.path("id").asText());
      ObjectNode written = rows.addObject();
      if (stays != null) {
        written.put("id", row.path("id").asText());
      }
      ObjectNode cells = written.objectNode();
      for (var cell : row.path("value").properties()) {
        Field field = table.inner().get(cell.getKey());
        JsonNode value = cell.getValue().path("value");
        JsonNode before =
            stays == null ? null : stays.path("value").path(cell.getKey()).get("value");
        if (field != null && field.writable() && (before == null || !field.same(value, before))) {
          cells.putObject(cell.getKey()).set("value", value);
        }
      }
      if (stays == null || !cells.isEmpty()) {
        written.set("value", cells);
      }
    }
    return rows;
  }

  /** Whether a write leaves all rows as they are. */
  static boolean isUntouched(@Nullable JsonNode held, JsonNode written) {
    if (held == null) {
      return written.isEmpty();
    }
    if (written.size() != held.size()) {
      return false;
    }
    for (int row = 0; row < held.size(); row++) {
      String id = held.path(row).path("id").asText();
      if (written.path(row).has("value") || !written.path(row).path("id").asText().equals(id)) {
        return false;
      }
    }
    return true;
  }
}
