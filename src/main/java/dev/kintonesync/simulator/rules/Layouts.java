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

/** The places of fields on a form, as {@code app/form/layout.json} has them. */
public final class Layouts {
  private static final Set<String> DECORATIONS = Set.of("LABEL", "SPACER", "HR");

  private Layouts() {}

  /**
   * The layout as it was set, without fields that are gone, and with a row for each that is new.
   */
  public static ArrayNode of(Design design) {
    Set<String> placed = new HashSet<>();
    ArrayNode layout = known(design.layout(), design.form(), placed);
    for (FormField field : design.form().fields()) {
      if (field.type().shape() != FieldType.Shape.PROCESS && !placed.contains(field.code())) {
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

  /** Notes what is wrong with a layout: rows of no known type, and fields that are not there. */
  public static void check(Params params, ArrayNode layout, AppForm form) {
    for (int i = 0; i < layout.size(); i++) {
      JsonNode row = layout.get(i);
      String type = row.path("type").asText();
      if (!Set.of("ROW", "SUBTABLE", "GROUP").contains(type)) {
        params.problem("layout[" + i + "].type", FieldError.NOT_IN_ENUM);
      } else if (!type.equals("ROW") && form.field(row.path("code").asText()) == null) {
        throw ErrorCode.GAIA_FC01.refuse(row.path("code").asText());
      } else if (type.equals("ROW")) {
        for (JsonNode field : row.path("fields")) {
          String code = field.path("code").asText();
          if (!DECORATIONS.contains(field.path("type").asText()) && form.field(code) == null) {
            throw ErrorCode.GAIA_FC01.refuse(code);
          }
        }
      }
    }
  }
}
