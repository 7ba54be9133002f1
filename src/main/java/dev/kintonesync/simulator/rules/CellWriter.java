package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.StoredFile;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.TableRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns records into what Kintone answers: {@code {"CODE":{"type":"T","value":V}}}. */
public final class CellWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  private final Domain domain;
  private final App app;
  private final Design design;
  private final Set<String> hidden;

  /** Writes all fields. */
  public CellWriter(Domain domain, App app, Design design) {
    this(domain, app, design, Set.of());
  }

  /** Writes all fields but those of these codes. */
  public CellWriter(Domain domain, App app, Design design, Set<String> hidden) {
    this.hidden = hidden;
    this.domain = domain;
    this.app = app;
    this.design = design;
  }

  /**
   * A record as Kintone answers it.
   *
   * @param only the field codes asked for; empty for all
   */
  public ObjectNode record(StoredRecord record, Set<String> only) {
    ObjectNode json = JSON.objectNode();
    for (FormField field : design.form().fields()) {
      if ((only.isEmpty() || only.contains(field.code())) && isAnswered(field)) {
        json.set(field.code(), cell(field.type().name(), value(field, record)));
      }
    }
    if (only.isEmpty() || only.contains("$id") || domain.settings().alwaysReturnId()) {
      json.set("$id", cell("__ID__", TextNode.valueOf(Long.toString(record.id()))));
    }
    if (only.isEmpty() || only.contains("$revision")) {
      json.set(
          "$revision", cell("__REVISION__", TextNode.valueOf(Long.toString(record.revision()))));
    }
    return json;
  }

  private boolean isAnswered(FormField field) {
    return !hidden.contains(field.code())
        && field.type().shape() != FieldType.Shape.LAYOUT
        && field.enabled();
  }

  private static ObjectNode cell(String type, JsonNode value) {
    ObjectNode cell = JSON.objectNode();
    cell.put("type", type);
    cell.set("value", value);
    return cell;
  }

  private JsonNode value(FormField field, StoredRecord record) {
    return switch (field.type()) {
      case RECORD_NUMBER -> TextNode.valueOf(recordNumber(record.id()));
      case CREATOR -> entity(Directory.Kind.USER, record.creator());
      case MODIFIER -> entity(Directory.Kind.USER, record.modifier());
      case CREATED_TIME -> instant(record.created());
      case UPDATED_TIME -> instant(record.updated());
      case STATUS -> {
        String state = design.stateOf(record);
        yield TextNode.valueOf(state == null ? "" : state);
      }
      default -> value(field, record.cell(field), record.id());
    };
  }

  /** The record number, with the app's code before it where it has one. */
  private String recordNumber(long id) {
    String code = design.settings().path("code").asText("");
    return code.isEmpty() ? Long.toString(id) : code + "-" + id;
  }

  private JsonNode value(FormField field, @Nullable Object cell, long recordId) {
    return switch (field.type().shape()) {
      case TEXT -> TextNode.valueOf(cell == null ? "" : (String) cell);
      case CHOICE -> cell == null ? NullNode.getInstance() : TextNode.valueOf((String) cell);
      case COMPUTED -> TextNode.valueOf(cell == null ? "" : computed(field, (BigDecimal) cell));
      case NUMBER -> TextNode.valueOf(cell == null ? "" : ((BigDecimal) cell).toPlainString());
      case DATE -> cell == null ? NullNode.getInstance() : TextNode.valueOf(cell.toString());
      case TIME ->
          cell == null ? NullNode.getInstance() : TextNode.valueOf(TIME.format((LocalTime) cell));
      case DATETIME ->
          cell == null
              ? domain.settings().emptyDateTimeAsNull()
                  ? NullNode.getInstance()
                  : TextNode.valueOf("")
              : instant((Instant) cell);
      case CHOICES -> choices(field, cell);
      case ENTITIES -> entities(field, cell);
      case PROCESS ->
          field.type() == FieldType.CATEGORY ? choices(field, cell) : entities(field, cell);
      case FILES -> files(cell, recordId);
      case TABLE -> rows(field, cell, recordId);
      case SYSTEM, LAYOUT -> NullNode.getInstance();
    };
  }

  /** The result of a formula in the format of its field; dates and times are kept in seconds. */
  private static String computed(FormField field, BigDecimal result) {
    long seconds = result.longValue();
    return switch (field.properties().path("format").asText("NUMBER")) {
      case "DATETIME" -> Instant.ofEpochSecond(seconds - Math.floorMod(seconds, 60)).toString();
      case "DATE" ->
          Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC).toLocalDate().toString();
      case "TIME" -> TIME.format(LocalTime.ofSecondOfDay(Math.floorMod(seconds, 86_400)));
      case "HOUR_MINUTE", "DAY_HOUR_MINUTE" ->
          "%s%d:%02d"
              .formatted(
                  seconds < 0 ? "-" : "", Math.abs(seconds) / 3600, Math.abs(seconds) / 60 % 60);
      default -> result.toPlainString();
    };
  }

  private static JsonNode instant(Instant instant) {
    return TextNode.valueOf(instant.toString());
  }

  @SuppressWarnings("unchecked")
  private static List<String> strings(@Nullable Object cell) {
    return cell == null ? List.of() : (List<String>) cell;
  }

  private ArrayNode choices(FormField field, @Nullable Object cell) {
    ArrayNode array = JSON.arrayNode();
    List<String> chosen = strings(cell);
    if (domain.settings().choicesInOptionOrder()) {
      field.options().stream().filter(chosen::contains).forEach(array::add);
      chosen.stream().filter(choice -> !field.options().contains(choice)).forEach(array::add);
    } else {
      chosen.forEach(array::add);
    }
    return array;
  }

  private ArrayNode entities(FormField field, @Nullable Object cell) {
    Directory.Kind kind =
        switch (field.type()) {
          case ORGANIZATION_SELECT -> Directory.Kind.ORGANIZATION;
          case GROUP_SELECT -> Directory.Kind.GROUP;
          default -> Directory.Kind.USER;
        };
    ArrayNode array = JSON.arrayNode();
    strings(cell).forEach(code -> array.add(entity(kind, code)));
    return array;
  }

  private ObjectNode entity(Directory.Kind kind, String code) {
    String name = domain.directory().name(kind, code);
    return JSON.objectNode().put("code", code).put("name", name == null ? code : name);
  }

  @SuppressWarnings("unchecked")
  private ArrayNode files(@Nullable Object cell, long recordId) {
    ArrayNode array = JSON.arrayNode();
    List<StoredFile> files = cell == null ? List.of() : (List<StoredFile>) cell;
    for (StoredFile file : files) {
      array
          .addObject()
          .put("fileKey", new FileKey(file.key(), app.id(), recordId).toString())
          .put("name", file.name())
          .put("contentType", file.contentType())
          .put("size", Integer.toString(file.content().length));
    }
    return array;
  }

  @SuppressWarnings("unchecked")
  private ArrayNode rows(FormField table, @Nullable Object cell, long recordId) {
    ArrayNode array = JSON.arrayNode();
    List<TableRow> rows = cell == null ? List.of() : (List<TableRow>) cell;
    for (TableRow row : rows) {
      ObjectNode json = array.addObject();
      json.put("id", Long.toString(row.id()));
      ObjectNode values = json.putObject("value");
      for (FormField inner : table.inner().values()) {
        values.set(
            inner.code(), cell(inner.type().name(), value(inner, row.cell(inner), recordId)));
      }
    }
    return array;
  }
}
