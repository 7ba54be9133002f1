package dev.kintonesync.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The calls of Kintone's API as {@code src/test/resources/simulator/calls.tsv} lists them. What the
 * names and types in it mean is said there.
 */
final class CallTable {
  private static final Path FILE = Path.of("src/test/resources/simulator/calls.tsv");

  private CallTable() {}

  /** A call with its parameters and the members of its answer. */
  record Call(String line, List<Entry> parameters, List<Entry> members) {
    String method() {
      return line.split(" ")[0];
    }

    String path() {
      return "/k/v1/" + line.split(" ")[1] + ".json";
    }

    /** The names of the members that stand at the top of the answer. */
    Set<String> topMembers() {
      Set<String> names = new TreeSet<>();
      members.forEach(member -> names.add(member.name().split("[.\\[{]")[0]));
      return names;
    }
  }

  /** A parameter or a member. */
  record Entry(String name, String type, boolean needed) {

    /** A value that is of another type. */
    JsonNode wrong() {
      return switch (type) {
        case "string" -> JsonNodeFactory.instance.objectNode();
        default -> JsonNodeFactory.instance.textNode("nonsense");
      };
    }

    boolean accepts(JsonNode value) {
      return switch (type) {
        case "digits" -> value.isTextual() && value.asText().matches("[0-9]+");
        case "digits?" -> value.isNull() || value.asText().matches("[0-9]+");
        case "string" -> value.isTextual();
        case "string?" -> value.isNull() || value.isTextual();
        case "boolean" -> value.isBoolean();
        case "array" -> value.isArray();
        case "array?" -> value.isNull() || value.isArray();
        case "object" -> value.isObject();
        case "object?" -> value.isNull() || value.isObject();
        default -> throw new IllegalArgumentException(type);
      };
    }

    /** The name of what holds it; empty at the top. */
    String holder() {
      int dot = name.lastIndexOf('.');
      if (name.endsWith("[]")) {
        return name.substring(0, name.length() - 2);
      }
      return dot < 0 ? "" : name.substring(0, dot);
    }

    private String last() {
      return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Takes it out of a body; answers Kintone's key of where it was. */
    String remove(ObjectNode body) {
      Place place = place(body, holder(), last());
      ((ObjectNode) place.node()).remove(last());
      return place.key() + last();
    }

    /** Puts a value in its place in a body; answers Kintone's key of it. */
    String put(ObjectNode body, JsonNode value) {
      if (name.endsWith("[]")) {
        Place list = place(body, "", "");
        ArrayNode array =
            list.node().path(holder()) instanceof ArrayNode known
                ? known.removeAll()
                : ((ObjectNode) list.node()).putArray(holder());
        array.add(value);
        return holder() + "[0]";
      }
      Place place = place(body, holder(), last());
      ((ObjectNode) place.node()).set(last(), value);
      return place.key() + last();
    }
  }

  private record Place(JsonNode node, String key) {}

  /** The object at a name: of several in an array the first that has the member, or the first. */
  private static Place place(JsonNode from, String name, String member) {
    if (name.isEmpty()) {
      return new Place(from, "");
    }
    String head = name.split("\\.")[0];
    String rest = name.length() > head.length() ? name.substring(head.length() + 1) : "";
    String next = rest.isEmpty() ? member : rest.split("[.\\[]")[0];
    if (!head.endsWith("[]")) {
      Place inner = place(from.path(head), rest, member);
      return new Place(inner.node(), head + "." + inner.key());
    }
    String list = head.substring(0, head.length() - 2);
    int at = 0;
    for (int i = from.path(list).size() - 1; i >= 0; i--) {
      at = from.path(list).get(i).has(next) ? i : at;
    }
    Place inner = place(from.path(list).get(at), rest, member);
    return new Place(inner.node(), list + "[" + at + "]." + inner.key());
  }

  /** Everything that stands at a name in an answer. */
  static List<JsonNode> found(JsonNode answer, String name) {
    List<JsonNode> found = List.of(answer);
    for (String step : name.isEmpty() ? new String[0] : name.split("\\.|(?=\\[]|\\{})")) {
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode node : found) {
        if (step.equals("[]") || step.equals("{}")) {
          node.forEach(next::add);
        } else if (node.has(step)) {
          next.add(node.get(step));
        }
      }
      found = next;
    }
    return found;
  }

  static List<Call> read() throws IOException {
    Map<String, Call> calls = new LinkedHashMap<>();
    for (String line : Files.readAllLines(FILE)) {
      if (!line.startsWith("#")) {
        String[] cells = line.split("\t", -1);
        Call call =
            calls.computeIfAbsent(cells[0], c -> new Call(c, new ArrayList<>(), new ArrayList<>()));
        Entry entry = new Entry(cells[2], cells[3], cells[4].equals("yes"));
        (cells[1].equals("in") ? call.parameters() : call.members()).add(entry);
      }
    }
    return List.copyOf(calls.values());
  }
}
