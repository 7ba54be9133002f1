package dev.kintonesync.sync;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.kintone.KintoneRecord;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record inside of a write request. It is written as Kintone's JSON when the request goes out;
 * until then it takes no memory beside the values, of which a tree of nodes would take ten times as
 * much as its text.
 */
final class SentRecord extends JsonSerializable.Base {
  private final @Nullable KintoneRecord updated;
  private final @Nullable Key key;
  private final Map<String, JsonNode> values;

  /** By which a record is found that nobody has looked up. */
  private record Key(String field, JsonNode value) {}

  private SentRecord(
      @Nullable KintoneRecord updated, @Nullable Key key, Map<String, JsonNode> values) {
    this.updated = updated;
    this.key = key;
    this.values = values;
  }

  /** A record to be added: {@code {"CODE": {"value": ...}}}. */
  static JsonNode added(Map<String, JsonNode> values) {
    return JsonNodeFactory.instance.pojoNode(new SentRecord(null, null, values));
  }

  /** A record to be updated: {@code {"id":, "revision":, "record": {"CODE": {"value": ...}}}}. */
  static JsonNode updated(KintoneRecord stored, Map<String, JsonNode> values) {
    return JsonNodeFactory.instance.pojoNode(new SentRecord(stored, null, values));
  }

  /**
   * A record to be inserted or updated: {@code {"updateKey": {"field":, "value":}, "record":
   * {"CODE": {"value": ...}}}}.
   */
  static JsonNode upserted(String field, JsonNode key, Map<String, JsonNode> values) {
    return JsonNodeFactory.instance.pojoNode(new SentRecord(null, new Key(field, key), values));
  }

  @Override
  public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
    if (updated == null && key == null) {
      writeCells(json, provider);
      return;
    }
    json.writeStartObject();
    if (updated != null) {
      json.writeStringField("id", updated.id());
      json.writeNumberField("revision", updated.revision());
    } else if (key != null) {
      json.writeObjectFieldStart("updateKey");
      json.writeStringField("field", key.field());
      json.writeFieldName("value");
      ((JsonSerializable) key.value()).serialize(json, provider);
      json.writeEndObject();
    }
    json.writeFieldName("record");
    writeCells(json, provider);
    json.writeEndObject();
  }

  private void writeCells(JsonGenerator json, SerializerProvider provider) throws IOException {
    json.writeStartObject();
    for (var cell : values.entrySet()) {
      json.writeObjectFieldStart(cell.getKey());
      json.writeFieldName("value");
      ((JsonSerializable) cell.getValue()).serialize(json, provider);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  @Override
  public void serializeWithType(
      JsonGenerator json, SerializerProvider provider, TypeSerializer type) throws IOException {
    serialize(json, provider);
  }
}
