package dev.kintonesync.form;

import dev.kintonesync.message.EditDistance;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The search for what fills every field: by a map or by name, and the columns left over. */
final class ColumnMatching {

  /**
   * Kintone's names for what a write gives beside the fields; its export tools write columns so.
   */
  private static final Set<String> BESIDE_FIELDS = Set.of("$id", "$revision");

  private static final String ID = "$id";

  /** Tells where a record begins in Kintone's own export of tables; no field has such a code. */
  static final String STAR = "*";

  private final Form form;
  private final Field key;
  private final FieldMap map;
  private final MappingOptions options;
  private final Map<Field, Assignment> byField = new LinkedHashMap<>();
  private final Map<Field, Assignment> rowIds = new HashMap<>();
  private final Map<Field, Map<Field, Assignment>> cells = new LinkedHashMap<>();
  private final List<String> ignored = new ArrayList<>();
  private final List<String> readOnly = new ArrayList<>();

  private ColumnMatching(Form form, Field key, FieldMap map, MappingOptions options) {
    this.form = form;
    this.key = key;
    this.map = map;
    this.options = options;
  }

  /**
   * Finds what fills every field.
   *
   * @throws UserErrorException as {@link Mapping#of} says
   */
  static ColumnMatching find(
      Form form, List<String> columns, FieldMap map, Field key, MappingOptions options) {
    var found = new ColumnMatching(form, key, map, options);
    if (map.isByName()) {
      found.byName(columns);
    } else {
      found.byMap(columns);
    }
    String revision = map.revisionColumn();
    if (revision != null && !columns.contains(revision)) {
      throw new UserErrorException(
          MessageCode.REVISION_COLUMN_MISSING.with(
              revision, EditDistance.sample(revision, columns)));
    }
    return found.withKey();
  }

  /** A column is called as a field's code, or else as its label. */
  private void byName(List<String> columns) {
    for (int at = 0; at < columns.size(); at++) {
      String column = columns.get(at);
      String name = normal(column);
      if (name.isEmpty() && !map.ignoresUnknown()) {
        throw new UserErrorException(MessageCode.COLUMN_WITHOUT_NAME.with(at + 1));
      }
      Form.Inner inner = innerOf(name);
      boolean elsewhere = options.besides().contains(column) || map.ignoresUnknown();
      if (name.equals(STAR) && options.grouped()) {
        continue;
      }
      if (column.equals(map.revisionColumn())) {
        continue;
      }
      if (inner != null) {
        bindCell(inner, Assignment.of(column, name), column);
      } else if (elsewhere && form.field(name) == null && form.byLabel(name).isEmpty()) {
        ignored.add(column);
      } else if (name.equals(ID) && isTheKey(columns)) {
        bind(key, Assignment.of(column, key.code()), column);
      } else if (BESIDE_FIELDS.contains(name)) {
        readOnly.add(column);
      } else {
        Field field = called(name);
        bind(field, Assignment.of(column, field.code()), column);
      }
    }
  }

  /** Whether the record numbers stand in the column of ids, and in no other. */
  private boolean isTheKey(List<String> columns) {
    return key.type() == FieldType.RECORD_NUMBER
        && columns.stream()
            .map(ColumnMatching::normal)
            .noneMatch(name -> name.equals(key.code()) || name.equals(key.label()));
  }

  private void byMap(List<String> columns) {
    var names = new HashMap<String, String>();
    var twice = new HashSet<String>();
    for (String column : columns) {
      if (names.putIfAbsent(normal(column), column) != null) {
        twice.add(normal(column));
      }
    }
    var used = new HashSet<String>();
    for (Assignment assignment : map.assignments()) {
      var found = new HashMap<String, String>();
      for (String column : assignment.columns()) {
        String name = names.get(normal(column));
        if (name == null) {
          throw new UserErrorException(
              MessageCode.COLUMN_MISSING.with(
                  column, assignment.field(), EditDistance.sample(column, columns)));
        }
        if (twice.contains(normal(column))) {
          throw new UserErrorException(
              MessageCode.FIELD_MAPPED_TWICE.with(
                  Shown.name(name), Shown.name(name), assignment.field()));
        }
        found.put(column, name);
        used.add(name);
      }
      Assignment named = assignment.named(found);
      String first = named.columns().isEmpty() ? null : named.columns().get(0);
      Form.Inner inner = innerOf(normal(assignment.field()));
      if (inner == null) {
        bind(mapped(first, normal(assignment.field())), named, first);
      } else {
        bindCell(inner, named, first);
      }
    }
    for (String column : columns) {
      boolean star = options.grouped() && normal(column).equals(STAR);
      if (!used.contains(column) && !star && !column.equals(map.revisionColumn())) {
        if (!map.ignoresUnknown() && !options.besides().contains(column)) {
          throw new UserErrorException(MessageCode.COLUMN_NOT_IN_MAP.with(Shown.name(column)));
        }
        ignored.add(column);
      }
    }
  }

  /** The field inside of a table that is meant; null when none is, or rows are records. */
  private Form.@Nullable Inner innerOf(String name) {
    boolean outside = form.field(name) != null || !form.byLabel(name).isEmpty();
    return outside || !options.grouped() ? null : form.inner(name);
  }

  private Field called(String name) {
    Field byCode = form.field(name);
    if (byCode != null) {
      return byCode;
    }
    List<Field> byLabel = form.byLabel(name);
    if (byLabel.size() > 1) {
      throw new UserErrorException(
          MessageCode.COLUMN_AMBIGUOUS.with(Shown.name(name), form.app(), Form.names(byLabel)));
    }
    if (byLabel.isEmpty()) {
      throw new UserErrorException(
          unknown(
              name,
              name,
              MessageCode.COLUMN_UNKNOWN.with(
                  Shown.name(name), form.app(), form.suggestion(name))));
    }
    return byLabel.get(0);
  }

  private Field mapped(@Nullable String column, String code) {
    Field field = form.field(code);
    if (field == null) {
      throw new UserErrorException(
          unknown(
              code,
              column,
              column == null
                  ? MessageCode.CONSTANT_FIELD_UNKNOWN.with(code, form.app(), form.suggestion(code))
                  : MessageCode.MAPPED_FIELD_UNKNOWN.with(
                      column, code, form.app(), form.suggestion(code))));
    }
    return field;
  }

  private UserMessage unknown(String name, @Nullable String column, UserMessage otherwise) {
    Field table = form.tableOf(name);
    if (table != null) {
      return MessageCode.FIELD_IN_TABLE.with(Shown.name(name), form.app(), table.name());
    }
    FormerForm former = options.former();
    UserMessage gone = former == null ? null : former.gone(name, column, form);
    return gone == null ? otherwise : gone;
  }

  private void bind(Field field, Assignment assignment, @Nullable String column) {
    if (!field.writable() && field != key) {
      readOnly.add(column == null ? field.code() : column);
      return;
    }
    boolean holdsRowIds = options.grouped() && field.type() == FieldType.SUBTABLE;
    bind(holdsRowIds ? rowIds : byField, field, assignment);
  }

  private void bindCell(Form.Inner inner, Assignment assignment, @Nullable String column) {
    if (!inner.field().writable()) {
      readOnly.add(column == null ? inner.field().code() : column);
      return;
    }
    bind(
        cells.computeIfAbsent(inner.table(), table -> new LinkedHashMap<>()),
        inner.field(),
        assignment);
  }

  private void bind(Map<Field, Assignment> fields, Field field, Assignment assignment) {
    for (Step step : assignment.steps()) {
      if (step instanceof Step.Simple simple) {
        options.expressions().check(simple.text());
      }
    }
    Assignment other = fields.putIfAbsent(field, assignment);
    if (other != null) {
      throw new UserErrorException(
          MessageCode.FIELD_MAPPED_TWICE.with(
              Shown.names(other.columns()), Shown.names(assignment.columns()), field.name()));
    }
  }

  private ColumnMatching withKey() {
    Assignment found = byField.get(key);
    if (found == null || found.columns().isEmpty()) {
      throw new UserErrorException(MessageCode.KEY_NOT_MAPPED.with(key.name()));
    }
    return this;
  }

  /** Files from a Mac hold decomposed kana, and people leave blanks around names. */
  private static String normal(String name) {
    return Normalizer.normalize(name.strip(), Normalizer.Form.NFC);
  }

  /** What fills each field, the key among them. */
  Map<Field, Assignment> byField() {
    return byField;
  }

  /** What holds the revisions that records are expected to have; null: nothing. */
  @Nullable String revisionColumn() {
    return map.revisionColumn();
  }

  /** What fills the cells of tables. */
  List<TableMapping> tables() {
    return cells.entrySet().stream()
        .map(
            table -> new TableMapping(table.getKey(), rowIds.get(table.getKey()), table.getValue()))
        .toList();
  }

  List<String> ignored() {
    return ignored;
  }

  List<String> readOnly() {
    return readOnly;
  }
}
