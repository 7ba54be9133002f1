package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a source goes to which field of an app, and the way of every row through it.
 * Immutable; several threads may use one.
 */
public final class Mapping {
  private final Field key;
  private final Assignment keySource;
  private final List<FieldSource> bound;
  private final List<TableMapping> tables;
  private final List<Field> fields;
  private final List<String> ignoredColumns;
  private final List<String> columns;
  private final List<String> readOnlyColumns;
  private final MappingOptions options;
  private final @Nullable String revisionColumn;
  private final RowMapper rows;
  private final FieldComparison comparison;

  /** Fields that Kintone may refuse for being blank. */
  private final List<Field> demanding;

  private Mapping(Form form, Field key, ColumnMatching found, MappingOptions options) {
    this(
        key,
        Objects.requireNonNull(found.byField().get(key)),
        found.byField().entrySet().stream()
            .filter(entry -> entry.getKey() != key)
            .map(entry -> new FieldSource(entry.getValue(), entry.getKey()))
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
      List<FieldSource> bound,
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
                bound.stream().map(FieldSource::field),
                this.tables.stream().map(TableMapping::table))
            .flatMap(each -> each)
            .toList();
    this.columns =
        Stream.concat(
                bound.stream()
                    .map(FieldSource::source)
                    .filter(Assignment::followsItsColumns)
                    .flatMap(source -> source.columns().stream()),
                this.tables.stream().flatMap(TableMapping::columns))
            .distinct()
            .toList();
    this.ignoredColumns = ignoredColumns;
    this.readOnlyColumns = readOnlyColumns;
    this.options = options;
    this.revisionColumn = revisionColumn;
    this.demanding = demanding;
    this.rows = new RowMapper(key, keySource, bound, this.tables, options, revisionColumn);
    this.comparison = new FieldComparison(options.tables(), options.conversion().attachments());
  }

  /** Returns this mapping as if the source did not have these of its {@link #columns}. */
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

  /** Maps columns with Kintone's own formats and Japanese time. */
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

  /**
   * Converts by one pair of a map alone, whatever else there is or is missing. Never throws for a
   * bad value.
   *
   * @param row values by column
   */
  public static MappedRow ofPair(
      Form form,
      Assignment pair,
      Map<String, ? extends @Nullable Object> row,
      MappingOptions options) {
    return RowMapper.pair(form, pair, row, options);
  }

  /** The field that identifies records. */
  public Field key() {
    return key;
  }

  /** The column that holds the key, or its beginning. */
  public String keyColumn() {
    return rows.keyColumn();
  }

  /** The columns that make the key. */
  public List<String> keyColumns() {
    return keySource.columns();
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
    return columns;
  }

  /** Those of these columns without which a field or a cell gets no value. */
  public Set<String> decisive(Set<String> empty) {
    var decisive = new LinkedHashSet<String>();
    Stream.concat(
            bound.stream().map(FieldSource::source),
            tables.stream().flatMap(table -> table.cells().values().stream()))
        .filter(source -> source.followsItsColumns() && empty.containsAll(source.columns()))
        .forEach(source -> decisive.addAll(source.columns()));
    return decisive;
  }

  /** The column that fills a field, the first of several; null when none does. */
  public @Nullable String column(Field field) {
    if (field == key) {
      return keyColumn();
    }
    return bound.stream()
        .filter(pair -> pair.field() == field)
        .findFirst()
        .map(FieldSource::column)
        .orElse(null);
  }

  /** The column whose value a field gets as it is; null where it is joined, changed or constant. */
  public @Nullable String plainColumn(Field field) {
    return bound.stream()
        .filter(pair -> pair.field() == field)
        .findFirst()
        .map(pair -> pair.source().plainColumn())
        .orElse(field == key ? keySource.plainColumn() : null);
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
   * Converts a row into values of fields. A column that the row lacks leaves its field as it is; an
   * empty value clears the field, unless the job keeps such fields. Never throws for a bad value.
   *
   * @param row values by column: text, or anything that {@link Field#convert} takes
   */
  public MappedRow map(Map<String, ? extends @Nullable Object> row) {
    return map(row, List.of());
  }

  /**
   * Converts a source record of several rows.
   *
   * @param row the first row, which fills the fields outside of tables
   * @param members all rows, which fill the rows of tables; none where each row is a record
   */
  public MappedRow map(
      Map<String, ? extends @Nullable Object> row,
      List<? extends Map<String, ? extends @Nullable Object>> members) {
    return rows.map(row, members);
  }

  /** A key as the rows of the source are compared by; null when it is blank. */
  public @Nullable String keyOf(@Nullable Object raw) {
    return rows.keyOf(raw);
  }

  /**
   * What tells rows that become the same values; null where those depend on more than the row: on
   * expressions, which may ask the time, on the files that it names, or on rows around it.
   */
  public @Nullable RowChecksum checksum() {
    return rows.checksum();
  }

  /** How values of the source are compared with those of records. */
  public FieldComparison comparison() {
    return comparison;
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
            bound.stream()
                .map(FieldSource::field)
                .filter(field -> hasRichText(field.inner().values())))
        .filter(table -> options.tables().rowKey(table).isEmpty())
        .toList();
  }

  private static boolean hasRichText(Collection<Field> cells) {
    return cells.stream().anyMatch(cell -> cell.type() == FieldType.RICH_TEXT);
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

  /**
   * The first column that fills a field of a table; null: none does.
   *
   * @param table the code of the table
   * @param field the code of the field
   */
  public @Nullable String columnInTable(String table, String field) {
    return ofTable(table).map(mapping -> mapping.column(field)).orElse(null);
  }

  /** The same for a field in a table. */
  public @Nullable String plainColumn(Field table, Field field) {
    return ofTable(table.code()).map(mapping -> mapping.plainColumn(field)).orElse(null);
  }

  /**
   * The index of the row of a source record that became a row of a table.
   *
   * @param table the code of the table
   * @param row the index of the row of the table
   */
  public int memberOf(
      String table, int row, List<? extends Map<String, ? extends @Nullable Object>> members) {
    return ofTable(table).map(mapping -> mapping.memberOf(row, members)).orElse(0);
  }

  private Optional<TableMapping> ofTable(String code) {
    return tables.stream().filter(mapping -> mapping.table().code().equals(code)).findFirst();
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
