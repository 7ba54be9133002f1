package dev.kintonesync.source.sheet;

import dev.kintonesync.source.TemporaryFile;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many texts, each found by its number, in a temporary file that goes when this is closed: a
 * workbook has all its different texts in one place, and they may be more than memory holds. They
 * are numbered in the order of the cells that first had them, so a few blocks in memory suffice.
 */
final class SpilledTexts implements Closeable {

  private static final int BLOCK_BYTES = 1 << 16;
  private static final int BLOCKS_HELD = 64;

  private final ByteArrayOutputStream filling = new ByteArrayOutputStream(BLOCK_BYTES);
  private final DataOutputStream fill = new DataOutputStream(filling);
  private final Map<Integer, String[]> held =
      new LinkedHashMap<>(2 * BLOCKS_HELD, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, String[]> eldest) {
          return size() > BLOCKS_HELD;
        }
      };
  private @Nullable FileChannel spill;
  // By block: the number of its first text, and where it begins in the file.
  private int[] firsts = new int[16];
  private long[] offsets = new long[16];
  private int blocks;
  private int count;
  private long written;

  /** The number of the next text, from 0. */
  int size() {
    return count;
  }

  /** Adds a text; only before the first {@link #get}. */
  void add(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (filling.size() == 0) {
      beginBlock();
    }
    fill.writeInt(bytes.length);
    fill.write(bytes);
    count++;
    if (filling.size() >= BLOCK_BYTES) {
      endBlock();
    }
  }

  private void beginBlock() {
    if (blocks == firsts.length) {
      firsts = Arrays.copyOf(firsts, blocks * 2);
      offsets = Arrays.copyOf(offsets, blocks * 2);
    }
    firsts[blocks] = count;
    offsets[blocks] = written;
    blocks++;
  }

  private void endBlock() throws IOException {
    if (spill == null) {
      Path file = TemporaryFile.create();
      spill =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    ByteBuffer bytes = ByteBuffer.wrap(filling.toByteArray());
    written += bytes.remaining();
    while (bytes.hasRemaining()) {
      spill.write(bytes);
    }
    filling.reset();
  }

  /** The text with this number, or null if there is none. */
  @Nullable String get(int number) throws IOException {
    if (number < 0 || number >= count) {
      return null;
    }
    int found = Arrays.binarySearch(firsts, 0, blocks, number);
    int block = found >= 0 ? found : -found - 2;
    String[] texts = held.get(block);
    if (texts == null) {
      texts = read(block);
      held.put(block, texts);
    }
    return texts[number - firsts[block]];
  }

  private String[] read(int block) throws IOException {
    boolean last = block == blocks - 1;
    String[] texts = new String[(last ? count : firsts[block + 1]) - firsts[block]];
    ByteBuffer bytes = bytes(block, last);
    for (int i = 0; i < texts.length; i++) {
      byte[] text = new byte[bytes.getInt()];
      bytes.get(text);
      texts[i] = new String(text, StandardCharsets.UTF_8);
    }
    return texts;
  }

  private ByteBuffer bytes(int block, boolean last) throws IOException {
    if (spill == null || offsets[block] == written) {
      return ByteBuffer.wrap(filling.toByteArray());
    }
    long end = last ? written : offsets[block + 1];
    ByteBuffer bytes = ByteBuffer.allocate((int) (end - offsets[block]));
    for (long at = offsets[block]; bytes.hasRemaining(); ) {
      int read = spill.read(bytes, at);
      if (read < 0) {
        throw new IOException("the temporary file was cut off");
      }
      at += read;
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    if (spill != null) {
      spill.close();
    }
  }
}
