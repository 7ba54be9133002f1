package dev.kintonesync.camel.kamelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the records of an app tell of operations whose answer was lost. The operations of a message
 * are one transaction: what is certain of one of them is certain of all.
 */
final class Evidence {
  private final OnceOperations operations;
  private final Map<String, Long> revisions;
  private final FoundOutcome found;

  private boolean certain;
  private boolean asWanted;
  private boolean otherwise;
  private boolean repeatable;

  /** Whether operations were carried out. */
  enum Verdict {
    DONE,
    NOT_DONE,
    UNKNOWN
  }

  /**
   * What is known.
   *
   * @param revisions for which the operations were sent, by record
   * @param found what Kintone holds now
   */
  Evidence(OnceOperations operations, Map<String, Long> revisions, FoundOutcome found) {
    this.operations = operations;
    this.revisions = revisions;
    this.found = found;
  }

  Verdict verdict() {
    for (var request : operations.requests()) {
      if (isUntouched(request)) {
        return Verdict.NOT_DONE;
      }
    }
    if (certain) {
      return Verdict.DONE;
    }
    if (otherwise || (asWanted && repeatable)) {
      return Verdict.UNKNOWN;
    }
    return asWanted ? Verdict.DONE : Verdict.NOT_DONE;
  }

  /** Whether it was certainly not carried out; else something is learnt from it. */
  private boolean isUntouched(KintoneRequest request) {
    for (var record : OnceOperations.addedBy(request)) {
      String ownId = record.path(operations.idField()).path("value").asText();
      if (operations.idField().isEmpty()) {
        otherwise = true;
      } else if (found.added(request.app(), ownId) == null) {
        return true;
      } else {
        certain = true; // nobody else gives a record this id
      }
    }
    for (var named : OnceOperations.named(request)) {
      var record = found.byId(named.app(), named.id());
      boolean deletes = request.verb() == Verb.DELETE;
      long before = revisions.getOrDefault(named.place(), -1L);
      if (record == null) {
        boolean gone = deletes && before >= 0;
        asWanted |= gone;
        otherwise |= !gone;
      } else if (deletes || FoundOutcome.revision(record) == before) {
        return true;
      }
    }
    for (var change : OnceOperations.changedBy(request)) {
      var record = found.byId(request.app(), change.path("id").asText());
      if (!change.has("id")) {
        repeatable = true;
      } else if (record != null) {
        boolean same = isAsWanted(request, change, record);
        asWanted |= same;
        otherwise |= !same;
      }
    }
    return false;
  }

  private boolean isAsWanted(KintoneRequest request, JsonNode change, JsonNode record) {
    if (request.resource().endsWith("status.json")) {
      String status = ofType(record, "STATUS").asText();
      for (JsonNode action : found.process(request.app()).path("actions")) {
        if (action.path("name").equals(change.path("action"))
            && action.path("to").asText().equals(status)) {
          return true;
        }
      }
      return false;
    }
    if (request.resource().endsWith("assignees.json")) {
      var wanted = new TreeSet<String>();
      change.path("assignees").forEach(code -> wanted.add(code.asText()));
      var held = new TreeSet<String>();
      ofType(record, "STATUS_ASSIGNEE").forEach(user -> held.add(user.path("code").asText()));
      return wanted.equals(held);
    }
    return holds(record, change.path("record"));
  }

  private static JsonNode ofType(JsonNode record, String type) {
    for (JsonNode field : record) {
      if (field.path("type").asText().equals(type)) {
        return field.path("value");
      }
    }
    return JsonNodeFactory.instance.missingNode();
  }

  /** Whether all that is wanted is held; in doubt it is not. */
  private static boolean holds(@Nullable JsonNode held, JsonNode wanted) {
    if (held == null) {
      return false;
    }
    if (wanted.isObject()) {
      return wanted.properties().stream()
          .allMatch(field -> holds(held.get(field.getKey()), field.getValue()));
    }
    if (wanted.isArray()) {
      if (held.size() != wanted.size()) {
        return false;
      }
      for (int at = 0; at < wanted.size(); at++) {
        if (!holds(held.get(at), wanted.get(at))) {
          return false;
        }
      }
      return true;
    }
    return text(held).equals(text(wanted));
  }

  private static String text(JsonNode value) {
    return value.isNull() ? "" : value.asText();
  }

  /** What Kintone would have answered, as far as its records tell. */
  ObjectNode answer() {
    var answer = JsonNodeFactory.instance.objectNode();
    var results = answer.putArray("results");
    for (var request : operations.requests()) {
      results.add(result(request));
    }
    boolean single = results.size() == 1;
    return single && results.get(0) instanceof ObjectNode only ? only : answer;
  }

  private ObjectNode result(KintoneRequest request) {
    var result = JsonNodeFactory.instance.objectNode();
    boolean several = request.resource().startsWith("records");
    if (request.verb() == Verb.POST) {
      addedRecords(request, result, several);
    } else if (request.verb() == Verb.PUT && several) {
      ArrayNode records = result.putArray("records");
      for (var named : OnceOperations.named(request)) {
        var each = records.addObject().put("id", named.id());
        each.put("revision", String.valueOf(found.revision(named.app(), named.id())));
      }
    } else if (request.verb() == Verb.PUT) {
      for (var named : OnceOperations.named(request)) {
        result.put("revision", String.valueOf(found.revision(named.app(), named.id())));
      }
    }
    return result;
  }

  private void addedRecords(KintoneRequest request, ObjectNode result, boolean several) {
    for (var added : OnceOperations.addedBy(request)) {
      String ownId = added.path(operations.idField()).path("value").asText();
      var record = found.added(request.app(), ownId);
      if (record == null) {
        continue;
      }
      String id = record.path("$id").path("value").asText();
      String revision = String.valueOf(FoundOutcome.revision(record));
      if (several) {
        result.withArray("/ids").add(id);
        result.withArray("/revisions").add(revision);
      } else {
        result.put("id", id).put("revision", revision);
      }
    }
  }
}
