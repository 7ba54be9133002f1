package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads {@code changes.jsonl.gz} of a run folder. */
public final class ChangesFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ChangesFile() {}

  /** Returns {@code inserted}, {@code updated}, {@code deleted} or {@code flagged}. */
  public static String outcome(JsonNode change) {
    return change.path("flagged").asBoolean() ? "flagged" : change.path("outcome").asText();
  }

  /** The key of a line of changes, of which no more is read than that takes. */
  public static String keyOf(String line) throws IOException {
    try (var parser = JSON.createParser(line)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME && parser.currentName().equals("key")) {
          return parser.nextTextValue();
        }
      }
      return "";
    }
  }

  /**
   * What a field of a change held before, for a person: a question mark where nobody had read it.
   *
   * @param values the field, as an object of {@code before} and {@code after}
   */
  public static JsonNode before(JsonNode change, JsonNode values) {
    return change.path("beforeUnknown").asBoolean() ? TextNode.valueOf("?") : values.path("before");
  }

  /** Whether a field, as an object of {@code before} and {@code after}, loses its value. */
  public static boolean isCleared(JsonNode values) {
    return isEmpty(values.path("after")) && !isEmpty(values.path("before"));
  }

  /** Whether a value of a field is empty. */
  public static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.textValue().isEmpty())
        || (value.isArray() && value.isEmpty());
  }

  /**
   * Hands out the changes in the order of the file, one object {@code outcome, key, id, overEdit,
   * fields} each, where {@code fields} has {@code before} and {@code after} by field code; {@code
   * flagged} is true of an update that stands for a removal.
   *
   * @throws UserErrorException when the file cannot be read
   */
  public static void read(Path file, Consumer<JsonNode> each) {
    try {
      readAll(file, each);
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(file, e), e);
    }
  }

  /**
   * The same up to where the file is cut off or damaged, as a program that was killed or a full
   * disk may leave it: how many changes there are is for the caller to judge.
   */
  static void readWhatIsThere(Path file, Consumer<JsonNode> each) {
    try {
      readAll(file, each);
    } catch (EOFException | ZipException | JsonProcessingException cutOff) {
      // what came before it was handed out
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(file, e), e);
    }
  }

  private static void readAll(Path file, Consumer<JsonNode> each) throws IOException {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        each.accept(JSON.readTree(line));
      }
    }
  }
}
