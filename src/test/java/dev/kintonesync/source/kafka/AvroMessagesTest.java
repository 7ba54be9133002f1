package dev.kintonesync.source.kafka;

import static dev.kintonesync.source.kafka.AvroProducer.CHANGE;
import static dev.kintonesync.source.kafka.AvroProducer.ITEM;
import static dev.kintonesync.source.kafka.AvroProducer.bytes;
import static dev.kintonesync.source.kafka.AvroProducer.change;
import static dev.kintonesync.source.kafka.AvroProducer.hex;
import static dev.kintonesync.source.kafka.AvroProducer.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.kafka.RowColumns.Others;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages in Avro, written by Avro's own writer or by hand, and what rows they make. */
class AvroMessagesTest {
  private final AvroProducer producer = new AvroProducer();
  private final SchemaRegistry known = new SchemaRegistry();

  private MessageRows rows(ValueFormat format) {
    return TopicOfItems.rows(format, Others.REFUSED, known.by(producer::answer));
  }

  private SourceRecord read(byte[] key, byte[] value) {
    return read(ValueFormat.AUTO, key, value);
  }

  private SourceRecord read(ValueFormat format, byte[] key, byte[] value) {
    return TopicOfItems.row(rows(format), key, value);
  }

  private static void assertProblem(SourceRecord row, MessageCode code) {
    assertThat(row.problem()).isNotNull();
    assertThat(row.problem().text()).isEqualTo(code);
  }

  @Test
  void bytesWrittenByHandAreARow() {
    producer.registry.put(
        66051,
        """
        {"type": "record", "name": "Customer", "fields": [
          {"name": "id", "type": "string"},
          {"name": "name", "type": ["null", "string"]},
          {"name": "v", "type": "long"}]}
        """);
    // the examples of Avro's specification: a string is its length, twice as it is not negative
    var row = read(null, hex("00 00010203  06 666f6f  02 06 e5bc98  80 01"));
    assertThat(row.problem()).isNull();
    assertThat(row.values())
        .containsEntry("id", "foo")
        .containsEntry("name", "弘")
        .containsEntry("v", 64L);
    assertThat(producer.asked).containsExactly("/schemas/ids/66051");
  }

  @Test
  void aChangeEventIsTheRowAfterWithItsTypes() throws Exception {
    for (String op : List.of("c", "u", "r")) {
      var row = read(producer.key(), producer.message(12, CHANGE, change(op, null, item())));
      assertThat(row.problem()).isNull();
      assertThat(row.values())
          .containsEntry("id", 1001)
          .containsEntry("name", "Anne")
          .containsEntry("born", "2026-01-01")
          .containsEntry("at", "2026-01-01T08:00")
          .containsEntry("micro", "2026-01-01T08:00:00.123456")
          .containsEntry("nano", "2026-01-01T08:00")
          .containsEntry("zoned", "2026-01-01T08:00:00Z")
          .containsEntry("due", "2026-01-01T08:00")
          .containsEntry("opens", "09:30")
          .containsEntry("tags", List.of("a", "b"))
          .containsEntry("_op", op)
          .containsEntry("_key", "{\"id\":1001}")
          .containsEntry("_changed", "2026-01-01T08:00:01Z")
          .doesNotContainKeys("note", "picture", "_deleted");
      assertThat(row.values().get("price")).hasToString("12345.67");
      assertThat(row.values().get("rate")).hasToString("98.6");
    }
  }

  @Test
  void aDeletedRowAndATombstoneAreTheKeyAlone() throws Exception {
    var deleted = read(producer.key(), producer.message(12, CHANGE, change("d", item(), null)));
    assertThat(deleted.problem()).isNull();
    assertThat(deleted.values())
        .containsEntry("id", 1001)
        .containsEntry("_deleted", "true")
        .doesNotContainKeys("name", "price");
    assertThat(read(producer.key(), null).values()).containsOnlyKeys("id", "_key", "_deleted");
    assertProblem(
        read(producer.key(), producer.message(12, CHANGE, change("t", null, null))),
        MessageCode.MESSAGE_TRUNCATES);
  }

  @Test
  void aRecordIsARowWhoseTimesOfConnectAreInstants() throws Exception {
    var row = read(producer.key(), producer.message(13, ITEM, item()));
    assertThat(row.problem()).isNull();
    assertThat(row.values())
        .containsEntry("due", "2026-01-01T08:00:00Z")
        .containsEntry("at", "2026-01-01T08:00");
  }

  /** Source: "Logical types" of Avro's specification; the bytes are its examples or by hand. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type': 'bytes', 'logicalType': 'decimal', 'precision': 6, 'scale': 2} | 04 ff85 | -1.23",
        "{'type': 'fixed', 'name': 'F', 'size': 3, 'logicalType': 'decimal', 'precision': 6,"
            + " 'scale': 2} | 0030d4 | 125.00",
        "{'type': 'int', 'logicalType': 'date'} | cc bf 02 | 2026-01-01",
        "{'type': 'int', 'logicalType': 'date'} | 01 | 1969-12-31",
        "{'type': 'int', 'logicalType': 'time-millis'} | 82 08 | 00:00:00.513",
        "{'type': 'long', 'logicalType': 'time-micros'} | 82 08 | 00:00:00.000513",
        "{'type': 'long', 'logicalType': 'timestamp-millis'} | e8 07 | 1970-01-01T00:00:00.500Z",
        "{'type': 'long', 'logicalType': 'timestamp-micros'} | e8 07 | 1970-01-01T00:00:00.000500Z",
        "{'type': 'long', 'logicalType': 'timestamp-nanos'} | e8 07 |"
            + " 1970-01-01T00:00:00.000000500Z",
        "{'type': 'long', 'logicalType': 'local-timestamp-millis'} | e8 07 |"
            + " 1970-01-01T00:00:00.500",
        "{'type': 'long', 'logicalType': 'local-timestamp-micros'} | e8 07 |"
            + " 1970-01-01T00:00:00.000500",
        "{'type': 'string', 'logicalType': 'uuid'} | 06 666f6f | foo",
        "{'type': 'fixed', 'name': 'U', 'size': 16, 'logicalType': 'uuid'} |"
            + " 000102030405060708090a0b0c0d0e0f | 00010203-0405-0607-0809-0a0b0c0d0e0f",
        "{'type': 'enum', 'name': 'E', 'symbols': ['A', 'B']} | 02 | B",
        "{'type': 'boolean'} | 01 | true",
        "{'type': 'float'} | cdcc8c3f | 1.1",
        "{'type': 'double'} | 9a9999999999b93f | 0.1",
        "{'type': 'double'} | 000000000000f87f | NaN",
        "{'type': 'bytes'} | 06 010203 | AQID",
        "{'type': 'array', 'items': 'int'} | 04 02 04 00 | [1, 2]",
        "{'type': 'array', 'items': 'int'} | 03 04 02 04 00 | [1, 2]",
        "{'type': 'map', 'values': 'int'} | 02 02 61 02 00 | {a=1}",
        "['null', 'int'] | 00 | null",
        "{'type': 'record', 'name': 'R', 'fields': [{'name': 'x', 'type': 'int'}]} | 02 | {x=1}",
      })
  void aTypeIsReadAsItsSpecificationSays(String type, String bytes, String value) {
    producer.registry.put(
        5,
        "{\"type\": \"record\", \"name\": \"V\", \"fields\": [{\"name\": \"v\", \"type\": %s}]}"
            .formatted(type.replace('\'', '"')));
    var row = read(bytes("7"), hex("00 00000005" + bytes));
    assertThat(row.problem()).isNull();
    assertThat(row.values()).containsKey("v").containsEntry("id", "7");
    assertThat(String.valueOf(row.values().get("v"))).isEqualTo(value);
  }

  @Test
  void messagesOfOldAndNewSchemasAreReadByTheirOwn() throws Exception {
    String before = "{\"type\": \"record\", \"name\": \"V\", \"fields\": [%s]}";
    String id = "{\"name\": \"id\", \"type\": \"int\"}";
    String name = "{\"name\": \"name\", \"type\": \"string\", \"default\": \"?\"}";
    var old = new GenericData.Record(new Schema.Parser().parse(before.formatted(id)));
    old.put("id", 1);
    var fresh =
        new GenericData.Record(new Schema.Parser().parse(before.formatted(name + "," + id)));
    fresh.put("id", 2);
    fresh.put("name", "Baba");
    byte[] first = producer.message(21, before.formatted(id), old);
    byte[] second = producer.message(22, before.formatted(name + "," + id), fresh);
    for (int i = 0; i < 3; i++) {
      assertThat(read(null, first).values()).containsEntry("id", 1).doesNotContainKey("name");
      assertThat(read(null, second).values()).containsEntry("id", 2).containsEntry("name", "Baba");
    }
    assertThat(producer.asked).containsExactly("/schemas/ids/21", "/schemas/ids/22");
  }

  @Test
  void typesOfOtherSchemasAreAskedFor() {
    producer.others.put(
        "/schemas/ids/31",
        """
        {"schemaType": "AVRO",
         "schema": "{\\"type\\": \\"record\\", \\"name\\": \\"V\\", \\"fields\\": [{\\"name\\": \\"v\\",\
         \\"type\\": \\"shop.Money\\"}]}",
         "references": [{"name": "shop.Money", "subject": "shop/money v", "version": 3}]}
        """);
    producer.others.put(
        "/subjects/shop%2Fmoney%20v/versions/3",
        """
        {"subject": "shop/money v", "version": 3, "id": 30,
         "schema": "{\\"type\\": \\"enum\\", \\"name\\": \\"Money\\", \\"namespace\\": \\"shop\\",\
         \\"symbols\\": [\\"YEN\\"]}"}
        """);
    assertThat(read(bytes("7"), hex("00 0000001f 00")).values()).containsEntry("v", "YEN");
    producer.others.remove("/subjects/shop%2Fmoney%20v/versions/3");
    producer.others.put("/schemas/ids/32", producer.others.get("/schemas/ids/31"));
    assertProblem(read(bytes("7"), hex("00 00000020 00")), MessageCode.SCHEMA_BROKEN);
  }

  @Test
  void whatIsNotOfItsSchemaIsARejectInWords() throws Exception {
    byte[] whole = producer.message(13, ITEM, item());
    for (int length = 5; length < whole.length; length++) {
      var cut = Arrays.copyOf(whole, length);
      assertProblem(read(producer.key(), cut), MessageCode.MESSAGE_NOT_AVRO);
    }
    assertProblem(
        read(producer.key(), Arrays.copyOf(whole, whole.length + 1)), MessageCode.MESSAGE_NOT_AVRO);
    producer.registry.put(9, "\"string\"");
    // lengths that nobody has
    assertProblem(
        read(producer.key(), hex("00 00000009 feffffff0f 61")), MessageCode.MESSAGE_NOT_AVRO);
    assertProblem(read(producer.key(), hex("00 00000009 05 61")), MessageCode.MESSAGE_NOT_AVRO);
    assertProblem(
        read(producer.key(), hex("00 00000009 ffffffffffffffffffffff 61")),
        MessageCode.MESSAGE_NOT_AVRO);
    assertProblem(read(producer.key(), hex("00 00000009 04 c3 28")), MessageCode.MESSAGE_NOT_AVRO);
    producer.registry.put(10, "{\"type\": \"array\", \"items\": \"null\"}");
    assertProblem(read(producer.key(), hex("00 0000000a 80897a 00")), MessageCode.MESSAGE_NOT_AVRO);
    producer.registry.put(
        14,
        "{\"type\": \"record\", \"name\": \"L\", \"fields\": [{\"name\": \"v\", \"type\":"
            + " [\"L\", \"null\"]}]}");
    assertProblem(
        read(producer.key(), hex("00 0000000e " + "00".repeat(5000))),
        MessageCode.MESSAGE_NOT_AVRO);
    assertProblem(read(producer.key(), hex("00 0000000e 04")), MessageCode.MESSAGE_NOT_AVRO);
    producer.registry.put(15, "\"int\"");
    assertProblem(read(producer.key(), hex("00 0000000f 02")), MessageCode.MESSAGE_NOT_AN_OBJECT);
    assertProblem(read(hex("00 00000063 02"), whole), MessageCode.SCHEMA_UNKNOWN);
  }

  @Test
  void aSchemaThatCannotBeUsedIsSaidAndAskedForOnceInARun() {
    var rows = rows(ValueFormat.AUTO);
    for (int i = 0; i < 3; i++) {
      var row = TopicOfItems.row(rows, bytes("7"), hex("00 00000063 02"));
      assertProblem(row, MessageCode.SCHEMA_UNKNOWN);
    }
    assertThat(producer.asked).containsExactly("/schemas/ids/99");
    assertProblem(read(bytes("7"), hex("00 ffffffff 02")), MessageCode.SCHEMA_UNKNOWN);
    assertThat(producer.asked).hasSize(1);
    producer.others.put(
        "/schemas/ids/1", "{\"schemaType\": \"PROTOBUF\", \"schema\": \"message M {}\"}");
    assertProblem(read(bytes("7"), hex("00 00000001 02")), MessageCode.SCHEMA_OF_OTHER_KIND);
    producer.registry.put(2, "{\"type\": \"strange\"}");
    assertProblem(read(bytes("7"), hex("00 00000002 02")), MessageCode.SCHEMA_BROKEN);
  }

  @Test
  void oneFormatIsTakenForNoOther() throws Exception {
    byte[] change = producer.message(12, CHANGE, change("c", null, item()));
    byte[] item = producer.message(13, ITEM, item());
    assertProblem(
        read(ValueFormat.AVRO, producer.key(), change), MessageCode.MESSAGE_COLUMNS_UNKNOWN);
    assertThat(read(ValueFormat.AVRO, producer.key(), item).problem()).isNull();
    assertThat(read(ValueFormat.DEBEZIUM, producer.key(), change).problem()).isNull();
    assertProblem(
        read(ValueFormat.DEBEZIUM, producer.key(), item), MessageCode.MESSAGE_NOT_A_CHANGE);
    assertProblem(read(ValueFormat.JSON, producer.key(), item), MessageCode.MESSAGE_OF_REGISTRY);
    assertProblem(read(ValueFormat.CONNECT, producer.key(), item), MessageCode.MESSAGE_OF_REGISTRY);
    assertProblem(
        read(ValueFormat.AVRO, producer.key(), bytes("{\"id\": 1}")),
        MessageCode.MESSAGE_WITHOUT_REGISTRY);
    assertThat(read(ValueFormat.JSON, producer.key(), bytes("{\"name\": \"x\"}")).values())
        .containsEntry("id", 1001);
  }

  @Test
  void aKeptMessageIsReadAgainByteForByte() throws Exception {
    byte[] value = producer.message(12, CHANGE, change("c", null, item()));
    byte[] key = producer.key();
    producer.registry.clear();
    var kept = read(key, value);
    assertProblem(kept, MessageCode.SCHEMA_UNKNOWN);
    var open = new SourceRecord(new Position(0, 0), kept.values(), List.of(), null, "open-0", null);
    assertThat(rows(ValueFormat.AUTO).again(open).values()).isEqualTo(kept.values());

    producer.key();
    producer.registry.put(12, CHANGE);
    var read = rows(ValueFormat.AUTO).again(open);
    assertThat(read.problem()).isNull();
    assertThat(read.ref()).isEqualTo("open-0");
    assertThat(read.values()).isEqualTo(read(key, value).values());
  }

  @Test
  void bytesAreKeptAsTheyAre() {
    for (byte[] one :
        List.of(bytes("Abe"), bytes("base64:QQ=="), hex("ff00"), hex("0000000001"), hex(""))) {
      assertThat(MessageText.bytes(MessageText.of(one))).isEqualTo(one);
    }
    assertThat(MessageText.of(bytes("Abe"))).isEqualTo("Abe");
    assertThat(MessageText.of(null)).isNull();
    assertThat(MessageText.bytes("base64:?")).isEqualTo(bytes("base64:?"));
  }
}
