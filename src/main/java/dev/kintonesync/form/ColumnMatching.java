package dev.kintonesync.form;

import dev.kintonesync.message.Blank;
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

  /** Tell where a record begins in Kintone's own export of tables; no field is called so. */
  private static final Set<String> STARS = Set.of("*", "レコードの開始行");

  private final Form form;
  private final Field key;
  private final FieldMap map;
  private final MappingOptions options;
  private final Map<Field, Assignment> byField = new LinkedHashMap<>();
  private final Map<Field, Assignment> rowIds = new HashMap<>();
  private final Map<Field, Map<Field, Assignment>> cells = new LinkedHashMap<>();
  private final Map<Field, Map<String, String>> columnsOfOptions = new LinkedHashMap<>();
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

  /**
   * Looks at what a map fills, whatever columns a source has. Only the source can tell whether its
   * rows may fill the cells of tables; here they may.
   *
   * @throws UserErrorException as {@link FieldMap#check} says
   */
  static void check(Form form, FieldMap map, Field key, MappingOptions options) {
    var found = new ColumnMatching(form, key, map, options.grouped(true));
    map.assignments().forEach(found::bind);
    found.withKey();
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
      if (options.grouped() && isStar(name)) {
        continue;
      }
      if (column.equals(map.revisionColumn())) {
        continue;
      }
      if (isOfOption(name, column)) {
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
    columnsOfOptions.forEach((field, byOption) -> bindOptions(field, byOption, List.of()));
  }

  static boolean isStar(String column) {
    return STARS.contains(normal(column));
  }

  /** Kintone's screen exports a column for each option of a field, such as {@code 色[赤]}. */
  private boolean isOfOption(String name, String column) {
    OptionColumn found = optionColumn(form, name, options.grouped());
    if (found == null) {
      return false;
    }
    columnsOfOptions
        .computeIfAbsent(found.field(), any -> new LinkedHashMap<>())
        .put(found.option(), column);
    return true;
  }

  /** A column that says whether one option of a field is chosen, and how the field is called. */
  record OptionColumn(String base, Field field, String option) {}

  /** What a column of this name stands for; null when it is no column of an option. */
  static @Nullable OptionColumn optionColumn(Form form, String name, boolean grouped) {
    if (!name.endsWith("]") || form.field(name) != null || !form.byLabel(name).isEmpty()) {
      return null;
    }
    for (int at = name.indexOf('['); at > 0; at = name.indexOf('[', at + 1)) {
      Field field = choices(form, name.substring(0, at), grouped);
      String option = name.substring(at + 1, name.length() - 1);
      if (field != null && field.hasOption(option)) {
        return new OptionColumn(name.substring(0, at), field, option);
      }
    }
    return null;
  }

  private static @Nullable Field choices(Form form, String name, boolean grouped) {
    Form.Inner inner = innerOf(form, name, grouped);
    List<Field> byLabel = form.byLabel(name);
    Field outside = form.field(name);
    if (outside == null && byLabel.size() == 1) {
      outside = byLabel.get(0);
    }
    Field field = inner == null ? outside : inner.field();
    return field != null && field.type().takesOptions() ? field : null;
  }

  /** An option without a column is neither chosen nor not: its records would lose it. */
  private void bindOptions(Field field, Map<String, String> columnsOfField, List<Step> steps) {
    List<String> without =
        field.options().stream().filter(option -> !columnsOfField.containsKey(option)).toList();
    if (!without.isEmpty()) {
      throw new UserErrorException(
          MessageCode.OPTION_WITHOUT_COLUMN.with(
              Shown.names(columnsOfField.values()), field.name(), Shown.names(without)));
    }
    var terms = new ArrayList<Assignment.Term>();
    columnsOfField.forEach((option, name) -> terms.add(new Assignment.Term.Option(name, option)));
    var assignment = new Assignment(terms, field.code(), steps);
    String first = assignment.columns().get(0);
    Form.Inner inner = form.field(field.code()) == field ? null : form.inner(field.code());
    if (inner == null) {
      bind(field, assignment, first);
    } else {
      bindCell(inner, assignment, first);
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
      if (isByOptions(assignment, names, used)) {
        continue;
      }
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
      bind(assignment.named(found));
    }
    for (String column : columns) {
      boolean star = options.grouped() && isStar(column);
      if (!used.contains(column) && !star && !column.equals(map.revisionColumn())) {
        if (!map.ignoresUnknown() && !options.besides().contains(column)) {
          throw new UserErrorException(MessageCode.COLUMN_NOT_IN_MAP.with(Shown.name(column)));
        }
        ignored.add(column);
      }
    }
  }

  /** Whether the map names the column of a field whose options have columns in its place. */
  private boolean isByOptions(Assignment assignment, Map<String, String> names, Set<String> used) {
    List<String> named = assignment.columns();
    Field field = choices(form, normal(assignment.field()), options.grouped());
    if (named.size() != 1 || field == null || names.containsKey(normal(named.get(0)))) {
      return false;
    }
    var columns = new LinkedHashMap<String, String>();
    for (String option : field.options()) {
      String column = names.get(normal(named.get(0) + "[" + option + "]"));
      if (column != null) {
        columns.put(option, column);
      }
    }
    if (columns.isEmpty()) {
      return false;
    }
    used.addAll(columns.values());
    bindOptions(field, columns, assignment.steps());
    return true;
  }

  private Form.@Nullable Inner innerOf(String name) {
    return innerOf(form, name, options.grouped());
  }

  /** The field inside of a table that is meant; null when none is, or rows are records. */
  private static Form.@Nullable Inner innerOf(Form form, String name, boolean grouped) {
    boolean outside = form.field(name) != null || !form.byLabel(name).isEmpty();
    return outside || !grouped ? null : form.inner(name);
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

  private void bind(Assignment pair) {
    String first = pair.columns().isEmpty() ? null : pair.columns().get(0);
    String name = normal(pair.field());
    Form.Inner inner = innerOf(name);
    if (inner == null) {
      bind(mapped(first, name), pair, first);
    } else {
      bindCell(inner, pair, first);
    }
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
  static String normal(String name) {
    return Normalizer.normalize(Blank.strip(name), Normalizer.Form.NFC);
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
