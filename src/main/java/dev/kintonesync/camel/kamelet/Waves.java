package dev.kintonesync.camel.kamelet;

import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.SyncRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records that no batch has yet, in waves that are written one after the other; a key stands in
 * each of them once. For one thread.
 */
final class Waves {
  private final List<Map<String, SyncRecord>> waves = new ArrayList<>();

  /** The number of the last wave that a key stands in. */
  private final Map<String, Integer> lastOf = new HashMap<>();

  /**
   * Adds a record behind all others of its key. Where it fills all fields of the one before it, it
   * takes its place; otherwise both are written, since the values of the earlier one would be lost.
   *
   * @return the record whose place it takes; null: none
   */
  @Nullable SyncRecord put(SyncRecord record) {
    String key = record.key();
    Integer last = lastOf.get(key);
    var before = last == null ? null : waves.get(last).get(key);
    boolean supersedes =
        before != null && record.values().keySet().containsAll(before.values().keySet());
    int wave = last == null ? 0 : supersedes ? last : last + 1;
    if (wave == waves.size()) {
      waves.add(new LinkedHashMap<>());
    }
    waves.get(wave).remove(key); // it goes to the place where it came
    waves.get(wave).put(key, record);
    lastOf.put(key, wave);
    return supersedes ? before : null;
  }

  boolean isEmpty() {
    return waves.stream().allMatch(Map::isEmpty);
  }

  /** The records of the first wave that has any; whoever takes one removes it. */
  Collection<SyncRecord> first() {
    return waves.stream().filter(wave -> !wave.isEmpty()).findFirst().orElseThrow().values();
  }

  /** The keys of all records that are left. */
  Set<String> keys() {
    return waves.stream()
        .flatMap(wave -> wave.keySet().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What all records that are left were made of; those of a key in their order. */
  List<SourceRecord> sources() {
    return waves.stream().flatMap(wave -> wave.values().stream()).map(SyncRecord::source).toList();
  }
}
