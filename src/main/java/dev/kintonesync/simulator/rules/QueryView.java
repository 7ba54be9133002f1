package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.query.FieldKind;
import dev.kintonesync.simulator.query.QueryField;
import dev.kintonesync.simulator.query.QueryRecord;
import dev.kintonesync.simulator.query.QueryRow;
import dev.kintonesync.simulator.query.QuerySchema;
import dev.kintonesync.simulator.query.Viewer;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.TableRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An app's form and records as the query language sees them. */
final class QueryView implements QuerySchema {
  private final Domain domain;
  private final App app;
  private final Design design;
  private final Viewer viewer;

  /**
   * @param viewer whose moment decides what the search index knows by then
   */
  QueryView(Domain domain, App app, Design design, Viewer viewer) {
    this.domain = domain;
    this.app = app;
    this.design = design;
    this.viewer = viewer;
  }

  @Override
  public @Nullable QueryField field(String code) {
    FormField field = design.form().field(code);
    if (field != null) {
      return !field.enabled()
          ? null
          : field.type() == FieldType.STATUS
              ? asked(field).withOptions(design.states().states().keySet())
              : asked(field);
    }
    int dot = code.indexOf('.');
    if (dot > 0) {
      return related(code.substring(0, dot), code.substring(dot + 1));
    }
    FormField table = design.form().tableOf(code);
    FormField inner = table == null ? null : table.inner().get(code);
    return table == null || inner == null ? null : asked(inner).inTable(table.code());
  }

  /** A field of the records that a related-records field shows. */
  private @Nullable QueryField related(String table, String code) {
    Related related = Related.of(domain, design.form().field(table));
    FormField field = related == null ? null : related.design().form().field(code);
    return field == null ? null : asked(field).inTable(table);
  }

  private static QueryField asked(FormField field) {
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
      FormField field = design.form().field(code);
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
      StoredRecord seen = app.searched(stored, viewer.now());
      return seen == null ? "" : text(new Row(seen).value(code));
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<? extends QueryRow> rows(String table) {
      FormField field = design.form().field(table);
      Related related = Related.of(domain, field);
      if (related != null) {
        QueryView there = new QueryView(domain, related.app(), related.design(), viewer);
        return related.records(value(related.field()), there, viewer).stream()
            .map(there::record)
            .toList();
      }
      Object cell = field == null ? null : stored.cell(field);
      if (field == null || cell == null) {
        return List.of();
      }
      return ((List<TableRow>) cell).stream().map(row -> new InnerRow(field, row)).toList();
    }
  }

  private record InnerRow(FormField table, TableRow row) implements QueryRow {
    @Override
    public @Nullable Object value(String code) {
      FormField inner = table.inner().get(code);
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
