package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.TemporaryFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a run that writes nothing has planned for each key so far. In memory it keeps some 11 bytes
 * for a key; the rest is in a temporary file. Safe for several threads.
 */
public final class PlannedStates implements AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** The memory grows by parts of it, so that it is never there twice. */
  private static final int PART_BITS = 10;

  /** Entries begin at multiples of it, so that 32 bits tell where in 64 GB. */
  private static final int STEP = 16;

  private static final int KEPT_IN_MEMORY = 1 << 16;

  /** Neighbouring keys come to lie far apart by it. */
  private static final int SPREAD = 0x9e3779b1;

  private final boolean compares;

  private final LongConsumer taken;

  /**
   * By the first bits of a key's hash. Each slot has the hash in its upper half, the place of the
   * entry, from 1 on, in the lower one.
   */
  private final long[][] parts = new long[1 << PART_BITS][];

  private final int[] sizes = new int[parts.length];
  private int repeats;
  private @Nullable Path file;
  private @Nullable RandomAccessFile written;
  private long writtenBytes;
  private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();

  /**
   * One without keys.
   *
   * @param compares whether source and app are compared: then only the last row of a key counts
   * @param taken told each time that the keys take more memory: how many bytes more
   */
  public PlannedStates(boolean compares, LongConsumer taken) {
    this.compares = compares;
    this.taken = taken;
  }

  boolean compares() {
    return compares;
  }

  /** Whether a key was planned more than once. */
  public synchronized boolean haveRepeats() {
    return repeats > 0;
  }

  /** Whether anything is planned for a key. */
  public synchronized boolean isPlanned(String key) {
    return placeOf(key) != 0;
  }

  /** What is planned for a key; null: nothing. */
  synchronized @Nullable PlannedState of(String key) {
    long place = placeOf(key);
    if (place == 0) {
      return null;
    }
    JsonNode entry = entry(place);
    Map<String, JsonNode> values = null;
    if (entry.path(4).isObject()) {
      values = new LinkedHashMap<>();
      for (var value : entry.path(4).properties()) {
        values.put(value.getKey(), value.getValue());
      }
    }
    return new PlannedState(
        entry.path(1).asInt(),
        entry.path(2).asBoolean(),
        values,
        Outcome.valueOf(entry.path(3).asText()));
  }

  /** Keeps what is planned for a key, in the place of what was before. */
  synchronized void keep(String key, PlannedState state) {
    ArrayNode entry = JSON.createArrayNode();
    entry.add(key).add(state.turn()).add(state.removed()).add(state.counted().name());
    var values = state.values();
    if (values == null || compares) {
      entry.addNull();
    } else {
      values.forEach(entry.addObject()::set);
    }
    repeats += state.turn() > 1 ? 1 : 0;
    int part = partOf(key);
    makeRoom(part);
    int slot = slotOf(parts[part], key);
    sizes[part] += parts[part][slot] == 0 ? 1 : 0;
    parts[part][slot] = ((long) key.hashCode() << Integer.SIZE) | append(entry);
  }

  private void makeRoom(int part) {
    long[] slots = parts[part];
    int length = slots == null ? 0 : slots.length;
    if (!Slots.areFull(sizes[part], length)) {
      return;
    }
    long[] larger = new long[Slots.after(length)];
    for (int slot = 0; slot < length; slot++) {
      if (slots[slot] != 0) {
        int at = first(larger, (int) (slots[slot] >>> Integer.SIZE));
        while (larger[at] != 0) {
          at = Slots.next(at, larger.length);
        }
        larger[at] = slots[slot];
      }
    }
    parts[part] = larger;
    taken.accept((long) (larger.length - length) * Long.BYTES);
  }

  private static int partOf(String key) {
    return (key.hashCode() * SPREAD) >>> (Integer.SIZE - PART_BITS);
  }

  private static int first(long[] slots, int hash) {
    return Slots.first((hash * SPREAD) << PART_BITS, slots.length);
  }

  /** What the slot of the key has; 0 when nothing is planned for it. */
  private long placeOf(String key) {
    long[] slots = parts[partOf(key)];
    return slots == null ? 0 : slots[slotOf(slots, key)];
  }

  /** Where the key stands, or the free slot where it would. */
  private int slotOf(long[] slots, String key) {
    int slot = first(slots, key.hashCode());
    while (slots[slot] != 0
        && ((int) (slots[slot] >>> Integer.SIZE) != key.hashCode()
            || !entry(slots[slot]).path(0).asText().equals(key))) {
      slot = Slots.next(slot, slots.length);
    }
    return slot;
  }

  private long append(ArrayNode entry) {
    try {
      byte[] bytes = JSON.writeValueAsBytes(entry);
      if (unwritten.size() > KEPT_IN_MEMORY) {
        write();
      }
      long at = writtenBytes + unwritten.size();
      unwritten.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      unwritten.writeBytes(bytes);
      unwritten.writeBytes(new byte[Math.floorMod(-unwritten.size(), STEP)]);
      long place = at / STEP + 1;
      if (place >>> 32 != 0) {
        throw new IOException("more than 64 GB");
      }
      return place;
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private void write() throws IOException {
    RandomAccessFile open = written;
    if (open == null) {
      file = TemporaryFile.create();
      open = new RandomAccessFile(file.toFile(), "rw");
      written = open;
    }
    open.seek(writtenBytes);
    open.write(unwritten.toByteArray());
    writtenBytes += unwritten.size();
    unwritten.reset();
  }

  private JsonNode entry(long slot) {
    long at = ((slot & 0xffff_ffffL) - 1) * STEP;
    try {
      RandomAccessFile open = written;
      if (at >= writtenBytes || open == null) {
        var held = ByteBuffer.wrap(unwritten.toByteArray());
        int from = (int) (at - writtenBytes);
        return JSON.readTree(held.array(), from + Integer.BYTES, held.getInt(from));
      }
      open.seek(at);
      byte[] bytes = new byte[open.readInt()];
      open.readFully(bytes);
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private UserErrorException unusable(IOException e) {
    return UserErrorException.unwritable(System.getProperty("java.io.tmpdir"), e);
  }

  @Override
  public synchronized void close() {
    try (var open = written) {
      written = null;
    } catch (IOException e) {
      throw unusable(e);
    }
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw unusable(e);
      }
    }
  }
}
