package dev.kintonesync.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldDigest;
import dev.kintonesync.form.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan document says before its changes: which plan it is, for which app it was made, and
 * what must still hold when it is applied.
 *
 * @param plan the plan's id, by which it is known once it is applied
 * @param undoes the run that the plan takes back; null of any other plan
 * @param program the version of the program that made it
 * @param job the job's name
 * @param source what was read, as a person would name it
 * @param domain the address of Kintone
 * @param app the id of the app
 * @param updateKey the code of the field that identifies records
 * @param formRevision the revision of the form
 * @param fields the codes of the fields that the plan writes, with their {@link FieldDigest}
 * @param complete whether the run that made it came to the end of its source
 * @param changes how many changes follow
 */
public record PlanHeader(
    String plan,
    @Nullable String undoes,
    String program,
    String job,
    String source,
    String domain,
    String app,
    String updateKey,
    long formRevision,
    Map<String, String> fields,
    boolean complete,
    long changes) {

  /** What stands in {@code schema} of every plan document. */
  public static final String SCHEMA = "kintone-sync/plan";

  /** The form of the document; it grows when a reader would have to change. */
  public static final int SCHEMA_VERSION = 1;

  /** The digests of fields of a form, by their codes; a code that it does not have is left out. */
  public static Map<String, String> digests(Form form, Iterable<String> codes) {
    var digests = new LinkedHashMap<String, String>();
    for (String code : codes) {
      Field field = form.field(code);
      if (field != null) {
        digests.put(code, FieldDigest.of(field));
      }
    }
    return digests;
  }

  /** The fields that are not in a form as they were when the plan was made. */
  public List<String> changedIn(Form form) {
    var changed = new ArrayList<String>();
    if (form.revision() != formRevision) {
      var now = digests(form, fields.keySet());
      fields.forEach(
          (code, digest) -> {
            if (!digest.equals(now.get(code))) {
              changed.add(code);
            }
          });
    }
    return changed;
  }

  /** Returns this header for a number of changes that write these fields. */
  PlanHeader with(Map<String, String> written, long number) {
    return new PlanHeader(
        plan,
        undoes,
        program,
        job,
        source,
        domain,
        app,
        updateKey,
        formRevision,
        written,
        complete,
        number);
  }

  /** Returns it as the first members of the document. */
  ObjectNode json() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("schema", SCHEMA);
    json.put("version", SCHEMA_VERSION);
    json.put("plan", plan);
    if (undoes != null) {
      json.put("undoes", undoes);
    }
    json.put("program", program);
    json.put("job", job);
    json.put("source", source);
    json.put("domain", domain);
    json.put("app", app);
    json.put("updateKey", updateKey);
    json.put("complete", complete);
    json.put("changeCount", changes);
    var form = json.putObject("form");
    form.put("revision", formRevision);
    var digests = form.putObject("fields");
    fields.forEach(digests::put);
    return json;
  }

  /** Reads what {@link #json} returned. */
  static PlanHeader of(JsonNode json) {
    var fields = new LinkedHashMap<String, String>();
    json.path("form")
        .path("fields")
        .properties()
        .forEach(field -> fields.put(field.getKey(), field.getValue().asText()));
    return new PlanHeader(
        json.path("plan").asText(),
        json.path("undoes").asText(null),
        json.path("program").asText(),
        json.path("job").asText(),
        json.path("source").asText(),
        json.path("domain").asText(),
        json.path("app").asText(),
        json.path("updateKey").asText(),
        json.path("form").path("revision").asLong(),
        fields,
        json.path("complete").asBoolean(),
        json.path("changeCount").asLong(-1));
  }
}
