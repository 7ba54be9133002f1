package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Converts the rows of a source into the values of an app's fields, and finds their keys. */
final class RowMapper {
  private final Field key;
  private final Assignment keySource;
  private final List<FieldSource> bound;
  private final List<TableMapping> tables;
  private final MappingOptions options;
  private final @Nullable String revisionColumn;
  private final String keyColumn;

  RowMapper(
      Field key,
      Assignment keySource,
      List<FieldSource> bound,
      List<TableMapping> tables,
      MappingOptions options,
      @Nullable String revisionColumn) {
    this.key = key;
    this.keySource = keySource;
    this.bound = bound;
    this.tables = tables;
    this.options = options;
    this.revisionColumn = revisionColumn;
    this.keyColumn = keySource.columns().get(0);
  }

  /**
   * Converts a source record.
   *
   * @param row the first row, which fills the fields outside of tables
   * @param members all rows, which fill the rows of tables; none where each row is a record
   */
  MappedRow map(
      Map<String, ? extends @Nullable Object> row,
      List<? extends Map<String, ? extends @Nullable Object>> members) {
    var values = new LinkedHashMap<String, JsonNode>(2 * bound.size() + 2);
    var problems = new ArrayList<ValueProblem>(0);
    var notes = new ArrayList<ValueProblem>(0);
    String canonicalKey = mapKey(row, values, problems);
    Long revision = revisionColumn == null ? null : revision(row.get(revisionColumn), problems);
    for (FieldSource pair : bound) {
      if (!pair.source().isAbsent(row)) {
        mapValue(pair, row, values, problems, notes);
      }
    }
    if (!members.isEmpty() && row.keySet().stream().noneMatch(ColumnMatching::isStar)) {
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

  /** A key as the rows of the source are compared by; null when it is blank. */
  @Nullable String keyOf(@Nullable Object raw) {
    String canonical = key.canonicalKey(raw);
    return canonical == null ? null : key.canonicalKey(options.keys().apply(canonical));
  }

  /** The key of a row; null when it is blank or cannot be read. */
  @Nullable String keyOf(Map<String, ? extends @Nullable Object> row) {
    try {
      return keyOf(keySource.value(row, options));
    } catch (ConversionException e) {
      return null;
    }
  }

  /** The column that holds the key, or its beginning. */
  String keyColumn() {
    return keyColumn;
  }

  /** What {@link Mapping#checksum} tells. */
  @Nullable RowChecksum checksum() {
    var pairs = new ArrayList<>(List.of(new FieldSource(keySource, key)));
    pairs.addAll(bound);
    boolean ofRowAlone =
        !options.grouped()
            && options.conversion().attachments() == null
            && pairs.stream()
                .flatMap(pair -> pair.source().steps().stream())
                .noneMatch(Step.Simple.class::isInstance);
    return ofRowAlone ? new RowChecksum(this, columns(pairs), described(pairs)) : null;
  }

  private static List<String> columns(List<FieldSource> pairs) {
    return pairs.stream().flatMap(pair -> pair.source().columns().stream()).distinct().toList();
  }

  /** All that decides what values become, but for the settings of fields, which are the form's. */
  private String described(List<FieldSource> pairs) {
    var parts = new ArrayList<Object>();
    for (FieldSource pair : pairs) {
      Field field = pair.field();
      parts.addAll(List.of(field.code(), field.type(), field.precision(), pair.source()));
    }
    parts.addAll(List.of(options.keys(), options.check(), options.keepsEmpty()));
    parts.add(options.conversion());
    return parts.toString();
  }

  /** Kintone's own word for any revision is -1. */
  private @Nullable Long revision(@Nullable Object raw, List<ValueProblem> problems) {
    String text =
        RawValues.isBlank(RawValues.unwrap(raw)) ? "-1" : RawValues.text(RawValues.unwrap(raw));
    String digits = text == null ? "" : Blank.strip(text);
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
      for (int row = 0; row < members.size(); row++) {
        String other = textOf(members.get(row).get(column));
        boolean differs = !other.isEmpty() && !other.equals(first);
        if (differs && !hasSameKey(members.get(0), members.get(row))) {
          problems.add(
              new ValueProblem(
                  column,
                  key.code(),
                  MessageCode.GROUP_VALUES_DIFFER.with(
                      key.name(), RawValues.excerpt(first), RawValues.excerpt(other)),
                  row));
          return;
        }
      }
    }
    for (FieldSource pair : members.isEmpty() ? List.<FieldSource>of() : bound) {
      for (String column : pair.source().columns()) {
        String first = textOf(members.get(0).get(column));
        for (int row = 0; row < members.size(); row++) {
          String other = textOf(members.get(row).get(column));
          if (!other.isEmpty() && !other.equals(first)) {
            problems.add(
                new ValueProblem(
                    column,
                    pair.field().code(),
                    MessageCode.GROUP_VALUES_DIFFER.with(
                        pair.field().name(), RawValues.excerpt(first), RawValues.excerpt(other)),
                    row));
            return;
          }
        }
      }
    }
  }

  /** Whether two rows mean one record although they write its key in two ways. */
  private boolean hasSameKey(
      Map<String, ? extends @Nullable Object> row, Map<String, ? extends @Nullable Object> other) {
    String canonical = keyOf(row);
    return canonical != null && canonical.equals(keyOf(other));
  }

  private static String textOf(@Nullable Object value) {
    return Blank.strip(Objects.toString(value, ""));
  }

  /** Converts by one pair alone, which may name a field that the form lacks. */
  static MappedRow pair(
      Form form,
      Assignment source,
      Map<String, ? extends @Nullable Object> row,
      MappingOptions options) {
    Field field = form.field(source.field());
    Form.Inner inner = field == null ? form.inner(source.field()) : null;
    Field found = inner == null ? field : inner.field();
    if (found == null) {
      var unknown =
          MessageCode.CONSTANT_FIELD_UNKNOWN.with(
              source.field(), form.app(), form.suggestion(source.field()));
      var column = source.columns().isEmpty() ? null : source.columns().get(0);
      return new MappedRow(
          null,
          Map.of(),
          List.of(new ValueProblem(column, source.field(), unknown)),
          List.of(),
          null);
    }
    var pair = new FieldSource(source, found);
    var values = new LinkedHashMap<String, JsonNode>();
    var problems = new ArrayList<ValueProblem>();
    var notes = new ArrayList<ValueProblem>();
    if (!pair.source().isAbsent(row)) {
      var mapper =
          new RowMapper(pair.field(), pair.source(), List.of(pair), List.of(), options, null);
      mapper.mapValue(pair, row, values, problems, notes);
    }
    return new MappedRow(null, values, problems, notes, null);
  }

  private void mapValue(
      FieldSource pair,
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
      var problem =
          pair.field().type() == FieldType.SUBTABLE
              ? TableRows.problem(pair.field(), value.json(), options.tables())
              : null;
      if (problem != null) {
        UserMessage why =
            MessageCode.TABLE_ROW.with(pair.field().name(), problem.row() + 1, problem.why());
        problems.add(new ValueProblem(pair.column(), code, why));
        return;
      }
      values.put(code, value.json());
      for (UserMessage note : value.notes()) {
        notes.add(new ValueProblem(pair.column(), code, note));
      }
    }
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
              keyColumn, key.code(), MessageCode.VALUE_UNFIT.with(key.name(), e.reason())));
      return null;
    }
    String canonical = keyOf(raw);
    UserMessage problem = keyProblem(raw, canonical);
    if (problem != null || canonical == null) {
      UserMessage reason = problem == null ? MessageCode.KEY_BLANK.with(keyColumn) : problem;
      problems.add(new ValueProblem(keyColumn, key.code(), reason));
      return null;
    }
    if (key.writable()) {
      values.put(key.code(), TextNode.valueOf(canonical));
    }
    return canonical;
  }

  /** Why this cannot be a key, although it is not blank; null when it can, or is. */
  private @Nullable UserMessage keyProblem(@Nullable Object raw, @Nullable String canonical) {
    UserMessage unfit = options.check().problem(key, keyColumn, raw);
    if (unfit != null) {
      return unfit;
    }
    if (key.type() == FieldType.RECORD_NUMBER) {
      boolean number =
          canonical == null
              || (Decimals.isCanonicalInteger(canonical, 18) && canonical.charAt(0) != '-');
      return number
          ? null
          : MessageCode.KEY_NOT_A_RECORD_NUMBER.with(keyColumn, RawValues.excerpt(raw));
    }
    // a query that looked for it would be refused, with all the other keys in it
    if (canonical != null && (canonical.indexOf('\n') >= 0 || canonical.indexOf('\r') >= 0)) {
      return MessageCode.KEY_WITH_LINE_BREAK.with(keyColumn, RawValues.excerpt(canonical));
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
            keyColumn, RawValues.excerpt(raw), key.precision().decimalPlaces())
        : null;
  }
}
