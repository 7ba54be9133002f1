package dev.kintonesync.journal;

import dev.kintonesync.sync.Change;
import java.util.List;

/**
 * The changes of a settled batch as {@code changes.jsonl.gz} has them: a gzip member of their own,
 * and by which hashes of keys it is found again. Takes a small part of the memory of the changes.
 */
public final class ZippedChanges {
  /** No changes. */
  static final ZippedChanges NONE = new ZippedChanges(new byte[0], new int[0]);

  private final byte[] member;
  private final int[] keys;

  private ZippedChanges(byte[] member, int[] keys) {
    this.member = member;
    this.keys = keys;
  }

  /** Of changes in their order. */
  static ZippedChanges of(List<Change> made, byte[] member) {
    return new ZippedChanges(
        member,
        made.stream().mapToInt(change -> ChangesIndex.hash(change.key())).sorted().toArray());
  }

  byte[] member() {
    return member;
  }

  int[] keys() {
    return keys;
  }

  /** Returns the bytes that it takes in memory. */
  public long weight() {
    return member.length + (long) Integer.BYTES * keys.length;
  }
}
