package dev.kintonesync.form;

import dev.kintonesync.message.Message;
import dev.kintonesync.message.Nearness;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The search for the field of every column: by a map or by name, and what was left over. */
final class Columns {

  /**
   * Kintone's names for what a write gives beside the fields; its export tools write columns so.
   */
  private static final Set<String> BESIDE_FIELDS = Set.of("$id", "$revision");

  private final Form form;
  private final Field key;
  private final Map<Field, String> columnByField = new LinkedHashMap<>();
  private final List<String> ignored = new ArrayList<>();
  private final List<String> readOnly = new ArrayList<>();

  private Columns(Form form, Field key) {
    this.form = form;
    this.key = key;
  }

  /**
   * Without a map: a column is called as a field's code, or else as its label. What is for
   * something besides fields need not be.
   */
  static Columns byName(Form form, List<String> columns, Field key, Set<String> besides) {
    var found = new Columns(form, key);
    for (int at = 0; at < columns.size(); at++) {
      String name = normal(columns.get(at));
      if (name.isEmpty()) {
        throw new RefusedException(Text.COLUMN_WITHOUT_NAME.with(at + 1));
      }
      if (besides.contains(columns.get(at)) && found.isUnknown(name)) {
        found.ignored.add(columns.get(at));
      } else if (BESIDE_FIELDS.contains(name)) {
        found.readOnly.add(columns.get(at));
      } else {
        found.bind(columns.get(at), found.called(name));
      }
    }
    return found.withKey();
  }

  /** With a map: what it does not name is ignored. */
  static Columns byMap(Form form, List<String> columns, Map<String, String> map, Field key) {
    var found = new Columns(form, key);
    var fieldByColumn = new HashMap<String, Field>();
    var names = new HashSet<String>();
    columns.forEach(column -> names.add(normal(column)));
    map.forEach(
        (column, code) -> {
          if (!names.contains(normal(column))) {
            throw new RefusedException(
                Text.COLUMN_MISSING.with(column, code, Nearness.sample(column, columns)));
          }
          fieldByColumn.put(normal(column), found.mapped(column, normal(code)));
        });
    for (String column : columns) {
      Field field = fieldByColumn.get(normal(column));
      if (field == null) {
        found.ignored.add(column);
      } else {
        found.bind(column, field);
      }
    }
    return found.withKey();
  }

  private boolean isUnknown(String name) {
    return form.field(name) == null && form.byLabel(name).isEmpty();
  }

  private Field called(String name) {
    Field byCode = form.field(name);
    if (byCode != null) {
      return byCode;
    }
    List<Field> byLabel = form.byLabel(name);
    if (byLabel.size() > 1) {
      throw new RefusedException(Text.COLUMN_AMBIGUOUS.with(name, form.app(), Form.names(byLabel)));
    }
    if (byLabel.isEmpty()) {
      throw new RefusedException(
          unknown(name, Text.COLUMN_UNKNOWN.with(name, form.app(), form.suggestion(name))));
    }
    return byLabel.get(0);
  }

  private Field mapped(String column, String code) {
    Field field = form.field(code);
    if (field == null) {
      throw new RefusedException(
          unknown(
              code,
              Text.MAPPED_FIELD_UNKNOWN.with(column, code, form.app(), form.suggestion(code))));
    }
    return field;
  }

  private Message unknown(String name, Message otherwise) {
    Field table = form.tableOf(name);
    return table == null ? otherwise : Text.FIELD_IN_TABLE.with(name, form.app(), table.name());
  }

  private void bind(String column, Field field) {
    if (!field.writable() && field != key) {
      readOnly.add(column);
      return;
    }
    String other = columnByField.putIfAbsent(field, column);
    if (other != null) {
      throw new RefusedException(Text.FIELD_MAPPED_TWICE.with(other, column, field.name()));
    }
  }

  private Columns withKey() {
    if (!columnByField.containsKey(key)) {
      throw new RefusedException(Text.KEY_NOT_MAPPED.with(key.name()));
    }
    return this;
  }

  /** Files from a Mac hold decomposed kana, and people leave blanks around names. */
  private static String normal(String name) {
    return Normalizer.normalize(name.strip(), Normalizer.Form.NFC);
  }

  /** In the order of the columns; the key among them. */
  Map<Field, String> columnByField() {
    return columnByField;
  }

  List<String> ignored() {
    return ignored;
  }

  List<String> readOnly() {
    return readOnly;
  }
}
