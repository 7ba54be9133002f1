package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Checksum;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * What an app was last confirmed to hold, without the values: by key, a checksum of the contents of
 * a row, and the id and revision of its record. 24 bytes a key in a file, and a few more in memory.
 *
 * <p>The contents are what the row said as it was read where that alone tells its values, and else
 * the values themselves ({@link SyncRecord#contents}). Keys and contents are taken by their {@link
 * Checksum}, so that whoever forged one would only keep a row of his own from being written. Two
 * keys that meet replace each other, which costs a key lookup. Safe for several threads.
 */
public final class RecordSnapshot {
  private static final int BYTES_PER_KEY = 3 * Long.BYTES;

  /** What a bucket takes besides. */
  private static final int BYTES_PER_BUCKET = 16;

  private static final int BUCKET_BITS = 16;
  private static final int FIRST_ENTRIES = 4;
  private static final int ENTRIES_AT_ONCE = 1024;
  private static final int REVISION_BITS = 24;
  private static final long MOST_REVISIONS = 1L << REVISION_BITS;
  private static final long MOST_IDS = 1L << (Long.SIZE - 1 - REVISION_BITS);

  /** By the first bits of a key's hash: its entries, in the order of these hashes. */
  private final long[][] buckets = new long[1 << BUCKET_BITS][];

  private final int[] sizes = new int[buckets.length];
  private final LongPredicate memory;

  /** The bytes that memory was got for, and those that are used of them. */
  private long granted;

  private long used;
  private long size;
  private boolean changed;

  /**
   * An empty snapshot.
   *
   * @param memory asked for each more bytes; where it has none, further keys are not kept, and are
   *     looked up each time
   */
  public RecordSnapshot(LongPredicate memory) {
    this.memory = memory;
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @return empty where the memory is not there; then none was taken
   * @throws IOException also when it is not as it was written
   */
  public static Optional<RecordSnapshot> read(DataInput in, LongPredicate memory)
      throws IOException {
    long keys = in.readLong();
    var snapshot = new RecordSnapshot(memory);
    long bytes = keys * BYTES_PER_KEY + Math.min(keys, 1 << BUCKET_BITS) * BYTES_PER_BUCKET;
    if (!snapshot.take(bytes)) {
      return Optional.empty();
    }
    byte[] read = new byte[ENTRIES_AT_ONCE * BYTES_PER_KEY];
    long[] entries = new long[0];
    int begun = 0;
    for (long left = keys; left > 0; ) {
      int count = (int) Math.min(left, ENTRIES_AT_ONCE);
      in.readFully(read, 0, count * BYTES_PER_KEY);
      entries = Arrays.copyOf(entries, begun + 3 * count);
      ByteBuffer.wrap(read).asLongBuffer().get(entries, begun, 3 * count);
      left -= count;
      // the last bucket may go on with what is read next
      int taken = snapshot.fill(entries, left == 0);
      entries = Arrays.copyOfRange(entries, taken, entries.length);
      begun = entries.length;
    }
    return Optional.of(snapshot);
  }

  /**
   * Makes buckets of entries in their order.
   *
   * @param whole whether the last bucket ends with them
   * @return how many longs have got their bucket
   */
  private int fill(long[] entries, boolean whole) throws IOException {
    int from = 0;
    for (int to = 3; to <= entries.length; to += 3) {
      boolean last = to == entries.length;
      if (!last && entries[to] + Long.MIN_VALUE <= entries[to - 3] + Long.MIN_VALUE) {
        throw new IOException("its keys are not in order");
      }
      int bucket = bucketOf(entries[from]);
      if (last ? whole : bucketOf(entries[to]) != bucket) {
        buckets[bucket] = Arrays.copyOfRange(entries, from, to);
        sizes[bucket] = (to - from) / 3;
        size += sizes[bucket];
        from = to;
      }
    }
    return from;
  }

  /** Takes memory, if it is there. */
  private boolean take(long bytes) {
    long more = used + bytes - granted;
    if (more > 0 && !memory.test(more)) {
      return false;
    }
    granted += Math.max(0, more);
    used += bytes;
    return true;
  }

  /** Writes the number of keys and their entries. */
  public synchronized void write(DataOutput out) throws IOException {
    out.writeLong(size);
    for (int bucket = 0; bucket < buckets.length; bucket++) {
      for (int i = 0; i < 3 * sizes[bucket]; i++) {
        out.writeLong(buckets[bucket][i]);
      }
    }
  }

  /** How many keys it has. */
  public synchronized long size() {
    return size;
  }

  /** Whether it is not as it was read. */
  public synchronized boolean isChanged() {
    return changed;
  }

  /** Whether the app was confirmed to hold these contents under the key. */
  public boolean holds(String key, long contents) {
    long hash = hash(key);
    synchronized (this) {
      int at = find(hash);
      return at >= 0 && buckets[bucketOf(hash)][3 * at + 1] == contents;
    }
  }

  /** The app was confirmed to hold these contents in a record. */
  void keep(String key, long contents, String id, long revision) {
    long record = id.matches("[0-9]{1,18}") ? Long.parseLong(id) : MOST_IDS;
    if (record >= MOST_IDS || revision < 0 || revision >= MOST_REVISIONS) {
      forget(key);
      return;
    }
    put(hash(key), contents, record << REVISION_BITS | revision);
  }

  /** Nobody knows any more what the app holds under the key. */
  public void forget(String key) {
    long hash = hash(key);
    synchronized (this) {
      int at = find(hash);
      if (at >= 0) {
        remove(bucketOf(hash), at);
      }
    }
  }

  /** Forgets all keys. */
  public synchronized void clear() {
    Arrays.fill(buckets, null);
    Arrays.fill(sizes, 0);
    changed |= size > 0;
    size = 0;
    used = 0;
  }

  /**
   * Forgets the records that others have saved since they were confirmed, and the recent ones that
   * are gone.
   *
   * @param revisions the revisions of records as they are now, by id
   * @param lastId all records with a higher id that are there are among {@code revisions}
   */
  public synchronized void forgetMoved(Map<Long, Long> revisions, long lastId) {
    for (int bucket = 0; bucket < buckets.length; bucket++) {
      for (int at = sizes[bucket] - 1; at >= 0; at--) {
        long record = buckets[bucket][3 * at + 2];
        long id = record >>> REVISION_BITS;
        Long now = revisions.get(id);
        if (now == null ? id > lastId : now != (record & (MOST_REVISIONS - 1))) {
          remove(bucket, at);
        }
      }
    }
  }

  private synchronized void put(long key, long values, long record) {
    int at = find(key);
    int bucket = bucketOf(key);
    if (at < 0) {
      at = -at - 1;
      if (!makeRoom(bucket, at)) {
        return;
      }
    }
    long[] entries = buckets[bucket];
    changed |=
        entries[3 * at] != key || entries[3 * at + 1] != values || entries[3 * at + 2] != record;
    entries[3 * at] = key;
    entries[3 * at + 1] = values;
    entries[3 * at + 2] = record;
  }

  private boolean makeRoom(int bucket, int at) {
    long[] entries = buckets[bucket];
    int entriesThere = sizes[bucket];
    if (entries == null) {
      if (!take(BYTES_PER_BUCKET + FIRST_ENTRIES * BYTES_PER_KEY)) {
        return false;
      }
      entries = new long[3 * FIRST_ENTRIES];
    } else if (entries.length == 3 * entriesThere) {
      int more = entriesThere / 4 + 1;
      if (!take((long) more * BYTES_PER_KEY)) {
        return false;
      }
      entries = Arrays.copyOf(entries, 3 * (entriesThere + more));
    }
    System.arraycopy(entries, 3 * at, entries, 3 * (at + 1), 3 * (entriesThere - at));
    buckets[bucket] = entries;
    sizes[bucket]++;
    size++;
    changed = true;
    return true;
  }

  private void remove(int bucket, int at) {
    long[] entries = buckets[bucket];
    System.arraycopy(entries, 3 * (at + 1), entries, 3 * at, 3 * (sizes[bucket] - at - 1));
    sizes[bucket]--;
    size--;
    changed = true;
  }

  private static int bucketOf(long key) {
    return (int) (key >>> (Long.SIZE - BUCKET_BITS));
  }

  /** Where the key stands in its bucket, or, negative and less one, where it would. */
  private int find(long key) {
    int bucket = bucketOf(key);
    long[] entries = buckets[bucket];
    int size = sizes[bucket];
    // checksums are spread evenly, so its place can be told but for a few entries
    long part = (key << BUCKET_BITS) >>> Integer.SIZE;
    int at = (int) ((part * size) >>> Integer.SIZE);
    long unsigned = key + Long.MIN_VALUE;
    while (at < size && entries[3 * at] + Long.MIN_VALUE < unsigned) {
      at++;
    }
    while (at > 0 && entries[3 * (at - 1)] + Long.MIN_VALUE >= unsigned) {
      at--;
    }
    return at < size && entries[3 * at] == key ? at : -at - 1;
  }

  private static long hash(String key) {
    var checksum = new Checksum(0);
    checksum.add(key);
    return checksum.value();
  }

  /** The checksum of values by field code. */
  static long hash(Map<String, JsonNode> values) {
    var checksum = new Checksum(0);
    values.forEach(
        (code, value) -> {
          checksum.add(code);
          // nearly all values are texts, which need not be written as JSON
          if (value.isTextual()) {
            checksum.add(value.textValue());
          } else {
            checksum.addJson(value.toString());
          }
        });
    return checksum.value();
  }
}
