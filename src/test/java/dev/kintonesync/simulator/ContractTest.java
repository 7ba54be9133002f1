package dev.kintonesync.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.RecordClient;
import com.kintone.client.model.record.FieldValue;
import com.kintone.client.model.record.NumberFieldValue;
import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What the contract tests share: a Kintone, and an app of its own for each test, with a unique text
 * {@code K}, a text {@code T}, a number {@code Q}, a unique number {@code NK} and a table {@code
 * S(a,b)}.
 */
@ResourceLock("Kintone under test") // a class of tests at a time: it stands in static fields
abstract class ContractTest {
  static final String FIELDS =
      """
      {'K':{'type':'SINGLE_LINE_TEXT','code':'K','unique':true},
       'T':{'type':'SINGLE_LINE_TEXT','code':'T'},
       'Q':{'type':'NUMBER','code':'Q'},
       'NK':{'type':'NUMBER','code':'NK','unique':true},
       'S':{'type':'SUBTABLE','code':'S','fields':{
         'a':{'type':'SINGLE_LINE_TEXT','code':'a'},
         'b':{'type':'NUMBER','code':'b'}}}}
      """;

  static KintoneUnderTest kintone;
  static Wire wire;
  static RecordClient records;
  long app;

  @BeforeAll
  static void start() throws IOException {
    kintone = KintoneUnderTest.start();
    wire = kintone.wire();
    records = kintone.client().record();
  }

  @AfterAll
  static void stop() throws IOException {
    kintone.close();
  }

  @BeforeEach
  void makeApp() {
    app = kintone.app(fields());
  }

  /** The fields of the app of each test. */
  String fields() {
    return FIELDS;
  }

  static SingleLineTextFieldValue text(String value) {
    return new SingleLineTextFieldValue(value);
  }

  static NumberFieldValue number(String value) {
    return new NumberFieldValue(new BigDecimal(value));
  }

  /** A record of codes and values by turns. */
  static Record of(Object... codesAndValues) {
    Record record = new Record();
    for (int i = 0; i < codesAndValues.length; i += 2) {
      record.putField((String) codesAndValues[i], (FieldValue) codesAndValues[i + 1]);
    }
    return record;
  }

  /** Adds a record with a key and answers its id. */
  long add(String key) {
    return records.addRecord(app, of("K", text(key)));
  }

  /** A PUT of records.json on the test's app, {@code '} for {@code "}. */
  Wire.Answer update(String recordsJson) {
    return wire.put("/k/v1/records.json", "{'app':" + app + ",'records':" + recordsJson + "}");
  }

  Wire.Answer upsert(String recordsJson) {
    return wire.put(
        "/k/v1/records.json", "{'app':" + app + ",'upsert':true,'records':" + recordsJson + "}");
  }

  /** A POST of records.json on the test's app. */
  Wire.Answer addAll(String recordsJson) {
    return wire.post("/k/v1/records.json", "{'app':" + app + ",'records':" + recordsJson + "}");
  }

  List<JsonNode> all() {
    return kintone.records(app);
  }

  /** The value of a field of the only record. */
  JsonNode only(String code) {
    List<JsonNode> all = all();
    if (all.size() != 1) {
      throw new AssertionError("expected one record: " + all);
    }
    return all.get(0).path(code).path("value");
  }
}
