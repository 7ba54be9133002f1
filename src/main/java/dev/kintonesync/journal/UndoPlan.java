package dev.kintonesync.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Converted;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.SeenKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan document that takes back what a run has written: values get back what they were,
 * added records are removed, removed ones are added again. Each of its changes holds only for the
 * record as the run left it.
 */
public final class UndoPlan {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int EXAMPLES = 3;

  private final Form form;
  private final String run;
  private final Set<String> codes = new LinkedHashSet<>();
  private final SeenKeys seen = new SeenKeys();

  /** The changes of keys that the run has written several times, in their order. */
  private final Map<String, List<JsonNode>> several = new LinkedHashMap<>();

  private final List<String> lost = new ArrayList<>();
  private long losses;
  private long changes;
  private long addedAgain;

  private UndoPlan(Form form, String run) {
    this.form = form;
    this.run = run;
  }

  /**
   * What a document came to.
   *
   * @param changes how many records it changes
   * @param addedAgain how many removed records it adds again, as new ones
   * @param losses how many attachments are not there any more
   * @param examples some of them, as key and field
   */
  public record Made(long changes, long addedAgain, long losses, List<String> examples) {}

  /**
   * Writes the document.
   *
   * @param changesFile the {@code changes.jsonl.gz} of the run
   * @param header the header, but for the fields and the number of changes
   * @param least how many changes the file must have at the least
   * @throws UserErrorException when the changes are cut off, do not tell what was there before, or
   *     are of a program that did not keep what is needed
   */
  public static Made write(Path file, Path changesFile, Form form, PlanHeader header, long least) {
    var undo = new UndoPlan(form, String.valueOf(header.undoes()));
    return undo.write(file, changesFile, header, least);
  }

  private Made write(Path file, Path changesFile, PlanHeader header, long least) {
    var read = new long[1];
    var unknown = new long[1];
    var twice = new HashSet<String>();
    ChangesFile.readWhatIsThere(
        changesFile,
        change -> {
          read[0]++;
          unknown[0] += change.path("beforeUnknown").asBoolean() ? 1 : 0;
          if (!seen.add(change.path("key").asText())) {
            twice.add(change.path("key").asText());
          }
        });
    if (read[0] < least) {
      throw new UserErrorException(MessageCode.UNDO_CHANGES_CUT_OFF.with(run, read[0], least));
    }
    if (unknown[0] > 0) {
      throw new UserErrorException(MessageCode.UNDO_BEFORE_UNKNOWN.with(run, unknown[0]));
    }
    each(changesFile, twice, inverse -> {});
    var complete = header.with(PlanHeader.digests(form, codes), changes);
    var made = new Made(changes, addedAgain, losses, List.copyOf(lost));
    try (var document = PlanWriter.create(file, complete, JSON.objectNode())) {
      each(changesFile, twice, document::add);
      document.rejects();
      document.end();
    }
    return made;
  }

  /** Hands out the inverse of each change; those of a key together at the end. */
  private void each(Path changesFile, Set<String> twice, Consumer<JsonNode> taken) {
    changes = 0;
    addedAgain = 0;
    losses = 0;
    lost.clear();
    several.clear();
    ChangesFile.readWhatIsThere(
        changesFile,
        change -> {
          String key = change.path("key").asText();
          if (twice.contains(key)) {
            several.computeIfAbsent(key, same -> new ArrayList<>()).add(change);
          } else {
            take(change, taken);
          }
        });
    for (var made : several.values()) {
      take(together(made), taken);
    }
  }

  private void take(@Nullable JsonNode change, Consumer<JsonNode> taken) {
    JsonNode inverse = change == null ? null : inverse(change);
    if (inverse != null) {
      changes++;
      taken.accept(inverse);
    }
  }

  /**
   * Several changes of one key as one: what was there first, and what was left last. A record that
   * was removed and added anew is another one, which gets back what the first one held.
   */
  private static @Nullable JsonNode together(List<JsonNode> made) {
    JsonNode first = made.get(0);
    JsonNode last = made.get(made.size() - 1);
    boolean added = first.path("outcome").asText().equals("inserted");
    boolean removed = last.path("outcome").asText().equals("deleted");
    if (added && removed) {
      return null;
    }
    ObjectNode one = last.deepCopy();
    one.put("outcome", removed ? "deleted" : added ? "inserted" : "updated");
    ObjectNode fields = one.putObject("fields");
    for (JsonNode change : made) {
      for (var field : change.path("fields").properties()) {
        var values = (ObjectNode) fields.get(field.getKey());
        if (values == null) {
          values = fields.putObject(field.getKey());
          values.set("before", field.getValue().path("before"));
        }
        values.set("after", field.getValue().path("after"));
      }
    }
    return one;
  }

  private @Nullable JsonNode inverse(JsonNode change) {
    String outcome = change.path("outcome").asText();
    if (!outcome.equals("deleted") && !change.has("newRevision")) {
      throw new UserErrorException(MessageCode.UNDO_WITHOUT_REVISIONS.with(run));
    }
    var entry = JSON.objectNode();
    String key = change.path("key").asText();
    entry.put(
        "change",
        switch (outcome) {
          case "inserted" -> "remove";
          case "deleted" -> "insert";
          default -> "update";
        });
    entry.put("key", key);
    if (!outcome.equals("deleted")) {
      entry.put("id", change.path("id").asText());
      entry.put("revision", change.path("newRevision").asLong());
    }
    var fields = entry.putObject("fields");
    for (var changed : change.path("fields").properties()) {
      Field field = form.field(changed.getKey());
      if (field == null || !field.writable()) {
        continue;
      }
      JsonNode before = changed.getValue().path("before");
      JsonNode after = changed.getValue().path("after");
      if (outcome.equals("inserted")) {
        fields.putObject(field.code()).set("before", after);
        continue;
      }
      boolean stands = outcome.equals("updated") && before.equals(after);
      JsonNode back = stands ? null : value(key, field, before, after);
      if (back != null) {
        var values = fields.putObject(field.code());
        if (!outcome.equals("deleted")) {
          values.set("before", after);
        }
        values.set("after", back);
        codes.add(field.code());
      }
    }
    addedAgain += outcome.equals("deleted") ? 1 : 0;
    return outcome.equals("updated") && fields.isEmpty() ? null : entry;
  }

  /** What is written so that a field is as it was; null: nothing, since that cannot be. */
  private @Nullable JsonNode value(String key, Field field, JsonNode before, JsonNode after) {
    return switch (field.type()) {
      case FILE -> files(key, field, before, after);
      case SUBTABLE -> rows(key, field, before, after);
      case USER_SELECT, ORGANIZATION_SELECT, GROUP_SELECT -> onlyCodes(before);
      default -> isEmpty(before) ? empty(field) : before;
    };
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull()
        || value.isMissingNode()
        || (value.isTextual() && value.textValue().isEmpty());
  }

  private static JsonNode empty(Field field) {
    return field.convert(null) instanceof Converted.Value nothing
        ? nothing.json()
        : JSON.nullNode();
  }

  private static ArrayNode onlyCodes(JsonNode entities) {
    var codes = JSON.arrayNode();
    entities.forEach(entity -> codes.addObject().put("code", entity.path("code").asText()));
    return codes;
  }

  /** Kintone keeps the files that a record still has; one that was taken out of it is gone. */
  private @Nullable JsonNode files(String key, Field field, JsonNode before, JsonNode after) {
    var there = new HashSet<String>();
    after.forEach(file -> there.add(file.path("fileKey").asText()));
    for (JsonNode file : before) {
      if (!there.contains(file.path("fileKey").asText())) {
        lose(key, field, file);
        return null;
      }
    }
    return before.isArray() ? before : JSON.arrayNode();
  }

  private void lose(String key, Field field, JsonNode file) {
    losses++;
    if (lost.size() < EXAMPLES) {
      lost.add(key + " " + field.code() + ": " + file.path("name").asText());
    }
  }

  /** A row that is still there gets back its cells, any other is a new one. */
  private ArrayNode rows(String key, Field table, JsonNode before, JsonNode after) {
    var there = new HashMap<String, JsonNode>();
    after.forEach(row -> there.put(row.path("id").asText(""), row.path("value")));
    var rows = JSON.arrayNode();
    for (JsonNode row : before) {
      String id = row.path("id").asText("");
      boolean stays = !id.isEmpty() && there.containsKey(id);
      var back = rows.addObject();
      if (stays) {
        back.put("id", id);
      }
      var cells = back.putObject("value");
      for (var cell : row.path("value").properties()) {
        Field field = table.inner().get(cell.getKey());
        JsonNode held = cell.getValue().path("value");
        if (field == null || !field.writable()) {
          continue;
        }
        JsonNode left = there.getOrDefault(id, JSON.nullNode()).path(field.code()).path("value");
        boolean untouched = field.type() == FieldType.FILE && stays && left.isMissingNode();
        JsonNode value = untouched ? null : value(key, field, held, left);
        if (value != null) {
          cells.putObject(field.code()).set("value", value);
        }
      }
    }
    return rows;
  }
}
