package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Attachments;
import dev.kintonesync.form.ConversionException;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.message.MessageCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One file among the values of a record, also inside of a table: {@code {"name", "size", "path"}}
 * of the source, with {@code "fileKey"} once it is uploaded, or {@code {"fileKey", "name", "size"}}
 * of Kintone; with {@code "sha256"} where its content had to be looked at.
 *
 * @param field the code of its field
 * @param json part of the value that it was found in
 */
record FileCell(String field, ObjectNode json) {

  /** All files in these values. */
  static List<FileCell> in(Collection<Field> fields, Map<String, JsonNode> values) {
    var files = new ArrayList<FileCell>();
    for (Field field : fields) {
      collect(field, values.get(field.code()), files);
    }
    return files;
  }

  /** All files in one value. */
  static List<FileCell> in(Field field, @Nullable JsonNode value) {
    var files = new ArrayList<FileCell>();
    collect(field, value, files);
    return files;
  }

  private static void collect(Field field, @Nullable JsonNode value, List<FileCell> files) {
    if (value == null || !value.isArray()) {
      return;
    }
    for (JsonNode element : value) {
      if (field.type() == FieldType.FILE && element instanceof ObjectNode file) {
        files.add(new FileCell(field.code(), file));
      } else if (field.type() == FieldType.SUBTABLE) {
        field
            .inner()
            .values()
            .forEach(
                inner ->
                    collect(inner, element.path("value").path(inner.code()).get("value"), files));
      }
    }
  }

  /** Copies the values so that the files of these fields may be changed. */
  static Map<String, JsonNode> copied(Collection<Field> fields, Map<String, JsonNode> values) {
    var copy = new LinkedHashMap<>(values);
    for (Field field : fields) {
      copy.computeIfPresent(field.code(), (code, value) -> value.deepCopy());
    }
    return copy;
  }

  /** Whether the source names it, by its path. */
  boolean isOfSource() {
    return json.has("path");
  }

  /** Whether the file has not been uploaded yet. */
  boolean isToUpload() {
    return isOfSource() && !json.has("fileKey");
  }

  /**
   * Finds the file that the source names.
   *
   * @param attachments the folder of the job's files; null: a plan is applied without it
   * @throws ConversionException when the file is not there any more, or there is no folder
   */
  Attachments.Found found(@Nullable Attachments attachments) throws ConversionException {
    if (attachments == null) {
      throw new ConversionException(MessageCode.PLAN_NEEDS_FOLDER.with(text("path")));
    }
    return attachments.find(text("path"));
  }

  String text(String property) {
    return json.path(property).asText();
  }

  /** What it is known by. */
  FileHashes.Attached attached() {
    return new FileHashes.Attached(field, text("name"), text("size"));
  }

  /** As Kintone takes it: nothing but its key. */
  void onlyKey() {
    json.retain(Set.of("fileKey"));
  }
}
