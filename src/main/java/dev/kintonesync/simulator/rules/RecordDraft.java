package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.Field;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.TableRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cells a record is to have after a write. Kintone ignores unknown codes, codes of table fields
 * outside their table, and values of computed and copied fields without a word.
 */
final class RecordDraft {
  private final Domain domain;
  private final Design design;
  private final CellReader reader;
  private final Defaults defaults;

  RecordDraft(Domain domain, Design design, Defaults defaults, Problems problems) {
    this.domain = domain;
    this.design = design;
    this.defaults = defaults;
    this.reader = new CellReader(domain, problems);
  }

  /** The cells of a new record: what is sent, and defaults for what is not. */
  @Nullable Object[] create(JsonNode body, Place place) {
    @Nullable Object[] cells = new Object[design.form().slots()];
    for (Field field : design.form().fields()) {
      JsonNode sent = sent(field, body);
      cells[field.slot()] =
          sent == null ? defaults.of(field) : cell(field, sent, place, List.of(), false);
    }
    return cells;
  }

  /** The cells of an updated record: what is sent over what was there; no defaults. */
  @Nullable Object[] merge(StoredRecord before, JsonNode body, Place place) {
    @Nullable Object[] cells = Arrays.copyOf(before.cells(), design.form().slots());
    for (Field field : design.form().fields()) {
      JsonNode sent = sent(field, body);
      if (sent != null) {
        cells[field.slot()] = cell(field, sent, place, rows(before.cell(field)), false);
      }
    }
    return cells;
  }

  /** One value outside of a record, as an update key has it. */
  @Nullable Object value(Field field, JsonNode value, Place place) {
    return rounded(reader.read(field, value, place, false));
  }

  private @Nullable JsonNode sent(Field field, JsonNode body) {
    JsonNode cell = body.get(field.code());
    if (cell == null || !isWritable(field)) {
      return null;
    }
    if (!cell.isObject()) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    JsonNode value = cell.get("value");
    return value == null ? MissingNode.getInstance() : value;
  }

  private boolean isWritable(Field field) {
    boolean computed = field.type() == FieldType.SINGLE_LINE_TEXT && !field.expression().isEmpty();
    return field.type().isInput() && !computed && !design.form().isCopied(field.code());
  }

  private @Nullable Object cell(
      Field field, JsonNode value, Place place, List<TableRow> before, boolean inTable) {
    return switch (field.type().shape()) {
      case TABLE -> table(field, value, place, before);
      case FILES -> null;
      default -> rounded(reader.read(field, value, place, inTable));
    };
  }

  /** Rounds a number that fits; one that does not is kept as it is for the checks to find. */
  private @Nullable Object rounded(@Nullable Object cell) {
    return cell instanceof BigDecimal number && design.precision().holds(number)
        ? design.precision().store(number)
        : cell;
  }

  @SuppressWarnings("unchecked")
  private static List<TableRow> rows(@Nullable Object cell) {
    return cell instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof TableRow
        ? (List<TableRow>) cell
        : List.of();
  }

  private @Nullable List<TableRow> table(
      Field table, JsonNode value, Place place, List<TableRow> before) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isArray()) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    Map<Long, TableRow> known = new HashMap<>();
    before.forEach(row -> known.put(row.id(), row));
    Set<Long> listed = new HashSet<>();
    List<TableRow> rows = new ArrayList<>(value.size());
    int index = 0;
    for (JsonNode row : value) {
      Place rowPlace = place.row(table.code(), index++);
      Long id = rowId(row);
      if (id != null && !listed.add(id)) {
        throw ErrorCode.GAIA_SI01.refuse(id.toString());
      }
      TableRow old = id == null ? null : known.get(id);
      rows.add(
          old == null
              ? new TableRow(domain.nextRowId(), rowCells(table, row.path("value"), rowPlace, null))
              : new TableRow(old.id(), rowCells(table, row.path("value"), rowPlace, old)));
    }
    return rows.isEmpty() ? null : List.copyOf(rows);
  }

  private static @Nullable Long rowId(JsonNode row) {
    if (!row.isObject()) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    String text = CellReader.text(row.path("id"));
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw ErrorCode.CB_IJ01.refuse();
    }
  }

  private @Nullable Object[] rowCells(
      Field table, JsonNode values, Place place, @Nullable TableRow before) {
    @Nullable Object[] cells =
        before == null
            ? new Object[table.innerSlots()]
            : Arrays.copyOf(before.cells(), table.innerSlots());
    for (Field inner : table.inner().values()) {
      JsonNode sent = sent(inner, values);
      if (sent != null) {
        cells[inner.slot()] = cell(inner, sent, place, List.of(), true);
      } else if (before == null) {
        cells[inner.slot()] = defaults.of(inner);
      }
    }
    return cells;
  }
}
