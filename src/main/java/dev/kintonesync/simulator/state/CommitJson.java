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
 * Writes commits as JSON, for {@link CommitParser} to read. A cell says by itself what it is, so
 * that it can be read without its form; the content of files stands elsewhere, under their keys.
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

  /** The app that a JSON stands for. */
  static AppImage image(JsonNode json) {
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

  private ArrayNode cells(@Nullable Object[] cells) throws IOException {
    ArrayNode json = JSON.arrayNode();
    for (Object cell : cells) {
      json.add(cell(cell));
    }
    return json;
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
}
