package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.Files;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.StatusProcess;
import dev.kintonesync.simulator.state.StoredFile;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.TableRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
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
  private final Lookups lookups;
  private final Calculations calculations;
  private final Instant now;

  RecordDraft(
      Domain domain,
      Design design,
      Defaults defaults,
      Lookups lookups,
      Instant now,
      Problems problems) {
    this.domain = domain;
    this.design = design;
    this.defaults = defaults;
    this.lookups = lookups;
    this.now = now;
    this.calculations = new Calculations(design, ZoneId.of(domain.settings().timeZone()));
    this.reader = new CellReader(domain, problems);
  }

  /** The cells of a new record: what is sent, and defaults for what is not. */
  @Nullable Object[] create(JsonNode body, ErrorPath place) {
    @Nullable Object[] cells = new Object[design.form().slots()];
    for (FormField field : design.form().fields()) {
      JsonNode sent = sent(field, body);
      cells[field.slot()] =
          sent == null ? defaults.of(field) : cell(field, sent, place, null, false);
    }
    FormField status = design.form().only(FieldType.STATUS);
    StatusProcess.State first = status != null && status.enabled() ? design.states().first() : null;
    if (status != null && first != null) {
      cells[status.slot()] = first.name();
    }
    copyLookups(body, cells);
    calculations.fill(cells, now, now);
    return cells;
  }

  /** The cells of an updated record: what is sent over what was there; no defaults. */
  @Nullable Object[] merge(StoredRecord before, JsonNode body, ErrorPath place) {
    @Nullable Object[] cells = Arrays.copyOf(before.cells(), design.form().slots());
    for (FormField field : design.form().fields()) {
      JsonNode sent = sent(field, body);
      if (sent != null) {
        cells[field.slot()] = cell(field, sent, place, before.cell(field), false);
      }
    }
    copyLookups(body, cells);
    calculations.fill(cells, before.created(), now);
    return cells;
  }

  private void copyLookups(JsonNode body, @Nullable Object[] cells) {
    for (FormField field : design.form().lookups()) {
      if (body.has(field.code())) {
        lookups.copy(field, cells, design.form()::field);
      }
    }
  }

  /** One value outside of a record, as an update key has it. */
  @Nullable Object value(FormField field, JsonNode value, ErrorPath place) {
    return rounded(reader.read(field, value, place, false));
  }

  private @Nullable JsonNode sent(FormField field, JsonNode body) {
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

  private boolean isWritable(FormField field) {
    return field.type().isInput()
        && field.formula() == null
        && !design.form().isCopied(field.code());
  }

  private @Nullable Object cell(
      FormField field, JsonNode value, ErrorPath place, @Nullable Object before, boolean inTable) {
    return switch (field.type().shape()) {
      case TABLE -> table(field, value, place, elements(before));
      case FILES -> files(value, elements(before));
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
  private static <T> List<T> elements(@Nullable Object cell) {
    return cell == null ? List.of() : (List<T>) cell;
  }

  /** Files by their keys: uploads that become part of the record, or files it already has. */
  private @Nullable List<StoredFile> files(JsonNode value, List<StoredFile> before) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isArray()) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    List<StoredFile> files = new ArrayList<>(value.size());
    for (JsonNode element : value) {
      String key = CellReader.text(element.path("fileKey"));
      if (key == null) {
        throw ErrorCode.CB_IJ01.refuse();
      }
      files.add(file(key, before));
    }
    return files.isEmpty() ? null : List.copyOf(files);
  }

  private StoredFile file(String key, List<StoredFile> before) {
    FileKey attached = FileKey.of(key);
    for (StoredFile file : before) {
      if (attached != null && file.key().equals(attached.file())) {
        return file;
      }
    }
    StoredFile upload = domain.files().uploaded(key);
    if (upload == null) {
      throw ErrorCode.GAIA_BL01.refuse(key);
    }
    return upload.withKey(Files.attachedKey());
  }

  private @Nullable List<TableRow> table(
      FormField table, JsonNode value, ErrorPath place, List<TableRow> before) {
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
      ErrorPath rowPlace = place.row(table.code(), index++);
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
      FormField table, JsonNode values, ErrorPath place, @Nullable TableRow before) {
    @Nullable Object[] cells =
        before == null
            ? new Object[table.innerSlots()]
            : Arrays.copyOf(before.cells(), table.innerSlots());
    for (FormField inner : table.inner().values()) {
      JsonNode sent = sent(inner, values);
      if (sent != null) {
        Object old = before == null ? null : before.cell(inner);
        cells[inner.slot()] = cell(inner, sent, place, old, true);
      } else if (before == null) {
        cells[inner.slot()] = defaults.of(inner);
      }
    }
    for (FormField inner : table.inner().values()) {
      if (inner.lookup() != null && values.has(inner.code())) {
        lookups.copy(inner, cells, table.inner()::get);
      }
    }
    return cells;
  }
}
