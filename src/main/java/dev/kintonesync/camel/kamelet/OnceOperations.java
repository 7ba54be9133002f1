package dev.kintonesync.camel.kamelet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Attachments;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Query;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The operations of one message in a form that Kintone itself refuses to carry out a second time:
 * what is added has a unique id in a field, what is changed or deleted is named with the revision
 * that it had. So they may be sent again even while Kintone still works on an earlier attempt.
 */
final class OnceOperations {
  /** In any order of its keys, a Map is the same operation. */
  private static final ObjectMapper SORTED =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /** The longest text that a field takes which prohibits duplicate values. */
  private static final int LONGEST_UNIQUE = 64;

  private static final int AT_A_TIME = 100;

  private final KintoneConnection connection;
  private final String idField;
  private final String digest;
  private final List<KintoneRequest> requests;

  /** The ids of the added records, by app, in order. */
  private final Map<String, List<String>> added = new LinkedHashMap<>();

  /** A question to Kintone, and of what it is. */
  record Question(Kind kind, String app, KintoneRequest request) {}

  /** What is asked for. */
  enum Kind {
    FORM,
    PROCESS,
    BY_ID,
    ADDED
  }

  /** One record that an operation names by its id. */
  record Named(String app, String id, long revision) {
    String place() {
      return place(app, id);
    }

    static String place(String app, String id) {
      return app + "/" + id;
    }
  }

  /**
   * The operations of a message.
   *
   * @param requests as the message has them
   * @param id tells the message from all others
   * @param idField the field for the id of an added record; empty: none
   */
  OnceOperations(
      KintoneConnection connection, List<KintoneRequest> requests, String id, String idField) {
    this.connection = connection;
    this.idField = idField;
    this.digest = digest(requests);
    this.requests = requests;
    if (!idField.isEmpty()) {
      giveIds(id);
    }
  }

  private static String digest(List<KintoneRequest> requests) {
    try {
      var said = new ArrayList<Object>();
      for (var request : requests) {
        said.add(request.verb() + " " + request.resource());
        said.add(SORTED.treeToValue(request.payload(), Object.class));
      }
      return hash(SORTED.writeValueAsString(said));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String hash(String text) {
    var bytes = Attachments.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(bytes);
  }

  private void giveIds(String id) {
    int number = 0;
    for (var request : requests) {
      for (ObjectNode record : addedBy(request)) {
        if (record.has(idField)) {
          throw new UserErrorException(MessageCode.OPERATION_ID_FIELD_FILLED.with(idField));
        }
        number++;
        String own = number == 1 ? id : id + "#" + number;
        own = own.length() > LONGEST_UNIQUE ? hash(own) : own;
        record.putObject(idField).put("value", own);
        added.computeIfAbsent(request.app(), app -> new ArrayList<>()).add(own);
      }
    }
  }

  /** The records that a request adds. */
  static List<ObjectNode> addedBy(KintoneRequest request) {
    if (request.verb() != Verb.POST) {
      return List.of();
    }
    if (request.resource().equals("record.json")) {
      return List.of(request.payload().withObject("/record"));
    }
    return objects(request.payload().path("records"));
  }

  /** The parts of a request that change one record each, named by its id or by a key. */
  static List<ObjectNode> changedBy(KintoneRequest request) {
    if (request.verb() != Verb.PUT) {
      return List.of();
    }
    return request.resource().startsWith("records")
        ? objects(request.payload().path("records"))
        : List.of(request.payload());
  }

  private static List<ObjectNode> objects(JsonNode list) {
    var objects = new ArrayList<ObjectNode>();
    list.forEach(
        each -> {
          if (each instanceof ObjectNode object) {
            objects.add(object);
          }
        });
    return objects;
  }

  /** The records that a request names by their ids; the revision is -1 where it names none. */
  static List<Named> named(KintoneRequest request) {
    var named = new ArrayList<Named>();
    for (ObjectNode change : changedBy(request)) {
      if (change.has("id")) {
        named.add(
            new Named(
                request.app(), change.path("id").asText(), change.path("revision").asLong(-1)));
      }
    }
    if (request.verb() == Verb.DELETE) {
      JsonNode revisions = request.payload().path("revisions");
      int at = 0;
      for (JsonNode id : request.payload().path("ids")) {
        named.add(new Named(request.app(), id.asText(), revisions.path(at++).asLong(-1)));
      }
    }
    return named;
  }

  String digest() {
    return digest;
  }

  String idField() {
    return idField;
  }

  List<KintoneRequest> requests() {
    return requests;
  }

  /** The ids of the records that are added to an app, in order. */
  List<String> added(String app) {
    return added.getOrDefault(app, List.of());
  }

  /** The apps that get records with ids. */
  Set<String> appsOfAdded() {
    return added.keySet();
  }

  /** What must be known before they are sent for the first time. */
  List<Question> before(Set<String> fitApps) {
    var questions = new ArrayList<Question>();
    for (String app : appsOfAdded()) {
      if (!fitApps.contains(app)) {
        questions.add(new Question(Kind.FORM, app, KintoneRequest.formFields(connection, app)));
      }
    }
    var open = new ArrayList<Named>();
    var seen = new HashSet<String>();
    for (var request : requests) {
      for (Named each : named(request)) {
        if (seen.add(each.place()) && each.revision() < 0) {
          open.add(each);
        }
      }
    }
    byId(open, List.of("$id", "$revision"), questions);
    return questions;
  }

  /** What tells whether they were carried out. */
  List<Question> after() {
    var questions = new ArrayList<Question>();
    var all = new ArrayList<Named>();
    var processes = new LinkedHashSet<String>();
    for (var request : requests) {
      all.addAll(named(request));
      if (request.resource().endsWith("status.json")) {
        processes.add(request.app());
      }
    }
    byId(all, List.of(), questions);
    for (String app : processes) {
      var payload = SORTED.createObjectNode().put("app", app);
      questions.add(
          new Question(
              Kind.PROCESS,
              app,
              KintoneRequest.operation(connection, Verb.GET, "app/status.json", payload)));
    }
    added.forEach(
        (app, ids) -> {
          for (var some : portions(ids)) {
            String query = Query.in(idField, some) + " limit 500";
            var fields = List.of("$id", "$revision", idField);
            questions.add(
                new Question(
                    Kind.ADDED, app, KintoneRequest.getRecords(connection, app, query, fields)));
          }
        });
    return questions;
  }

  private void byId(List<Named> named, List<String> fields, List<Question> questions) {
    var ids = new LinkedHashMap<String, Set<String>>();
    for (Named each : named) {
      ids.computeIfAbsent(each.app(), app -> new LinkedHashSet<>()).add(each.id());
    }
    ids.forEach(
        (app, all) -> {
          for (var some : portions(List.copyOf(all))) {
            String query = Query.in("$id", some) + " limit 500";
            questions.add(
                new Question(
                    Kind.BY_ID, app, KintoneRequest.getRecords(connection, app, query, fields)));
          }
        });
  }

  private static List<List<String>> portions(List<String> all) {
    var portions = new ArrayList<List<String>>();
    for (int from = 0; from < all.size(); from += AT_A_TIME) {
      portions.add(all.subList(from, Math.min(all.size(), from + AT_A_TIME)));
    }
    return portions;
  }

  /** The revisions for which they are sent, by record: their own, and those read before. */
  Map<String, Long> revisions(FoundOutcome found) {
    var revisions = new HashMap<String, Long>();
    for (var request : requests) {
      for (Named each : named(request)) {
        long revision =
            each.revision() < 0 ? found.revision(each.app(), each.id()) : each.revision();
        revisions.putIfAbsent(each.place(), revision);
      }
    }
    return revisions;
  }

  /**
   * As one request: the first operation on each record names its revision. Those behind it stand in
   * the same transaction.
   */
  KintoneRequest request(Map<String, Long> revisions) {
    var seen = new HashSet<String>();
    for (var request : requests) {
      for (ObjectNode change : changedBy(request)) {
        String place = Named.place(request.app(), change.path("id").asText());
        long revision = revisions.getOrDefault(place, -1L);
        if (change.has("id") && seen.add(place) && revision >= 0) {
          change.put("revision", revision);
        }
      }
      if (request.verb() == Verb.DELETE) {
        var named = named(request);
        ArrayNode all = request.payload().putArray("revisions");
        for (Named each : named) {
          boolean first = seen.add(each.place());
          all.add(first ? revisions.getOrDefault(each.place(), -1L) : each.revision());
        }
      }
    }
    return requests.stream().reduce(KintoneRequest::and).orElseThrow();
  }
}
