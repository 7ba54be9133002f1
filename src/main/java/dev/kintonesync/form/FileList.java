package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one cell, the source's and those that a record has, brought together by name, size
 * and, where it is known of both, {@code sha256}. A file that stays is listed as the record has it,
 * since Kintone removes what a write does not list.
 */
final class FileList {
  private final List<JsonNode> ours;
  private final List<JsonNode> stored;

  /** The place of the record's file that each of ours is; -1: none is. */
  private final int[] match;

  private final boolean[] free;

  private FileList(JsonNode ours, JsonNode stored) {
    this.ours = list(ours);
    this.stored = list(stored);
    this.match = new int[this.ours.size()];
    this.free = new boolean[this.stored.size()];
    Arrays.fill(free, true);
    for (int file = 0; file < match.length; file++) {
      match[file] = -1;
      for (int there = 0; there < free.length && match[file] < 0; there++) {
        if (free[there] && isSame(this.ours.get(file), this.stored.get(there))) {
          match[file] = there;
          free[there] = false;
        }
      }
    }
  }

  private static List<JsonNode> list(JsonNode files) {
    var list = new ArrayList<JsonNode>();
    files.forEach(list::add);
    return list;
  }

  /**
   * The files that a write has to list; null when the cell is as it should be.
   *
   * @param ours the files of the source: to be uploaded, or uploaded by somebody
   * @param stored the files of the record, as a read gives them; null: none
   * @param attachments null where paths are no values: then the cell becomes that of the source
   */
  static @Nullable JsonNode toWrite(
      Field field, JsonNode ours, @Nullable JsonNode stored, @Nullable Attachments attachments) {
    if (attachments == null || hasUploaded(ours)) {
      return field.same(ours, stored) ? null : ours;
    }
    JsonNode there = stored == null ? JsonNodeFactory.instance.arrayNode() : stored;
    return new FileList(ours, there).toWrite(attachments.policy());
  }

  private static boolean hasUploaded(JsonNode files) {
    for (JsonNode file : files) {
      if (!file.has("path")) {
        return true;
      }
    }
    return false;
  }

  private @Nullable JsonNode toWrite(Attachments.Policy policy) {
    boolean adds = Arrays.stream(match).anyMatch(there -> there < 0);
    boolean removes = policy == Attachments.Policy.REPLACE && hasFree();
    if (!adds && !removes) {
      return null;
    }
    ArrayNode files = JsonNodeFactory.instance.arrayNode();
    boolean[] listed = new boolean[match.length];
    for (int there = 0; there < free.length; there++) {
      int successor = free[there] ? successor(there, policy, listed) : -1;
      if (successor >= 0) {
        files.add(ours.get(successor));
        listed[successor] = true;
      } else if (!free[there] || policy != Attachments.Policy.REPLACE) {
        files.add(stored.get(there));
      }
    }
    for (int file = 0; file < match.length; file++) {
      if (match[file] < 0 && !listed[file]) {
        files.add(ours.get(file));
      }
    }
    return files;
  }

  private boolean hasFree() {
    for (boolean one : free) {
      if (one) {
        return true;
      }
    }
    return false;
  }

  /** The file of ours that takes the place of one of the record, by its name; -1: none does. */
  private int successor(int there, Attachments.Policy policy, boolean[] listed) {
    for (int file = 0; file < match.length && policy != Attachments.Policy.APPEND; file++) {
      boolean open = match[file] < 0 && !listed[file];
      if (open && isSame("name", ours.get(file), stored.get(there))) {
        return file;
      }
    }
    return -1;
  }

  private static boolean isSame(JsonNode ours, JsonNode stored) {
    boolean hashed = ours.has("sha256") && stored.has("sha256");
    return isSame("name", ours, stored)
        && isSame("size", ours, stored)
        && (!hashed || isSame("sha256", ours, stored));
  }

  private static boolean isSame(String property, JsonNode one, JsonNode other) {
    return one.path(property).asText().equals(other.path(property).asText());
  }
}
