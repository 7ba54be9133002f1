package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.formula.Formula;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One field of a form: its properties as {@code app/form/fields.json} answers them, and what the
 * checks read of them. Its slot is its place in a record's cells and stays the same when the field
 * is renamed; a field of a table has its slot in the table's rows.
 */
public final class FormField {
  private final String code;
  private final FieldType type;
  private final int slot;
  private final ObjectNode properties;
  private final Map<String, FormField> inner;
  private final boolean required;
  private final boolean unique;
  private final Set<String> options;
  private final @Nullable Integer minLength;
  private final @Nullable Integer maxLength;
  private final @Nullable BigDecimal minValue;
  private final @Nullable BigDecimal maxValue;
  private final @Nullable Lookup lookup;
  private final @Nullable Formula formula;

  private FormField(FieldType type, ObjectNode properties, int slot, Map<String, FormField> inner) {
    this.type = type;
    this.code = properties.path("code").asText();
    this.slot = slot;
    this.properties = properties;
    this.inner = Collections.unmodifiableMap(inner);
    this.required = properties.path("required").asBoolean();
    this.unique = type.mayBeUnique() && properties.path("unique").asBoolean();
    Set<String> names = new LinkedHashSet<>();
    properties.path("options").fieldNames().forEachRemaining(names::add);
    this.options = Collections.unmodifiableSet(names);
    this.minLength = wholeNumber("minLength");
    this.maxLength = wholeNumber("maxLength");
    this.minValue = decimal("minValue");
    this.maxValue = decimal("maxValue");
    this.lookup = Lookup.of(properties.path("lookup"));
    String expression = properties.path("expression").asText("");
    this.formula = expression.isEmpty() ? null : Formula.parse(expression);
  }

  /**
   * A field from complete properties.
   *
   * @param before the field it replaces: slots are taken over from it; null for a new field
   * @param freeSlot the slot of a new field
   * @throws dev.kintonesync.simulator.formula.FormulaException when its formula is none
   */
  public static FormField of(ObjectNode properties, @Nullable FormField before, int freeSlot) {
    FieldType type = FieldType.valueOf(properties.path("type").asText());
    Map<String, FormField> inner = new LinkedHashMap<>();
    if (type == FieldType.SUBTABLE) {
      int free =
          before == null
              ? 0
              : before.inner.values().stream().mapToInt(FormField::slot).max().orElse(-1) + 1;
      for (Map.Entry<String, JsonNode> entry : properties.path("fields").properties()) {
        FormField old = before == null ? null : before.inner.get(entry.getKey());
        FormField field = of((ObjectNode) entry.getValue(), old, free);
        if (old == null) {
          free++;
        }
        inner.put(field.code(), field);
      }
    }
    return new FormField(type, properties, before == null ? freeSlot : before.slot, inner);
  }

  /**
   * A field as it once was.
   *
   * @param innerSlots the slots of the fields of a table, by code
   */
  static FormField at(int slot, ObjectNode properties, Map<String, Integer> innerSlots) {
    FieldType type = FieldType.valueOf(properties.path("type").asText());
    Map<String, FormField> inner = new LinkedHashMap<>();
    if (type == FieldType.SUBTABLE) {
      for (Map.Entry<String, JsonNode> entry : properties.path("fields").properties()) {
        ObjectNode given = (ObjectNode) entry.getValue();
        Integer innerSlot = innerSlots.get(given.path("code").asText());
        FormField field = at(innerSlot == null ? inner.size() : innerSlot, given, Map.of());
        inner.put(field.code(), field);
      }
    }
    return new FormField(type, properties, slot, inner);
  }

  public String code() {
    return code;
  }

  public FieldType type() {
    return type;
  }

  public int slot() {
    return slot;
  }

  /** The properties as the settings API answers them; not to be changed. */
  public ObjectNode properties() {
    return properties;
  }

  /** The fields of a table by code; empty for other types. */
  public Map<String, FormField> inner() {
    return inner;
  }

  /** How many cells a row of this table has. */
  public int innerSlots() {
    return inner.values().stream().mapToInt(FormField::slot).max().orElse(-1) + 1;
  }

  /** Whether a value must be entered. */
  public boolean required() {
    return required;
  }

  /** Whether "prohibit duplicate values" is on. */
  public boolean unique() {
    return unique;
  }

  /** The options of a choice, in their order; empty for other types. */
  public Set<String> options() {
    return options;
  }

  public @Nullable Integer minLength() {
    return minLength;
  }

  public @Nullable Integer maxLength() {
    return maxLength;
  }

  public @Nullable BigDecimal minValue() {
    return minValue;
  }

  public @Nullable BigDecimal maxValue() {
    return maxValue;
  }

  /** What it copies from where; null when it is no lookup. */
  public @Nullable Lookup lookup() {
    return lookup;
  }

  /** The formula of a calculated field; null when its values are entered. */
  public @Nullable Formula formula() {
    return formula;
  }

  /** Whether a category, status or assignee field is switched on; true for all other types. */
  public boolean enabled() {
    return type.shape() != FieldType.Shape.PROCESS || properties.path("enabled").asBoolean();
  }

  private @Nullable Integer wholeNumber(String name) {
    String text = properties.path(name).asText("");
    return text.isEmpty() ? null : Integer.valueOf(text);
  }

  private @Nullable BigDecimal decimal(String name) {
    String text = properties.path(name).asText("");
    return text.isEmpty() ? null : new BigDecimal(text);
  }

  @Override
  public String toString() {
    return code + " " + type;
  }
}
