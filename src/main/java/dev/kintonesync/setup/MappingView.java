package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.MappingTrial;
import dev.kintonesync.camel.run.SourcePreview;
import dev.kintonesync.form.Assignment;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.MappedRow;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.Proposal;
import dev.kintonesync.form.ValueProblem;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.WrittenPair;
import dev.kintonesync.source.SourceRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns and fields side by side, with the first rows as Kintone would get them. */
final class MappingView {
  private final Form form;
  private final SourcePreview source;
  private final MappingTrial trial;
  private final MessageBundle bundle;

  private MappingView(Form form, SourcePreview source, MappingTrial trial, MessageBundle bundle) {
    this.form = form;
    this.source = source;
    this.trial = trial;
    this.bundle = bundle;
  }

  /**
   * The view.
   *
   * @param pairs of the map as they are written; none: columns go by their names
   * @param proposal what a new draft of these columns would begin with
   */
  static ObjectNode of(
      Form form,
      SourcePreview source,
      MappingTrial trial,
      @Nullable String key,
      List<WrittenPair> pairs,
      Proposal proposal,
      MessageBundle bundle) {
    return new MappingView(form, source, trial, bundle).json(key, pairs, proposal);
  }

  private ObjectNode json(@Nullable String key, List<WrittenPair> pairs, Proposal proposal) {
    var view = SetupJson.object();
    if (trial.problem() != null) {
      view.set("problem", SetupJson.json(new Problem("map", trial.problem()), bundle));
    }
    view.put("key", key).put("byName", pairs.isEmpty());
    view.set("fields", SetupJson.fields(form));
    var rows = view.putArray("rows");
    source.rows().forEach(row -> rows.add(row.position().row()));
    var shown = pairs.isEmpty() ? byName() : pairs;
    var fieldOf = new HashMap<String, String>();
    shown.forEach(
        each ->
            each.pair()
                .columns()
                .forEach(column -> fieldOf.putIfAbsent(column, each.pair().field())));
    var columns = view.putArray("columns");
    for (String column : source.columns()) {
      var raw =
          columns.addObject().put("name", column).put("field", fieldOf.get(column)).putArray("raw");
      source.rows().forEach(row -> raw.add(SourceView.text(row, column)));
    }
    var mapped = source.rows().stream().map(this::mapped).toList();
    var assignments = view.putArray("assignments");
    for (WrittenPair pair : shown) {
      assignments.add(assignment(pair, mapped));
    }
    var mapping = trial.mapping();
    view.set(
        "unmapped",
        SetupJson.names(
            mapping != null
                ? mapping.ignoredColumns()
                : source.columns().stream().filter(each -> !fieldOf.containsKey(each)).toList()));
    view.set("readOnly", SetupJson.names(mapping == null ? List.of() : mapping.readOnlyColumns()));
    view.set(
        "required",
        SetupJson.names(
            mapping == null
                ? required(fieldOf)
                : mapping.requiredButUnmapped().stream().map(Field::code).toList()));
    view.set("proposal", json(proposal));
    return view;
  }

  private List<String> required(Map<String, String> fieldOf) {
    return form.fields().stream()
        .filter(field -> field.writable() && field.required() && !field.hasDefault())
        .map(Field::code)
        .filter(code -> !fieldOf.containsValue(code))
        .toList();
  }

  private @Nullable MappedRow mapped(SourceRecord row) {
    return row.problem() == null ? trial.row(row) : null;
  }

  /** What columns go to by their names, as the pairs that would say the same. */
  private List<WrittenPair> byName() {
    Mapping mapping = trial.mapping();
    if (mapping == null) {
      return source.columns().stream()
          .filter(column -> form.field(column) != null)
          .map(column -> pair(column, column))
          .toList();
    }
    var pairs = new ArrayList<WrittenPair>();
    for (Field field : mapping.fields()) {
      String column = mapping.column(field);
      if (column != null) {
        pairs.add(pair(column, field.code()));
      }
      for (Field inner : field.inner().values()) {
        String cell = mapping.columnInTable(field.code(), inner.code());
        if (cell != null) {
          pairs.add(pair(cell, inner.code()));
        }
      }
    }
    return pairs;
  }

  private static WrittenPair pair(String column, String field) {
    var text = Configuration.mapOf(Map.of(column, field));
    return new WrittenPair(Assignment.of(column, field), text, "");
  }

  private ObjectNode assignment(WrittenPair written, List<@Nullable MappedRow> mapped) {
    var pair = written.pair();
    Field table = tableOf(pair.field());
    var json = SetupJson.object().put("field", pair.field());
    json.put("table", table == null ? null : table.code());
    json.set("columns", SetupJson.names(pair.columns()));
    json.put("constant", constant(pair));
    json.put("steps", written.steps().isEmpty() ? null : written.steps());
    json.put("written", written.text());
    ArrayNode values = json.putArray("values");
    for (int i = 0; i < source.rows().size(); i++) {
      var record = source.rows().get(i);
      var raw = new ArrayList<String>();
      pair.columns()
          .forEach(
              column -> {
                String text = SourceView.text(record, column);
                if (text != null) {
                  raw.add(text);
                }
              });
      var cell = values.addObject().put("raw", raw.isEmpty() ? null : String.join(" ", raw));
      if (record.problem() != null) {
        cell.putNull("value").put("error", bundle.say(record.problem()));
        continue;
      }
      var row = mapped.get(i);
      var outcome = row == null ? trial.pair(pair, record) : row;
      var problem = problem(outcome, pair, table);
      cell.put("value", SetupJson.shown(value(outcome, pair, table, row != null)));
      cell.put("error", problem == null ? null : bundle.say(problem.message()));
    }
    return json;
  }

  private @Nullable Field tableOf(String code) {
    return form.field(code) != null
        ? null
        : form.fields().stream()
            .filter(field -> field.inner().containsKey(inTable(field, code)))
            .findFirst()
            .orElse(null);
  }

  /** The code of a field in a table, which may stand behind that of its table. */
  private static String inTable(Field table, String code) {
    String start = table.code() + ".";
    return code.startsWith(start) ? code.substring(start.length()) : code;
  }

  /** What is wrong with a cell of a table is told of the table and the column. */
  private static @Nullable ValueProblem problem(
      MappedRow row, Assignment pair, @Nullable Field table) {
    String field = table == null ? pair.field() : table.code();
    return row.problems().stream()
        .filter(
            problem ->
                problem.field().equals(field)
                    && (problem.column() == null
                        || pair.columns().isEmpty()
                        || pair.columns().contains(problem.column())))
        .findFirst()
        .orElse(null);
  }

  /** Of a table the cells of its rows, one below the other. */
  private static @Nullable JsonNode value(
      MappedRow row, Assignment pair, @Nullable Field table, boolean whole) {
    if (table == null || !whole) {
      return row.values().get(pair.field());
    }
    var cells = SetupJson.names(List.of());
    JsonNode rows = row.values().get(table.code());
    if (rows == null) {
      return null;
    }
    for (JsonNode each : rows) {
      cells.add(each.path("value").path(inTable(table, pair.field())).path("value"));
    }
    return cells;
  }

  private static @Nullable String constant(Assignment pair) {
    return pair.columns().isEmpty()
            && !pair.terms().isEmpty()
            && pair.terms().get(0) instanceof Assignment.Term.Constant constant
        ? constant.text()
        : null;
  }

  private static ObjectNode json(Proposal proposal) {
    var json = SetupJson.object();
    var map = json.putObject("map");
    proposal.map().forEach(map::put);
    json.put("key", proposal.key() == null ? null : proposal.key().code());
    json.set("guessed", SetupJson.names(proposal.guessed()));
    var near = json.putObject("near");
    new LinkedHashMap<>(proposal.unmatched()).forEach(near::put);
    return json.put("groupBy", proposal.groupBy());
  }
}
