package dev.kintonesync.camel.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of another app as rows, page by page in the order of their ids. Each page begins
 * behind the last record of the one before: records that come or go meanwhile shift nothing.
 *
 * <p>A value is what Kintone answers, as text, list or map. The rows of a table come without their
 * ids, which are those of the other app, and without files.
 */
final class AppRows implements Iterator<Map<String, @Nullable Object>> {
  private final Source.KintoneApp source;
  private final List<String> columns;
  private final String condition;
  private final Function<KintoneRequest, JsonNode> asked;
  private final Deque<JsonNode> page = new ArrayDeque<>();
  private String last = "0";
  private boolean ended;

  /**
   * The rows that fulfil a condition.
   *
   * @param condition in Kintone's query language; empty: all
   * @param asked answers a request
   */
  AppRows(
      Source.KintoneApp source,
      List<String> columns,
      String condition,
      Function<KintoneRequest, JsonNode> asked) {
    this.source = source;
    this.columns = columns;
    this.condition = condition;
    this.asked = asked;
  }

  @Override
  public boolean hasNext() {
    if (page.isEmpty() && !ended) {
      turn();
    }
    return !page.isEmpty();
  }

  @Override
  public Map<String, @Nullable Object> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    var record = page.remove();
    var row = new LinkedHashMap<String, @Nullable Object>(2 * columns.size());
    for (String column : columns) {
      JsonNode cell = record.get(column);
      row.put(column, cell == null ? null : value(cell));
    }
    return row;
  }

  private void turn() {
    var records =
        asked
            .apply(
                KintoneRequest.getRecords(
                    source.connection(),
                    source.app(),
                    (condition.isEmpty() ? "" : condition + " and ")
                        + "$id > "
                        + last
                        + " order by $id asc limit "
                        + source.pageSize(),
                    List.of()))
            .path("records");
    records.forEach(page::add);
    ended = records.size() < source.pageSize();
    if (!records.isEmpty()) {
      var end = KintoneRecord.of(records.get(records.size() - 1));
      if (!end.isAfter(last)) {
        throw new UserErrorException(MessageCode.SOURCE_APP_WITHOUT_ORDER.with(source.app(), last));
      }
      last = end.id();
    }
  }

  private static @Nullable Object value(JsonNode cell) {
    return cell.path("type").asText().equals("SUBTABLE")
        ? rows(cell.path("value"))
        : plain(cell.path("value"));
  }

  private static List<Object> rows(JsonNode table) {
    var rows = new ArrayList<Object>(table.size());
    for (JsonNode row : table) {
      var cells = new LinkedHashMap<String, @Nullable Object>();
      for (var cell : row.path("value").properties()) {
        if (!cell.getValue().path("type").asText().equals("FILE")) {
          var value = new LinkedHashMap<String, @Nullable Object>();
          value.put("value", plain(cell.getValue().path("value")));
          cells.put(cell.getKey(), value);
        }
      }
      rows.add(Map.of("value", cells));
    }
    return rows;
  }

  private static @Nullable Object plain(JsonNode value) {
    if (value.isArray()) {
      var list = new ArrayList<@Nullable Object>(value.size());
      value.forEach(member -> list.add(plain(member)));
      return list;
    }
    if (value.isObject()) {
      var map = new LinkedHashMap<String, @Nullable Object>();
      value.properties().forEach(member -> map.put(member.getKey(), plain(member.getValue())));
      return map;
    }
    return value.isNull() || value.isMissingNode() ? null : value.asText();
  }
}
