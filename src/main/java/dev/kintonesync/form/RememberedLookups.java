package dev.kintonesync.form;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was last read of other apps for the lookup fields of a run, so that its batches do not ask
 * for the same key again. Keeps the keys that were used last. Safe for several threads.
 */
public final class RememberedLookups {
  /** So many keys are kept, a record each with the fields that are copied. */
  static final int MOST = 5_000;

  private record Key(String lookup, String value) {}

  /**
   * What is known of a key.
   *
   * @param record the record of the other app, or null where nothing is known of its fields
   * @param lacking whether the other app does not have the key
   */
  record Known(JsonNode record, boolean lacking) {}

  private final Map<Key, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
          return size() > MOST;
        }
      };

  synchronized @Nullable Known find(Field lookup, String key) {
    return known.get(new Key(lookup.code(), key));
  }

  synchronized void keep(Field lookup, String key, Known found) {
    known.put(new Key(lookup.code(), key), found);
  }
}
