package dev.kintonesync.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.kafka.RowColumns.Others;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Messages in the shapes that Kafka Connect and Debezium document, and what rows they make. */
class MessageRowsTest {
  private static final String KEY =
      """
      {"schema": {"type": "struct", "fields": [{"type": "int32", "optional": false, "field": "id"}],
                  "optional": false, "name": "shop.public.items.Key"},
       "payload": {"id": 1001}}
      """;

  private static final String ROW_SCHEMA =
      """
      {"type": "struct", "optional": true, "name": "shop.public.items.Value", "fields": [
        {"type": "int32", "optional": false, "field": "id"},
        {"type": "string", "optional": true, "field": "name"},
        {"type": "bytes", "optional": true, "name": "org.apache.kafka.connect.data.Decimal",
         "version": 1, "parameters": {"scale": "2", "connect.decimal.precision": "10"},
         "field": "price"},
        {"type": "struct", "optional": true, "name": "io.debezium.data.VariableScaleDecimal",
         "version": 1, "field": "rate", "fields": [
           {"type": "int32", "optional": false, "field": "scale"},
           {"type": "bytes", "optional": false, "field": "value"}]},
        {"type": "int32", "optional": true, "name": "io.debezium.time.Date", "version": 1,
         "field": "born"},
        {"type": "int64", "optional": true, "name": "io.debezium.time.Timestamp", "version": 1,
         "field": "at"},
        {"type": "int64", "optional": true, "name": "io.debezium.time.MicroTimestamp",
         "version": 1, "field": "micro"},
        {"type": "int64", "optional": true, "name": "io.debezium.time.NanoTimestamp",
         "version": 1, "field": "nano"},
        {"type": "string", "optional": true, "name": "io.debezium.time.ZonedTimestamp",
         "version": 1, "field": "zoned"},
        {"type": "int64", "optional": true, "name": "org.apache.kafka.connect.data.Timestamp",
         "version": 1, "field": "due"},
        {"type": "int64", "optional": true, "name": "io.debezium.time.MicroTime", "version": 1,
         "field": "opens"},
        {"type": "array", "optional": true, "field": "tags",
         "items": {"type": "string", "optional": true}},
        {"type": "string", "optional": true, "field": "note"}]}
      """;

  /** 12345.67 and 98.6 unscaled, in base64 as JsonConverter writes bytes. */
  private static final String ROW =
      """
      {"id": 1001, "name": "Anne", "price": "EtaH", "rate": {"scale": 1, "value": "A9o="},
       "born": 20454, "at": 1767254400000, "micro": 1767254400123456,
       "nano": 1767254400000000000, "zoned": "2026-01-01T08:00:00Z", "due": 1767254400000,
       "opens": 34200000000, "tags": ["a", "b"], "note": "__debezium_unavailable_value"}
      """;

  private static String event(String op, String before, String after) {
    String schema =
        "{\"type\": \"struct\", \"name\": \"shop.public.items.Envelope\", \"fields\": ["
            + ROW_SCHEMA.replaceFirst("\\}\\s*$", ", \"field\": \"before\"}")
            + ","
            + ROW_SCHEMA.replaceFirst("\\}\\s*$", ", \"field\": \"after\"}")
            + ", {\"type\": \"string\", \"optional\": false, \"field\": \"op\"},"
            + " {\"type\": \"int64\", \"optional\": true, \"field\": \"ts_ms\"}]}";
    return "{\"schema\": " + schema + ", \"payload\": " + payload(op, before, after) + "}";
  }

  private static String payload(String op, String before, String after) {
    return "{\"before\": "
        + before
        + ", \"after\": "
        + after
        + ", \"source\": {\"connector\": \"postgresql\", \"table\": \"items\"}, \"op\": \""
        + op
        + "\", \"ts_ms\": 1767254401000, \"transaction\": null}";
  }

  private static SourceRecord read(ValueFormat format, boolean refuses, String key, String value) {
    return TopicOfItems.row(rows(format, refuses), bytes(key), bytes(value));
  }

  private static MessageRows rows(ValueFormat format, boolean refuses) {
    return rows(format, refuses ? Others.REFUSED : Others.IGNORED);
  }

  private static MessageRows rows(ValueFormat format, Others others) {
    return TopicOfItems.rows(format, others, null);
  }

  private static SourceRecord read(String key, String value) {
    return read(ValueFormat.AUTO, true, key, value);
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertProblem(SourceRecord row, MessageCode code) {
    assertThat(row.problem()).isNotNull();
    assertThat(row.problem().text()).isEqualTo(code);
    assertThat(row.values()).containsKeys("_partition", "_offset", "_value");
  }

  @Test
  void aChangeEventIsTheRowAfterWithItsTypes() {
    for (String op : List.of("c", "u", "r")) {
      var row = read(KEY, event(op, "null", ROW));
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
          .containsEntry("_changed", "2026-01-01T08:00:01Z")
          .doesNotContainKeys("note", "_deleted");
      assertThat(row.values().get("price")).hasToString("12345.67");
      assertThat(row.values().get("rate")).hasToString("98.6");
    }
  }

  @Test
  void nullsStayAndDecimalsMayBeText() {
    var row =
        read(
            "{\"id\": 1001}",
            payload("u", "null", "{\"id\": 1001, \"name\": null, \"price\": \"12.50\"}"));
    assertThat(row.problem()).isNull();
    assertThat(row.values()).containsEntry("name", null).containsEntry("price", "12.50");
  }

  @Test
  void aDeletedRowAndATombstoneAreTheKeyAlone() {
    var deleted = read(KEY, event("d", ROW, "null"));
    assertThat(deleted.problem()).isNull();
    assertThat(deleted.values())
        .containsEntry("id", 1001)
        .containsEntry("_deleted", "true")
        .doesNotContainKeys("name", "price");
    var tombstone = read(KEY, null);
    assertThat(tombstone.values()).containsOnlyKeys("id", "_key", "_deleted");
    // a table without a primary key has events without keys
    assertThat(read(null, event("d", ROW, "null")).values()).containsEntry("id", 1001);
    var flattened = read("1001", "{\"id\": 1001, \"name\": \"x\", \"__deleted\": \"true\"}");
    assertThat(flattened.values()).containsEntry("_deleted", "true").doesNotContainKey("name");
    assertProblem(read(null, null), MessageCode.MESSAGE_WITHOUT_KEY);
  }

  @Test
  void aChangeOfTheKeyIsADeletionAndANewRow() {
    // as Debezium writes it: d and a tombstone of the old key, c of the new one
    assertThat(read(KEY, event("d", ROW, "null")).values()).containsEntry("_deleted", "true");
    var created =
        read("{\"id\": 2002}", payload("c", "null", "{\"id\": 2002, \"name\": \"Anne\"}"));
    assertThat(created.values()).containsEntry("id", 2002).doesNotContainKey("_deleted");
  }

  @Test
  void whatNamesNoRowIsARejectInWords() {
    assertProblem(read(null, payload("t", "null", "null")), MessageCode.MESSAGE_TRUNCATES);
    assertProblem(read(KEY, payload("m", "null", "null")), MessageCode.MESSAGE_OPERATION);
    assertProblem(read(KEY, payload("u", "null", "null")), MessageCode.MESSAGE_WITHOUT_ROW);
    assertProblem(read(KEY, "no"), MessageCode.MESSAGE_NOT_JSON);
    assertProblem(read(KEY, "{\"id\": 1} x"), MessageCode.MESSAGE_NOT_JSON);
    assertProblem(read(KEY, "{\"id\": 1, \"id\": 2}"), MessageCode.MESSAGE_NOT_JSON);
    assertProblem(read(KEY, ""), MessageCode.MESSAGE_NOT_JSON);
    assertProblem(read(KEY, "[1]"), MessageCode.MESSAGE_NOT_AN_OBJECT);
    assertProblem(read(KEY, "\u0000\u0000\u0000\u0000\u0001Avro"), MessageCode.MESSAGE_OF_REGISTRY);
    assertProblem(read(KEY, "{\"shoe\": 42}"), MessageCode.MESSAGE_COLUMNS_UNKNOWN);
    assertProblem(
        read(ValueFormat.CONNECT, false, KEY, "{\"id\": 1}"), MessageCode.MESSAGE_WITHOUT_SCHEMA);
    assertProblem(
        read(ValueFormat.DEBEZIUM, false, KEY, "{\"id\": 1}"), MessageCode.MESSAGE_NOT_A_CHANGE);
  }

  @Test
  void anEnvelopeOfConnectIsAnInstantWhereItHasNoZone() {
    var row = read(KEY, "{\"schema\": " + ROW_SCHEMA + ", \"payload\": " + ROW + "}");
    assertThat(row.values()).containsEntry("due", "2026-01-01T08:00:00Z");
    assertThat(row.values().get("price")).hasToString("12345.67");
  }

  @Test
  void keysFillWhatTheValueLacksAndKeepTheirZeros() {
    assertThat(read("007", "{\"name\": \"x\"}").values()).containsEntry("id", "007");
    assertThat(read("007", "{\"id\": 8}").values()).containsEntry("id", 8);
    assertThat(read("{\"id\": 5}", "{\"品名\": \"x\"}").values())
        .containsEntry("id", 5)
        .containsEntry("name", "x");
  }

  @Test
  void whoLooksForWhatThereIsSeesMembersThatGoNowhere() {
    var row =
        rows(ValueFormat.AUTO, Others.TAKEN)
            .row(
                new Position(1, 0),
                new ConsumerRecord<>(
                    "items", 0, 7, bytes("7"), bytes("{\"name\": \"x\", \"colour\": \"red\"}")));
    assertThat(row.problem()).isNull();
    assertThat(row.values()).containsEntry("id", "7").containsEntry("colour", "red");
  }

  @Test
  void oneFormatIsTakenForNoOther() {
    String row = "{\"schema\": {\"type\": \"x\"}, \"payload\": {\"id\": 1}}";
    assertProblem(read(ValueFormat.JSON, true, KEY, row), MessageCode.MESSAGE_COLUMNS_UNKNOWN);
    assertThat(read(ValueFormat.JSON, false, KEY, row).values()).containsEntry("id", 1001);
    assertThat(read(ValueFormat.AUTO, false, KEY, row).values()).containsEntry("id", 1);
  }

  @Test
  void aKeptMessageIsReadAgainAsItCame() {
    var rows = rows(ValueFormat.AUTO, true);
    var kept = read(KEY, "{\"shoe\": 42}");
    var open = new SourceRecord(new Position(0, 0), kept.values(), List.of(), null, "open-0", null);
    assertThat(rows.again(open).problem()).isEqualTo(kept.problem());
    assertThat(rows.again(open).ref()).isEqualTo("open-0");
    var lenient = rows(ValueFormat.AUTO, false).again(open);
    assertThat(lenient.problem()).isNull();
    assertThat(lenient.values()).containsEntry("id", 1001).containsEntry("_key", KEY);
  }
}
