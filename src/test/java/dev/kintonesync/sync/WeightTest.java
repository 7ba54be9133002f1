package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimates beside what the Java machine says that it has allocated for the same objects. */
class WeightTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @ParameterizedTest
  @CsvSource({"7, 8", "60, 8", "300, 8", "10, 200", "2, 30000"})
  void aFlatRecordIsAboutAsHeavyAsItsObjects(int fields, int letters) {
    for (String letter : List.of("x", "語")) {
      assertIsAboutRight(number -> flat(number, fields, letter.repeat(letters - 5)));
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 5", "100, 10", "1000, 3"})
  void soIsOneWithRowsOfATable(int rows, int cells) {
    assertIsAboutRight(number -> table(number, rows, cells));
  }

  private static void assertIsAboutRight(IntFunction<SyncRecord> made) {
    made.apply(0); // what is made only once
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var records = new ArrayList<SyncRecord>(100);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      records.add(made.apply(10_000 + i));
    }
    double took = threads.getCurrentThreadAllocatedBytes() - before;
    double estimated = records.stream().mapToLong(record -> Weight.of(record, false)).sum();
    assertThat(estimated / took).isBetween(0.5, 2.5);
    // Kintone's record is at least as heavy as ours
    assertThat(records.stream().mapToLong(record -> Weight.of(record, true)).sum())
        .isGreaterThan((long) (1.3 * estimated));
  }

  private static SyncRecord flat(int number, int fields, String text) {
    var row = new ArrayList<String>(fields);
    var values = new LinkedHashMap<String, JsonNode>();
    for (int field = 0; field < fields; field++) {
      String cell = text + number;
      row.add(cell);
      values.put(CODES.get(field), TextNode.valueOf(cell));
    }
    return new SyncRecord(source(number, List.of(row)), "K" + number, values);
  }

  private static SyncRecord table(int number, int rows, int cells) {
    var source = new ArrayList<List<String>>();
    var json = JSON.arrayNode();
    for (int i = 0; i < rows; i++) {
      var row = new ArrayList<String>(cells);
      ObjectNode object = json.addObject().putObject("value");
      for (int field = 0; field < cells; field++) {
        String cell = "text " + number;
        row.add(cell);
        object.putObject(CODES.get(field)).put("value", cell);
      }
      source.add(row);
    }
    var values = new LinkedHashMap<String, JsonNode>();
    values.put("table", json);
    return new SyncRecord(source(number, source), "K" + number, values);
  }

  private static SourceRecord source(int number, List<List<String>> rows) {
    return new SourceRecord(new Position(number, number), Map.of(), rows, null);
  }

  private static final List<String> CODES = codes();

  private static List<String> codes() {
    var codes = new ArrayList<String>();
    for (int i = 0; i < 300; i++) {
      codes.add("field" + i);
    }
    return codes;
  }
}
