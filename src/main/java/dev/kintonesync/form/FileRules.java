package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.MessageCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attachments: the paths of files that are to be uploaded, {@code {"name", "size", "path"}}, one on
 * each line of a text; or the {@code fileKey}s of files that somebody has uploaded. Where no folder
 * of files is known, a blank cell is refused like any other text: taken as "no files" it would
 * remove those that the record has.
 */
final class FileRules implements ValueRules {

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    Attachments attachments = conversion.attachments();
    Iterable<?> files = RawValues.list(raw);
    if (files == null) {
      files = attachments == null ? List.of(RawValues.excerpt(raw)) : ChoicesRules.lines(raw);
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    var paths = new HashSet<String>();
    try {
      for (Object member : files) {
        Object file = RawValues.unwrap(member);
        String path =
            RawValues.text(RawValues.isObject(file) ? RawValues.member(file, "path") : file);
        if (RawValues.member(file, "fileKey") instanceof String) {
          addUploaded(file, array.addObject());
        } else if (attachments == null || path == null) {
          return new Converted.Refused(
              MessageCode.VALUE_NOT_FILES.with(field.name(), RawValues.excerpt(file)));
        } else {
          addFound(attachments.find(path.strip()), paths, array);
        }
      }
    } catch (ConversionException e) {
      return new Converted.Refused(MessageCode.VALUE_UNFIT.with(field.name(), e.reason()));
    }
    return new Converted.Value(array);
  }

  private static void addUploaded(@Nullable Object file, ObjectNode entry) {
    for (String name : RawValues.names(file)) {
      String text = RawValues.text(RawValues.member(file, name));
      if (text != null) {
        entry.put(name, text);
      }
    }
  }

  private static void addFound(Attachments.Found found, Set<String> paths, ArrayNode array) {
    if (paths.add(found.path())) {
      array
          .addObject()
          .put("name", found.name())
          .put("size", String.valueOf(found.size()))
          .put("path", found.path());
    }
  }

  /**
   * By name and size where both sides give them: the key of an uploaded file is another than the
   * key under which a record gives the same file back.
   */
  @Override
  public boolean same(Field field, JsonNode one, JsonNode other) {
    boolean described = isDescribed(one) && isDescribed(other);
    return marks(one, described).equals(marks(other, described));
  }

  private static boolean isDescribed(JsonNode files) {
    for (JsonNode file : files) {
      if (!file.has("name") || !file.has("size")) {
        return false;
      }
    }
    return true;
  }

  private static List<String> marks(JsonNode files, boolean described) {
    var marks = new ArrayList<String>();
    for (JsonNode file : files) {
      marks.add(
          described
              ? file.path("size").asText() + " " + file.path("name").asText()
              : file.path("fileKey").asText());
    }
    marks.sort(null);
    return marks;
  }
}
