package dev.kintonesync.simulator.query;

import static java.util.Map.entry;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A form with a field of every kind that can be asked for, and records in memory to ask. */
final class TestForm implements QuerySchema {

  static final Viewer SATO =
      new Viewer(Instant.parse("2026-04-23T15:31:40Z"), ZoneId.of("Asia/Tokyo"), "sato", "sales");

  private static final Map<String, QueryField> FIELDS =
      Map.ofEntries(
          entry("No", QueryField.of(FieldKind.RECORD_NUMBER)),
          entry("K", QueryField.of(FieldKind.SINGLE_LINE_TEXT)),
          entry("顧客名", QueryField.of(FieldKind.SINGLE_LINE_TEXT)),
          entry("url", QueryField.of(FieldKind.LINK)),
          entry("Q", QueryField.of(FieldKind.NUMBER)),
          entry("total", QueryField.of(FieldKind.CALC)),
          entry("notes", QueryField.of(FieldKind.MULTI_LINE_TEXT)),
          entry("rich", QueryField.of(FieldKind.RICH_TEXT)),
          entry("file", QueryField.of(FieldKind.FILE)),
          entry("drop", QueryField.of(FieldKind.DROP_DOWN).withOptions(Set.of("A", "B"))),
          entry("radio", QueryField.of(FieldKind.RADIO_BUTTON).withOptions(Set.of("A", "B"))),
          entry("chk", QueryField.of(FieldKind.CHECK_BOX).withOptions(Set.of("a", "b", "c"))),
          entry("user", QueryField.of(FieldKind.USER_SELECT)),
          entry("org", QueryField.of(FieldKind.ORGANIZATION_SELECT)),
          entry("creator", QueryField.of(FieldKind.CREATOR)),
          entry("status", QueryField.of(FieldKind.STATUS).withOptions(Set.of("Open", "Done"))),
          entry("d", QueryField.of(FieldKind.DATE)),
          entry("t", QueryField.of(FieldKind.TIME)),
          entry("dt", QueryField.of(FieldKind.DATETIME)),
          entry("updated", QueryField.of(FieldKind.UPDATED_TIME)),
          entry("limit", QueryField.of(FieldKind.NUMBER)),
          entry("S", QueryField.of(FieldKind.SUBTABLE)),
          entry("a", QueryField.of(FieldKind.SINGLE_LINE_TEXT).inTable("S")),
          entry("b", QueryField.of(FieldKind.NUMBER).inTable("S")),
          entry("day", QueryField.of(FieldKind.DATE).inTable("S")),
          entry("orders", QueryField.of(FieldKind.REFERENCE_TABLE)),
          entry("orders.K", QueryField.of(FieldKind.SINGLE_LINE_TEXT).inTable("orders")));

  @Override
  public QueryField field(String code) {
    return FIELDS.get(code);
  }

  @Override
  public String appCode() {
    return "CRM";
  }

  static CompiledQuery compile(String query) {
    return Query.parse(query).compile(new TestForm(), SATO);
  }

  /** The numbers of those records that match, in the order of the query. */
  static List<Long> find(String query, Row... records) {
    CompiledQuery compiled = compile(query);
    return Arrays.stream(records)
        .filter(compiled::matches)
        .sorted(compiled.order())
        .map(Row::id)
        .toList();
  }

  static Row row(long id) {
    return new Row(id, new HashMap<>(), new HashMap<>(), new HashMap<>());
  }

  record Row(
      long id,
      Map<String, Object> values,
      Map<String, String> indexed,
      Map<String, List<Row>> tables)
      implements QueryRecord {

    Row with(String code, Object value) {
      values.put(code, value);
      return this;
    }

    /** What the index knows of a field when that is not its present value. */
    Row indexed(String code, String text) {
      indexed.put(code, text);
      return this;
    }

    Row table(String table, Row... rows) {
      tables.computeIfAbsent(table, code -> new ArrayList<>()).addAll(List.of(rows));
      return this;
    }

    @Override
    public Object value(String code) {
      return code.equals("$id") || code.equals("No") ? Long.valueOf(id) : values.get(code);
    }

    @Override
    public String searchText(String code) {
      Object value = values.get(code);
      return indexed.getOrDefault(code, value == null ? "" : value.toString());
    }

    @Override
    public List<Row> rows(String table) {
      return tables.getOrDefault(table, List.of());
    }
  }
}
