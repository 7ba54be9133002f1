package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Commits as JSON. A cell says by itself what it is, so that it can be read without its form; the
 * content of files stands elsewhere, under their keys.
 */
final class CommitJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Contents contents;

  /** Where the content of files is. */
  interface Contents {
    void put(StoredFile file) throws IOException;

    byte[] get(String key) throws IOException;
  }

  CommitJson(Contents contents) {
    this.contents = contents;
  }

  ObjectNode json(Commit commit) throws IOException {
    ObjectNode json = JSON.objectNode();
    if (commit.reset()) {
      json.put("reset", true);
    }
    if (!commit.apps().isEmpty()) {
      ArrayNode apps = json.putArray("apps");
      commit.apps().forEach(image -> apps.add(json(image)));
    }
    if (!commit.records().isEmpty()) {
      ArrayNode records = json.putArray("records");
      for (Map.Entry<Commit.RecordId, @Nullable StoredRecord> entry : commit.records().entrySet()) {
        records.add(json(entry.getKey(), entry.getValue()));
      }
    }
    Commit.Counters counters = commit.counters();
    json.put("lastApp", counters.app()).put("lastRow", counters.row());
    if (!counters.records().isEmpty()) {
      ObjectNode last = json.putObject("lastRecords");
      counters.records().forEach((app, id) -> last.put(app.toString(), id));
    }
    return json;
  }

  /**
   * The commit that a JSON stands for.
   *
   * @throws IOException when the content of a file is missing
   * @throws RuntimeException when it stands for none
   */
  Commit commit(JsonNode json) throws IOException {
    List<AppImage> apps = new ArrayList<>();
    json.path("apps").forEach(app -> apps.add(image(app)));
    Map<Commit.RecordId, @Nullable StoredRecord> records = new LinkedHashMap<>();
    for (JsonNode record : json.path("records")) {
      Commit.RecordId place =
          new Commit.RecordId(record.get(0).longValue(), record.get(1).longValue());
      records.put(place, record.size() == 2 ? null : record(record));
    }
    Map<Long, Long> lastRecords = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> last : json.path("lastRecords").properties()) {
      lastRecords.put(Long.valueOf(last.getKey()), last.getValue().longValue());
    }
    return new Commit(
        json.path("reset").asBoolean(),
        apps,
        records,
        new Commit.Counters(
            json.get("lastApp").longValue(), json.get("lastRow").longValue(), lastRecords));
  }

  private static ObjectNode json(AppImage image) {
    ObjectNode json = JSON.objectNode();
    json.put("id", image.id());
    if (image.space() != null) {
      json.put("space", image.space()).put("guest", image.inGuestSpace());
    }
    json.put("creator", image.creator()).put("created", image.created().toString());
    json.set("preview", json(image.preview()));
    if (image.live() != null) {
      json.set("live", json(image.live()));
    }
    json.put("deployment", image.deployment().name());
    return json.put("nextSlot", image.nextSlot()).put("lastRecord", image.lastRecordId());
  }

  private static AppImage image(JsonNode json) {
    App.Deployment deployment = App.Deployment.valueOf(json.get("deployment").asText());
    return new AppImage(
        json.get("id").longValue(),
        json.has("space") ? (Long) json.get("space").longValue() : null,
        json.path("guest").asBoolean(),
        json.get("creator").asText(),
        Instant.parse(json.get("created").asText()),
        design(json.get("preview")),
        json.has("live") ? design(json.get("live")) : null,
        // nobody is left who could finish it
        deployment == App.Deployment.PROCESSING ? App.Deployment.CANCEL : deployment,
        json.get("nextSlot").intValue(),
        json.get("lastRecord").longValue());
  }

  private static ObjectNode json(Design design) {
    ObjectNode json = JSON.objectNode();
    ArrayNode form = json.putArray("form");
    for (FormField field : design.form().fields()) {
      ObjectNode one = form.addObject().put("slot", field.slot());
      one.set("properties", field.properties());
      if (!field.inner().isEmpty()) {
        ObjectNode slots = one.putObject("slots");
        field.inner().values().forEach(inner -> slots.put(inner.code(), inner.slot()));
      }
    }
    json.set("settings", design.settings());
    json.set("layout", design.layout());
    json.set("process", design.process());
    return json.put("revision", design.revision());
  }

  private static Design design(JsonNode json) {
    List<FormField> fields = new ArrayList<>();
    for (JsonNode field : json.get("form")) {
      Map<String, Integer> slots = new LinkedHashMap<>();
      field.path("slots").properties().forEach(e -> slots.put(e.getKey(), e.getValue().intValue()));
      fields.add(
          FormField.at(field.get("slot").intValue(), (ObjectNode) field.get("properties"), slots));
    }
    return new Design(
        new AppForm(fields),
        (ObjectNode) json.get("settings"),
        (ArrayNode) json.get("layout"),
        (ObjectNode) json.get("process"),
        json.get("revision").longValue());
  }

  private ArrayNode json(Commit.RecordId place, @Nullable StoredRecord record) throws IOException {
    ArrayNode json = JSON.arrayNode().add(place.app()).add(place.record());
    if (record == null) {
      return json;
    }
    json.add(record.revision());
    json.add(record.creator()).add(record.created().toString());
    json.add(record.modifier()).add(record.updated().toString());
    return json.add(cells(record.cells()));
  }

  private StoredRecord record(JsonNode json) throws IOException {
    return new StoredRecord(
        json.get(1).longValue(),
        json.get(2).longValue(),
        json.get(3).asText(),
        Instant.parse(json.get(4).asText()),
        json.get(5).asText(),
        Instant.parse(json.get(6).asText()),
        cells(json.get(7)));
  }

  private ArrayNode cells(@Nullable Object[] cells) throws IOException {
    ArrayNode json = JSON.arrayNode();
    for (Object cell : cells) {
      json.add(cell(cell));
    }
    return json;
  }

  private @Nullable Object[] cells(JsonNode json) throws IOException {
    @Nullable Object[] cells = new Object[json.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cell(json.get(i));
    }
    return cells;
  }

  private JsonNode cell(@Nullable Object cell) throws IOException {
    if (cell == null) {
      return NullNode.getInstance();
    } else if (cell instanceof String text) {
      return TextNode.valueOf(text);
    } else if (cell instanceof List<?> list) {
      return list(list);
    }
    String kind =
        cell instanceof BigDecimal
            ? "number"
            : cell instanceof LocalDate
                ? "date"
                : cell instanceof LocalTime ? "time" : cell instanceof Instant ? "instant" : "";
    if (kind.isEmpty()) {
      throw new IllegalArgumentException("a cell of " + cell.getClass());
    }
    return JSON.objectNode().put(kind, cell.toString());
  }

  private JsonNode list(List<?> list) throws IOException {
    ArrayNode elements = JSON.arrayNode();
    String kind = "texts";
    for (Object element : list) {
      if (element instanceof StoredFile file) {
        kind = "files";
        contents.put(file);
        elements.addArray().add(file.key()).add(file.name()).add(file.contentType());
      } else if (element instanceof TableRow row) {
        kind = "rows";
        elements.addArray().add(row.id()).add(cells(row.cells()));
      } else {
        elements.add((String) element);
      }
    }
    return JSON.objectNode().set(kind, elements);
  }

  private @Nullable Object cell(JsonNode json) throws IOException {
    if (json.isNull()) {
      return null;
    } else if (json.isTextual()) {
      return json.textValue();
    }
    Map.Entry<String, JsonNode> only = json.properties().iterator().next();
    JsonNode value = only.getValue();
    return switch (only.getKey()) {
      case "number" -> new BigDecimal(value.textValue());
      case "date" -> LocalDate.parse(value.textValue());
      case "time" -> LocalTime.parse(value.textValue());
      case "instant" -> Instant.parse(value.textValue());
      case "texts" -> {
        List<String> texts = new ArrayList<>();
        value.forEach(text -> texts.add(text.textValue()));
        yield List.copyOf(texts);
      }
      case "files" -> {
        List<StoredFile> files = new ArrayList<>();
        for (JsonNode file : value) {
          String key = file.get(0).textValue();
          String name = file.get(1).textValue();
          files.add(new StoredFile(key, name, file.get(2).textValue(), contents.get(key)));
        }
        yield List.copyOf(files);
      }
      case "rows" -> {
        List<TableRow> rows = new ArrayList<>();
        for (JsonNode row : value) {
          rows.add(new TableRow(row.get(0).longValue(), cells(row.get(1))));
        }
        yield List.copyOf(rows);
      }
      default -> throw new IllegalArgumentException("a cell of kind " + only.getKey());
    };
  }
}
