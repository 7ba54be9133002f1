package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a source goes to which field of an app, and the way of every row through it.
 * Immutable; several threads may use one.
 */
public final class Mapping {
  private final Field key;
  private final Assignment keySource;
  private final List<Bound> bound;
  private final List<TableMapping> tables;
  private final List<Field> fields;
  private final List<String> ignoredColumns;
  private final List<String> readOnlyColumns;
  private final MappingOptions options;
  private final @Nullable String revisionColumn;

  /** Fields that Kintone may refuse for being blank. */
  private final List<Field> demanding;

  /** A field and what fills it. */
  private record Bound(Assignment source, Field field) {

    /** The column that a person looks at when the value is wrong; null of a constant. */
    private @Nullable String column() {
      List<String> columns = source.columns();
      return columns.isEmpty() ? null : columns.get(0);
    }
  }

  private Mapping(Form form, Field key, ColumnMatching found, MappingOptions options) {
    this(
        key,
        Objects.requireNonNull(found.byField().get(key)),
        found.byField().entrySet().stream()
            .filter(entry -> entry.getKey() != key)
            .map(entry -> new Bound(entry.getValue(), entry.getKey()))
            .toList(),
        found.tables(),
        List.copyOf(found.ignored()),
        List.copyOf(found.readOnly()),
        options,
        found.revisionColumn(),
        form.fields().stream().filter(field -> field.writable() && field.demandsValue()).toList());
  }

  private Mapping(
      Field key,
      Assignment keySource,
      List<Bound> bound,
      List<TableMapping> tables,
      List<String> ignoredColumns,
      List<String> readOnlyColumns,
      MappingOptions options,
      @Nullable String revisionColumn,
      List<Field> demanding) {
    this.key = key;
    this.keySource = keySource;
    this.bound = bound;
    this.tables = tables.stream().filter(table -> !table.cells().isEmpty()).toList();
    this.fields =
        Stream.of(
                Stream.of(key).filter(Field::writable),
                bound.stream().map(Bound::field),
                this.tables.stream().map(TableMapping::table))
            .flatMap(each -> each)
            .toList();
    this.ignoredColumns = ignoredColumns;
    this.readOnlyColumns = readOnlyColumns;
    this.options = options;
    this.revisionColumn = revisionColumn;
    this.demanding = demanding;
  }

  /** The same mapping as if these of its {@link #columns} were not in the source. */
  public Mapping without(Set<String> columns) {
    return new Mapping(
        key,
        keySource,
        bound.stream()
            .filter(
                pair ->
                    !pair.source().followsItsColumns()
                        || !columns.containsAll(pair.source().columns()))
            .toList(),
        tables.stream().map(table -> table.without(columns)).toList(),
        ignoredColumns,
        readOnlyColumns,
        options,
        revisionColumn,
        demanding);
  }

  /**
   * Fills what this mapping and another one of the same form fill; what both fill, by the columns
   * of this one. For records that were mapped by either and are treated alike from then on.
   */
  public Mapping and(Mapping other) {
    var filled = Set.copyOf(fields);
    return new Mapping(
        key,
        keySource,
        Stream.concat(
                bound.stream(), other.bound.stream().filter(pair -> !filled.contains(pair.field())))
            .toList(),
        Stream.concat(
                tables.stream(),
                other.tables.stream().filter(table -> !filled.contains(table.table())))
            .toList(),
        ignoredColumns,
        readOnlyColumns,
        options,
        revisionColumn,
        demanding);
  }

  /** As the other, with Kintone's own formats and Japanese time. */
  public static Mapping of(Form form, List<String> columns, Map<String, String> map, Field key) {
    return of(form, columns, FieldMap.of(map), key, MappingOptions.DEFAULT);
  }

  /**
   * Finds what fills every field: by the map where there is one, else columns by field code, then
   * by label.
   *
   * @param columns the source's columns in their order
   * @param map what goes where
   * @param key the field that identifies records, from {@link Form#requireKey}
   * @throws UserErrorException when a column that the map names is missing, a field or (without a
   *     map) a column is unknown or means several fields, two columns go to one field, or none goes
   *     to the key
   */
  public static Mapping of(
      Form form, List<String> columns, FieldMap map, Field key, MappingOptions options) {
    Field own = form.requireKey(key.code());
    return new Mapping(form, own, ColumnMatching.find(form, columns, map, own, options), options);
  }

  /** The field that identifies records. */
  public Field key() {
    return key;
  }

  /** The column that holds the key, or its beginning. */
  public String keyColumn() {
    return keySource.columns().get(0);
  }

  /** The fields that rows fill, the key first (unless it is the record number). */
  public List<Field> fields() {
    return fields;
  }

  /** The lookup fields that rows fill, those inside of tables too. */
  public List<Field> lookups() {
    Stream<Field> inTables =
        Stream.concat(
            tables.stream().flatMap(table -> table.cells().keySet().stream()),
            bound.stream().flatMap(pair -> pair.field().inner().values().stream()));
    return Stream.concat(fields.stream(), inTables)
        .filter(field -> field.lookup() != null)
        .toList();
  }

  /** The columns that clear a field where they are empty, the key's excepted. */
  public List<String> columns() {
    return Stream.concat(
            bound.stream()
                .map(Bound::source)
                .filter(Assignment::followsItsColumns)
                .flatMap(source -> source.columns().stream()),
            tables.stream().flatMap(TableMapping::columns))
        .distinct()
        .toList();
  }

  /** The column that fills a field, the first of several; null when none does. */
  public @Nullable String column(Field field) {
    if (field == key) {
      return keyColumn();
    }
    return bound.stream()
        .filter(pair -> pair.field() == field)
        .findFirst()
        .map(Bound::column)
        .orElse(null);
  }

  /** Columns that the map does not name, in the source's order; a person should see them once. */
  public List<String> ignoredColumns() {
    return ignoredColumns;
  }

  /** Columns left out because Kintone does not let their fields be written. */
  public List<String> readOnlyColumns() {
    return readOnlyColumns;
  }

  /**
   * Required fields that no column fills and Kintone does not either: every insert would be
   * refused.
   */
  public List<Field> requiredButUnmapped() {
    return demanding.stream()
        .filter(field -> !fields.contains(field) && !field.hasDefault())
        .filter(field -> field.checkRequired(null) != null)
        .toList();
  }

  /**
   * A row in the app's words. A column that the row lacks is not touched; an empty value clears its
   * field, unless the job keeps fields whose values are empty. Never throws on account of a value.
   *
   * @param row values by column: text, or anything that {@link Field#convert} takes
   */
  public MappedRow map(Map<String, ? extends @Nullable Object> row) {
    return map(row, List.of());
  }

  /**
   * The same for a source record of several rows.
   *
   * @param row the first row, which fills the fields outside of tables
   * @param members all rows, which fill the rows of tables; none where each row is a record
   */
  public MappedRow map(
      Map<String, ? extends @Nullable Object> row,
      List<? extends Map<String, ? extends @Nullable Object>> members) {
    var values = new LinkedHashMap<String, JsonNode>(2 * bound.size() + 2);
    var problems = new ArrayList<ValueProblem>(0);
    var notes = new ArrayList<ValueProblem>(0);
    String canonicalKey = mapKey(row, values, problems);
    Long revision = revisionColumn == null ? null : revision(row.get(revisionColumn), problems);
    for (Bound pair : bound) {
      if (!pair.source().isAbsent(row)) {
        mapValue(pair, row, values, problems, notes);
      }
    }
    if (!row.containsKey(ColumnMatching.STAR)) {
      checkMembers(members, problems);
    }
    for (TableMapping table : members.isEmpty() ? List.<TableMapping>of() : tables) {
      JsonNode rows = table.map(members, options, problems, notes);
      if (rows != null) {
        values.put(table.table().code(), rows);
      }
    }
    return new MappedRow(
        canonicalKey,
        Collections.unmodifiableMap(values),
        Collections.unmodifiableList(problems),
        Collections.unmodifiableList(notes),
        revision);
  }

  /** Kintone's own word for any revision is -1. */
  private @Nullable Long revision(@Nullable Object raw, List<ValueProblem> problems) {
    String text =
        RawValues.isBlank(RawValues.unwrap(raw)) ? "-1" : RawValues.text(RawValues.unwrap(raw));
    String digits = text == null ? "" : text.strip();
    if (digits.equals("-1")) {
      return null;
    }
    if (!Decimals.isCanonicalInteger(digits, 18) || digits.charAt(0) == '-') {
      problems.add(
          new ValueProblem(
              revisionColumn,
              "$revision",
              MessageCode.REVISION_NOT_A_NUMBER.with(
                  String.valueOf(revisionColumn), RawValues.excerpt(raw))));
      return null;
    }
    return Long.valueOf(digits);
  }

  /** The rows of a record must not contradict each other outside of tables. */
  private void checkMembers(
      List<? extends Map<String, ? extends @Nullable Object>> members,
      List<ValueProblem> problems) {
    for (String column : members.isEmpty() ? List.<String>of() : keySource.columns()) {
      String first = textOf(members.get(0).get(column));
      for (var member : members) {
        String other = textOf(member.get(column));
        if (!other.isEmpty() && !other.equals(first) && !hasSameKey(members.get(0), member)) {
          problems.add(
              new ValueProblem(
                  column,
                  key.code(),
                  MessageCode.GROUP_VALUES_DIFFER.with(
                      key.name(), RawValues.excerpt(first), RawValues.excerpt(other))));
          return;
        }
      }
    }
    for (Bound pair : members.isEmpty() ? List.<Bound>of() : bound) {
      for (String column : pair.source().columns()) {
        String first = textOf(members.get(0).get(column));
        for (var member : members) {
          String other = textOf(member.get(column));
          if (!other.isEmpty() && !other.equals(first)) {
            problems.add(
                new ValueProblem(
                    column,
                    pair.field().code(),
                    MessageCode.GROUP_VALUES_DIFFER.with(
                        pair.field().name(), RawValues.excerpt(first), RawValues.excerpt(other))));
            return;
          }
        }
      }
    }
  }

  /** Whether two rows mean one record although they write its key in two ways. */
  private boolean hasSameKey(
      Map<String, ? extends @Nullable Object> row, Map<String, ? extends @Nullable Object> other) {
    try {
      String canonical = keyOf(keySource.value(row, options));
      return canonical != null && canonical.equals(keyOf(keySource.value(other, options)));
    } catch (ConversionException e) {
      return false;
    }
  }

  private static String textOf(@Nullable Object value) {
    return Objects.toString(value, "").strip();
  }

  private void mapValue(
      Bound pair,
      Map<String, ? extends @Nullable Object> row,
      Map<String, JsonNode> values,
      List<ValueProblem> problems,
      List<ValueProblem> notes) {
    String code = pair.field().code();
    Object raw;
    try {
      raw = pair.source().value(row, options);
    } catch (ConversionException e) {
      problems.add(
          new ValueProblem(
              pair.column(), code, MessageCode.VALUE_UNFIT.with(pair.field().name(), e.reason())));
      return;
    }
    if (options.keepsEmpty() && RawValues.isBlank(RawValues.unwrap(raw))) {
      return;
    }
    Converted converted = pair.field().convert(raw, options.conversion());
    if (converted instanceof Converted.Refused refused) {
      problems.add(new ValueProblem(pair.column(), code, refused.problem()));
    } else if (converted instanceof Converted.Value value) {
      UserMessage problem =
          pair.field().type() == FieldType.SUBTABLE
              ? TableRows.problem(pair.field(), value.json(), options.tables())
              : null;
      if (problem != null) {
        problems.add(new ValueProblem(pair.column(), code, problem));
        return;
      }
      values.put(code, value.json());
      for (UserMessage note : value.notes()) {
        notes.add(new ValueProblem(pair.column(), code, note));
      }
    }
  }

  /** A key as the rows of the source are compared by; null when it is blank. */
  public @Nullable String keyOf(@Nullable Object raw) {
    String canonical = key.canonicalKey(raw);
    return canonical == null ? null : key.canonicalKey(options.keys().apply(canonical));
  }

  private @Nullable String mapKey(
      Map<String, ? extends @Nullable Object> row,
      Map<String, JsonNode> values,
      List<ValueProblem> problems) {
    Object raw;
    try {
      raw = keySource.value(row, options);
    } catch (ConversionException e) {
      problems.add(
          new ValueProblem(
              keyColumn(), key.code(), MessageCode.VALUE_UNFIT.with(key.name(), e.reason())));
      return null;
    }
    String canonical = keyOf(raw);
    UserMessage problem = keyProblem(raw, canonical);
    if (problem != null || canonical == null) {
      UserMessage reason = problem == null ? MessageCode.KEY_BLANK.with(keyColumn()) : problem;
      problems.add(new ValueProblem(keyColumn(), key.code(), reason));
      return null;
    }
    if (key.writable()) {
      values.put(key.code(), TextNode.valueOf(canonical));
    }
    return canonical;
  }

  /** Why this cannot be a key, although it is not blank; null when it can, or is. */
  private @Nullable UserMessage keyProblem(@Nullable Object raw, @Nullable String canonical) {
    if (key.type() == FieldType.RECORD_NUMBER) {
      boolean number =
          canonical == null
              || (Decimals.isCanonicalInteger(canonical, 18) && canonical.charAt(0) != '-');
      return number
          ? null
          : MessageCode.KEY_NOT_A_RECORD_NUMBER.with(keyColumn(), RawValues.excerpt(raw));
    }
    boolean text = key.type() == FieldType.SINGLE_LINE_TEXT;
    if (canonical == null && RawValues.isBlank(RawValues.unwrap(raw))) {
      return null;
    }
    Converted converted =
        key.convert(text && canonical != null ? canonical : raw, options.conversion());
    if (converted instanceof Converted.Refused refused) {
      return refused.problem();
    }
    // a rounded key would be another record's
    return converted instanceof Converted.Value value && !value.notes().isEmpty()
        ? MessageCode.KEY_ROUNDED.with(
            keyColumn(), RawValues.excerpt(raw), key.precision().decimalPlaces())
        : null;
  }

  /** Where the files lie that rows name, and how they go together with those of a record. */
  public @Nullable Attachments attachments() {
    return options.conversion().attachments();
  }

  /** The fields that get files of the {@link #attachments()}, tables with such cells among them. */
  public List<Field> fileFields() {
    return attachments() == null ? List.of() : fields.stream().filter(Field::holdsFiles).toList();
  }

  /**
   * The tables that get rich text and whose rows are known by all of their cells: Kintone stores
   * rich text as other HTML, so that no row would ever be found again.
   */
  public List<Field> unrecognizableTables() {
    return Stream.concat(
            tables.stream()
                .filter(table -> hasRichText(table.cells().keySet()))
                .map(TableMapping::table),
            bound.stream().map(Bound::field).filter(field -> hasRichText(field.inner().values())))
        .filter(table -> options.tables().rowKey(table).isEmpty())
        .toList();
  }

  private static boolean hasRichText(Collection<Field> cells) {
    return cells.stream().anyMatch(cell -> cell.type() == FieldType.RICH_TEXT);
  }

  /**
   * Why the rows of a table cannot be written over those of a record; null when they can, and of
   * any other field.
   *
   * @param ours the value of the source, as a write takes it
   * @param stored the value of the record, as a read gives it
   */
  public @Nullable UserMessage checkRows(Field field, JsonNode ours, @Nullable JsonNode stored) {
    return field.type() == FieldType.SUBTABLE && stored != null
        ? TableRows.lost(field, ours, stored, options.tables())
        : null;
  }

  /**
   * What is to be written so that a field of a record becomes what the source says; null when it is
   * so already. Of a table, all rows that the record is to have, with their ids; of attachments,
   * all files, those that stay as the record has them.
   *
   * @param ours the value of the source, as a write takes it
   * @param cells the record, as a read gives it
   * @param again whether a value that is as it should be is written again, by its field and the
   *     record or the row of a table that it stands in
   * @param richTextsAsSent whether rich texts only look different, because Kintone rewrites them
   */
  public @Nullable JsonNode toWrite(
      Field field,
      JsonNode ours,
      JsonNode cells,
      BiPredicate<Field, JsonNode> again,
      boolean richTextsAsSent) {
    JsonNode stored = cells.path(field.code()).get("value");
    if (field.type() == FieldType.SUBTABLE) {
      return TableRows.toWrite(
          field, ours, stored, options.tables(), attachments(), again, richTextsAsSent);
    }
    if (field.type() == FieldType.FILE) {
      return FileList.toWrite(field, ours, stored, attachments());
    }
    boolean same =
        (richTextsAsSent && field.type() == FieldType.RICH_TEXT) || field.same(ours, stored);
    return same && !again.test(field, cells) ? null : ours;
  }

  /**
   * The rich text in a value of the source, of a table that of all its rows; null when there is
   * none.
   *
   * @param ours the value of the source, as a write takes it
   */
  public @Nullable String richText(Field field, JsonNode ours) {
    return switch (field.type()) {
      case RICH_TEXT -> ours.asText();
      case SUBTABLE -> TableRows.richTexts(field, ours);
      default -> null;
    };
  }

  /** The same of what a record holds in its place; null when it holds nothing there. */
  public @Nullable String richTextThere(Field field, JsonNode ours, @Nullable JsonNode stored) {
    if (stored == null) {
      return null;
    }
    return field.type() == FieldType.SUBTABLE
        ? TableRows.richTextsThere(field, ours, stored, options.tables())
        : stored.asText();
  }

  /**
   * What Kintone would refuse in an insert for being blank: required fields, and texts with a least
   * length, that the record leaves empty or, having no default, does not mention.
   *
   * @param values the values of a {@link MappedRow} that has no problems
   */
  public List<ValueProblem> checkInsert(Map<String, JsonNode> values) {
    return check(values, true);
  }

  /**
   * What Kintone would refuse in an update for being blank: required fields that it would clear.
   *
   * @param values the values that are to change
   */
  public List<ValueProblem> checkUpdate(Map<String, JsonNode> values) {
    return check(values, false);
  }

  private List<ValueProblem> check(Map<String, JsonNode> values, boolean insert) {
    var problems = new ArrayList<ValueProblem>(0);
    for (Field field : demanding) {
      JsonNode value = values.get(field.code());
      if (value == null && (!insert || field.hasDefault())) {
        continue;
      }
      UserMessage problem = field.checkRequired(value);
      if (problem != null) {
        problems.add(new ValueProblem(column(field), field.code(), problem));
      }
    }
    return problems;
  }
}
