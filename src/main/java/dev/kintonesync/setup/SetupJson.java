package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.Form;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What views of the setup have in common as JSON, in the language of who looks. */
final class SetupJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private SetupJson() {}

  static ObjectNode object() {
    return JSON.objectNode();
  }

  /** A view that has only this to say. */
  static ObjectNode problem(Problem problem, MessageBundle bundle) {
    return (ObjectNode) object().set("problem", json(problem, bundle));
  }

  static ObjectNode json(Problem problem, MessageBundle bundle) {
    return object()
        .put("property", problem.property())
        .put("message", bundle.say(problem.message()));
  }

  static ArrayNode names(Collection<String> names) {
    var array = JSON.arrayNode();
    names.forEach(array::add);
    return array;
  }

  static ArrayNode sentences(List<UserMessage> messages, MessageBundle bundle) {
    return names(messages.stream().map(bundle::say).toList());
  }

  /** The fields of a form, those of a table behind it. */
  static ArrayNode fields(Form form) {
    var array = JSON.arrayNode();
    for (Field field : form.fields()) {
      array.add(field(field, null));
      field.inner().values().forEach(inner -> array.add(field(inner, field.code())));
    }
    return array;
  }

  private static ObjectNode field(Field field, @Nullable String table) {
    var json =
        object()
            .put("code", field.code())
            .put("label", field.label())
            .put("type", field.type().name())
            .put("required", field.required())
            .put("unique", field.unique())
            .put("writable", field.writable())
            .put("table", table);
    json.set("choices", names(field.options()));
    return json;
  }

  /** A value as people read it: a list of names, a user, a file, a row of a table; null: none. */
  static @Nullable String shown(@Nullable JsonNode value) {
    if (value == null || value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (value.isArray()) {
      return String.join(
          value.path(0).path("value").isObject() ? "\n" : ", ",
          StreamSupport.stream(value.spliterator(), false)
              .map(each -> String.valueOf(shown(each)))
              .toList());
    }
    if (value.path("value").isObject()) {
      var cells = new ArrayList<String>();
      value.path("value").forEach(cell -> cells.add(Objects.toString(shown(cell), "")));
      return String.join(" | ", cells);
    }
    for (String name : List.of("code", "name", "value")) {
      if (value.path(name).isValueNode()) {
        return value.path(name).asText();
      }
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
