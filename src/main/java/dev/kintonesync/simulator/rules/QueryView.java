package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.query.FieldKind;
import dev.kintonesync.simulator.query.QueryField;
import dev.kintonesync.simulator.query.QueryRecord;
import dev.kintonesync.simulator.query.QueryRow;
import dev.kintonesync.simulator.query.QuerySchema;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Field;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.TableRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An app's form and records as the query language sees them. */
final class QueryView implements QuerySchema {
  private final App app;
  private final Design design;
  private final Instant now;

  /**
   * @param now at which the search index may not yet know the latest changes
   */
  QueryView(App app, Design design, Instant now) {
    this.app = app;
    this.design = design;
    this.now = now;
  }

  @Override
  public @Nullable QueryField field(String code) {
    Field field = design.form().field(code);
    if (field != null) {
      return !field.enabled()
          ? null
          : field.type() == FieldType.STATUS
              ? asked(field).withOptions(design.states().states().keySet())
              : asked(field);
    }
    Field table = design.form().tableOf(code);
    Field inner = table == null ? null : table.inner().get(code);
    return table == null || inner == null ? null : asked(inner).inTable(table.code());
  }

  private static QueryField asked(Field field) {
    return QueryField.of(FieldKind.valueOf(field.type().name())).withOptions(field.options());
  }

  @Override
  public @Nullable String appCode() {
    String code = design.settings().path("code").asText("");
    return code.isEmpty() ? null : code;
  }

  @Override
  public String folded(String text) {
    return (String) app.canonicalKey(text);
  }

  QueryRecord record(StoredRecord stored) {
    return new Row(stored);
  }

  private final class Row implements QueryRecord {
    private final StoredRecord stored;

    Row(StoredRecord stored) {
      this.stored = stored;
    }

    @Override
    public long id() {
      return stored.id();
    }

    @Override
    public @Nullable Object value(String code) {
      if (code.equals("$id")) {
        return stored.id();
      }
      Field field = design.form().field(code);
      if (field == null) {
        return null;
      }
      return switch (field.type()) {
        case RECORD_NUMBER -> stored.id();
        case CREATOR -> stored.creator();
        case MODIFIER -> stored.modifier();
        case CREATED_TIME -> stored.created();
        case UPDATED_TIME -> stored.updated();
        case STATUS -> design.stateOf(stored);
        default -> stored.cell(field);
      };
    }

    @Override
    public String searchText(String code) {
      StoredRecord seen = app.searched(stored, now);
      return seen == null ? "" : text(new Row(seen).value(code));
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<? extends QueryRow> rows(String table) {
      Field field = design.form().field(table);
      Object cell = field == null ? null : stored.cell(field);
      if (field == null || cell == null) {
        return List.of();
      }
      return ((List<TableRow>) cell).stream().map(row -> new InnerRow(field, row)).toList();
    }
  }

  private record InnerRow(Field table, TableRow row) implements QueryRow {
    @Override
    public @Nullable Object value(String code) {
      Field inner = table.inner().get(code);
      return inner == null ? null : row.cell(inner);
    }

    @Override
    public String searchText(String code) {
      return text(value(code));
    }
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
