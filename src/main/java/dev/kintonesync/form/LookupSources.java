package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What other apps hold now of that which lookup fields have copied from them, as far as it was
 * read. Of a key that was not read, that is not there or there twice, and of a field that is not
 * shown, nothing is known: no copy of it is called stale. For one thread.
 */
public final class LookupSources {
  private static final JsonNode NOTHING = NullNode.instance;

  /** Codes are unique in a form, those inside of tables included. */
  private final Map<String, Field> fields = new HashMap<>();

  private final Map<Field, Map<String, JsonNode>> held = new HashMap<>();
  private final Map<Field, Set<String>> lacking = new HashMap<>();
  private final RememberedLookups remembered;

  /** The app that is written to: what it holds changes while the run goes on. */
  private final String app;

  /** Nothing is known of what fills the fields of this form but what a run remembers of it. */
  public LookupSources(Form form, RememberedLookups remembered) {
    this.remembered = remembered;
    this.app = form.app();
    for (Field field : form.fields()) {
      fields.put(field.code(), field);
      fields.putAll(field.inner());
    }
  }

  /** Whether this key of a lookup field has been asked for, by whichever batch of the run. */
  public boolean knows(Field lookup, JsonNode key) {
    String canonical = canonical(lookup, key);
    if (held.getOrDefault(lookup, Map.of()).containsKey(canonical)) {
      return true;
    }
    var known = isOwn(lookup) ? null : remembered.find(lookup, canonical);
    if (known == null) {
      return false;
    }
    held.computeIfAbsent(lookup, field -> new HashMap<>()).put(canonical, known.record());
    if (known.lacking()) {
      lacking.computeIfAbsent(lookup, field -> new HashSet<>()).add(canonical);
    }
    return true;
  }

  /**
   * The other app was asked.
   *
   * @param keys the keys that it was asked for
   * @param records its answer, each record with the {@link Lookup#fieldsThere}
   */
  public void answered(Field lookup, Collection<JsonNode> keys, JsonNode records) {
    Lookup source = source(lookup);
    var byKey = held.computeIfAbsent(lookup, field -> new HashMap<>());
    keys.forEach(key -> byKey.put(canonical(lookup, key), NOTHING));
    var seen = new HashMap<String, Integer>();
    for (JsonNode record : records) {
      JsonNode cell = record.path(source.key());
      // a record number may begin with its app's code; the id never does
      boolean numbered = cell.path("type").asText().equals(FieldType.RECORD_NUMBER.name());
      String key = canonical(lookup, (numbered ? record.path("$id") : cell).path("value"));
      boolean first = seen.merge(key, 1, Integer::sum) == 1;
      byKey.put(key, first ? record : NOTHING);
    }
    var lacks = lacking.computeIfAbsent(lookup, field -> new HashSet<>());
    for (JsonNode key : keys) {
      String asked = canonical(lookup, key);
      if (seen.keySet().stream().noneMatch(asked::equalsIgnoreCase)) {
        lacks.add(asked);
      }
      if (!isOwn(lookup)) {
        var record = byKey.getOrDefault(asked, NOTHING);
        remembered.keep(lookup, asked, new RememberedLookups.Known(record, lacks.contains(asked)));
      }
    }
  }

  /** The other app does not say whether it has these keys. */
  public void unanswered(Field lookup, Collection<JsonNode> keys) {
    var byKey = held.computeIfAbsent(lookup, field -> new HashMap<>());
    keys.forEach(key -> byKey.put(canonical(lookup, key), NOTHING));
  }

  /** Whether the other app was asked for this key of a lookup field and does not have it. */
  public boolean lacks(Field lookup, JsonNode key) {
    return lacking.getOrDefault(lookup, Set.of()).contains(canonical(lookup, key));
  }

  /**
   * The copies that are not what the other app holds: their codes, and what it holds. None when
   * they are all the same or nothing is known.
   *
   * @param cells the record, or the row of a table, that the lookup field stands in, as read
   */
  public Map<String, JsonNode> stale(Field lookup, JsonNode cells) {
    String key = canonical(lookup, cells.path(lookup.code()).path("value"));
    JsonNode record = held.getOrDefault(lookup, Map.of()).getOrDefault(key, NOTHING);
    var stale = new LinkedHashMap<String, JsonNode>();
    source(lookup)
        .copies()
        .forEach(
            (to, from) -> {
              Field copy = fields.get(to);
              JsonNode now = record.path(from).get("value");
              JsonNode then = cells.path(to).get("value");
              if (copy != null && now != null && then != null && !copy.isCopyOf(now, then)) {
                stale.put(to, now);
              }
            });
    return Collections.unmodifiableMap(stale);
  }

  private boolean isOwn(Field lookup) {
    return source(lookup).app().equals(app);
  }

  private static Lookup source(Field lookup) {
    Lookup source = lookup.lookup();
    if (source == null) {
      throw new IllegalArgumentException(lookup + " is no lookup field");
    }
    return source;
  }

  private static String canonical(Field lookup, @Nullable JsonNode key) {
    return String.valueOf(lookup.canonicalKey(key));
  }
}
