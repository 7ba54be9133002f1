package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.Lookup;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StoredRecord;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Copies what lookup fields fetch from other apps, each time their key is written. A key that the
 * other app does not have, or that the caller may not see there, ends the request with its first
 * offender.
 */
final class Lookups {
  private final Domain domain;
  private final Caller caller;
  private final CellReader reader;

  Lookups(Domain domain, Caller caller) {
    this.domain = domain;
    this.caller = caller;
    this.reader = new CellReader(domain, new Problems());
  }

  /**
   * Fills the copies of a lookup field from the record its key names; an empty key empties them.
   *
   * @param cells of the record, or the table row, that the field stands in
   * @param beside the fields that stand there, by code
   */
  void copy(
      FormField field, @Nullable Object[] cells, Function<String, @Nullable FormField> beside) {
    Lookup lookup = Objects.requireNonNull(field.lookup());
    Object key = cells[field.slot()];
    Source source = key == null ? null : find(field, lookup, key);
    for (Map.Entry<String, String> copy : lookup.copies().entrySet()) {
      FormField target = beside.apply(copy.getKey());
      if (target != null) {
        cells[target.slot()] = source == null ? null : source.value(copy.getValue(), target);
      }
    }
  }

  private Source find(FormField field, Lookup lookup, Object key) {
    App app = domain.app(lookup.app());
    Design design = app == null ? null : app.live();
    if (app != null && design != null && caller.may(app.id(), Permission.VIEW)) {
      StoredRecord record = holder(app, design, lookup.keyField(), key);
      PermissionView permissionView = new PermissionView(domain, caller, app, design);
      if (record != null
          && permissionView.may(record, Permission.VIEW)
          && permissionView.may(lookup.keyField(), Permission.VIEW)) {
        return new Source(design, record);
      }
    }
    throw ErrorCode.GAIA_LO04.refuse(field.code(), text(key));
  }

  private static String text(Object cell) {
    return cell instanceof BigDecimal number ? number.toPlainString() : cell.toString();
  }

  private static @Nullable StoredRecord holder(
      App app, Design design, String keyField, Object key) {
    FormField field = design.form().field(keyField);
    if (field == null) {
      return null;
    }
    if (field.type() == FieldType.RECORD_NUMBER) {
      BigDecimal number = CellReader.parseNumber(text(key));
      return number == null ? null : app.record(number.longValue());
    }
    if (field.unique()) {
      return app.holderOf(field, key);
    }
    return app.records().values().stream()
        .filter(record -> key.equals(record.cell(field)))
        .findFirst()
        .orElse(null);
  }

  /** The record that is copied record. */
  private final class Source {
    private final Design design;
    private final StoredRecord record;

    Source(Design design, StoredRecord record) {
      this.design = design;
      this.record = record;
    }

    /** The value of a field of the record in the shape that a field there has. */
    @Nullable Object value(String code, FormField target) {
      FormField field = design.form().field(code);
      if (field == null) {
        return null;
      }
      Object cell =
          switch (field.type()) {
            case RECORD_NUMBER -> Long.toString(record.id());
            case CREATOR -> List.of(record.creator());
            case MODIFIER -> List.of(record.modifier());
            case CREATED_TIME -> record.created();
            case UPDATED_TIME -> record.updated();
            default -> record.cell(field);
          };
      if (cell == null || field.type().shape() == target.type().shape()) {
        return cell;
      }
      return switch (target.type().shape()) {
        case ENTITIES, CHOICES -> cell;
        default -> reader.read(target, TextNode.valueOf(text(cell)), new ErrorPath(""), true);
      };
    }
  }
}
