package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.state.AppForm;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import java.util.Map;
import java.util.Set;

/** Changes the process of an app, as {@code preview/app/status.json} does. */
public final class ProcessDesigner {
  private static final Set<String> TYPES = Set.of("ONE", "ALL", "ANY");

  private ProcessDesigner() {}

  /**
   * A design with a changed process. States that are given replace all that were there; with them a
   * state's assignee may be left out, and is then nobody. Each is given under the name that it had,
   * and may have another one from then on. Actions that stay lead from and to the states by their
   * new names; those of a state that is gone are gone too.
   */
  public static Design change(Design design, Params params) {
    ObjectNode process = design.process().deepCopy();
    if (params.has("enable")) {
      process.put("enable", params.flag("enable"));
    }
    if (params.has("states")) {
      ObjectNode given = states(params);
      process.set("actions", remaining(process.path("actions"), given));
      process.set("states", byName(params, given));
    }
    if (params.has("actions")) {
      process.set("actions", actions(params, process.path("states")));
    }
    params.check();
    return enable(design.withProcess(process), process.path("enable").asBoolean());
  }

  private static ObjectNode states(Params params) {
    ObjectNode states = params.object("states").deepCopy();
    for (Map.Entry<String, JsonNode> entry : states.properties()) {
      ObjectNode state = Params.asObject(entry.getValue());
      String place = "states[" + entry.getKey() + "].";
      state.put("name", state.path("name").asText(entry.getKey()));
      if (state.path("name").asText().isEmpty()
          || state.path("name").asText().length() > Params.LONGEST_NAME) {
        params.problem(place + "name", FieldError.NAME_LENGTH);
      }
      if (state.path("index").isMissingNode()) {
        params.problem(place + "index", FieldError.REQUIRED_PARAMETER);
      }
      state.put("index", state.path("index").asText());
      ObjectNode assignee =
          state.has("assignee")
              ? Params.asObject(state.get("assignee"))
              : state.putObject("assignee");
      assignee.put("type", assignee.path("type").asText("ONE"));
      if (!TYPES.contains(assignee.path("type").asText())) {
        params.problem(place + "assignee.type", FieldError.NOT_IN_ENUM);
      }
      if (!assignee.has("entities")) {
        assignee.putArray("entities");
      } else if (!assignee.get("entities").isArray()) {
        throw ErrorCode.CB_IJ01.refuse();
      }
    }
    return states;
  }

  private static ObjectNode byName(Params params, ObjectNode given) {
    ObjectNode states = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      String name = entry.getValue().path("name").asText();
      if (states.has(name)) {
        params.problem("states[" + entry.getKey() + "].name", FieldError.NOT_IN_ENUM);
      }
      states.set(name, entry.getValue());
    }
    return states;
  }

  /** The actions whose states are still there. */
  private static ArrayNode remaining(JsonNode actions, ObjectNode given) {
    ArrayNode remaining = JsonNodeFactory.instance.arrayNode();
    for (JsonNode action : actions) {
      JsonNode from = given.path(action.path("from").asText());
      JsonNode to = given.path(action.path("to").asText());
      if (from.has("name") && to.has("name")) {
        ObjectNode renamed = action.deepCopy();
        renamed.set("from", from.get("name"));
        renamed.set("to", to.get("name"));
        remaining.add(renamed);
      }
    }
    return remaining;
  }

  private static ArrayNode actions(Params params, JsonNode states) {
    ArrayNode actions = JsonNodeFactory.instance.arrayNode();
    params.list("actions").forEach(action -> actions.add(Params.asObject(action).deepCopy()));
    for (int i = 0; i < actions.size(); i++) {
      ObjectNode action = (ObjectNode) actions.get(i);
      for (String end : new String[] {"from", "to"}) {
        if (!states.has(action.path(end).asText())) {
          params.problem("actions[" + i + "]." + end, FieldError.NOT_IN_ENUM);
        }
      }
      action.put("filterCond", action.path("filterCond").asText(""));
      action.put("type", action.path("type").asText("PRIMARY"));
    }
    return actions;
  }

  /** The fields that show state and assignees come and go with the process. */
  private static Design enable(Design design, boolean enabled) {
    AppForm form =
        new AppForm(
            design.form().fields().stream()
                .map(
                    field ->
                        field.type() == FieldType.STATUS
                                || field.type() == FieldType.STATUS_ASSIGNEE
                            ? switched(field, enabled)
                            : field)
                .toList());
    return design.with(form);
  }

  private static FormField switched(FormField field, boolean enabled) {
    ObjectNode properties = field.properties().deepCopy();
    return FormField.of(properties.put("enabled", enabled), field, field.slot());
  }
}
