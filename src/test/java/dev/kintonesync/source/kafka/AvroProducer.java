package dev.kintonesync.source.kafka;

import dev.kintonesync.source.json.JsonValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;

/** A producer of messages in Avro, by Avro's own writer, and what a registry says of them. */
final class AvroProducer {
  static final String ITEM =
      """
      {"type": "record", "name": "Value", "namespace": "shop.public.items", "fields": [
        {"name": "id", "type": "int"},
        {"name": "name", "type": ["null", "string"], "default": null},
        {"name": "price", "type": ["null", {"type": "bytes", "scale": 2, "precision": 10,
          "connect.version": 1, "connect.parameters": {"scale": "2"},
          "connect.name": "org.apache.kafka.connect.data.Decimal", "logicalType": "decimal"}]},
        {"name": "rate", "type": ["null", {"type": "record", "name": "VariableScaleDecimal",
          "namespace": "io.debezium.data", "connect.version": 1,
          "connect.name": "io.debezium.data.VariableScaleDecimal", "fields": [
            {"name": "scale", "type": "int"}, {"name": "value", "type": "bytes"}]}]},
        {"name": "born", "type": ["null",
          {"type": "int", "connect.version": 1, "connect.name": "io.debezium.time.Date"}]},
        {"name": "at", "type": ["null",
          {"type": "long", "connect.version": 1, "connect.name": "io.debezium.time.Timestamp"}]},
        {"name": "micro", "type": ["null", {"type": "long", "connect.version": 1,
          "connect.name": "io.debezium.time.MicroTimestamp"}]},
        {"name": "nano", "type": ["null", {"type": "long", "connect.version": 1,
          "connect.name": "io.debezium.time.NanoTimestamp"}]},
        {"name": "zoned", "type": ["null", {"type": "string", "connect.version": 1,
          "connect.name": "io.debezium.time.ZonedTimestamp"}]},
        {"name": "due", "type": ["null", {"type": "long", "connect.version": 1,
          "connect.name": "org.apache.kafka.connect.data.Timestamp",
          "logicalType": "timestamp-millis"}]},
        {"name": "opens", "type": ["null", {"type": "long", "connect.version": 1,
          "connect.name": "io.debezium.time.MicroTime"}]},
        {"name": "tags", "type": ["null", {"type": "array", "items": ["null", "string"]}]},
        {"name": "note", "type": ["null", "string"]},
        {"name": "picture", "type": ["null", "bytes"]}]}
      """;

  static final String CHANGE =
      """
      {"type": "record", "name": "Envelope", "namespace": "shop.public.items", "fields": [
        {"name": "before", "type": ["null", %s]},
        {"name": "after", "type": ["null", "Value"]},
        {"name": "source", "type": {"type": "record", "name": "Source",
          "namespace": "io.debezium.connector.postgresql", "fields": [
            {"name": "connector", "type": "string"}]}},
        {"name": "op", "type": "string"},
        {"name": "ts_ms", "type": ["null", "long"]}]}
      """
          .formatted(ITEM);

  final Map<Integer, String> registry = new HashMap<>();
  final Map<String, String> others = new HashMap<>();
  final List<String> asked = new ArrayList<>();

  /** What a registry of Confluent's API answers. */
  Map<?, ?> answer(String path) {
    asked.add(path);
    String answer = others.get(path);
    String id = path.replaceFirst("/schemas/ids/", "");
    if (answer == null && id.matches("[0-9]+")) {
      String schema = registry.get(Integer.valueOf(id));
      answer = schema == null ? null : JsonValues.write(Map.of("schema", schema));
    }
    return answer == null ? null : (Map<?, ?>) JsonValues.parse(answer).value();
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** As Confluent's serializer writes it: a zero, the number of the schema, Avro. */
  byte[] message(int number, String schema, Object datum) throws IOException {
    registry.put(number, schema);
    var out = new ByteArrayOutputStream();
    out.write(0);
    out.write(ByteBuffer.allocate(4).putInt(number).array());
    var encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(new Schema.Parser().parse(schema)).write(datum, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  static GenericRecord item() {
    var schema = new Schema.Parser().parse(ITEM);
    var rate = new GenericData.Record(schema.getField("rate").schema().getTypes().get(1));
    rate.put("scale", 1);
    rate.put("value", ByteBuffer.wrap(hex("03da")));
    var item = new GenericData.Record(schema);
    item.put("id", 1001);
    item.put("name", "Anne");
    item.put("price", ByteBuffer.wrap(hex("12d687")));
    item.put("rate", rate);
    item.put("born", 20454);
    item.put("at", 1767254400000L);
    item.put("micro", 1767254400123456L);
    item.put("nano", 1767254400000000000L);
    item.put("zoned", "2026-01-01T08:00:00Z");
    item.put("due", 1767254400000L);
    item.put("opens", 34200000000L);
    item.put("tags", List.of("a", "b"));
    item.put("note", "__debezium_unavailable_value");
    item.put("picture", ByteBuffer.wrap(bytes("__debezium_unavailable_value")));
    return item;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static GenericRecord change(String op, GenericRecord before, GenericRecord after) {
    var schema = new Schema.Parser().parse(CHANGE);
    var source = new GenericData.Record(schema.getField("source").schema());
    source.put("connector", "postgresql");
    var change = new GenericData.Record(schema);
    change.put("before", before);
    change.put("after", after);
    change.put("source", source);
    change.put("op", op);
    change.put("ts_ms", 1767254401000L);
    return change;
  }

  byte[] key() throws IOException {
    String schema =
        "{\"type\": \"record\", \"name\": \"Key\", \"fields\": [{\"name\": \"id\", \"type\":"
            + " \"int\"}]}";
    var key = new GenericData.Record(new Schema.Parser().parse(schema));
    key.put("id", 1001);
    return message(11, schema, key);
  }
}
