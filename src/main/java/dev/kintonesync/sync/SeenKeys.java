package dev.kintonesync.sync;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.LongConsumer;

/**
 * The keys of a source, by 106 bits of their SHA-256: a million of them in 16 MB, and that two keys
 * meet will not happen. Safe for several threads.
 */
public final class SeenKeys {
  /** The memory grows by parts of it, so that it is never there twice. */
  private static final int PARTS = 1 << 10;

  private static final int BYTES_PER_SLOT = Long.BYTES + Integer.BYTES;

  private final MessageDigest digest;
  private final LongConsumer taken;
  private final Part[] parts = new Part[PARTS];

  /** No key yet; nobody is told what memory they take. */
  public SeenKeys() {
    this(bytes -> {});
  }

  /**
   * No key yet.
   *
   * @param taken told each time that the keys take more memory: how many bytes more
   */
  public SeenKeys(LongConsumer taken) {
    this.taken = taken;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Takes a key in; false when it has been seen before. */
  public synchronized boolean add(String key) {
    var hash = hash(key);
    int at = part(hash);
    var part = parts[at] == null ? new Part(0) : parts[at];
    if (Slots.areFull(part.size, part.slots())) {
      parts[at] = part.larger();
      taken.accept((long) (parts[at].slots() - part.slots()) * BYTES_PER_SLOT);
    }
    return parts[at].add(hash.getLong(), hash.getInt());
  }

  /** Whether a key has been seen. */
  public synchronized boolean contains(String key) {
    var hash = hash(key);
    var part = parts[part(hash)];
    return part != null && part.has(hash.getLong(), hash.getInt());
  }

  private ByteBuffer hash(String key) {
    return ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
  }

  private static int part(ByteBuffer hash) {
    return hash.getShort() & (PARTS - 1);
  }

  /** Hashes of keys, each in the slot that it names or in one of the next ones; 0 and 0 is none. */
  private static final class Part {
    private final long[] firsts;
    private final int[] seconds;
    private int size;

    Part(int slots) {
      firsts = new long[slots];
      seconds = new int[slots];
    }

    int slots() {
      return firsts.length;
    }

    Part larger() {
      var larger = new Part(Slots.after(slots()));
      for (int slot = 0; slot < slots(); slot++) {
        if (isTaken(slot)) {
          larger.add(firsts[slot], seconds[slot]);
        }
      }
      return larger;
    }

    boolean add(long first, int second) {
      int slot = slotOf(first, second);
      if (isTaken(slot)) {
        return false;
      }
      firsts[slot] = first;
      seconds[slot] = second;
      size++;
      return true;
    }

    boolean has(long first, int second) {
      return isTaken(slotOf(first, second));
    }

    private boolean isTaken(int slot) {
      return firsts[slot] != 0 || seconds[slot] != 0;
    }

    /** Where the hash stands, or the free slot where it would. */
    private int slotOf(long first, int second) {
      int slot = Slots.first((int) (first >>> Integer.SIZE), slots());
      while (isTaken(slot) && (firsts[slot] != first || seconds[slot] != second)) {
        slot = Slots.next(slot, slots());
      }
      return slot;
    }
  }
}
