package dev.kintonesync.kintone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a JSON object, in order. Nearly all objects of an answer are cells, {@code
 * {"type":, "value":}}, for which a hash table is ten times too large; one with more than a few
 * properties gets a hash table after all.
 */
final class SmallObjectMap extends AbstractMap<String, JsonNode> {
  private static final int FEW = 6;

  private @Nullable Object[] pairs = new @Nullable Object[4];
  private int size;
  private @Nullable Map<String, JsonNode> many;

  @Override
  public int size() {
    return many == null ? size : many.size();
  }

  @Override
  public boolean containsKey(Object key) {
    return get(key) != null;
  }

  @Override
  public @Nullable JsonNode get(Object key) {
    if (many != null) {
      return many.get(key);
    }
    int at = indexOf(key);
    return at < 0 ? null : (JsonNode) pairs[at + 1];
  }

  private int indexOf(Object key) {
    for (int at = 0; at < 2 * size; at += 2) {
      if (key.equals(pairs[at])) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public @Nullable JsonNode put(String key, JsonNode value) {
    if (many != null) {
      return many.put(key, value);
    }
    int at = indexOf(key);
    if (at >= 0) {
      JsonNode before = (JsonNode) pairs[at + 1];
      pairs[at + 1] = value;
      return before;
    }
    if (size == FEW) {
      var all = new LinkedHashMap<String, JsonNode>(this);
      many = all;
      return all.put(key, value);
    }
    if (2 * size == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * FEW);
    }
    pairs[2 * size] = key;
    pairs[2 * size + 1] = value;
    size++;
    return null;
  }

  @Override
  public @Nullable JsonNode remove(Object key) {
    if (many != null) {
      return many.remove(key);
    }
    int at = indexOf(key);
    return at < 0 ? null : removeAt(at);
  }

  private @Nullable JsonNode removeAt(int at) {
    JsonNode before = (JsonNode) pairs[at + 1];
    System.arraycopy(pairs, at + 2, pairs, at, 2 * size - at - 2);
    size--;
    pairs[2 * size] = null;
    pairs[2 * size + 1] = null;
    return before;
  }

  @Override
  public Set<Entry<String, JsonNode>> entrySet() {
    return many != null ? many.entrySet() : new Entries();
  }

  private final class Entries extends AbstractSet<Entry<String, JsonNode>> {
    @Override
    public int size() {
      return size;
    }

    @Override
    public Iterator<Entry<String, JsonNode>> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < size;
        }

        @Override
        public Entry<String, JsonNode> next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          int at = 2 * next++;
          return Map.entry((String) pairs[at], (JsonNode) pairs[at + 1]);
        }

        @Override
        public void remove() {
          next--;
          removeAt(2 * next);
        }
      };
    }
  }
}
