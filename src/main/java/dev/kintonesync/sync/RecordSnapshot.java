package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Checksum;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * What an app was last confirmed to hold, without the values: by key, a checksum of the contents of
 * a row, and the id and revision of its record. 24 bytes a key, in memory and in a file.
 *
 * <p>The contents are what the row said as it was read where that alone tells its values, and else
 * the values themselves ({@link SyncRecord#contents}). Keys and contents are taken by their {@link
 * Checksum}, so that whoever forged one would only keep a row of his own from being written. Two
 * keys that meet replace each other, which costs a key lookup. Safe for several threads.
 */
public final class RecordSnapshot {
  /** The bytes that a key takes. */
  public static final int BYTES_PER_KEY = 3 * Long.BYTES;

  private static final int BUCKET_BITS = 16;
  private static final int FIRST_ENTRIES = 4;
  private static final int ENTRIES_AT_ONCE = 1024;
  private static final int REVISION_BITS = 24;
  private static final long MOST_REVISIONS = 1L << REVISION_BITS;
  private static final long MOST_IDS = 1L << (Long.SIZE - 1 - REVISION_BITS);

  /** By the first bits of a key's hash: its entries, in the order of these hashes. */
  private final long[][] buckets = new long[1 << BUCKET_BITS][];

  private final int[] sizes = new int[buckets.length];
  private final long most;

  /** For so many entries a bucket has room from the first one on. */
  private final int room;

  private long size;
  private boolean changed;

  /**
   * An empty snapshot.
   *
   * @param most how many keys it keeps; further ones are not kept, and are looked up each time
   */
  public RecordSnapshot(long most) {
    this(most, FIRST_ENTRIES);
  }

  private RecordSnapshot(long most, int room) {
    this.most = most;
    this.room = room;
  }

  /** Reads what {@link #write} has written. */
  public static RecordSnapshot read(DataInput in, long most) throws IOException {
    long keys = in.readLong();
    int average = (int) (Math.min(keys, most) >>> BUCKET_BITS);
    var snapshot = new RecordSnapshot(most, FIRST_ENTRIES + average);
    byte[] bytes = new byte[ENTRIES_AT_ONCE * BYTES_PER_KEY];
    long[] entries = new long[3 * ENTRIES_AT_ONCE];
    int count;
    for (long left = keys; left > 0; left -= count) {
      count = (int) Math.min(left, ENTRIES_AT_ONCE);
      in.readFully(bytes, 0, count * BYTES_PER_KEY);
      ByteBuffer.wrap(bytes).asLongBuffer().get(entries, 0, 3 * count);
      for (int i = 0; i < count; i++) {
        snapshot.put(entries[3 * i], entries[3 * i + 1], entries[3 * i + 2]);
      }
    }
    snapshot.changed = false;
    return snapshot;
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
      return at >= 0 && bucket(hash)[3 * at + 1] == contents;
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
        remove((int) (hash >>> (Long.SIZE - BUCKET_BITS)), at);
      }
    }
  }

  /** Forgets all keys. */
  public synchronized void clear() {
    Arrays.fill(buckets, null);
    Arrays.fill(sizes, 0);
    changed |= size > 0;
    size = 0;
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
    int bucket = (int) (key >>> (Long.SIZE - BUCKET_BITS));
    if (at < 0) {
      if (size >= most) {
        return;
      }
      at = -at - 1;
      makeRoom(bucket, at);
    }
    long[] entries = buckets[bucket];
    changed |=
        entries[3 * at] != key || entries[3 * at + 1] != values || entries[3 * at + 2] != record;
    entries[3 * at] = key;
    entries[3 * at + 1] = values;
    entries[3 * at + 2] = record;
  }

  private void makeRoom(int bucket, int at) {
    long[] entries = buckets[bucket];
    int entriesThere = sizes[bucket];
    if (entries == null) {
      entries = new long[3 * room];
    } else if (entries.length == 3 * entriesThere) {
      entries = Arrays.copyOf(entries, 3 * (entriesThere + entriesThere / 4 + 1));
    }
    System.arraycopy(entries, 3 * at, entries, 3 * (at + 1), 3 * (entriesThere - at));
    buckets[bucket] = entries;
    sizes[bucket]++;
    size++;
    changed = true;
  }

  private void remove(int bucket, int at) {
    long[] entries = buckets[bucket];
    System.arraycopy(entries, 3 * (at + 1), entries, 3 * at, 3 * (sizes[bucket] - at - 1));
    sizes[bucket]--;
    size--;
    changed = true;
  }

  private long[] bucket(long key) {
    return buckets[(int) (key >>> (Long.SIZE - BUCKET_BITS))];
  }

  /** Where the key stands in its bucket, or, negative and less one, where it would. */
  private int find(long key) {
    int bucket = (int) (key >>> (Long.SIZE - BUCKET_BITS));
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
