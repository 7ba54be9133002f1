package dev.kintonesync.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.simulator.SimulatedApp;
import java.util.Set;

/**
 * Records as cases of data write them: {@code {"CODE": text or list}}, users and the like by their
 * codes, and the rows of a table in the same way.
 */
final class FlatRecords {
  private static final Set<String> ENTITIES =
      Set.of("USER_SELECT", "ORGANIZATION_SELECT", "GROUP_SELECT");

  private FlatRecords() {}

  /**
   * A record as a write takes it.
   *
   * @param fields the fields of the form, or of the table
   */
  static ObjectNode cells(JsonNode record, JsonNode fields) {
    var cells = JsonNodeFactory.instance.objectNode();
    for (var cell : record.properties()) {
      JsonNode inner = fields.path(cell.getKey()).path("fields");
      JsonNode value = cell.getValue();
      if (!inner.isMissingNode()) {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        value.forEach(row -> rows.addObject().set("value", cells(row, inner)));
        value = rows;
      } else if (ENTITIES.contains(fields.path(cell.getKey()).path("type").asText())) {
        ArrayNode entities = JsonNodeFactory.instance.arrayNode();
        value.forEach(code -> entities.addObject().set("code", code));
        value = entities;
      }
      cells.putObject(cell.getKey()).set("value", value);
    }
    return cells;
  }

  /** The records of the app, each with the fields of the form: texts, lists, and rows of tables. */
  static ArrayNode of(SimulatedApp app, JsonNode form) {
    ArrayNode records = JsonNodeFactory.instance.arrayNode();
    app.records().forEach(record -> records.add(of(record, form)));
    return records;
  }

  /** One record, or row, with these fields. */
  static ObjectNode of(JsonNode record, JsonNode fields) {
    var flat = JsonNodeFactory.instance.objectNode();
    for (var field : fields.properties()) {
      JsonNode value = record.path(field.getKey()).path("value");
      JsonNode inner = field.getValue().path("fields");
      if (value.isArray()) {
        ArrayNode members = flat.putArray(field.getKey());
        for (JsonNode member : value) {
          members.add(
              !inner.isMissingNode()
                  ? of(member.path("value"), inner)
                  : member.has("fileKey")
                      ? member.path("name")
                      : member.has("code") ? member.path("code") : member);
        }
      } else {
        flat.set(field.getKey(), value.isNull() ? TextNode.valueOf("") : value);
      }
    }
    return flat;
  }
}
