package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.state.AppForm;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The places of fields on a form, as {@code app/form/layout.json} has them. */
public final class Layouts {
  private static final Set<String> DECORATIONS = Set.of("LABEL", "SPACER", "HR");

  private Layouts() {}

  /**
   * The layout as it was set, without fields that are gone, and with a row for each that is new.
   * Fields that every app has are on the form only where they were set on it.
   */
  public static ArrayNode of(Design design) {
    Set<String> placed = new HashSet<>();
    ArrayNode layout = known(design.layout(), design.form(), placed);
    for (FormField field : design.form().fields()) {
      if (!field.type().isBuiltIn() && !placed.contains(field.code())) {
        layout.add(place(field));
      }
    }
    return layout;
  }

  private static ArrayNode known(JsonNode rows, AppForm form, Set<String> placed) {
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    for (JsonNode row : rows) {
      ObjectNode copy = row.deepCopy();
      String code = row.path("code").asText();
      switch (row.path("type").asText()) {
        case "SUBTABLE" -> {
          FormField table = form.field(code);
          if (table != null) {
            placed.add(code);
            kept.add(place(table));
          }
        }
        case "GROUP" -> {
          if (form.field(code) != null) {
            placed.add(code);
            copy.set("layout", known(row.path("layout"), form, placed));
            kept.add(copy);
          }
        }
        default -> {
          ArrayNode fields = copy.putArray("fields");
          for (JsonNode field : row.path("fields")) {
            String name = field.path("code").asText();
            if (DECORATIONS.contains(field.path("type").asText())) {
              fields.add(field);
            } else if (form.field(name) != null && placed.add(name)) {
              fields.add(field);
            }
          }
          if (!fields.isEmpty()) {
            kept.add(copy);
          }
        }
      }
    }
    return kept;
  }

  private static ObjectNode place(FormField field) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    if (field.type() == FieldType.GROUP) {
      row.put("type", "GROUP").put("code", field.code()).putArray("layout");
    } else if (field.type() == FieldType.SUBTABLE) {
      row.put("type", "SUBTABLE").put("code", field.code());
      ArrayNode columns = row.putArray("fields");
      field.inner().values().forEach(inner -> addTo(columns, inner));
    } else {
      addTo(row.put("type", "ROW").putArray("fields"), field);
    }
    return row;
  }

  private static void addTo(ArrayNode fields, FormField field) {
    fields
        .addObject()
        .put("type", field.type().name())
        .put("code", field.code())
        .putObject("size")
        .put("width", "193");
  }

  /**
   * Notes what is wrong with a layout: rows of no known type, fields that are not there or of
   * another type, and tables with other columns than they have.
   */
  public static void check(Params params, ArrayNode layout, AppForm form) {
    checkRows(params, "layout", layout, form);
  }

  private static void checkRows(Params params, String name, JsonNode rows, AppForm form) {
    for (int i = 0; i < rows.size(); i++) {
      String place = name + "[" + i + "]";
      JsonNode row = rows.path(i);
      switch (row.path("type").asText()) {
        case "ROW" -> checkFields(params, place + ".fields", row.path("fields"), form);
        case "SUBTABLE" -> checkTable(params, place, row, form);
        case "GROUP" -> {
          checkField(params, place, row, form);
          checkRows(params, place + ".layout", row.path("layout"), form);
        }
        default -> params.problem(place + ".type", FieldError.NOT_IN_ENUM);
      }
    }
  }

  private static void checkFields(Params params, String name, JsonNode fields, AppForm form) {
    for (int i = 0; i < fields.size(); i++) {
      if (!DECORATIONS.contains(fields.path(i).path("type").asText())) {
        checkField(params, name + "[" + i + "]", fields.path(i), form);
      }
    }
  }

  private static @Nullable FormField checkField(
      Params params, String place, JsonNode placed, AppForm form) {
    String code = placed.path("code").asText();
    FormField field = form.field(code);
    if (field == null) {
      params.problem(place + ".code", FieldError.NOT_ON_THE_FORM, code);
    } else if (!field.type().name().equals(placed.path("type").asText())) {
      params.problem(place + ".type", FieldError.OTHER_TYPE_ON_THE_FORM, code);
    }
    return field;
  }

  /** A table without any columns named keeps those it has. */
  private static void checkTable(Params params, String place, JsonNode row, AppForm form) {
    FormField table = checkField(params, place, row, form);
    JsonNode columns = row.path("fields");
    if (table != null
        && !columns.isEmpty()
        && !table.inner().keySet().equals(Set.copyOf(columns.findValuesAsText("code")))) {
      params.problem(place + ".fields", FieldError.OTHER_TABLE_ON_THE_FORM, table.code());
    }
  }
}
