package dev.kintonesync.simulator.state;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which record holds which value of a unique field. Keeps hashes and record ids alone, not the
 * values, so that a million of them take 24 MB: who asks compares the record's own value. Open
 * addressing with linear probing.
 */
final class UniqueIndex {
  private static final int LEAST = 16;
  private static final int SPREAD = 0x9E3779B9;

  private int[] hashes = new int[LEAST];
  private long[] ids = new long[LEAST]; // 0 is no record
  private int size;

  /** Notes that a record holds a value. */
  void put(Object key, long id) {
    if (2 * (size + 1) > ids.length) {
      grow();
    }
    insert(hash(key), id);
    size++;
  }

  /** Notes that a record no longer holds a value. */
  void remove(Object key, long id) {
    int hash = hash(key);
    int slot = slot(hash);
    while (ids[slot] != 0 && (ids[slot] != id || hashes[slot] != hash)) {
      slot = next(slot);
    }
    if (ids[slot] != 0) {
      size--;
      close(slot);
    }
  }

  /**
   * What holds a value, or null.
   *
   * @param holder the record of an id if it really has that value, otherwise null
   */
  <R> @Nullable R find(Object key, LongFunction<@Nullable R> holder) {
    int hash = hash(key);
    for (int slot = slot(hash); ids[slot] != 0; slot = next(slot)) {
      if (hashes[slot] == hash) {
        R found = holder.apply(ids[slot]);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static int hash(Object key) {
    int hash = key.hashCode() * SPREAD;
    return hash ^ hash >>> 15;
  }

  private int slot(int hash) {
    return hash & ids.length - 1;
  }

  private int next(int slot) {
    return slot + 1 & ids.length - 1;
  }

  private void insert(int hash, long id) {
    int slot = slot(hash);
    while (ids[slot] != 0) {
      slot = next(slot);
    }
    hashes[slot] = hash;
    ids[slot] = id;
  }

  private void grow() {
    int[] oldHashes = hashes;
    long[] oldIds = ids;
    hashes = new int[2 * oldIds.length];
    ids = new long[2 * oldIds.length];
    for (int i = 0; i < oldIds.length; i++) {
      if (oldIds[i] != 0) {
        insert(oldHashes[i], oldIds[i]);
      }
    }
  }

  /** Empties a slot and brings nearer those behind it that searches would no longer reach. */
  private void close(int slot) {
    int free = slot;
    for (int i = next(slot); ids[i] != 0; i = next(i)) {
      int wanted = slot(hashes[i]);
      boolean reached = free <= i ? free < wanted && wanted <= i : free < wanted || wanted <= i;
      if (!reached) {
        hashes[free] = hashes[i];
        ids[free] = ids[i];
        free = i;
      }
    }
    ids[free] = 0;
  }
}
