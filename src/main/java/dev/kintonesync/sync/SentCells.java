package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a write sends, cell by cell.
 *
 * @param form the app's form
 * @param values field code to the value that is sent
 */
record SentCells(Form form, Map<String, JsonNode> values) {

  /** Code and value of each cell: those of the rows of tables in the place of tables. */
  Stream<Map.Entry<String, JsonNode>> all() {
    return values.entrySet().stream()
        .flatMap(
            value -> {
              Field field = form.field(value.getKey());
              return field == null || field.type() != FieldType.SUBTABLE
                  ? Stream.of(value)
                  : StreamSupport.stream(value.getValue().spliterator(), false)
                      .flatMap(row -> row.path("value").properties().stream())
                      .map(cell -> Map.entry(cell.getKey(), cell.getValue().path("value")));
            });
  }

  /** The keys that Kintone would look up, those in tables among them. */
  Stream<Map.Entry<Field, JsonNode>> lookups() {
    return all()
        .flatMap(
            cell ->
                form.lookups()
                    .filter(field -> field.code().equals(cell.getKey()))
                    .filter(field -> !field.same(null, cell.getValue()))
                    .map(field -> Map.entry(field, cell.getValue())));
  }

  /** The value of a cell of a table. */
  JsonNode at(String table, int row, String field) {
    JsonNode rows = values.getOrDefault(table, MissingNode.getInstance());
    return rows.path(row).path("value").path(field).path("value");
  }
}
