package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.TableRow;
import dev.kintonesync.simulator.state.Transaction;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes an app of a real Kintone here again, from what the real one answers: the same design, and
 * records with their ids, revisions, people and times. Nothing is checked or fetched anew: what the
 * real one has is right. The content of files stays there.
 */
public final class AppCopy {
  private static final ErrorPath NOWHERE = new ErrorPath("");

  private final Domain domain;
  private final App app;
  private final Design design;
  private final CellReader reader;

  /** Copies records into an app that is live. */
  public AppCopy(Domain domain, App app, Design design) {
    this.domain = domain;
    this.app = app;
    this.design = design;
    this.reader = new CellReader(domain, new Problems());
  }

  /**
   * The design that the answers describe. A lookup whose source app is not here becomes an ordinary
   * field: its values could not be fetched.
   */
  public static Design design(
      Domain domain,
      App app,
      JsonNode fields,
      JsonNode settings,
      JsonNode layout,
      JsonNode process) {
    ObjectNode properties = Params.asObject(fields.path("properties")).deepCopy();
    forgetForeignLookups(domain, properties);
    Design design = app.preview().with(new FormDesigner(app).adopt(properties));
    if (settings instanceof ObjectNode object) {
      ObjectNode merged = design.settings().deepCopy();
      merged.setAll(object);
      merged.remove("revision");
      design = design.withSettings(merged);
    }
    if (layout.path("layout") instanceof ArrayNode rows) {
      design = design.withLayout(rows);
    }
    if (process.path("states") instanceof ObjectNode) {
      design = ProcessDesigner.change(design, new Params((ObjectNode) process));
    }
    return design;
  }

  private static void forgetForeignLookups(Domain domain, ObjectNode properties) {
    for (JsonNode field : properties) {
      JsonNode source = field.path("lookup").path("relatedApp").path("app");
      if (!source.isMissingNode() && domain.app(source.asLong()) == null) {
        ((ObjectNode) field).remove("lookup");
      }
      if (field.path("fields") instanceof ObjectNode inner) {
        forgetForeignLookups(domain, inner);
      }
    }
  }

  /**
   * Stores a record as {@code record.json} answers it.
   *
   * @throws Refusal when a value has not the shape of its field
   */
  public void put(Transaction transaction, JsonNode record) {
    long id = whole(record, "$id");
    Instant created = instant(record, FieldType.CREATED_TIME);
    Instant updated = instant(record, FieldType.UPDATED_TIME);
    @Nullable Object[] cells = new Object[design.form().slots()];
    for (FormField field : design.form().fields()) {
      cells[field.slot()] = cell(field, record.path(field.code()).path("value"));
    }
    new Calculations(design, ZoneId.of(domain.settings().timeZone())).fill(cells, created, updated);
    transaction.put(
        app,
        new StoredRecord(
            id,
            whole(record, "$revision"),
            person(record, FieldType.CREATOR),
            created,
            person(record, FieldType.MODIFIER),
            updated,
            cells));
    app.consumeRecordIds(id);
  }

  private static long whole(JsonNode record, String code) {
    long number = record.path(code).path("value").asLong();
    if (number < 1) {
      throw ErrorCode.CB_IJ01.refuse();
    }
    return number;
  }

  private JsonNode of(JsonNode record, FieldType type) {
    FormField field = design.form().only(type);
    return record.path(field == null ? "" : field.code()).path("value");
  }

  private String person(JsonNode record, FieldType type) {
    return of(record, type).path("code").asText(Directory.ADMINISTRATOR);
  }

  private Instant instant(JsonNode record, FieldType type) {
    Instant instant = CellReader.parseInstant(of(record, type).asText());
    return instant == null ? domain.clock().minute() : instant;
  }

  private @Nullable Object cell(FormField field, JsonNode value) {
    return switch (field.type().shape()) {
      case TABLE -> rows(field, value);
      case PROCESS -> process(value);
      case COMPUTED, FILES, SYSTEM, LAYOUT -> null;
      default -> reader.read(field, value, NOWHERE, true);
    };
  }

  /** A state is a text, assignees are people, categories are texts. */
  private static @Nullable Object process(JsonNode value) {
    if (value instanceof TextNode text) {
      return text.asText().isEmpty() ? null : text.asText();
    }
    List<String> texts = new ArrayList<>();
    value.forEach(element -> texts.add(element.path("code").asText(element.asText())));
    return texts.isEmpty() ? null : List.copyOf(texts);
  }

  private @Nullable List<TableRow> rows(FormField table, JsonNode value) {
    List<TableRow> rows = new ArrayList<>();
    for (JsonNode row : value) {
      @Nullable Object[] cells = new Object[table.innerSlots()];
      for (Map.Entry<String, FormField> inner : table.inner().entrySet()) {
        JsonNode sent = row.path("value").path(inner.getKey()).path("value");
        cells[inner.getValue().slot()] = cell(inner.getValue(), sent);
      }
      long id = row.path("id").asLong();
      domain.consumeRowIds(id);
      rows.add(new TableRow(id, cells));
    }
    return rows.isEmpty() ? null : List.copyOf(rows);
  }
}
