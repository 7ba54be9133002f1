package dev.kintonesync.camel.kamelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Kintone holds of the records that operations are about, as it was answered. */
final class FoundOutcome {
  private final Map<String, JsonNode> byId = new HashMap<>();
  private final Map<String, JsonNode> added = new HashMap<>();
  private final Map<String, JsonNode> processes = new HashMap<>();

  /** Takes the answer to the next key lookup. */
  void learn(OnceOperations.Question question, String idField, JsonNode answer) {
    String app = question.app();
    switch (question.kind()) {
      case PROCESS -> processes.put(app, answer);
      case BY_ID -> {
        for (JsonNode record : answer.path("records")) {
          byId.put(OnceOperations.Named.place(app, value(record, "$id")), record);
        }
      }
      case ADDED -> {
        for (JsonNode record : answer.path("records")) {
          added.put(OnceOperations.Named.place(app, value(record, idField)), record);
        }
      }
      case FORM -> {} // says nothing of records
    }
  }

  private static String value(JsonNode record, String field) {
    return record.path(field).path("value").asText();
  }

  /** A record by its id; null when it is not there, or may not be seen. */
  @Nullable JsonNode byId(String app, String id) {
    return byId.get(OnceOperations.Named.place(app, id));
  }

  /** A record by the id that we gave it; null when it is not there. */
  @Nullable JsonNode added(String app, String ownId) {
    return added.get(OnceOperations.Named.place(app, ownId));
  }

  /** The revision of a record; -1 when it is not there. */
  long revision(String app, String id) {
    var record = byId(app, id);
    return record == null ? -1 : revision(record);
  }

  static long revision(JsonNode record) {
    return record.path("$revision").path("value").asLong(-1);
  }

  /** The process of an app, as {@code app/status.json} answers. */
  JsonNode process(String app) {
    return processes.getOrDefault(app, MissingNode.getInstance());
  }
}
