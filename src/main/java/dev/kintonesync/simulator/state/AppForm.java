package dev.kintonesync.simulator.state;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of an app in their order. A form never changes; an edit makes a new one. */
public final class AppForm {
  private final Map<String, FormField> fields;
  private final Map<String, FormField> tableOf = new HashMap<>();
  private final Set<String> copied = new HashSet<>();
  private final List<FormField> unique;
  private final List<FormField> lookups;
  private final int slots;

  /** A form of these fields, in this order. */
  public AppForm(Collection<FormField> fields) {
    Map<String, FormField> byCode = new LinkedHashMap<>();
    for (FormField field : fields) {
      byCode.put(field.code(), field);
      for (FormField inner : field.inner().values()) {
        tableOf.put(inner.code(), field);
        noteCopies(inner);
      }
      noteCopies(field);
    }
    this.fields = Collections.unmodifiableMap(byCode);
    this.unique = byCode.values().stream().filter(FormField::unique).toList();
    this.lookups = byCode.values().stream().filter(f -> f.lookup() != null).toList();
    this.slots = byCode.values().stream().mapToInt(FormField::slot).max().orElse(-1) + 1;
  }

  private void noteCopies(FormField field) {
    Lookup lookup = field.lookup();
    if (lookup != null) {
      copied.addAll(lookup.copies().keySet());
    }
  }

  /** All fields, those of tables excepted. */
  public Collection<FormField> fields() {
    return fields.values();
  }

  /** The field of that code outside tables, or null. */
  public @Nullable FormField field(String code) {
    return fields.get(code);
  }

  /** The table that has an inner field of that code, or null. */
  public @Nullable FormField tableOf(String innerCode) {
    return tableOf.get(innerCode);
  }

  /** The fields whose values are prohibited twice. */
  public List<FormField> unique() {
    return unique;
  }

  /** The lookup fields outside tables. */
  public List<FormField> lookups() {
    return lookups;
  }

  /** Whether a lookup copies its source's value into this field, so that writes to it are lost. */
  public boolean isCopied(String code) {
    return copied.contains(code);
  }

  /** How many cells a record has. */
  public int slots() {
    return slots;
  }

  /** The first field of a type an app has once, or null when it was removed. */
  public @Nullable FormField only(FieldType type) {
    for (FormField field : fields.values()) {
      if (field.type() == type) {
        return field;
      }
    }
    return null;
  }
}
