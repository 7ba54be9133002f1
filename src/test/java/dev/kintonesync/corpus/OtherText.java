package dev.kintonesync.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.kintonesync.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of text as FastCSV and Jackson read them. */
final class OtherText {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private OtherText() {}

  /** The rows of delimited text. */
  static OtherRows delimited(Path file, SourceFormat format) throws IOException {
    String text = Files.readString(file, format.charset());
    OtherRows rows = new OtherRows(false);
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .fieldSeparator(format.delimiter())
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
      for (CsvRecord record : reader) {
        rows.add(record.getStartingLineNumber(), record.getFields(), false);
      }
    }
    return rows;
  }

  /**
   * The lists of objects of a JSON document by their pointers; the document itself, by an empty
   * one. An object on the only line is a list of one. Empty if there is none.
   */
  static Map<String, OtherRows> json(Path file) throws IOException {
    String text = Files.readString(file, UTF_8);
    Map<String, OtherRows> lists = new LinkedHashMap<>();
    JsonNode document = JSON.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text);
    if (document.isObject() && text.strip().lines().count() == 1) {
      OtherRows rows = new OtherRows(false);
      rows.add(0, List.of(JSON.convertValue(document, Object.class)), false);
      lists.put("", rows);
    }
    addIfList(lists, "", document);
    for (var member : document.properties()) {
      String name = member.getKey().replace("~", "~0").replace("/", "~1");
      addIfList(lists, "/" + name, member.getValue());
    }
    return lists;
  }

  private static void addIfList(Map<String, OtherRows> lists, String pointer, JsonNode node) {
    if (node.isArray() && !node.isEmpty() && node.get(0).isObject()) {
      OtherRows rows = new OtherRows(false);
      node.forEach(
          element ->
              rows.add(0, List.of(JSON.convertValue(element, Object.class)), !element.isObject()));
      lists.put(pointer, rows);
    }
  }
}
