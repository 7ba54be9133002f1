package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.Lookup;
import dev.kintonesync.form.LookupSources;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.KintoneRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a plan asks of the apps that lookup fields copy from: which records wait for it, how it is
 * asked for, and what the answers say. Where something is written, nothing but of lookup fields
 * that the job refreshes; where nothing is, whether the apps have what would be looked up.
 */
final class SourceLookUps {
  private final Target target;
  private final LookupSources sources;
  private final Map<Field, Set<JsonNode>> wanted = new LinkedHashMap<>();
  private Map<PlannedRecord, KintoneRecord> waiting = new LinkedHashMap<>();
  private List<PlannedRecord> tried = new ArrayList<>();
  private List<Asked> asked = List.of();
  private int keysPerRequest;

  private record Asked(Field field, List<JsonNode> keys, KintoneRequest request) {}

  SourceLookUps(Target target, LookupSources sources) {
    this.target = target;
    this.sources = sources;
    this.keysPerRequest = target.sizes().keysPerLookup();
  }

  /**
   * Whether a record that is there can be planned only when the other apps have been asked; then it
   * waits among the {@link #released}.
   */
  boolean detains(PlannedRecord record, @Nullable KintoneRecord now) {
    if (now == null) {
      return false;
    }
    var unknown = new LinkedHashMap<Field, Set<JsonNode>>();
    record.refreshedKeys(
        now,
        (field, key) -> {
          if (!sources.knows(field, key)) {
            unknown.computeIfAbsent(field, lookup -> new LinkedHashSet<>()).add(key);
          }
        });
    if (unknown.isEmpty()) {
      return false;
    }
    unknown.forEach(
        (field, keys) ->
            wanted.computeIfAbsent(field, lookup -> new LinkedHashSet<>()).addAll(keys));
    waiting.put(record, now);
    return true;
  }

  /**
   * Whether it is not known yet if the other apps have what a write of a record would look up; then
   * it waits among the {@link #tried}.
   */
  boolean tries(PlannedRecord record) {
    boolean waits = false;
    for (var cell : (Iterable<Map.Entry<Field, JsonNode>>) record.sent().lookups()::iterator) {
      if (!sources.knows(cell.getKey(), cell.getValue())) {
        wanted.computeIfAbsent(cell.getKey(), lookup -> new LinkedHashSet<>()).add(cell.getValue());
        waits = true;
      }
    }
    if (waits) {
      tried.add(record);
    }
    return waits;
  }

  /** Whether the other app was asked for a key and does not have it. */
  boolean lacks(Field lookup, JsonNode key) {
    return sources.lacks(lookup, key);
  }

  /** Whether there is anything to ask. */
  boolean isOpen() {
    return !wanted.isEmpty();
  }

  /** The next requests, each to one app for up to {@code keysPerLookup} keys of one field. */
  List<KintoneRequest> requests() {
    var all = new ArrayList<Asked>();
    wanted.forEach(
        (field, keys) -> {
          var left = List.copyOf(keys);
          for (int from = 0; from < left.size(); from += keysPerRequest) {
            var part = left.subList(from, Math.min(from + keysPerRequest, left.size()));
            all.add(new Asked(field, part, request(field, part)));
          }
        });
    asked = all;
    return all.stream().map(Asked::request).toList();
  }

  private KintoneRequest request(Field field, List<JsonNode> keys) {
    Lookup lookup = field.lookup();
    if (lookup == null) {
      throw new IllegalStateException(field + " is no lookup field");
    }
    return KintoneRequest.lookUp(
        target.connection(),
        lookup.app(),
        lookup.key(),
        keys.stream().map(JsonNode::asText).toList(),
        "",
        target.sizes().keysPerLookup(),
        lookup.fieldsThere());
  }

  /**
   * The answers to the requests, in their order. What was too much for one answer stays open.
   *
   * @return an answer that is none, with the app that gave it; null when all is well
   */
  @Nullable Failure found(List<Answer> answers) {
    Failure failure = null;
    int tooLarge = 0;
    for (int i = 0; i < answers.size(); i++) {
      Asked each = asked.get(i);
      if (answers.get(i) instanceof Answer.Done done) {
        sources.answered(each.field(), each.keys(), done.body().path("records"));
        wanted.getOrDefault(each.field(), Set.of()).removeAll(each.keys());
      } else if (answers.get(i).isTooLargeFor(each.request())) {
        tooLarge = Math.max(tooLarge, each.keys().size());
      } else if (!target.writes() && answers.get(i) instanceof Answer.Refused) {
        sources.unanswered(each.field(), each.keys());
        wanted.getOrDefault(each.field(), Set.of()).removeAll(each.keys());
      } else {
        failure = new Failure(each.request().app(), answers.get(i));
      }
    }
    wanted.values().removeIf(Set::isEmpty);
    // half of what was asked for: the size that is set may be far above it
    keysPerRequest = tooLarge > 0 ? Math.max(1, tooLarge / 2) : keysPerRequest;
    return failure;
  }

  /** An app that did not give what it was asked for, and what it said instead. */
  record Failure(String app, Answer answer) {}

  /** The records that waited, as they were found; none while there is anything to ask. */
  Map<PlannedRecord, KintoneRecord> released() {
    if (isOpen()) {
      return Map.of();
    }
    var released = waiting;
    waiting = new LinkedHashMap<>();
    return released;
  }

  /** The records of which it is known now what would be looked up. */
  List<PlannedRecord> tried() {
    if (isOpen()) {
      return List.of();
    }
    var known = tried;
    tried = new ArrayList<>();
    return known;
  }
}
