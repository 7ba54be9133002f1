package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.PolledRows;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.PlannedWrite;
import dev.kintonesync.sync.SyncRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a plan document as a source whose rows are the planned changes. It is read twice: what is
 * cut off or was altered is refused before the first of its changes is handed out.
 */
public final class PlanReader extends PolledRows {
  private static final JsonFactory JSON = new ObjectMapper().getFactory();
  private static final String CHANGE = "change";

  private final PlanHeader header;
  private final JsonParser parser;
  private long read;
  private @Nullable JsonNode next;

  private PlanReader(PlanHeader header, JsonParser parser) {
    super(List.of(CHANGE), SourceFormat.JSON);
    this.header = header;
    this.parser = parser;
  }

  /**
   * Reads the header of a document, and looks through all of it.
   *
   * @throws UserErrorException when it is no plan document, of a newer program, or not whole
   */
  public static PlanHeader header(Path file) {
    var json = JsonNodeFactory.instance.objectNode();
    long changes = 0;
    try (var parser = JSON.createParser(file.toFile())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new UserErrorException(MessageCode.NOT_A_PLAN.with(file));
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (!name.equals("changes")) {
          JsonNode read = parser.readValueAsTree();
          if (!name.equals("rejects")) {
            json.set(name, read);
          }
          continue;
        }
        expect(value == JsonToken.START_ARRAY, file, "changes");
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          JsonNode change = parser.readValueAsTree();
          changes++;
          expect(isWhole(change), file, "changes[" + (changes - 1) + "]");
        }
      }
      expect(!isPlan(json) || parser.nextToken() == null, file, "}");
    } catch (JsonProcessingException e) {
      throw new UserErrorException(
          isPlan(json)
              ? MessageCode.PLAN_DAMAGED.with(file, e.getLocation().getLineNr())
              : MessageCode.NOT_A_PLAN.with(file),
          e);
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(file, e.toString()), e);
    }
    if (!isPlan(json)) {
      throw new UserErrorException(MessageCode.NOT_A_PLAN.with(file));
    } else if (json.path("version").asInt() != PlanHeader.SCHEMA_VERSION) {
      throw new UserErrorException(
          MessageCode.PLAN_OF_OTHER_SCHEMA.with(
              file, json.path("version").asText(), PlanHeader.SCHEMA_VERSION));
    }
    var header = PlanHeader.of(json);
    if (header.changes() != changes) {
      throw new UserErrorException(MessageCode.PLAN_ALTERED.with(file, header.changes(), changes));
    }
    return header;
  }

  /** Whether these are members of a plan document; it is the first of them that says so. */
  private static boolean isPlan(JsonNode members) {
    return members.path("schema").asText().equals(PlanHeader.SCHEMA);
  }

  private static void expect(boolean found, Path file, String what) {
    if (!found) {
      throw new UserErrorException(MessageCode.PLAN_UNREADABLE.with(file, what));
    }
  }

  private static boolean isWhole(JsonNode change) {
    boolean known =
        switch (change.path(CHANGE).asText()) {
          case "insert" -> true;
          case "update", "remove" ->
              change.path("id").isTextual() && change.path("revision").isIntegralNumber();
          default -> false;
        };
    return known && change.path("key").isTextual() && change.path("fields").isObject();
  }

  /**
   * Opens a document whose header was read.
   *
   * @throws UncheckedIOException when it is out of reach
   */
  public static PlanReader open(Path file, PlanHeader header) {
    try {
      var parser = JSON.createParser(file.toFile());
      try {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME
            && !parser.currentName().equals("changes")) {
          parser.nextToken();
          parser.skipChildren();
        }
        parser.nextToken();
        return new PlanReader(header, parser);
      } catch (IOException e) {
        parser.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the codes of the fields that the plan writes, that of the key among them. */
  public List<String> fields() {
    var codes = new ArrayList<>(header.fields().keySet());
    if (!codes.contains(header.updateKey())) {
      codes.add(header.updateKey());
    }
    return codes;
  }

  @Override
  public boolean hasNext() {
    try {
      if (next == null && parser.nextToken() == JsonToken.START_OBJECT) {
        next = parser.readValueAsTree();
      }
      return next != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public SourceRecord next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    JsonNode change = next;
    next = null;
    read++;
    return new SourceRecord(
        turn(), Map.of(CHANGE, change), List.of(List.of(change.toString())), null);
  }

  /** Makes a record to be planned of a change that was read. */
  public SyncRecord record(SourceRecord source) {
    var change = (JsonNode) source.values().get(CHANGE);
    if (change == null) {
      throw new IllegalArgumentException("no change of a plan: " + source.position());
    }
    var values = new LinkedHashMap<String, JsonNode>();
    var before = new LinkedHashMap<String, JsonNode>();
    for (var field : change.path("fields").properties()) {
      if (header.fields().containsKey(field.getKey())) {
        JsonNode held = field.getValue().get("before");
        if (held != null) {
          before.put(field.getKey(), held);
        }
        if (field.getValue().has("after")) {
          values.put(field.getKey(), field.getValue().get("after"));
        }
      }
    }
    change
        .path("again")
        .properties()
        .forEach(field -> values.put(field.getKey(), field.getValue()));
    Verb verb = verb(change);
    boolean removes = verb == Verb.DELETE || change.path("standsForRemoval").asBoolean();
    var planned =
        new PlannedWrite(
            verb,
            change.path("id").asText(null),
            verb == Verb.POST ? null : change.path("revision").asLong(),
            verb == Verb.DELETE ? Map.of() : values,
            before,
            change.path(LastChanges.ADDED_AGAIN).asBoolean());
    return new SyncRecord(
        source, change.path("key").asText(), planned.values(), removes, null, planned);
  }

  private static Verb verb(JsonNode change) {
    return switch (change.path(CHANGE).asText()) {
      case "insert" -> Verb.POST;
      case "remove" -> Verb.DELETE;
      default -> Verb.PUT;
    };
  }

  @Override
  public long bytesRead() {
    return read;
  }

  @Override
  public long totalBytes() {
    return header.changes();
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
