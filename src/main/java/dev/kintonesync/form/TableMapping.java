package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What fills the cells of a table where each row of the source is a row of it.
 *
 * @param table the table
 * @param rowId what holds the ids of rows that are there, as Kintone exports them; null: nothing
 * @param cells what fills each of its fields
 */
record TableMapping(Field table, @Nullable Assignment rowId, Map<Field, Assignment> cells) {

  TableMapping {
    cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
  }

  /** The columns that clear a cell where they are empty. */
  Stream<String> columns() {
    return cells.values().stream()
        .filter(Assignment::followsItsColumns)
        .flatMap(source -> source.columns().stream());
  }

  /** Returns this mapping as if the source did not have these columns. */
  TableMapping without(Set<String> columns) {
    var left = new LinkedHashMap<>(cells);
    left.values()
        .removeIf(source -> source.followsItsColumns() && columns.containsAll(source.columns()));
    return new TableMapping(table, rowId, left);
  }

  /**
   * The rows of the table, without those whose cells are all empty.
   *
   * @param members the rows of one source record
   */
  @Nullable JsonNode map(
      List<? extends Map<String, ? extends @Nullable Object>> members,
      MappingOptions options,
      List<ValueProblem> problems,
      List<ValueProblem> notes) {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (int row = 0; row < members.size(); row++) {
      if (!isBlank(members.get(row))) {
        mapRow(members.get(row), row, rows, options, problems, notes);
      }
    }
    if (!problems.isEmpty() || (rows.isEmpty() && options.keepsEmpty())) {
      return null;
    }
    var problem = TableRows.problem(table, rows, options.tables());
    if (problem != null) {
      problems.add(
          problem(column(problem.field()), memberOf(problem.row(), members), problem.why()));
    }
    return rows;
  }

  private @Nullable String column(Field field) {
    Assignment source = cells.get(field);
    return source == null || source.columns().isEmpty() ? null : source.columns().get(0);
  }

  /** The first column that fills a field of the table; null: none does. */
  @Nullable String column(String field) {
    return cells.keySet().stream()
        .filter(cell -> cell.code().equals(field))
        .findFirst()
        .map(this::column)
        .orElse(null);
  }

  /** The column whose value a field of the table gets as it is; null where none does. */
  @Nullable String plainColumn(Field field) {
    Assignment source = cells.get(field);
    return source == null ? null : source.plainColumn();
  }

  /**
   * The index of the row of the source that became a row of the table.
   *
   * @param row the index of the row of the table
   */
  int memberOf(int row, List<? extends Map<String, ? extends @Nullable Object>> members) {
    int left = row;
    for (int member = 0; member < members.size(); member++) {
      if (!isBlank(members.get(member)) && left-- == 0) {
        return member;
      }
    }
    return 0;
  }

  private boolean isBlank(Map<String, ? extends @Nullable Object> member) {
    Stream<Assignment> all =
        rowId == null
            ? cells.values().stream()
            : Stream.concat(Stream.of(rowId), cells.values().stream());
    return all.flatMap(source -> source.columns().stream())
        .allMatch(column -> RawValues.isBlank(RawValues.unwrap(member.get(column))));
  }

  private void mapRow(
      Map<String, ? extends @Nullable Object> member,
      int number,
      ArrayNode rows,
      MappingOptions options,
      List<ValueProblem> problems,
      List<ValueProblem> notes) {
    ObjectNode row = rows.addObject();
    if (rowId != null) {
      mapRowId(rowId, member, row, number, problems);
    }
    ObjectNode values = row.putObject("value");
    cells.forEach(
        (field, source) -> {
          String column = column(field);
          try {
            Converted converted =
                field.convert(source.value(member, options), options.conversion());
            if (converted instanceof Converted.Refused refused) {
              problems.add(problem(column, number, refused.problem()));
            } else if (converted instanceof Converted.Value value) {
              values.putObject(field.code()).set("value", value.json());
              value.notes().forEach(note -> notes.add(problem(column, number, note)));
            }
          } catch (ConversionException e) {
            UserMessage unfit = MessageCode.VALUE_UNFIT.with(field.name(), e.reason());
            problems.add(problem(column, number, unfit));
          }
        });
  }

  private ValueProblem problem(@Nullable String column, int row, UserMessage why) {
    return new ValueProblem(
        column, table.code(), MessageCode.TABLE_CELL.with(table.name(), why), row);
  }

  private void mapRowId(
      Assignment source,
      Map<String, ? extends @Nullable Object> member,
      ObjectNode row,
      int number,
      List<ValueProblem> problems) {
    String column = source.columns().get(0);
    Object raw = RawValues.unwrap(member.get(column));
    String written = RawValues.isBlank(raw) ? null : RawValues.text(raw);
    String id = written == null ? null : Blank.strip(written);
    if (id != null && Decimals.isCanonicalInteger(id, 18) && id.charAt(0) != '-') {
      row.put("id", id);
    } else if (!RawValues.isBlank(raw)) {
      problems.add(
          problem(column, number, MessageCode.ROW_ID_NOT_A_NUMBER.with(RawValues.excerpt(raw))));
    }
  }
}
