package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attachments, as a list of {@code fileKey}s of uploaded files. A blank cell is refused like any
 * other text: taken as "no files" it would remove those that the record has.
 */
final class FileRules implements ValueRules {

  @Override
  public Converted convert(Field field, @Nullable Object raw, Conversion conversion) {
    Iterable<?> files = Raw.list(raw);
    if (files == null) {
      return new Converted.Refused(Text.VALUE_NOT_FILES.with(field.name(), Raw.excerpt(raw)));
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Object member : files) {
      Object file = Raw.unwrap(member);
      if (!(Raw.member(file, "fileKey") instanceof String)) {
        return new Converted.Refused(Text.VALUE_NOT_FILES.with(field.name(), Raw.excerpt(file)));
      }
      ObjectNode entry = array.addObject();
      for (String name : Raw.names(file)) {
        String text = Raw.text(Raw.member(file, name));
        if (text != null) {
          entry.put(name, text);
        }
      }
    }
    return new Converted.Value(array);
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
