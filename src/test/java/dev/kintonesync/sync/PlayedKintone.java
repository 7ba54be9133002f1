package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.NumberPrecision;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Kintone holds in a {@link Talk}, and its answers, which a test may also make up. No HTTP: a
 * request is a value, and so is its answer. A record is written {@code K1 r3 name=A amount=5}: its
 * key, its revision and its values; {@code #7} is its id where that is not the number in its key,
 * and {@code by=sato} who saved it last where that was not us.
 */
final class PlayedKintone {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final Form FORM = readForm();

  private final Form form;
  private final String key;
  private final Map<String, Held> records = new LinkedHashMap<>();

  private record Held(String id, long revision, String modifier, Map<String, JsonNode> values) {}

  PlayedKintone(Form form, String key) {
    this.form = form;
    this.key = key;
  }

  /** An app with a field of each kind that plans treat in their own way. */
  static Form form(@Nullable String required) {
    if (required == null) {
      return FORM;
    }
    var fields = readFields();
    ((ObjectNode) fields.path("properties").path(required)).put("required", true);
    return Form.of("1", fields, NumberPrecision.KINTONE_DEFAULT);
  }

  private static Form readForm() {
    return Form.of("1", readFields(), NumberPrecision.KINTONE_DEFAULT);
  }

  private static JsonNode readFields() {
    return json(
        """
        {"revision": "1", "properties": {
          "no": {"type": "RECORD_NUMBER", "code": "no", "label": "no"},
          "code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "c", "unique": true},
          "serial": {"type": "NUMBER", "code": "serial", "label": "s", "unique": true},
          "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "n"},
          "amount": {"type": "NUMBER", "code": "amount", "label": "a"},
          "state": {"type": "SINGLE_LINE_TEXT", "code": "state", "label": "st"},
          "mail": {"type": "SINGLE_LINE_TEXT", "code": "mail", "label": "m", "unique": true},
          "memo": {"type": "RICH_TEXT", "code": "memo", "label": "me"},
          "docs": {"type": "FILE", "code": "docs", "label": "d"},
          "rows": {"type": "SUBTABLE", "code": "rows", "label": "r", "fields": {
            "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "i"}}},
          "branch": {"type": "SINGLE_LINE_TEXT", "code": "branch", "label": "b",
            "lookup": {"relatedApp": {"app": "9", "code": ""}, "relatedKeyField": "bc",
              "fieldMappings": [{"field": "branch_name", "relatedField": "bn"}]}},
          "branch_name": {"type": "SINGLE_LINE_TEXT", "code": "branch_name", "label": "bn"},
          "editor": {"type": "MODIFIER", "code": "editor", "label": "e"}}}
        """);
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** From now on it holds these. */
  void holds(String... written) {
    for (String record : written) {
      String[] words = record.split(" ", 2);
      String rest = words.length == 1 ? "" : words[1];
      var values = new LinkedHashMap<String, JsonNode>();
      Notation.cells(rest).forEach((code, value) -> values.put(code, value(value)));
      var by = values.remove("by");
      records.put(
          words[0],
          new Held(
              first(rest, "#(\\d+)", words[0].replaceAll("\\D", "")),
              Long.parseLong(first(rest, "\\br(\\d+)", "1")),
              by == null ? "Administrator" : by.asText(),
              values));
    }
  }

  private static JsonNode value(String written) {
    return written.startsWith("[") ? json(written) : TextNode.valueOf(written);
  }

  private static String first(String text, String pattern, String otherwise) {
    return Pattern.compile("(?:^|\\s)" + pattern)
        .matcher(text.replaceAll("[^\\s=]+=.*", ""))
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElse(otherwise);
  }

  void loses(String key) {
    records.remove(key);
  }

  /** All records as they are written in tests. */
  List<String> held() {
    var held = new TreeMap<String, String>();
    records.forEach(
        (key, record) ->
            held.put(key, key + " r" + record.revision() + Notation.written(record.values())));
    return List.copyOf(held.values());
  }

  /** Whether it holds a record with these values, whatever else is in it. */
  boolean has(String key, Map<String, JsonNode> values) {
    var held = records.get(key);
    return held != null
        && values.entrySet().stream()
            .allMatch(each -> each.getValue().equals(held.values().get(each.getKey())));
  }

  boolean has(String key) {
    return records.containsKey(key);
  }

  /** Somebody else saves a record. */
  void touch(String key, String code, String value) {
    var held = records.get(key);
    if (held != null) {
      var values = new LinkedHashMap<>(held.values());
      values.put(code, TextNode.valueOf(value));
      records.put(key, new Held(held.id(), held.revision() + 1, "sato", values));
    }
  }

  /** The records that a key lookup asks for. */
  Answer found(KintoneRequest lookUp) {
    var wanted = Set.copyOf(Notation.keys(lookUp));
    var fields = new ArrayList<String>();
    lookUp.payload().path("fields").forEach(code -> fields.add(code.asText()));
    var body = JSON.objectNode();
    var found = body.putArray("records");
    records.forEach(
        (code, held) -> {
          if (wanted.contains(code)) {
            var cells = read(code, held);
            found.add(fields.isEmpty() ? cells : cells.retain(fields));
          }
        });
    return new Answer.Done(body);
  }

  private ObjectNode read(String code, Held held) {
    var cells = JSON.objectNode();
    form.fields()
        .forEach(
            field -> {
              JsonNode value = held.values().get(field.code());
              boolean list = field.holdsFiles() || !field.inner().isEmpty();
              cells
                  .putObject(field.code())
                  .put("type", field.type().name())
                  .set(
                      "value", value != null ? value : list ? JSON.arrayNode() : JSON.textNode(""));
            });
    cells.putObject(key).put("value", code);
    cells.putObject("$id").put("type", "__ID__").put("value", held.id());
    cells
        .putObject("$revision")
        .put("type", "__REVISION__")
        .put("value", String.valueOf(held.revision()));
    ((ObjectNode) cells.path("editor")).putObject("value").put("code", held.modifier());
    return cells;
  }

  /** Carries out all of these write requests, or none: then its refusal. */
  Answer write(List<KintoneRequest> requests) {
    var before = new LinkedHashMap<>(records);
    var body = JSON.objectNode();
    var results = JSON.arrayNode();
    for (int part = 0; part < requests.size(); part++) {
      String refusal = write(requests.get(part), results.addObject());
      if (refusal != null) {
        records.clear();
        records.putAll(before);
        return Notation.answer(refusal.replaceFirst(" |$", "@" + part + " "));
      }
    }
    return new Answer.Done(
        requests.size() == 1 ? results.get(0) : (JsonNode) body.set("results", results));
  }

  private @Nullable String write(KintoneRequest request, ObjectNode result) {
    JsonNode payload = Notation.payload(request);
    JsonNode written = payload.path("records");
    switch (request.verb()) {
      case POST -> {
        var ids = result.putArray("ids");
        for (int i = 0; i < written.size(); i++) {
          String code = written.get(i).path(key).path("value").asText();
          if (records.containsKey(code)) {
            return "CB_VA01 records[" + i + "]." + key + ".value";
          }
          var held = new Held(id(code), 1, "Administrator", values(written.get(i)));
          records.put(code, held);
          ids.add(held.id());
        }
      }
      case PUT -> {
        var updated = result.putArray("records");
        for (JsonNode record : written) {
          String refusal = change(record, values(record.path("record")));
          if (refusal != null) {
            return refusal;
          }
          updated.addObject().put("id", record.path("id").asText());
        }
      }
      case DELETE -> {
        for (int i = 0; i < payload.path("ids").size(); i++) {
          var record = JSON.objectNode().set("id", payload.path("ids").get(i));
          var refusal =
              change(
                  ((ObjectNode) record).set("revision", payload.path("revisions").get(i)),
                  Map.of());
          if (refusal != null) {
            return refusal;
          }
          String id = record.path("id").asText();
          records.values().removeIf(held -> held.id().equals(id));
        }
      }
      default -> throw new IllegalArgumentException(request.toString());
    }
    return null;
  }

  private String id(String code) {
    String digits = code.replaceAll("\\D", "");
    return digits.isEmpty() ? "9" + records.size() : digits;
  }

  private @Nullable String change(JsonNode record, Map<String, JsonNode> values) {
    String id = record.path("id").asText();
    for (var entry : records.entrySet()) {
      var held = entry.getValue();
      if (held.id().equals(id)) {
        if (held.revision() != record.path("revision").asLong()) {
          return "GAIA_CO02";
        }
        var after = new LinkedHashMap<>(held.values());
        after.putAll(values);
        entry.setValue(new Held(id, held.revision() + 1, "Administrator", after));
        return null;
      }
    }
    return "GAIA_RE01 #" + id;
  }

  private Map<String, JsonNode> values(JsonNode cells) {
    var values = new LinkedHashMap<String, JsonNode>();
    cells.properties().forEach(c -> values.put(c.getKey(), c.getValue().path("value")));
    values.remove(key);
    return values;
  }
}
