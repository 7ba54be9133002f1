package dev.kintonesync.kintone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One call of Kintone's REST API, as a value: not yet HTTP.
 *
 * @param connection the domain and the caller
 * @param app the app it is about; for a bulkRequest the app of its first request
 * @param verb what it does; a read stays GET here even where it travels as POST
 * @param resource the resource below {@code /k/v1/}, such as {@code records.json}
 * @param payload the parameters as Kintone's JSON
 * @param parts the requests inside a bulkRequest, in order; empty for every other request
 * @param keys how many keys it looks up; 0 for every other request
 * @param file what it uploads; null for every other request
 */
public record KintoneRequest(
    KintoneConnection connection,
    String app,
    Verb verb,
    String resource,
    ObjectNode payload,
    List<KintoneRequest> parts,
    int keys,
    @Nullable Path file) {

  private static final String FILE = "file.json";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The form of an app: its fields as they are live. */
  public static KintoneRequest formFields(KintoneConnection connection, String app) {
    return read(connection, app, "app/form/fields.json", JSON.objectNode().put("app", app));
  }

  /** The settings of an app, of which we need {@code numberPrecision}. */
  public static KintoneRequest appSettings(KintoneConnection connection, String app) {
    return read(connection, app, "app/settings.json", JSON.objectNode().put("app", app));
  }

  /** Up to 500 records that match a query, with only the fields named, or with all of them. */
  public static KintoneRequest getRecords(
      KintoneConnection connection, String app, String query, List<String> fields) {
    var payload = JSON.objectNode().put("app", app).put("query", query);
    if (!fields.isEmpty()) {
      var codes = payload.putArray("fields");
      fields.forEach(codes::add);
    }
    return read(connection, app, "records.json", payload);
  }

  /** As {@link #getRecords}, and the answer says how many records fulfil the condition. */
  public static KintoneRequest countRecords(
      KintoneConnection connection, String app, String query, List<String> fields) {
    var counted = getRecords(connection, app, query, fields);
    counted.payload.put("totalCount", true);
    return counted;
  }

  /**
   * A key lookup: the records whose field has one of the values.
   *
   * @param andOnly a condition that they must fulfil besides, such as {@code and (...)}, or nothing
   * @param limit records in the answer, at the most
   */
  public static KintoneRequest lookUp(
      KintoneConnection connection,
      String app,
      String field,
      List<String> values,
      String andOnly,
      int limit,
      List<String> fields) {
    String query = Query.in(field, values) + andOnly + " limit " + limit;
    var read = getRecords(connection, app, query, fields);
    return new KintoneRequest(
        connection, app, Verb.GET, read.resource, read.payload, List.of(), values.size(), null);
  }

  /** Adds up to 100 records, each {@code {"CODE": {"value": ...}}}. */
  public static KintoneRequest addRecords(
      KintoneConnection connection, String app, Iterable<? extends JsonNode> records) {
    return write(connection, app, Verb.POST, records);
  }

  /** Updates up to 100 records, each {@code {"id":, "revision":, "record": {...}}}. */
  public static KintoneRequest updateRecords(
      KintoneConnection connection, String app, Iterable<? extends JsonNode> records) {
    return write(connection, app, Verb.PUT, records);
  }

  /**
   * Inserts or updates up to 100 records by a unique field, each {@code {"updateKey": {"field":,
   * "value":}, "record": {...}}} with the key field not in the record. The answer says which of
   * them it has inserted.
   */
  public static KintoneRequest upsertRecords(
      KintoneConnection connection, String app, Iterable<? extends JsonNode> records) {
    var request = write(connection, app, Verb.PUT, records);
    request.payload.put("upsert", true);
    return request;
  }

  /** Deletes up to 100 records, unless they were saved since they were read. */
  public static KintoneRequest deleteRecords(
      KintoneConnection connection, String app, List<KintoneRecord> records) {
    var payload = JSON.objectNode().put("app", app);
    var ids = payload.putArray("ids");
    var revisions = payload.putArray("revisions");
    records.forEach(record -> ids.add(record.id()));
    records.forEach(record -> revisions.add(record.revision()));
    return new KintoneRequest(
        connection, app, Verb.DELETE, "records.json", payload, List.of(), 0, null);
  }

  /**
   * Uploads a file, which is then attached to a record by the {@code fileKey} of the answer. The
   * answer of a sent file also has the {@code sha256} of what was sent.
   *
   * @param app the app that the file is meant for
   * @param name the file's name in Kintone
   */
  public static KintoneRequest upload(
      KintoneConnection connection, String app, String name, Path file) {
    var payload = JSON.objectNode().put("name", name);
    return new KintoneRequest(connection, app, Verb.POST, FILE, payload, List.of(), 0, file);
  }

  /**
   * Downloads a file of a record, of which nothing is kept: the answer is its {@code sha256}.
   *
   * @param fileKey as the record has it
   */
  public static KintoneRequest download(KintoneConnection connection, String app, String fileKey) {
    return read(connection, app, FILE, JSON.objectNode().put("fileKey", fileKey));
  }

  /**
   * Any call that writes.
   *
   * @param resource the resource below {@code /k/v1/}
   * @param payload its parameters, {@code app} among them
   */
  public static KintoneRequest operation(
      KintoneConnection connection, Verb verb, String resource, ObjectNode payload) {
    return new KintoneRequest(
        connection, payload.path("app").asText(), verb, resource, payload, List.of(), 0, null);
  }

  /**
   * This request and another one in one bulkRequest: one transaction, carried out in order. Kintone
   * takes {@link Limits#REQUESTS_PER_BULK} of them.
   */
  public KintoneRequest and(KintoneRequest next) {
    var all = new ArrayList<>(isBulk() ? parts : List.of(this));
    all.add(next);
    var payload = JSON.objectNode();
    var requests = payload.putArray("requests");
    for (var part : all) {
      requests
          .addObject()
          .put("method", part.verb.name())
          .put("api", connection.path(part.resource))
          .set("payload", part.payload);
    }
    return new KintoneRequest(
        connection, app, Verb.POST, "bulkRequest.json", payload, List.copyOf(all), 0, null);
  }

  /** Whether it may be sent again without a look at what became of it. */
  public boolean isRead() {
    return verb == Verb.GET;
  }

  /**
   * Whether its parameters stand in the address: a read of a file, or of anything but records.
   * Proxies write addresses into their logs, so that nothing of a record gets into one.
   */
  public boolean isAddressed() {
    return isRead() && !resource.startsWith("record");
  }

  /**
   * Whether it travels as a POST that says in the header {@code X-HTTP-Method-Override} what it is:
   * the keys of a key lookup would not fit into an address, and proxies may drop the body of a
   * DELETE.
   */
  public boolean isOverridden() {
    return verb == Verb.DELETE || (isRead() && !isAddressed());
  }

  /** The parameters as they stand in an address, after the question mark. */
  public String query() {
    var pairs = new ArrayList<String>();
    for (var parameter : payload.properties()) {
      String name = parameter.getKey();
      JsonNode value = parameter.getValue();
      for (int place = 0; place < value.size(); place++) {
        pairs.add(pair(name + "[" + place + "]", value.get(place)));
      }
      if (!value.isArray()) {
        pairs.add(pair(name, value));
      }
    }
    return String.join("&", pairs);
  }

  private static String pair(String name, JsonNode value) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        + "="
        + URLEncoder.encode(value.asText(), StandardCharsets.UTF_8);
  }

  /** Whether it sends a file. */
  public boolean isUpload() {
    return file != null;
  }

  /** Whether it fetches a file. */
  public boolean isDownload() {
    return isRead() && resource.equals(FILE);
  }

  /** Whether it leaves all records as they are: a read, or an upload that no record has yet. */
  public boolean changesNothing() {
    return isRead() || isUpload();
  }

  /** Whether it is a bulkRequest, which Kintone may take minutes to carry out. */
  public boolean isBulk() {
    return !parts.isEmpty();
  }

  /** How many records it adds, updates or deletes. */
  public int records() {
    return isBulk()
        ? parts.stream().mapToInt(KintoneRequest::records).sum()
        : payload.path("records").size() + payload.path("ids").size();
  }

  /** How many calls Kintone counts for it against the day: a bulkRequest counts by its parts. */
  public int counted() {
    return Math.max(1, parts.size());
  }

  /**
   * Whether the JSON of a successful answer is one to this request. A proxy may also answer 200,
   * with JSON of its own.
   */
  public boolean isAnsweredBy(JsonNode body) {
    if (isBulk()) {
      JsonNode results = body.path("results");
      return results.isArray()
          && results.size() == parts.size()
          && IntStream.range(0, parts.size())
              .allMatch(part -> parts.get(part).isAnsweredBy(results.get(part)));
    }
    if (isUpload()) {
      return body.path("fileKey").isTextual();
    }
    return switch (resource) {
      case "records.json" ->
          switch (verb) {
            case GET, PUT -> body.path("records").isArray();
            case POST -> body.path("ids").isArray();
            case DELETE -> body.isObject() && body.isEmpty();
          };
      case "app/form/fields.json" -> !isRead() || body.path("properties").isObject();
      default -> body.isObject() && !body.has("message");
    };
  }

  private static KintoneRequest read(
      KintoneConnection connection, String app, String resource, ObjectNode payload) {
    return new KintoneRequest(connection, app, Verb.GET, resource, payload, List.of(), 0, null);
  }

  private static KintoneRequest write(
      KintoneConnection connection, String app, Verb verb, Iterable<? extends JsonNode> records) {
    var payload = JSON.objectNode().put("app", app);
    var list = payload.putArray("records");
    records.forEach(list::add);
    return new KintoneRequest(connection, app, verb, "records.json", payload, List.of(), 0, null);
  }

  /** Names the call without its content, for logs. */
  @Override
  public String toString() {
    return verb + " " + resource + " (app " + app + (isBulk() ? ", x " + parts.size() : "") + ")";
  }
}
