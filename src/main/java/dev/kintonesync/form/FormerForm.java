package dev.kintonesync.form;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields that an app had when a job last ran well: by it one can tell a field that somebody has
 * removed from a code that was never one.
 *
 * @param job the job's name
 * @param revision of the form at that time
 * @param fields by code
 */
public record FormerForm(String job, long revision, Map<String, Former> fields) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A field as it was. */
  public record Former(FieldType type, String label) {}

  /** What a form is remembered by, to be read by {@link #read}. */
  public static String text(Form form) {
    ObjectNode fields = JSON.createObjectNode();
    for (Field field : form.fields()) {
      fields.putObject(field.code()).put("type", field.type().name()).put("label", field.label());
    }
    return fields.toString();
  }

  /** Reads what {@link #text} wrote; null for anything else. */
  public static @Nullable FormerForm read(String job, long revision, String text) {
    JsonNode fields;
    try {
      fields = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
    var former = new LinkedHashMap<String, Former>();
    fields
        .properties()
        .forEach(
            field ->
                former.put(
                    field.getKey(),
                    new Former(
                        FieldType.of(field.getValue().path("type").asText()),
                        field.getValue().path("label").asText())));
    return new FormerForm(job, revision, former);
  }

  /**
   * What to tell whoever names a field that the app has no more; null when it never had it.
   *
   * @param column the column that goes to it, or null
   */
  @Nullable UserMessage gone(String code, @Nullable String column, Form now) {
    Former former = fields.get(code);
    if (former == null || now.field(code) != null) {
      return null;
    }
    List<Field> added =
        now.fields().stream()
            .filter(field -> field.writable() && !fields.containsKey(field.code()))
            .toList();
    List<Field> alike = added.stream().filter(field -> field.type() == former.type()).toList();
    if (alike.size() == 1) {
      Field likely = alike.get(0);
      return MessageCode.FIELD_GONE_LIKELY.with(
          code,
          now.app(),
          now.revision(),
          revision,
          likely.code(),
          likely.label(),
          (column == null ? code : column) + "=" + likely.code(),
          job);
    }
    return added.isEmpty()
        ? MessageCode.FIELD_GONE.with(code, now.app(), now.revision(), revision, job)
        : MessageCode.FIELD_GONE_AMONG.with(
            code, now.app(), now.revision(), revision, Form.names(added), job);
  }
}
