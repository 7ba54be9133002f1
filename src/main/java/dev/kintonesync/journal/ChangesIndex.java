package dev.kintonesync.journal;

import dev.kintonesync.sync.SimilarKeys;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Tells in which gzip members of {@code changes.jsonl.gz} a key may stand. The file {@code
 * changes.index} has a block for each member, written after it: offset, length, number of hashes,
 * hashes; four bytes for a change. Nothing is lost with it: what it does not cover, because the
 * program was killed or there was no index yet, is read in full.
 */
final class ChangesIndex {
  static final String NAME = "changes.index";
  private static final int HEAD = Long.BYTES + 2 * Integer.BYTES;

  private ChangesIndex() {}

  /**
   * Where to look for a key.
   *
   * @param members the members that may have it
   * @param covered up to which byte the changes are indexed
   */
  record Found(List<Member> members, long covered) {}

  /**
   * A gzip member.
   *
   * @param offset where it begins
   * @param length its bytes
   */
  record Member(long offset, int length) {}

  /** Keys that a person would take for the same have the same hash. */
  static int hash(String key) {
    var crc = new CRC32();
    crc.update(SimilarKeys.folded(key).getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** Adds the block of a member that has been written at an offset. */
  static void append(OutputStream index, long offset, ZippedChanges changes) throws IOException {
    int[] keys = changes.keys();
    var block = ByteBuffer.allocate(HEAD + Integer.BYTES * keys.length);
    block.putLong(offset).putInt(changes.member().length).putInt(keys.length);
    block.asIntBuffer().put(keys);
    index.write(block.array());
  }

  /** Looks a key up; a file that is not there covers nothing. */
  static Found find(Path index, long changesSize, String key) throws IOException {
    var members = new ArrayList<Member>();
    long covered = 0;
    if (!Files.isRegularFile(index)) {
      return new Found(members, covered);
    }
    int hash = hash(key);
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(index)))) {
      while (covered < changesSize) {
        long offset = in.readLong();
        int length = in.readInt();
        int count = in.readInt();
        if (offset != covered || length <= 0 || count <= 0 || offset + length > changesSize) {
          break; // not what was written: after a power failure, for instance
        }
        boolean has = false;
        for (int i = 0; i < count; i++) {
          has |= in.readInt() == hash;
        }
        if (has) {
          members.add(new Member(offset, length));
        }
        covered = offset + length;
      }
    } catch (EOFException e) {
      // the last block was cut off; its member is read in full
    }
    return new Found(members, covered);
  }
}
