package dev.kintonesync.kintone;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A record as Kintone holds it, read with {@code $id} and {@code $revision}.
 *
 * @param id the value of {@code $id}
 * @param revision the value of {@code $revision}
 * @param cells field code to {@code {"type":, "value":}}
 */
public record KintoneRecord(String id, long revision, JsonNode cells) {

  /** Reads one element of {@code records} of an answer. */
  public static KintoneRecord of(JsonNode cells) {
    return new KintoneRecord(
        cells.path("$id").path("value").asText(),
        cells.path("$revision").path("value").asLong(),
        cells);
  }

  /** Whether it comes after the record of an id, in the order of ids. */
  public boolean isAfter(String other) {
    return isId(id) && (!isId(other) || Long.parseLong(id) > Long.parseLong(other));
  }

  private static boolean isId(String text) {
    return text.matches("[0-9]{1,18}");
  }

  /** The value of a field, or null when the record does not show the field. */
  public @Nullable JsonNode value(String code) {
    JsonNode cell = cells.get(code);
    return cell == null ? null : cell.get("value");
  }

  /** The login name of the person or program that saved it last; null when not read. */
  public @Nullable String modifier() {
    for (JsonNode cell : cells) {
      if (cell.path("type").asText().equals("MODIFIER")) {
        return cell.path("value").path("code").asText(null);
      }
    }
    return null;
  }
}
