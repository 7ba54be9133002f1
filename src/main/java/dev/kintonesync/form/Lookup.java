package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a lookup field looks its key up, and what Kintone copies from there.
 *
 * @param app the id of the app that is looked into
 * @param key the code of its field that holds the keys
 * @param copies the codes of the fields that are filled, and of those there that they are copied
 *     from
 */
public record Lookup(String app, String key, Map<String, String> copies) {

  public Lookup {
    copies = Collections.unmodifiableMap(new LinkedHashMap<>(copies));
  }

  /** Reads {@code lookup} of a field's settings; null when it is no lookup field. */
  static @Nullable Lookup of(JsonNode settings) {
    if (!settings.isObject()) {
      return null;
    }
    var copies = new LinkedHashMap<String, String>();
    settings
        .path("fieldMappings")
        .forEach(
            copy -> copies.put(copy.path("field").asText(), copy.path("relatedField").asText()));
    return new Lookup(
        settings.path("relatedApp").path("app").asText(),
        settings.path("relatedKeyField").asText(),
        copies);
  }

  /** The fields of the other app that have to be read in order to know what Kintone would copy. */
  public List<String> fieldsThere() {
    var codes = new LinkedHashSet<>(List.of("$id", key));
    codes.addAll(copies.values());
    return List.copyOf(codes);
  }
}
