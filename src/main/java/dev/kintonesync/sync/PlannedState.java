package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.kintone.KintoneRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a run that writes nothing would have made of the record of a key by now: the source may have
 * the key again, and then that row changes what the rows before it would have left.
 *
 * @param turn how many changes of the key were noted, 1 for the first
 * @param removed whether the record that Kintone holds would be gone
 * @param values field code to the value that would be written to the record, which is a new one if
 *     {@code removed}; null: no value
 * @param counted as what the last row of the key was counted
 */
record PlannedState(
    int turn, boolean removed, @Nullable Map<String, JsonNode> values, Outcome counted) {

  /** Returns this without what was planned: a later row of the key is compared with Kintone. */
  PlannedState onlyCounted() {
    return new PlannedState(turn, false, null, counted);
  }

  /** The record on which the values stand; null: they are those of a new one. */
  @Nullable KintoneRecord base(@Nullable KintoneRecord held) {
    return removed ? null : held;
  }

  /**
   * The record as it would be by now; null: there would be none.
   *
   * @param held the record that Kintone holds; null: none
   * @param caller who would have saved it
   */
  @Nullable KintoneRecord over(@Nullable KintoneRecord held, Form form, String caller) {
    var base = base(held);
    if (values == null) {
      return base;
    }
    ObjectNode cells = JsonNodeFactory.instance.objectNode();
    if (base != null) {
      base.cells().properties().stream()
          .filter(cell -> !cell.getValue().path("type").asText().equals("MODIFIER"))
          .forEach(cell -> cells.set(cell.getKey(), cell.getValue()));
    }
    values.forEach(
        (code, value) -> {
          Field field = form.field(code);
          JsonNode there = base == null ? null : base.value(code);
          boolean table = field != null && field.type() == FieldType.SUBTABLE;
          JsonNode now = table ? PlannedRows.after(there, value) : value;
          cells.putObject(code).set("value", now);
        });
    ObjectNode modifier = cells.putObject("$modifier").put("type", "MODIFIER");
    modifier.putObject("value").put("code", caller);
    return base == null
        ? new KintoneRecord("", turn, cells)
        : new KintoneRecord(base.id(), base.revision() + turn, cells);
  }

  /**
   * What this and one more write come to.
   *
   * @param before what was to be written before; null: nothing
   * @param written what is to be written after it; null: the record is to be removed
   * @param held the record that Kintone holds; null: none
   * @param again whether a value of a field is written although the record has it
   */
  static PlannedState after(
      @Nullable PlannedState before,
      @Nullable Map<String, JsonNode> written,
      @Nullable KintoneRecord held,
      Outcome counted,
      Form form,
      Predicate<Field> again) {
    int turn = before == null ? 1 : before.turn() + 1;
    boolean removed = before != null && before.removed();
    var base = removed ? null : held;
    if (written == null) {
      return new PlannedState(turn, removed || base != null, null, counted);
    }
    var values = new LinkedHashMap<String, JsonNode>();
    if (before != null && before.values() != null) {
      values.putAll(before.values());
    }
    written.forEach(
        (code, value) -> {
          Field field = form.field(code);
          JsonNode earlier = values.get(code);
          if (earlier != null && field != null && field.type() == FieldType.SUBTABLE) {
            JsonNode there = base == null ? null : base.value(code);
            values.put(code, PlannedRows.together(field, there, earlier, value));
          } else {
            values.put(code, value);
          }
        });
    if (base != null && before != null) {
      values
          .entrySet()
          .removeIf(value -> isThere(form.field(value.getKey()), value.getValue(), base, again));
    }
    return new PlannedState(turn, removed, values.isEmpty() ? null : values, counted);
  }

  private static boolean isThere(
      @Nullable Field field, JsonNode value, KintoneRecord base, Predicate<Field> again) {
    if (field == null || again.test(field)) {
      return false;
    }
    JsonNode there = base.value(field.code());
    return field.type() == FieldType.SUBTABLE
        ? PlannedRows.isUntouched(there, value)
        : field.same(value, there);
  }
}
