package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.formula.Formula;
import dev.kintonesync.simulator.formula.FormulaException;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.NumberPrecision;
import dev.kintonesync.simulator.state.TableRow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out the calculated fields of a record: those of tables row by row, then those that stand
 * alone. What has no result, or one too large for the app, is empty.
 */
final class Calculations {
  private final Design design;
  private final NumberPrecision precision;
  private final ZoneId zone;
  private final boolean none;

  Calculations(Design design, ZoneId zone) {
    this.design = design;
    this.precision = design.precision();
    this.zone = zone;
    this.none =
        design.form().fields().stream()
            .allMatch(
                field ->
                    field.formula() == null
                        && field.inner().values().stream().allMatch(f -> f.formula() == null));
  }

  /** Fills the calculated cells of a record that has these times. */
  void fill(@Nullable Object[] cells, Instant created, Instant updated) {
    if (none) {
      return;
    }
    Work work = new Work(cells, created, updated);
    for (FormField field : design.form().fields()) {
      if (field.type() == FieldType.SUBTABLE) {
        work.fillRows(field);
      }
    }
    for (FormField field : design.form().fields()) {
      work.fill(field);
    }
  }

  /** One record on the way. */
  private final class Work implements Formula.Surroundings {
    private final @Nullable Object[] cells;
    private final Instant created;
    private final Instant updated;
    private final Set<FormField> begun = new HashSet<>();

    Work(@Nullable Object[] cells, Instant created, Instant updated) {
      this.cells = cells;
      this.created = created;
      this.updated = updated;
    }

    void fill(FormField field) {
      Formula formula = field.formula();
      if (formula != null && begun.add(field)) {
        cells[field.slot()] = result(field, formula, this);
      }
    }

    void fillRows(FormField table) {
      boolean calculated = table.inner().values().stream().anyMatch(f -> f.formula() != null);
      List<TableRow> rows = rows(table);
      if (!calculated || rows.isEmpty()) {
        return;
      }
      List<TableRow> filled = new ArrayList<>(rows.size());
      for (TableRow row : rows) {
        @Nullable Object[] values = Arrays.copyOf(row.cells(), table.innerSlots());
        Row work = new Row(this, table, values);
        table.inner().values().forEach(work::fill);
        filled.add(new TableRow(row.id(), values));
      }
      cells[table.slot()] = List.copyOf(filled);
    }

    @SuppressWarnings("unchecked")
    private List<TableRow> rows(FormField table) {
      Object cell = cells[table.slot()];
      return cell == null ? List.of() : (List<TableRow>) cell;
    }

    @Override
    public @Nullable Object value(String code) {
      FormField field = design.form().field(code);
      if (field == null) {
        return column(code);
      }
      fill(field);
      return switch (field.type()) {
        case CREATED_TIME -> seconds(created);
        case UPDATED_TIME -> seconds(updated);
        default -> operand(cells[field.slot()]);
      };
    }

    private List<@Nullable Object> column(String code) {
      FormField table = design.form().tableOf(code);
      FormField inner = table == null ? null : table.inner().get(code);
      List<@Nullable Object> column = new ArrayList<>();
      if (table != null && inner != null) {
        rows(table).forEach(row -> column.add(operand(row.cell(inner))));
      }
      return column;
    }

    @Override
    public int decimalPlaces() {
      return precision.decimalPlaces();
    }

    @Override
    public RoundingMode rounding() {
      return precision.rounding();
    }

    @Override
    public ZoneId zone() {
      return zone;
    }
  }

  /** One row of a table on the way: its own fields come before those outside. */
  private final class Row implements Formula.Surroundings {
    private final Work record;
    private final FormField table;
    private final @Nullable Object[] values;
    private final Set<FormField> begun = new HashSet<>();

    Row(Work record, FormField table, @Nullable Object[] values) {
      this.record = record;
      this.table = table;
      this.values = values;
    }

    void fill(FormField inner) {
      Formula formula = inner.formula();
      if (formula != null && begun.add(inner)) {
        values[inner.slot()] = result(inner, formula, this);
      }
    }

    @Override
    public @Nullable Object value(String code) {
      FormField inner = table.inner().get(code);
      if (inner == null) {
        return record.value(code);
      }
      fill(inner);
      return operand(values[inner.slot()]);
    }

    @Override
    public int decimalPlaces() {
      return record.decimalPlaces();
    }

    @Override
    public RoundingMode rounding() {
      return record.rounding();
    }

    @Override
    public ZoneId zone() {
      return record.zone();
    }
  }

  private @Nullable Object result(FormField field, Formula formula, Formula.Surroundings around) {
    Object result;
    try {
      result = formula.evaluate(around);
    } catch (FormulaException e) {
      return null;
    }
    if (result instanceof Boolean condition) {
      result = condition ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    if (field.type() == FieldType.CALC) {
      return result instanceof BigDecimal number && precision.holds(number)
          ? precision.store(number)
          : null;
    }
    if (result instanceof BigDecimal number) {
      return precision.holds(number) ? precision.store(number).toPlainString() : null;
    }
    return result instanceof String text && !text.isEmpty() ? text : null;
  }

  private static @Nullable Object operand(@Nullable Object cell) {
    if (cell instanceof LocalDate date) {
      return BigDecimal.valueOf(date.atStartOfDay(ZoneOffset.UTC).toEpochSecond());
    }
    if (cell instanceof LocalTime time) {
      return BigDecimal.valueOf(time.toSecondOfDay());
    }
    return cell instanceof Instant instant ? seconds(instant) : cell;
  }

  private static BigDecimal seconds(Instant instant) {
    return BigDecimal.valueOf(instant.getEpochSecond());
  }
}
