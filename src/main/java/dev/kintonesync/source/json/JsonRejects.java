package dev.kintonesync.source.json;

import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.RejectRows;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rejects as JSON, an object in each line: the record's own members as they were written, then
 * {@code _error} and {@code _ref}; of what was no record the text, in {@code _text}.
 */
public final class JsonRejects implements RejectRows {

  private final FileOutputStream out;

  public JsonRejects(Path file) throws IOException {
    out = new FileOutputStream(file.toFile(), true);
  }

  @Override
  public void write(
      List<String> own,
      Map<String, @Nullable Object> values,
      boolean readable,
      String error,
      String ref,
      @Nullable String column)
      throws IOException {
    Map<String, String> added = new LinkedHashMap<>();
    added.put(HeaderColumns.ERROR, error);
    added.put(HeaderColumns.REF, ref);
    String text = String.join("", own);
    String line;
    if (readable) {
      // A line end between members is white space; inside of a string there is none.
      String members = text.replaceAll("[\\r\\n]+", " ").strip();
      members = members.substring(0, members.length() - 1).stripTrailing();
      line = members + (members.equals("{") ? "" : ",") + JsonValues.write(added).substring(1);
    } else {
      added.put(JsonReader.TEXT, text);
      line = JsonValues.write(added);
    }
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void finish() throws IOException {
    try (FileOutputStream closing = out) {
      closing.getFD().sync();
    }
  }
}
