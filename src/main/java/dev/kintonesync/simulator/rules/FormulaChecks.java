package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.formula.Formula;
import dev.kintonesync.simulator.state.AppForm;
import dev.kintonesync.simulator.state.FormField;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the formulas of a form can be worked out at all: what they refer to is there, has a value
 * that formulas can use, and does not depend on them in turn.
 */
final class FormulaChecks {
  private final AppForm form;
  private final Map<String, FormField> calculated = new LinkedHashMap<>();

  FormulaChecks(AppForm form) {
    this.form = form;
    for (FormField field : form.fields()) {
      note(field);
      field.inner().values().forEach(this::note);
    }
  }

  private void note(FormField field) {
    if (field.formula() != null) {
      calculated.put(field.code(), field);
    }
  }

  /**
   * Checks all of them.
   *
   * @throws Refusal GAIA_IL01 for the first that is wrong
   */
  void check() {
    for (FormField field : calculated.values()) {
      for (String code : references(field)) {
        checkReference(field, code);
      }
    }
    for (FormField field : calculated.values()) {
      if (leadsTo(field.code(), field, new HashSet<>())) {
        throw refuse(
            field.properties(), "The references of the fields are circular.", "フィールドの参照が循環しています。");
      }
    }
  }

  private static Set<String> references(FormField field) {
    Formula formula = field.formula();
    return formula == null ? Set.of() : formula.references();
  }

  private void checkReference(FormField field, String code) {
    FormField meant = field(code);
    if (meant == null) {
      throw refuse(
          field.properties(),
          "There is no field of the code %s that the formula contains.".formatted(code),
          "計算式に含まれるフィールドコード（%s）が存在しません。".formatted(code));
    }
    if (!isUsable(meant)) {
      throw refuse(
          field.properties(),
          "A field type (%s) is specified that formulas cannot use.".formatted(meant.type()),
          "計算式で利用できないフィールドタイプ(%s)が指定されています。".formatted(meant.type()));
    }
  }

  private @Nullable FormField field(String code) {
    FormField outside = form.field(code);
    FormField table = form.tableOf(code);
    return outside != null || table == null ? outside : table.inner().get(code);
  }

  private static boolean isUsable(FormField field) {
    return switch (field.type()) {
      case MULTI_LINE_TEXT,
          RICH_TEXT,
          FILE,
          LINK,
          USER_SELECT,
          ORGANIZATION_SELECT,
          GROUP_SELECT,
          REFERENCE_TABLE,
          GROUP,
          RECORD_NUMBER,
          STATUS,
          STATUS_ASSIGNEE,
          CATEGORY,
          SUBTABLE ->
          false;
      default -> true;
    };
  }

  /** Whether a field's formula refers to a code, be it through other formulas. */
  private boolean leadsTo(String code, FormField from, Set<FormField> seen) {
    for (String reference : references(from)) {
      FormField next = calculated.get(reference);
      if (reference.equals(code) || (next != null && seen.add(next) && leadsTo(code, next, seen))) {
        return true;
      }
    }
    return false;
  }

  /** The refusal of a field's formula, with the reason in both languages. */
  static Refusal refuse(ObjectNode properties, String english, String japanese) {
    String label = properties.path("label").asText(properties.path("code").asText());
    return new Refusal(
        ErrorCode.GAIA_IL01,
        Problems.NONE,
        new String[] {label, english},
        new String[] {label, japanese});
  }
}
