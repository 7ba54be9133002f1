package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Change;
import dev.kintonesync.sync.SeenKeys;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPOutputStream;

/**
 * Leaves of planned changes only what they come to in the end, where a source has keys several
 * times. It takes 32 bytes for each change that is not the first of its key.
 */
final class LastChanges {
  /** Says of a removal that a record is added in the place of the removed one. */
  static final String ADDED_AGAIN = "addedAgain";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TURN = "turn";
  private static final String ANEW = "anew";

  /** Changes by key and turn that others have taken the place of. */
  private final SeenKeys overtaken = new SeenKeys();

  /** Keys of records that would be added after others were removed. */
  private final SeenKeys addedAgain = new SeenKeys();

  private long left;

  private LastChanges() {}

  /** Writes of a change which one of its key it is. */
  static void write(JsonGenerator json, Change change) throws IOException {
    if (change.turn() > 1) {
      json.writeNumberField(TURN, change.turn());
    }
    if (change.anew()) {
      json.writeBooleanField(ANEW, true);
    }
  }

  /**
   * Puts those that are left in the place of all changes; without any there is no file.
   *
   * @param index the index of the changes, which goes: nobody looks a plan's keys up by it
   */
  static void keep(Path changes, Path index) {
    Path half = changes.resolveSibling(changes.getFileName() + ".tmp");
    var last = new LastChanges();
    ChangesFile.read(changes, last::meet);
    try {
      Files.deleteIfExists(half);
      Files.deleteIfExists(index);
      try (var out =
          new BufferedWriter(
              new OutputStreamWriter(
                  new GZIPOutputStream(OwnerOnly.append(half)), StandardCharsets.UTF_8))) {
        ChangesFile.read(changes, change -> last.copy(change, out));
      }
      if (last.left == 0) {
        Files.delete(half);
        Files.delete(changes);
      } else {
        Files.move(half, changes, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException | UncheckedIOException e) {
      throw UserErrorException.unwritable(changes, e);
    }
  }

  private void meet(JsonNode change) {
    String key = key(change);
    if (change.path(ANEW).asBoolean()) {
      addedAgain.add(key);
    } else if (change.has(TURN)) {
      overtaken.add(change.path(TURN).asInt() - 1 + " " + key);
    }
  }

  private static String key(JsonNode change) {
    return change.path("key").asText();
  }

  private void copy(JsonNode change, BufferedWriter out) {
    String outcome = change.path("outcome").asText();
    if (outcome.equals("unchanged")
        || overtaken.contains(change.path(TURN).asInt(1) + " " + key(change))) {
      return;
    }
    var kept = (ObjectNode) change;
    kept.remove(TURN);
    kept.remove(ANEW);
    if (outcome.equals("deleted") && addedAgain.contains(key(change))) {
      kept.put(ADDED_AGAIN, true);
    }
    left++;
    try {
      out.write(JSON.writeValueAsString(kept));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
