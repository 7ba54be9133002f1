package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Access;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.Permission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What can be read of an app's design but not changed here: {@code form.json}, the older way to the
 * fields, and the views and customisation as a new app has them.
 */
final class DesignCalls {
  /** The properties that {@code form.json} answers as null where they are not set. */
  private static final Set<String> LIMITS =
      Set.of("maxLength", "minLength", "maxValue", "minValue");

  private DesignCalls() {}

  static JsonNode form(Call call) {
    return live(
        call,
        app -> form(app.design(), call.permissionView(app).hidden()),
        Permission.VIEW,
        Permission.ADD);
  }

  static JsonNode previewForm(Call call) {
    return preview(call, design -> form(design, Set.of()));
  }

  static JsonNode views(Call call) {
    checkLanguage(call);
    return live(
        call, app -> views(app.design()), Permission.VIEW, Permission.ADD, Permission.ADMIN);
  }

  static JsonNode previewViews(Call call) {
    checkLanguage(call);
    return preview(call, DesignCalls::views);
  }

  static JsonNode customization(Call call) {
    return live(call, app -> customization(app.design()), Permission.VIEW, Permission.ADMIN);
  }

  static JsonNode previewCustomization(Call call) {
    return preview(call, DesignCalls::customization);
  }

  /** Answers by what is live of an app, for who has one of these permissions. */
  static JsonNode live(
      Call call, Function<Access.Live, ObjectNode> answer, Permission... permissions) {
    long app = app(call);
    return call.read(() -> answer.apply(call.access().liveToAny(app, permissions)));
  }

  /** Answers by the draft of an app. */
  static JsonNode preview(Call call, Function<Design, ObjectNode> answer) {
    long app = app(call);
    return call.read(() -> answer.apply(call.access().preview(app).preview()));
  }

  private static long app(Call call) {
    Params params = call.params();
    long app = params.id("app");
    params.check();
    return app;
  }

  static void checkLanguage(Call call) {
    Params params = call.params();
    params.language();
    params.check();
  }

  static ObjectNode withRevision(ObjectNode answer, Design design) {
    return answer.put("revision", Long.toString(design.revision()));
  }

  private static ObjectNode views(Design design) {
    ObjectNode answer = Reply.object();
    answer.putObject("views");
    return withRevision(answer, design);
  }

  private static ObjectNode customization(Design design) {
    ObjectNode answer = Reply.object();
    for (String device : List.of("desktop", "mobile")) {
      ObjectNode files = answer.putObject(device);
      files.putArray("js");
      files.putArray("css");
    }
    return withRevision(answer.put("scope", "ALL"), design);
  }

  private static ObjectNode form(Design design, Set<String> hidden) {
    ObjectNode answer = Reply.object();
    ArrayNode properties = answer.putArray("properties");
    for (FormField field : design.form().fields()) {
      if (!hidden.contains(field.code()) && field.type().shape() != FieldType.Shape.PROCESS) {
        properties.add(flat(field));
      }
    }
    return answer;
  }

  /** The properties of a field with yes and no as texts, and options as names. */
  private static ObjectNode flat(FormField field) {
    ObjectNode flat = Reply.object();
    for (Map.Entry<String, JsonNode> property : field.properties().properties()) {
      String name = property.getKey();
      JsonNode value = property.getValue();
      switch (name) {
        case "options" -> names(value).forEach(flat.putArray(name)::add);
        case "fields" -> {
          ArrayNode inner = flat.putArray(name);
          field.inner().values().forEach(one -> inner.add(flat(one)));
        }
        default -> {
          if (value.isBoolean()) {
            flat.put(name, value.asText());
          } else if (LIMITS.contains(name) && value.asText().isEmpty()) {
            flat.putNull(name);
          } else {
            flat.set(name, value);
          }
        }
      }
    }
    return flat;
  }

  private static List<String> names(JsonNode options) {
    List<Map.Entry<String, JsonNode>> ordered = new ArrayList<>(options.properties());
    ordered.sort(Comparator.comparingInt(option -> option.getValue().path("index").asInt()));
    return ordered.stream().map(Map.Entry::getKey).toList();
  }
}
