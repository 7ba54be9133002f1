package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.source.SourceRecord;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates what records take of the heap while their batch is on its way, in bytes of a Java
 * machine with compressed pointers. The estimates are upper ones for common records and cost less
 * than reading them.
 */
public final class Weight {
  /** What a record that is only looked up may take, when nobody knows how much it holds. */
  public static final long UNSEEN = 20_000;

  /** A text without its characters: the String and the head of its array. */
  private static final long TEXT = 40;

  /** An entry of a hash table with its place in the table. */
  private static final long ENTRY = 52;

  /** A hash table without entries, or a list. */
  private static final long COLLECTION = 72;

  /** A node of JSON without what it holds. */
  private static final long NODE = 24;

  /** Of a record whatever it holds: its plan, its key here and there, its positions. */
  private static final long RECORD = 600;

  /** What tells before from after in a change. */
  private static final long CHANGE = 72;

  /** The type of a cell and the object around it, in an answer. */
  private static final long CELL = 140;

  /** What a byte of an answer becomes; short values, of which most is objects, become the most. */
  private static final int BYTES_PER_BYTE = 5;

  private Weight() {}

  /** What a source record takes as it was read. */
  public static long of(SourceRecord source) {
    long weight = RECORD;
    for (var row : source.rows()) {
      weight += COLLECTION + of(row);
    }
    if (source.rows().isEmpty()) {
      weight += of(source.values().values());
      for (var member : source.members()) {
        weight += COLLECTION + of(member.values());
      }
    }
    return weight;
  }

  /**
   * What a record takes from its reading to its outcome.
   *
   * @param lookedUp whether Kintone's record is read as well, to be compared and kept as it was
   */
  public static long of(SyncRecord record, boolean lookedUp) {
    long values = COLLECTION + entries(record.values());
    long cells = record.values().size();
    long there = lookedUp ? values + cells * (CELL + CHANGE) : 0;
    return of(record.source()) + values + there;
  }

  /** What the records in an answer take. */
  public static long ofAnswer(long bytes) {
    return bytes * BYTES_PER_BYTE;
  }

  private static long entries(Map<String, JsonNode> values) {
    long weight = 0;
    for (JsonNode value : values.values()) {
      weight += ENTRY + of(value);
    }
    return weight;
  }

  private static long of(JsonNode node) {
    if (node.isTextual()) {
      return NODE + text(node.textValue());
    }
    long weight = NODE;
    if (node.isContainerNode()) {
      weight += COLLECTION + node.size() * (node.isObject() ? ENTRY : 8);
      for (JsonNode inner : node) {
        weight += of(inner);
      }
    }
    return weight;
  }

  private static long of(Collection<? extends @Nullable Object> values) {
    long weight = 0;
    for (Object value : values) {
      weight += of(value);
    }
    return weight;
  }

  private static long of(@Nullable Object value) {
    if (value instanceof Collection<?> list) {
      return COLLECTION + of(list);
    }
    if (value instanceof Map<?, ?> map) {
      return COLLECTION + map.size() * ENTRY + of(map.values());
    }
    return value instanceof String text ? text(text) : TEXT;
  }

  /** Java keeps a character in one byte where all of a text allow it, else in two. */
  private static long text(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) > 0xFF) {
        return TEXT + 2L * length;
      }
    }
    return TEXT + length;
  }
}
