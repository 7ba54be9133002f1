package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.setup.PlanReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.StringJoiner;

/** Values of Kintone's fields as a person reads them. */
final class ShownValue {
  private static final int LONGEST = 60;

  private ShownValue() {}

  /** Returns a value on one line, cut off where it is long; nothing as a dash. */
  static String onOneLine(JsonNode value) {
    return onOneLine(value, MissingNode.getInstance());
  }

  /**
   * The same of a value that is written.
   *
   * @param before what is there, for the rows of a table that are left as they are
   */
  static String onOneLine(JsonNode value, JsonNode before) {
    String text = text(value, before);
    if (text.isEmpty()) {
      return "-";
    }
    String line = text.replaceAll("\\R", "\u23ce");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  /** Returns a value whole, a line for each row of a table; nothing as an empty text. */
  static String text(JsonNode value) {
    return text(value, MissingNode.getInstance());
  }

  /**
   * The same of a value that is written.
   *
   * @param before what is there, for the rows of a table that are left as they are
   */
  static String text(JsonNode value, JsonNode before) {
    if (ChangesFile.isEmpty(value)) {
      return "";
    } else if (isTable(value)) {
      return String.join("\n", rows(value, before));
    } else if (isEntity(value)) {
      return entity(value);
    } else if (areEntities(value)) {
      var entities = new StringJoiner(", ");
      value.forEach(entity -> entities.add(entity(entity)));
      return entities.toString();
    } else if (areFiles(value)) {
      var files = new StringJoiner(", ");
      value.forEach(
          file -> files.add((PlanReport.isUpload(file) ? "+ " : "") + file.path("name").asText()));
      return files.toString();
    }
    return value.isTextual() ? value.textValue() : value.toString();
  }

  /** Whether it is the rows of a table; one that is left as it is has an id alone. */
  static boolean isTable(JsonNode value) {
    JsonNode row = value.path(0);
    return row.path("value").isObject() || (row.has("id") && row.size() == 1);
  }

  /** Returns a text for each row of a table, cell by cell. */
  static List<String> rows(JsonNode table, JsonNode before) {
    var there = new HashMap<String, JsonNode>();
    before.forEach(row -> there.put(row.path("id").asText(), row.path("value")));
    var rows = new ArrayList<String>();
    for (JsonNode row : table) {
      var cells = new LinkedHashMap<String, JsonNode>();
      there
          .getOrDefault(row.path("id").asText(), MissingNode.getInstance())
          .properties()
          .forEach(cell -> cells.put(cell.getKey(), cell.getValue()));
      row.path("value").properties().forEach(cell -> cells.put(cell.getKey(), cell.getValue()));
      var texts = new StringJoiner(" · ");
      cells.forEach(
          (code, cell) -> {
            String text = text(cell.path("value"));
            if (!text.isEmpty()) {
              texts.add(code + ": " + text);
            }
          });
      rows.add(texts.toString());
    }
    return rows;
  }

  /** A user, an organization or a group: by name where Kintone or the source gave one. */
  private static String entity(JsonNode value) {
    String code = value.path("code").asText();
    String name = value.path("name").asText("");
    return name.isEmpty() || name.equals(code) ? code : name + " (" + code + ")";
  }

  private static boolean isEntity(JsonNode value) {
    return value.isObject()
        && value.path("code").isTextual()
        && value.size() == (value.has("name") ? 2 : 1);
  }

  private static boolean areEntities(JsonNode value) {
    for (JsonNode entity : value) {
      if (!isEntity(entity)) {
        return false;
      }
    }
    return value.isArray() && !value.isEmpty();
  }

  /** Whether it is a list of attachments, those of Kintone or those to be uploaded. */
  private static boolean areFiles(JsonNode value) {
    for (JsonNode file : value) {
      if (!file.has("name") || !(file.has("fileKey") || PlanReport.isUpload(file))) {
        return false;
      }
    }
    return value.isArray();
  }
}
