package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process of an app: the states its records go through and the actions that lead from one to
 * the next.
 *
 * @param enabled whether the app has one at all
 * @param states by name, in their order
 */
public record StatusProcess(boolean enabled, Map<String, State> states, List<Action> actions) {

  /** Which of a state's assignees have to act. */
  public enum AssigneeType {
    ONE,
    ALL,
    ANY
  }

  /**
   * A state of a record.
   *
   * @param candidates who may be its assignee: entities as the settings have them
   */
  public record State(String name, AssigneeType type, List<Candidate> candidates) {}

  /** An entity that assignees come from, by its kind (USER, GROUP, FIELD_ENTITY and so on). */
  public record Candidate(String type, String code) {}

  /** What leads from one state to another, for records that match a query. */
  public record Action(String name, String from, String to, String condition) {}

  /** Reads what {@code app/status.json} answers. */
  public static StatusProcess of(JsonNode settings) {
    List<JsonNode> ordered = new ArrayList<>();
    settings.path("states").forEach(ordered::add);
    ordered.sort(Comparator.comparingInt(state -> state.path("index").asInt()));
    Map<String, State> states = new LinkedHashMap<>();
    for (JsonNode state : ordered) {
      JsonNode assignee = state.path("assignee");
      List<Candidate> candidates = new ArrayList<>();
      for (JsonNode entity : assignee.path("entities")) {
        JsonNode who = entity.path("entity");
        candidates.add(new Candidate(who.path("type").asText(), who.path("code").asText()));
      }
      String name = state.path("name").asText();
      AssigneeType type = AssigneeType.valueOf(assignee.path("type").asText("ONE"));
      states.put(name, new State(name, type, candidates));
    }
    List<Action> actions = new ArrayList<>();
    for (JsonNode action : settings.path("actions")) {
      actions.add(
          new Action(
              action.path("name").asText(),
              action.path("from").asText(),
              action.path("to").asText(),
              action.path("filterCond").asText("")));
    }
    return new StatusProcess(settings.path("enable").asBoolean(), states, actions);
  }

  /** The state records begin in; null when there is none. */
  public @Nullable State first() {
    return states.isEmpty() ? null : states.values().iterator().next();
  }
}
