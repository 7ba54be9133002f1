package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code errors} of one refusal: complaints by Kintone's key of the place. */
public final class Problems {
  static final Problems NONE = new Problems();

  private record Entry(FieldError fieldError, List<String> arguments) {}

  private final Map<String, List<Entry>> byKey = new LinkedHashMap<>();
  private int size;

  /** Notes a complaint at a place, in the grammar of Kintone's keys. */
  public void add(String key, FieldError fieldError, String... arguments) {
    size++;
    byKey
        .computeIfAbsent(key, k -> new ArrayList<>(1))
        .add(new Entry(fieldError, List.of(arguments)));
  }

  /** How many complaints there are. */
  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return byKey.isEmpty();
  }

  /** Throws them all together, when there are any. */
  public void check() {
    if (!isEmpty()) {
      throw new Refusal(ErrorCode.CB_VA01, this);
    }
  }

  /** A refusal for one complaint at one place; to be thrown. */
  public static Refusal refuse(String key, FieldError fieldError, String... arguments) {
    Problems problems = new Problems();
    problems.add(key, fieldError, arguments);
    return new Refusal(ErrorCode.CB_VA01, problems);
  }

  ObjectNode toJson(Language language) {
    ObjectNode errors = JsonNodeFactory.instance.objectNode();
    byKey.forEach(
        (key, entries) -> {
          ArrayNode messages = errors.putObject(key).putArray("messages");
          entries.forEach(
              e ->
                  messages.add(
                      e.fieldError().message(language, e.arguments().toArray(new String[0]))));
        });
    return errors;
  }
}
