package dev.kintonesync.sync;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The keys of a source, by the first 128 bits of their SHA-256: a million of them in 32 MB, and
 * that two keys meet will not happen. Safe for several threads.
 */
public final class SeenKeys {
  private static final int FIRST_SLOTS = 1 << 12;

  private final MessageDigest digest;
  private long[] slots = new long[2 * FIRST_SLOTS];
  private int size;

  public SeenKeys() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Takes a key in; false when it has been seen before. */
  public synchronized boolean add(String key) {
    long[] hash = hash(key);
    int slot = slotOf(slots, hash[0], hash[1]);
    if (slots[slot] != 0 || slots[slot + 1] != 0) {
      return false;
    }
    slots[slot] = hash[0];
    slots[slot + 1] = hash[1];
    size++;
    if (size > slots.length / 2 / 4 * 3) {
      grow();
    }
    return true;
  }

  /** Whether a key has been seen. */
  public synchronized boolean contains(String key) {
    long[] hash = hash(key);
    int slot = slotOf(slots, hash[0], hash[1]);
    return slots[slot] != 0 || slots[slot + 1] != 0;
  }

  private void grow() {
    long[] larger = new long[2 * slots.length];
    for (int from = 0; from < slots.length; from += 2) {
      if (slots[from] != 0 || slots[from + 1] != 0) {
        int to = slotOf(larger, slots[from], slots[from + 1]);
        larger[to] = slots[from];
        larger[to + 1] = slots[from + 1];
      }
    }
    slots = larger;
  }

  /** Where the hash stands, or the free slot where it would. */
  private static int slotOf(long[] slots, long high, long low) {
    int mask = slots.length / 2 - 1;
    int slot = (int) (high & mask);
    while ((slots[2 * slot] != 0 || slots[2 * slot + 1] != 0)
        && (slots[2 * slot] != high || slots[2 * slot + 1] != low)) {
      slot = (slot + 1) & mask;
    }
    return 2 * slot;
  }

  private long[] hash(String key) {
    byte[] bytes = digest.digest(key.getBytes(StandardCharsets.UTF_8));
    return new long[] {number(bytes, 0), number(bytes, 8)};
  }

  private static long number(byte[] bytes, int from) {
    long number = 0;
    for (int i = from; i < from + 8; i++) {
      number = (number << 8) | (bytes[i] & 0xff);
    }
    return number;
  }
}
