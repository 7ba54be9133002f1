package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a lookup field copies from where.
 *
 * @param app the id of the app it looks into
 * @param keyField the field there that holds the value entered here
 * @param copies the fields here by code, each with the field there that its value comes from
 */
public record Lookup(long app, String keyField, Map<String, String> copies) {

  static @Nullable Lookup of(JsonNode properties) {
    if (!properties.isObject()) {
      return null;
    }
    Map<String, String> copies = new LinkedHashMap<>();
    for (JsonNode mapping : properties.path("fieldMappings")) {
      copies.put(mapping.path("field").asText(), mapping.path("relatedField").asText());
    }
    return new Lookup(
        properties.path("relatedApp").path("app").asLong(),
        properties.path("relatedKeyField").asText(),
        copies);
  }
}
