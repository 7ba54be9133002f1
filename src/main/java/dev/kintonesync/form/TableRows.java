package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table, the source's and those that a record has, brought together: by row id
 * where the source has it, then by row key where there is one, else in their order. Rows keep their
 * ids, and of a row only the cells are written that differ.
 */
final class TableRows {
  private final Field table;
  private final TableOptions options;
  private final @Nullable Attachments attachments;
  private final List<Field> rowKey;
  private final JsonNode ours;
  private final JsonNode stored;
  private final BiPredicate<Field, JsonNode> again;
  private final boolean richTextsAsSent;

  private TableRows(
      Field table,
      JsonNode ours,
      JsonNode stored,
      TableOptions options,
      @Nullable Attachments attachments,
      BiPredicate<Field, JsonNode> again,
      boolean richTextsAsSent) {
    this.table = table;
    this.options = options;
    this.attachments = attachments;
    this.rowKey = options.rowKey(table);
    this.ours = ours;
    this.stored = stored;
    this.again = again;
    this.richTextsAsSent = richTextsAsSent;
  }

  /**
   * What is wrong with one row of a table.
   *
   * @param row its index
   */
  record RowProblem(int row, Field field, UserMessage why) {}

  /**
   * Why rows cannot be known again by their row key: one has none, or two have the same.
   *
   * @param rows as a write takes them
   */
  static @Nullable RowProblem problem(Field table, JsonNode rows, TableOptions options) {
    List<Field> rowKey = options.rowKey(table);
    if (rowKey.isEmpty()) {
      return null;
    }
    var seen = new HashSet<String>();
    for (int row = 0; row < rows.size(); row++) {
      String key = key(rowKey, rows.path(row));
      if (key == null) {
        return new RowProblem(
            row, rowKey.get(0), MessageCode.ROW_KEY_BLANK.with(Form.names(rowKey)));
      }
      if (!seen.add(key)) {
        return new RowProblem(
            row, rowKey.get(0), MessageCode.ROW_KEY_TWICE.with(Form.names(rowKey), key));
      }
    }
    return null;
  }

  /**
   * Why rows that go by their ids, else by their order, may not be written: some of the ids are
   * those of the record's rows, so that one which is not has been a row of it, and in its place
   * stands another one now. Where no id is known, they are those of another app.
   *
   * @param ours the rows of the source, as a write takes them
   * @param stored the rows of the record, as a read gives them
   */
  static @Nullable UserMessage lost(
      Field table, JsonNode ours, JsonNode stored, TableOptions options) {
    if (options.policy() == TableOptions.Policy.APPEND || !options.rowKey(table).isEmpty()) {
      return null;
    }
    var there = new HashSet<String>();
    stored.forEach(row -> there.add(row.path("id").asText()));
    String gone = null;
    boolean known = false;
    for (JsonNode row : ours) {
      String id = row.path("id").asText();
      known |= there.contains(id);
      gone = gone == null && !id.isEmpty() && !there.contains(id) ? id : gone;
    }
    return known && gone != null ? MessageCode.TABLE_ROW_GONE.with(table.name(), gone) : null;
  }

  /**
   * The rows that a write has to list; null when the table is as it should be.
   *
   * @param ours the rows of the source, as a write takes them
   * @param stored the rows of the record, as a read gives them; null: none
   * @param attachments how the files in cells go together
   * @param again whether a cell that is as it should be is written again, for the others of its row
   * @param richTextsAsSent whether rich texts only look different
   */
  static @Nullable JsonNode toWrite(
      Field table,
      JsonNode ours,
      @Nullable JsonNode stored,
      TableOptions options,
      @Nullable Attachments attachments,
      BiPredicate<Field, JsonNode> again,
      boolean richTextsAsSent) {
    JsonNode there = stored == null ? JsonNodeFactory.instance.arrayNode() : stored;
    return new TableRows(table, ours, there, options, attachments, again, richTextsAsSent)
        .toWrite();
  }

  /**
   * The rich texts of the source's rows, one after the other, as one text; null when they mention
   * none.
   *
   * @param ours the rows of the source, as a write takes them
   */
  static @Nullable String richTexts(Field table, JsonNode ours) {
    ArrayNode texts = JsonNodeFactory.instance.arrayNode();
    for (JsonNode row : ours) {
      for (Map.Entry<String, JsonNode> cell : row.path("value").properties()) {
        if (isRichText(table.inner().get(cell.getKey()))) {
          texts.add(cell.getKey()).add(cell.getValue().path("value").asText());
        }
      }
    }
    return texts.isEmpty() ? null : texts.toString();
  }

  /** Returns the rich texts of a record in the rows that match those of the source. */
  static @Nullable String richTextsThere(
      Field table, JsonNode ours, JsonNode stored, TableOptions options) {
    var rows = new TableRows(table, ours, stored, options, null, (field, cells) -> false, false);
    int[] match = rows.matches();
    ArrayNode there = JsonNodeFactory.instance.arrayNode();
    for (int row = 0; row < match.length; row++) {
      ObjectNode held = there.addObject().putObject("value");
      for (Map.Entry<String, JsonNode> cell : cells(ours, row).properties()) {
        held.set(cell.getKey(), cells(stored, match[row]).path(cell.getKey()));
      }
    }
    return richTexts(table, there);
  }

  private static boolean isRichText(@Nullable Field field) {
    return field != null && field.type() == FieldType.RICH_TEXT;
  }

  private @Nullable JsonNode toWrite() {
    if (ours.isEmpty() && hasBlankRowsOnly()) {
      return null; // Kintone's screen keeps a blank row in a table without any
    }
    int[] match = options.policy() == TableOptions.Policy.APPEND ? equalRows() : matches();
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    boolean changed = false;
    var takenBy = new HashMap<Integer, Integer>();
    for (int row = 0; row < match.length; row++) {
      if (match[row] >= 0) {
        takenBy.put(match[row], row);
      }
    }
    if (options.policy() == TableOptions.Policy.REPLACE) {
      for (int row = 0; row < match.length; row++) {
        changed |= match[row] != row;
        changed |= match[row] < 0 ? add(rows, row) : keep(rows, match[row], row);
      }
      return changed || match.length != stored.size() ? rows : null;
    }
    for (int there = 0; there < stored.size(); there++) {
      Integer row = takenBy.get(there);
      changed |= keep(rows, there, row == null ? -1 : row);
    }
    for (int row = 0; row < match.length; row++) {
      if (match[row] < 0) {
        changed |= add(rows, row);
      }
    }
    return changed ? rows : null;
  }

  private boolean hasBlankRowsOnly() {
    for (int there = 0; there < stored.size(); there++) {
      for (Field field : table.inner().values()) {
        JsonNode held = cells(stored, there).path(field.code()).get("value");
        if (field.writable() && !field.same(null, held)) {
          return false;
        }
      }
    }
    return true;
  }

  /** A row that is there; whether something in it changes. */
  private boolean keep(ArrayNode rows, int there, int row) {
    ObjectNode kept = rows.addObject();
    kept.put("id", stored.path(there).path("id").asText());
    ObjectNode cells = kept.objectNode();
    if (row >= 0 && options.policy() != TableOptions.Policy.APPEND) {
      for (Map.Entry<String, JsonNode> cell : cells(ours, row).properties()) {
        Field field = table.inner().get(cell.getKey());
        JsonNode held = cells(stored, there);
        JsonNode value = toWrite(cell, held);
        if (value == null && field != null && again.test(field, held)) {
          value = cell.getValue().get("value");
        }
        if (value != null) {
          cells.putObject(cell.getKey()).set("value", value);
        }
      }
    }
    if (!cells.isEmpty()) {
      kept.set("value", cells);
    }
    return !cells.isEmpty();
  }

  private boolean add(ArrayNode rows, int row) {
    rows.addObject().set("value", cells(ours, row));
    return true;
  }

  private static JsonNode cells(JsonNode rows, int row) {
    return rows.path(row).path("value");
  }

  /** The value that a cell of the record is to get; null when it is as it should be. */
  private @Nullable JsonNode toWrite(Map.Entry<String, JsonNode> cell, JsonNode there) {
    Field field = table.inner().get(cell.getKey());
    JsonNode value = cell.getValue().get("value");
    JsonNode stored = there.path(cell.getKey()).get("value");
    if (field != null && field.type() == FieldType.FILE) {
      return FileList.toWrite(field, value, stored, attachments);
    }
    boolean same =
        field != null && ((richTextsAsSent && isRichText(field)) || field.same(value, stored));
    return same ? null : value;
  }

  /** The place of the record's row that goes with each of ours; -1: none does. */
  private int[] matches() {
    int[] match = new int[ours.size()];
    var free = new boolean[stored.size()];
    var byId = new HashMap<String, Integer>();
    var byKey = new HashMap<String, Integer>();
    for (int there = 0; there < stored.size(); there++) {
      free[there] = true;
      byId.put(stored.path(there).path("id").asText(), there);
      String key = key(rowKey, stored.path(there));
      if (key != null) {
        byKey.putIfAbsent(key, there);
      }
    }
    for (int row = 0; row < match.length; row++) {
      match[row] = take(free, byId.get(ours.path(row).path("id").asText()));
    }
    for (int row = 0; row < match.length && !rowKey.isEmpty(); row++) {
      if (match[row] < 0) {
        match[row] = take(free, byKey.get(String.valueOf(key(rowKey, ours.path(row)))));
      }
    }
    int there = 0;
    for (int row = 0; row < match.length && rowKey.isEmpty(); row++) {
      while (match[row] < 0 && there < free.length && !free[there]) {
        there++;
      }
      if (match[row] < 0 && there < free.length) {
        match[row] = take(free, there);
      }
    }
    return match;
  }

  /** The place of a row that is just like each of ours; -1: none is. */
  private int[] equalRows() {
    int[] match = new int[ours.size()];
    var free = new boolean[stored.size()];
    Arrays.fill(free, true);
    for (int row = 0; row < match.length; row++) {
      match[row] = -1;
      String key = key(rowKey, ours.path(row));
      for (int there = 0; there < stored.size() && match[row] < 0; there++) {
        boolean alike =
            key == null ? isAlike(row, there) : key.equals(key(rowKey, stored.path(there)));
        if (free[there] && alike) {
          match[row] = take(free, there);
        }
      }
    }
    return match;
  }

  private boolean isAlike(int row, int there) {
    return cells(ours, row).properties().stream()
        .allMatch(cell -> toWrite(cell, cells(stored, there)) == null);
  }

  private static int take(boolean[] free, @Nullable Integer there) {
    if (there == null || !free[there]) {
      return -1;
    }
    free[there] = false;
    return there;
  }

  /** The row key of a row, in the form in which values are written; null when it has a blank. */
  private static @Nullable String key(List<Field> rowKey, JsonNode row) {
    if (rowKey.isEmpty()) {
      return null;
    }
    var parts = new ArrayList<String>();
    for (Field field : rowKey) {
      JsonNode value = row.path("value").path(field.code()).get("value");
      if (field.same(null, value)) {
        return null;
      }
      parts.add(
          field.convert(value) instanceof Converted.Value same
              ? same.json().toString()
              : String.valueOf(value));
    }
    return String.join(", ", parts);
  }
}
