package dev.kintonesync.form;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
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

  /**
   * A field as it was.
   *
   * @param required whether it must not be empty
   * @param options what may be chosen; empty where anything may be written
   * @param column the column of the source that filled it as it is; null where none did
   */
  public record Former(
      FieldType type,
      String label,
      boolean required,
      List<String> options,
      @Nullable String column) {

    /** Whether several options may be chosen at once. */
    public boolean isOfSeveral() {
      return type == FieldType.CHECK_BOX || type == FieldType.MULTI_SELECT;
    }
  }

  /**
   * What a form is remembered by, to be read by {@link #read}.
   *
   * @param mapping what filled its fields
   * @param before what was remembered before: a source that lacks a column, such as a few corrected
   *     rows, says nothing of what that column fills; null: nothing was
   */
  public static String text(Form form, Mapping mapping, @Nullable FormerForm before) {
    ObjectNode fields = JSON.createObjectNode();
    for (Field field : form.fields()) {
      put(fields, field.code(), field, mapping.plainColumn(field), before);
      for (Field inner : field.inner().values()) {
        String code = field.code() + "." + inner.code();
        put(fields, code, inner, mapping.plainColumn(field, inner), before);
      }
    }
    return fields.toString();
  }

  private static void put(
      ObjectNode fields,
      String code,
      Field field,
      @Nullable String column,
      @Nullable FormerForm before) {
    Former former = before == null ? null : before.fields().get(code);
    ObjectNode one = fields.putObject(code);
    one.put("type", field.type().name()).put("label", field.label());
    one.put("required", field.required());
    field.options().forEach(one.putArray("options")::add);
    one.put("column", column == null && former != null ? former.column() : column);
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
                        field.getValue().path("label").asText(),
                        field.getValue().path("required").asBoolean(),
                        options(field.getValue().path("options")),
                        field.getValue().path("column").asText(null))));
    return new FormerForm(job, revision, former);
  }

  private static List<String> options(JsonNode listed) {
    var options = new ArrayList<String>();
    listed.forEach(option -> options.add(option.asText()));
    return List.copyOf(options);
  }

  /** The field that a column fills as it is; null when there is none. */
  public @Nullable Former filledBy(String column) {
    return fields.values().stream()
        .filter(field -> column.equals(field.column()))
        .findFirst()
        .orElse(null);
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
