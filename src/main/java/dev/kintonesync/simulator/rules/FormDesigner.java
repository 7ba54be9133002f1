package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.formula.Formula;
import dev.kintonesync.simulator.formula.FormulaException;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.AppForm;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.Lookup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Adds, changes and removes the fields of a form, as {@code preview/app/form/fields.json} does. */
public final class FormDesigner {
  /** Letters of any script, digits but not first, underscore, middle dots and currency signs. */
  private static final Pattern CODE =
      Pattern.compile(
          "(?![0-9０-９]|\\$(?:id|revision)$)[\\p{L}\\p{M}\\p{N}\\p{Sc}_＿・･〃々〆〇゛゜]{1,128}");

  private static final Set<String> FORMATS =
      Set.of(
          "NUMBER", "NUMBER_DIGIT", "DATETIME", "DATE", "TIME", "HOUR_MINUTE", "DAY_HOUR_MINUTE");

  private final App app;
  private final Map<String, FormField> fields = new LinkedHashMap<>();
  private final Problems problems = new Problems();

  /** Begins with the fields of an app's preview. */
  public FormDesigner(App app) {
    this.app = app;
    app.preview().form().fields().forEach(field -> fields.put(field.code(), field));
  }

  /** The fields each app is born with, under the codes Kintone gives them in a language. */
  public static AppForm born(Language language) {
    boolean japanese = language == Language.JA;
    List<FormField> fields = new ArrayList<>();
    addBuiltIn(fields, FieldType.RECORD_NUMBER, japanese ? "レコード番号" : "Record_number");
    addBuiltIn(fields, FieldType.CREATOR, japanese ? "作成者" : "Created_by");
    addBuiltIn(fields, FieldType.CREATED_TIME, japanese ? "作成日時" : "Created_datetime");
    addBuiltIn(fields, FieldType.MODIFIER, japanese ? "更新者" : "Updated_by");
    addBuiltIn(fields, FieldType.UPDATED_TIME, japanese ? "更新日時" : "Updated_datetime");
    addBuiltIn(fields, FieldType.CATEGORY, japanese ? "カテゴリー" : "Categories");
    addBuiltIn(fields, FieldType.STATUS, japanese ? "ステータス" : "Status");
    addBuiltIn(fields, FieldType.STATUS_ASSIGNEE, japanese ? "作業者" : "Assignee");
    return new AppForm(fields);
  }

  private static void addBuiltIn(List<FormField> fields, FieldType type, String code) {
    ObjectNode properties = JsonNodeFactory.instance.objectNode();
    properties.put("type", type.name()).put("code", code).put("label", code.replace('_', ' '));
    if (type.shape() == FieldType.Shape.PROCESS) {
      properties.put("enabled", false);
    } else {
      properties.put("noLabel", false);
    }
    fields.add(FormField.of(properties, null, fields.size()));
  }

  /** Adds fields; their codes must be free. */
  public AppForm add(ObjectNode properties) {
    for (Map.Entry<String, JsonNode> entry : properties.properties()) {
      ObjectNode given = object(entry.getValue());
      String code = given.path("code").asText(entry.getKey());
      FieldType type = FieldType.named(given.path("type").asText());
      String place = "properties[" + entry.getKey() + "]";
      if (type == null) {
        problems.add(place + ".type", FieldError.NOT_IN_ENUM);
      } else if (!CODE.matcher(code).matches()) {
        problems.add(place + ".code", FieldError.BAD_CODE, code);
      } else if (isTaken(code)) {
        problems.add(place + ".code", FieldError.DUPLICATE_CODE, code);
      } else if (type.isBuiltIn()) {
        addSystemField(type, code, given, place);
      } else {
        ObjectNode complete = complete(type, code, given, place);
        problems.check();
        fields.put(code, FormField.of(complete, null, app.freeSlot()));
      }
    }
    return formWithCopies();
  }

  /** A system field can only come back after it was removed. */
  private void addSystemField(FieldType type, String code, ObjectNode given, String place) {
    boolean present = fields.values().stream().anyMatch(field -> field.type() == type);
    if (present || type.shape() == FieldType.Shape.PROCESS) {
      problems.add(place + ".type", FieldError.BAD_FIELD_TYPE, type.name());
      return;
    }
    ObjectNode properties = given.deepCopy();
    properties.put("code", code);
    fields.put(code, FormField.of(properties, null, app.freeSlot()));
  }

  private boolean isTaken(String code) {
    return fields.containsKey(code)
        || fields.values().stream().anyMatch(field -> field.inner().containsKey(code));
  }

  /**
   * Takes the fields of another app: its own system fields take over the codes of those given, the
   * others are added.
   */
  public AppForm adopt(ObjectNode properties) {
    ObjectNode others = properties.objectNode();
    for (Map.Entry<String, JsonNode> entry : properties.properties()) {
      FieldType type = FieldType.named(entry.getValue().path("type").asText());
      if (type == null || !type.isBuiltIn()) {
        others.set(entry.getKey(), entry.getValue());
        continue;
      }
      for (FormField field : List.copyOf(fields.values())) {
        if (field.type() == type) {
          ObjectNode adopted = field.properties().deepCopy();
          ObjectNode given = object(entry.getValue()).deepCopy();
          if (type == FieldType.STATUS || type == FieldType.STATUS_ASSIGNEE) {
            given.remove("enabled"); // comes and goes with the process
          }
          mergeInto(adopted, given);
          replace(field, FormField.of(adopted, field, field.slot()));
        }
      }
    }
    return add(others);
  }

  /** Changes fields by their present codes; a {@code code} inside renames. */
  public AppForm change(ObjectNode properties) {
    for (Map.Entry<String, JsonNode> entry : properties.properties()) {
      FormField before = fields.get(entry.getKey());
      if (before == null) {
        throw ErrorCode.GAIA_FC01.refuse(entry.getKey());
      }
      ObjectNode given = object(entry.getValue());
      String place = "properties[" + entry.getKey() + "]";
      ObjectNode merged = before.properties().deepCopy();
      mergeInto(merged, given);
      String code = merged.path("code").asText();
      if (!code.equals(before.code()) && (isTaken(code) || !CODE.matcher(code).matches())) {
        problems.add(place + ".code", FieldError.BAD_CODE, code);
        continue;
      }
      ObjectNode complete =
          before.type().isBuiltIn() ? merged : complete(before.type(), code, merged, place);
      problems.check();
      replace(before, FormField.of(complete, before, before.slot()));
    }
    return formWithCopies();
  }

  /** Properties replace one by one; the fields of a table are merged by code. */
  private static void mergeInto(ObjectNode target, ObjectNode given) {
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      JsonNode old = target.get(entry.getKey());
      boolean nested = entry.getKey().equals("fields") && old instanceof ObjectNode;
      if (nested && entry.getValue() instanceof ObjectNode inner) {
        for (Map.Entry<String, JsonNode> field : inner.properties()) {
          if (old.get(field.getKey()) instanceof ObjectNode known) {
            known.setAll(object(field.getValue()));
          } else {
            ((ObjectNode) old).set(field.getKey(), field.getValue());
          }
        }
      } else if (!entry.getKey().equals("type")) {
        target.set(entry.getKey(), entry.getValue());
      }
    }
  }

  private void replace(FormField before, FormField after) {
    Map<String, FormField> ordered = new LinkedHashMap<>();
    fields.forEach(
        (code, field) -> {
          FormField kept = field == before ? after : field;
          ordered.put(kept.code(), kept);
        });
    fields.clear();
    fields.putAll(ordered);
  }

  /** Removes fields by code; the process fields cannot be removed. */
  public AppForm delete(List<String> codes) {
    for (String code : codes) {
      FormField field = fields.remove(code);
      if (field == null || field.type().shape() == FieldType.Shape.PROCESS) {
        throw ErrorCode.GAIA_FC01.refuse(code);
      }
    }
    return form();
  }

  private AppForm form() {
    problems.check();
    AppForm form = new AppForm(fields.values());
    new FormulaChecks(form).check();
    return form;
  }

  private AppForm formWithCopies() {
    AppForm form = form();
    form.fields().forEach(field -> checkCopies(field, form));
    return form;
  }

  /** What was given, with everything else that Kintone answers for the type. */
  private ObjectNode complete(FieldType type, String code, ObjectNode given, String place) {
    ObjectNode complete = FieldProperties.defaults(type);
    complete.put("type", type.name());
    complete.put("code", code);
    complete.put("label", code);
    Set<String> known = FieldProperties.known(type);
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      if (known.contains(entry.getKey()) && !entry.getValue().isNull()) {
        complete.set(entry.getKey(), numbersAsText(entry.getValue()));
      }
    }
    complete.put("type", type.name());
    complete.put("code", code);
    if (complete.has("lookup")) {
      complete.remove(List.of("unique", "defaultValue"));
    }
    checkFormula(complete);
    checkOptions(complete, place);
    checkNumbers(complete, place);
    checkFormat(complete, place);
    if (type == FieldType.SUBTABLE) {
      completeInner(complete, place);
    }
    return complete;
  }

  private static void checkFormula(ObjectNode complete) {
    String expression = complete.path("expression").asText("");
    try {
      if (!expression.isEmpty()) {
        Formula.parse(expression);
      }
    } catch (FormulaException e) {
      throw FormulaChecks.refuse(complete, String.valueOf(e.getMessage()), e.japanese());
    }
  }

  /** A lookup may only copy into fields that stand beside it. */
  private static void checkCopies(FormField field, AppForm form) {
    checkCopies(field, form::field);
    field.inner().values().forEach(inner -> checkCopies(inner, field.inner()::get));
  }

  private static void checkCopies(FormField field, Function<String, @Nullable FormField> beside) {
    Lookup lookup = field.lookup();
    for (String target : lookup == null ? Set.<String>of() : lookup.copies().keySet()) {
      if (beside.apply(target) == null) {
        throw ErrorCode.GAIA_FC01.refuse(target);
      }
    }
  }

  private void checkOptions(ObjectNode complete, String place) {
    int index = 0;
    for (Map.Entry<String, JsonNode> option : complete.path("options").properties()) {
      if (option.getValue() instanceof ObjectNode details) {
        if (!details.has("label")) {
          details.put("label", option.getKey());
        }
        if (!details.has("index")) {
          details.put("index", Integer.toString(index));
        }
      } else {
        problems.add(place + ".options[" + option.getKey() + "]", FieldError.REQUIRED_PARAMETER);
      }
      index++;
    }
  }

  private void checkNumbers(ObjectNode complete, String place) {
    for (String name : List.of("minLength", "maxLength", "minValue", "maxValue")) {
      String text = complete.path(name).asText("");
      boolean whole = name.endsWith("Length");
      if (!text.isEmpty()
          && (whole ? !text.matches("[0-9]{1,9}") : CellReader.parseNumber(text) == null)) {
        problems.add(
            place + "." + name, whole ? FieldError.NOT_AN_INTEGER : FieldError.NOT_A_NUMBER);
      }
    }
  }

  private void checkFormat(ObjectNode complete, String place) {
    if (complete.has("format") && !FORMATS.contains(complete.path("format").asText())) {
      problems.add(place + ".format", FieldError.NOT_IN_ENUM);
    }
  }

  private void completeInner(ObjectNode table, String place) {
    ObjectNode inner = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : table.path("fields").properties()) {
      ObjectNode given = object(entry.getValue());
      FieldType type = FieldType.named(given.path("type").asText());
      String innerPlace = place + ".fields[" + entry.getKey() + "]";
      if (type == null || type.isBuiltIn() || type == FieldType.SUBTABLE) {
        problems.add(innerPlace + ".type", FieldError.NOT_IN_ENUM);
        continue;
      }
      String code = given.path("code").asText(entry.getKey());
      ObjectNode complete = complete(type, code, given, innerPlace);
      complete.remove("unique");
      inner.set(code, complete);
    }
    table.set("fields", inner);
  }

  private static JsonNode numbersAsText(JsonNode node) {
    if (node.isNumber()) {
      return JsonNodeFactory.instance.textNode(node.asText());
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = object.objectNode();
      object.properties().forEach(e -> copy.set(e.getKey(), numbersAsText(e.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = array.arrayNode();
      array.forEach(element -> copy.add(numbersAsText(element)));
      return copy;
    }
    return node;
  }

  private static ObjectNode object(@Nullable JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ErrorCode.CB_IJ01.refuse();
  }
}
